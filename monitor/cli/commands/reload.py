"""monitor reload"""

from __future__ import annotations

import typer

from monitor.cli.opening import opened
from monitor.cli.options import FOLDER, Config
from monitor.cli.text.sanitize import sanitize


def reload(*, config: Config = FOLDER) -> None:
    """Have the daemon read its configuration again (설정 반영).

    The files are checked first; when they are wrong every problem is shown, the exit code is 2 and the daemon goes on
    with the last good plan.
    """
    with opened(config) as (app, wait):
        typer.echo(sanitize(wait(app.request_reload())))
