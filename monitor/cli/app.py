"""The command line: `monitor COMMAND`. Each command has a file of its own in `commands`."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from monitor.cli.commands import (
    add,
    backtest,
    channels,
    check,
    db,
    deliveries,
    doctor,
    explain,
    export,
    feedback,
    handle,
    healthcheck,
    hits,
    init,
    match,
    reload,
    replay,
    routes,
    run,
    schema,
    silence,
    sources,
    sql,
    stories,
    test_webhook,
    token,
)
from monitor.cli.exit_codes import RootCommand
from monitor.cli.options import TextCommand

# Help must come at once. Plain text needs no rich. typer imports pydantic to convert a value of any option of a group
# that is not a bool already: hence no options for completion, and a default for its own --help.
LIGHT = {"default_map": {"help": False}}
app = typer.Typer(
    cls=RootCommand,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings=LIGHT,
)
database = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Look after the database (데이터베이스 관리).",
    context_settings=LIGHT,
)
silences = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Keep hits back for a time (알림 중지).",
    context_settings=LIGHT,
)

tokens = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Let programs ask the web server (API 토큰 관리).",
    context_settings=LIGHT,
)

COMMANDS: dict[str, Callable[..., None]] = {
    "run": run.run,
    "init": init.init,
    "check": check.check,
    "hits": hits.hits,
    "stories": stories.stories,
    "sql": sql.sql,
    "handle": handle.handle,
    "feedback": feedback.feedback,
    "export": export.export,
    "sources": sources.sources,
    "add": add.add,
    "deliveries": deliveries.deliveries,
    "channels": channels.channels,
    "test-webhook": test_webhook.send,
    "replay": replay.replay,
    "match": match.match,
    "explain": explain.explain,
    "backtest": backtest.backtest,
    "routes": routes.routes,
    "reload": reload.reload,
    "doctor": doctor.doctor,
    "healthcheck": healthcheck.healthcheck,
    "schema": schema.schema,
}
for name, command in COMMANDS.items():
    app.command(name, cls=TextCommand)(command)
database.command("upgrade", cls=TextCommand)(db.upgrade)
database.command("backup", cls=TextCommand)(db.backup)
app.add_typer(database, name="db")
silences.command("add", cls=TextCommand)(silence.add)
silences.command("list", cls=TextCommand)(silence.show)
silences.command("end", cls=TextCommand)(silence.end)
app.add_typer(silences, name="silence")
tokens.command("add", cls=TextCommand)(token.add)
tokens.command("list", cls=TextCommand)(token.show)
tokens.command("revoke", cls=TextCommand)(token.revoke)
app.add_typer(tokens, name="token")


def _version(asked: bool) -> None:  # noqa: FBT001 - typer hands the flag over like this
    if asked:
        from importlib.metadata import version  # noqa: PLC0415 - 30 ms that only this option needs

        typer.echo(f"monitor {version('monitor')}")
        raise typer.Exit


@app.callback()
def monitor(
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Watch the news for the words you care about (뉴스 키워드 모니터링).

    Hits are stored, can be asked for with `monitor hits`, and are sent as signed webhooks.
    """


def main() -> None:
    """Run the command that the arguments name, then exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that cannot show Korean gets escapes, never an error.
            stream.reconfigure(errors="backslashreplace")
    app(prog_name="monitor")
