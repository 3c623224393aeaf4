"""monitor doctor"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated  # noqa: TID251 - the service is imported late, its types are named

import typer

from monitor.cli import process
from monitor.cli.commands import source_trial
from monitor.cli.exit_codes import FAILURE
from monitor.cli.options import FOLDER, Config
from monitor.cli.text.sanitize import safe

if TYPE_CHECKING:
    from monitor.service.diagnosis import HealthCheck


def doctor(
    source: Annotated[str, typer.Argument(metavar="[SOURCE]", help="Try this source live instead.")] = "",
    *,
    quick: Annotated[
        bool, typer.Option("--quick", help="Only configuration, daemon and database; for health checks.")
    ] = False,
    articles: Annotated[
        int, typer.Option(min=1, max=20, metavar="N", help="With SOURCE: how many articles to read.")
    ] = 3,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="With SOURCE: when all is well, take unverified_live out of its file.")
    ] = False,
    config: Config = FOLDER,
) -> None:
    """Look whether all is well, or try a source live (상태 진단, 출처 시험).

    Says how to mend what is not. The exit code is 0 when everything is well and 1 when something is not. With SOURCE its
    lists and its first articles are fetched as the daemon would, and nothing is stored or sent: what was found is shown,
    which way won for each field, and which rules hit. The exit code is then 3 when only a part is well.
    """
    from monitor.service import diagnosis

    if source:
        source_trial.run(source, articles, config, confirm=confirm)
        return
    found = diagnosis.check(config, process.environ(), quick=quick)
    for line in map(line_of, found):
        typer.echo(line)
    if not all(finding.ok for finding in found):
        raise typer.Exit(FAILURE)


def line_of(finding: HealthCheck) -> str:
    """Return a finding on one line: `ok` or `FAIL`, what was looked at, what was found, how to mend it."""
    mark = "ok  " if finding.ok else "FAIL"
    action = f" -> {finding.action}" if finding.action and not finding.ok else ""
    return safe(f"{mark} {finding.name}: {finding.detail}{action}")
