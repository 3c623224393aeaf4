"""monitor reload"""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli.opening import opened
from monitor.cli.options import FOLDER, Config
from monitor.present.inert import sanitize


def reload(
    *,
    allow_empty: Annotated[
        bool,
        typer.Option(
            "--allow-empty", help="Take a plan that lost a file, or all its rules, sources or channels, as well."
        ),
    ] = False,
    config: Config = FOLDER,
) -> None:
    """Have the daemon read its configuration again (설정 반영).

    The files are checked first; when they are wrong every problem is shown, the exit code is 2 and the daemon goes on
    with the last good plan. So it is when a file is gone and its rules, sources or channels with it, or the plan would
    lose every one it has, unless --allow-empty says that this is meant. What changed is shown, and
    how many stored articles of the last days a new rule matches that will not be sent.
    """
    with opened(config) as (app, wait):
        for line in wait(app.plan_check.request_reload(allow_empty=allow_empty)):
            typer.echo(sanitize(line))
