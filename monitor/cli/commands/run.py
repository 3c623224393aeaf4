"""monitor run"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated  # noqa: TID251 - what serves is imported late, its types are named

import typer

from monitor.cli.opening import opened
from monitor.cli.options import FOLDER, Config

if TYPE_CHECKING:
    from monitor.service.desk import Desk
    from monitor.service.serving import WebServer


class LogFormat(StrEnum):
    """The forms of log lines."""

    AUTO = "auto"
    CONSOLE = "console"
    JSON = "json"


class LogLevel(StrEnum):
    """How loud a log line must be to be printed."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def run(
    *,
    once: Annotated[
        bool, typer.Option("--once", help="Poll every source once, deliver what is due, and exit.")
    ] = False,
    log_format: Annotated[
        LogFormat, typer.Option(help="Form of log lines; auto: console on a terminal, otherwise json.")
    ] = LogFormat.AUTO,
    log_level: Annotated[
        LogLevel, typer.Option(help="Least level of log lines; debug shows quiet polls and repeated failures too.")
    ] = LogLevel.INFO,
    config: Config = FOLDER,
) -> None:
    """Run the daemon (데몬 실행).

    Brings the database up to date, polls every source when it is due, stores hits and sends them. SIGTERM and Ctrl-C
    end it within 20 seconds, SIGHUP makes it read its configuration again. With --once the exit code is 3 when a source
    could not be polled. A second daemon on the same data folder or SQLite file exits with 75; several
    may share one PostgreSQL database, each with a data folder of its own and all with one configuration.
    """
    from monitor.service import signals

    # A signal that comes before the daemon listens must not cut it in the middle of its start.
    with signals.held() as held, opened(config) as (app, _):
        from monitor.service import daemon

        code = daemon.run(app, held, once=once, log_format=log_format.value, log_level=log_level.value, web=_web_server)
    raise typer.Exit(code)


def _web_server() -> Callable[[Desk], WebServer]:
    """Return what makes a web server; imported by a daemon that is to have one, and by nobody else."""
    from monitor.web.server import UvicornServer

    return UvicornServer
