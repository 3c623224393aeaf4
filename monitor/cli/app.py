"""The command line: `monitor COMMAND`. Each command has a file of its own in `commands`."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Annotated, Any, Final, TypeAlias

import typer

from monitor.cli.exit_codes import RootCommand
from monitor.cli.options import TextCommand

# Help must come at once. Plain text needs no rich. typer imports pydantic to convert a value of any option of a group
# that is not a bool already: hence no options for completion, and a default for its own --help.
LIGHT = {"default_map": {"help": False}}
PLACES: Final = "monitor.cli.commands"

Inner: TypeAlias = "tuple[str, dict[str, str]]"
"""What a group is for, and where its commands are."""

COMMANDS: dict[str, str | Inner] = {
    "run": "run.run",
    "init": "init.init",
    "check": "check.check",
    "hits": "hits.hits",
    "stories": "stories.stories",
    "sql": "sql.sql",
    "handle": "handle.handle",
    "feedback": "feedback.feedback",
    "export": "export.export",
    "sources": "sources.sources",
    "add": "add.add",
    "deliveries": "deliveries.deliveries",
    "channels": "channels.channels",
    "test-webhook": "test_webhook.send",
    "replay": "replay.replay",
    "match": "match.match",
    "explain": "explain.explain",
    "backtest": "backtest.backtest",
    "routes": "routes.routes",
    "reload": "reload.reload",
    "doctor": "doctor.doctor",
    "healthcheck": "healthcheck.healthcheck",
    "schema": "schema.schema",
    "db": ("Look after the database (데이터베이스 관리).", {"upgrade": "db.upgrade", "backup": "db.backup"}),
    "silence": (
        "Keep hits back for a time (알림 중지).",
        {"add": "silence.add", "list": "silence.show", "end": "silence.end"},
    ),
    "token": (
        "Let programs ask the web server (API 토큰 관리).",
        {"add": "token.add", "list": "token.show", "revoke": "token.revoke"},
    ),
}
"""Every command by its name: its file in `commands` and the function there."""


class CommandsOnDemand(Mapping[str, Any]):
    """Commands by name, each made of its file when it is asked for: one command does not wait for the files of all."""

    def __init__(self, places: Mapping[str, str | Inner]) -> None:
        """Take where they are."""
        self._places = places
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - typer's vendored classes are private
        """Return the command of that name."""
        place = self._places[name]
        if name not in self._made:
            self._made[name] = _command(name, place) if isinstance(place, str) else _group(name, *place)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        """Return the names, in the order of `--help`."""
        return iter(self._places)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._places)


def _command(name: str, place: str) -> Any:  # noqa: ANN401 - see CommandsOnDemand
    file, function = place.split(".")
    alone = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
    alone.command(name, cls=TextCommand)(getattr(import_module(f"{PLACES}.{file}"), function))
    return typer.main.get_command(alone)


def _group(name: str, purpose: str, places: dict[str, str]) -> Any:  # noqa: ANN401 - see CommandsOnDemand
    group = typer.Typer(
        name=name,
        no_args_is_help=True,
        rich_markup_mode=None,
        help=purpose,
        add_completion=False,
        context_settings=LIGHT,
    )
    group.callback()(lambda: None)  # one of its commands alone would be no group
    made = typer.main.get_command(group)
    made.commands = CommandsOnDemand(places)  # type: ignore[attr-defined]  # typer says no more than that it is a command
    return made


class Monitor(RootCommand):
    """The root command with all the others."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - typer's own signature
        """Take what typer makes of `app`, and the commands as they are asked for."""
        super().__init__(**settings)
        self.commands = CommandsOnDemand(COMMANDS)  # type: ignore[assignment]  # nobody adds to it


app = typer.Typer(
    cls=Monitor,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings=LIGHT,
)


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
