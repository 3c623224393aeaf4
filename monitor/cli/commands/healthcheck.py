"""monitor healthcheck"""

from __future__ import annotations

import typer

from monitor.cli.exit_codes import FAILURE
from monitor.cli.opening import opened
from monitor.cli.options import FOLDER, Config
from monitor.present.inert import sanitize


def healthcheck(*, config: Config = FOLDER) -> None:
    """Ask the running daemon whether it can do its work (상태 확인).

    For containers and service managers: exit code 0 when it answers `/readyz` with yes, otherwise 1 and the reasons in a
    line. A daemon without a web server is asked for its heartbeat alone.
    """
    from monitor.service.healthcheck import check_health

    with opened(config) as (app, _):
        well, why = check_health(app.data_dir)
    typer.echo(sanitize(why), err=not well)
    if not well:
        raise typer.Exit(FAILURE)
