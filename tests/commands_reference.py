"""Writes docs/commands.md from the commands themselves: `python -m tests.commands_reference`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import typer

from monitor.cli.app import app

TARGET = Path(__file__).resolve().parents[1] / "docs" / "commands.md"
HEAD = """\
# Commands

Made from the program by `python -m tests.commands_reference`; a test holds the two together.

Every command reads the configuration from the folder that `--config` names, else from `MONITOR_CONFIG`, else from
`config`. Lists are tables on a terminal and JSON lines elsewhere; `--format` decides otherwise. `NO_COLOR` is honoured.
CSV guards cells that a spreadsheet would run as a formula with an apostrophe. A closed pipe (`| head`) is no error.

| exit code | meaning |
|---|---|
| 0 | well |
| 1 | failure; `doctor`: something is not well; `match`: no hits |
| 2 | wrong usage or configuration |
| 3 | partial: some sources or ids failed (`run --once`, `replay`), or a part of a source (`doctor SOURCE`) |
| 66 | `match`: the file or address could not be read as an article |
| 75 | another process holds the data folder, or `run`: it was replaced; to start again is the mend |
| 76 | a newer program wrote the database: `run`, `db upgrade` |
| 78 | there is no configuration: `monitor init` makes one |
"""


def commands() -> Iterator[tuple[str, Any]]:
    """Return (full name, command) for each command, in the order of `--help`."""
    yield from _below("monitor", typer.main.get_command(app))


def _below(path: str, command: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - typer's vendored classes are private
    for name, inner in getattr(command, "commands", {}).items():
        yield from _below(f"{path} {name}", inner)
    if not hasattr(command, "commands"):
        yield path, command


def reference() -> str:
    """Return the text of docs/commands.md."""
    return "\n".join([HEAD, *(_section(path, command) for path, command in commands())])


def _cell(text: str) -> str:
    """Return a text as a cell of a table, which a bare stroke would end."""
    return text.replace("|", r"\|")


def _section(path: str, command: Any) -> str:  # noqa: ANN401 - see _below
    arguments = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
    options = [
        parameter for parameter in command.params if parameter.param_type_name == "option" and not parameter.hidden
    ]
    usage = " ".join([path, "[OPTIONS]", *map(_argument, arguments)])
    rows = [f"| `{_cell(_argument(argument))}` | {_cell(argument.help)} |" for argument in arguments]
    rows += [f"| {_spelling(option)} | {_meaning(option)} |" for option in options]
    table = "\n".join(["| option | meaning |", "|---|---|", *rows])
    return f"## {path}\n\n`{usage}`\n\n{_prose(command.help)}\n\n{table}\n"


def _argument(argument: Any) -> str:  # noqa: ANN401 - an argument of typer
    """Return an argument as the usage of its command shows it: in brackets where it may be left out."""
    optional = not argument.required and not argument.metavar.startswith("[")
    return f"[{argument.metavar}]" if optional else str(argument.metavar)


def _prose(help_text: str) -> str:
    return inspect.cleandoc(help_text).replace("<", r"\<")


def _spelling(option: Any) -> str:  # noqa: ANN401 - see _below
    choices = option.type_descriptor.choices
    value = option.metavar or (r"\|".join(str(choice.value) for choice in choices) if choices else "")
    plain = value or ("" if option.is_flag else option.type_descriptor.annotation.__name__.upper())
    names = ", ".join(f"`{name}`" for name in option.opts)
    return f"{names} {plain}".strip()


def _meaning(option: Any) -> str:  # noqa: ANN401 - see _below
    default = option.default.value if isinstance(option.default, Enum) else option.default
    shown = f" Default: `{default}`." if default not in (None, "", False) else ""
    variable = f" Environment: `{option.envvar}`." if option.envvar else ""
    return f"{option.help}{shown}{variable}"


if __name__ == "__main__":
    TARGET.write_text(reference(), "utf-8")
