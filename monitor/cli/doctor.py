"""monitor doctor"""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli import doors
from monitor.cli.faults import FAILURE
from monitor.cli.options import FOLDER, Config
from monitor.cli.safe import safe


def doctor(
    *,
    quick: Annotated[
        bool, typer.Option("--quick", help="Only configuration, daemon and database; for health checks.")
    ] = False,
    config: Config = FOLDER,
) -> None:
    """Look whether all is well (상태 진단).

    Says how to mend what is not. The exit code is 0 when everything is well and 1 when something is not.
    """
    found = doors.health(config, quick=quick)
    for line in map(line_of, found):
        typer.echo(line)
    if not all(finding.ok for finding in found):
        raise typer.Exit(FAILURE)


def line_of(finding: doors.Finding) -> str:
    """Answer a finding on one line: `ok` or `FAIL`, what was looked at, what was found, how to mend it."""
    mark = "ok  " if finding.ok else "FAIL"
    mend = f" -> {finding.mend}" if finding.mend and not finding.ok else ""
    return safe(f"{mark} {finding.name}: {finding.detail}{mend}")
