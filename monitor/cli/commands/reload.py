"""monitor reload"""

from __future__ import annotations

import typer

from monitor.cli import process
from monitor.cli.options import FOLDER, Config
from monitor.cli.text.sanitize import sanitize


def reload(*, config: Config = FOLDER) -> None:
    """Have the daemon read its configuration again (설정 반영).

    The files are checked first; when they are wrong every problem is shown, the exit code is 2 and the daemon goes on
    with the last good plan.
    """
    from monitor.service import plan_reload

    typer.echo(sanitize(plan_reload.request(config, process.environ())))
