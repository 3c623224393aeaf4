"""Options that several commands share, and the error for a name that does not exist."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer
from typer.core import TyperCommand

from monitor.cli.text.output import Form
from monitor.model.errors import BoundsError, InvalidValueError, UnknownNameError
from monitor.model.names import unknown_name
from monitor.model.records import ALERTED, UNTOLD_FOR
from monitor.present import timefmt

FOLDER = Path("config")

Config: TypeAlias = Annotated[
    Path,
    typer.Option("--config", envvar="MONITOR_CONFIG", metavar="FOLDER", help="Folder of the configuration files."),
]
Format: TypeAlias = Annotated[
    Form | None,
    typer.Option("--format", help="Form of the output; a table on a terminal, otherwise ndjson.", show_default=False),
]


class SourceForm(StrEnum):
    """The forms of a list of sources."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"
    OPML = "opml"


SourceFormat: TypeAlias = Annotated[
    SourceForm | None,
    typer.Option(
        "--format",
        help="Form of the output; a table on a terminal, otherwise ndjson. opml: for a feed reader.",
        show_default=False,
    ),
]

Limit: TypeAlias = Annotated[int, typer.Option(min=1, max=2**31 - 1, help="At most so many.")]
Excel: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--excel",
        help="CSV that Excel opens: a byte order mark, Korean letters composed (NFC), times in the zone of the heads.",
    ),
]


Local: TypeAlias = Annotated[
    bool, typer.Option("--local", help="CSV with times in the zone of the configuration, with their offset; else UTC.")
]


class TextCommand(TyperCommand):
    """A command whose words are text: what no database and no file name can hold is refused where it is parsed."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer's own signature
        """Read the words of the command line. Raises BadParameter for one that is blank or no text."""
        try:
            rest = super().parse_args(ctx, args)
        except typer.BadParameter as error:
            error.message = plain_fault(error.message)
            raise
        for parameter in self.params:
            value = ctx.params.get(parameter.name)
            given = ctx.get_parameter_source(parameter.name)
            if given is not None and given.name == "COMMANDLINE":
                for word in value if isinstance(value, list | tuple) else (value,):
                    if fault := word_fault(word):
                        raise typer.BadParameter(fault, param_hint=_label(parameter))
        return rest


_WORDS = (
    (r"^Value error, ", ""),
    (r"^Input should be a valid integer.*", "must be a whole number"),
    (r"^Input should be a valid number.*", "must be a number"),
    (r"^Input should be greater than or equal to ", "must be at least "),
    (r"^Input should be less than or equal to ", "must be at most "),
    (r"^Input should be ", "must be "),
)
"""The words of the library that reads options, and those for people."""


def plain_fault(message: str) -> str:
    """Return what is wrong with an option's value as people say it."""
    for pattern, words in _WORDS:
        message = re.sub(pattern, words, message, flags=re.DOTALL)
    return message


def _label(parameter: Any) -> str:  # noqa: ANN401 - an option or an argument of typer
    return str(parameter.opts[0] if parameter.param_type_name == "option" else parameter.metavar or parameter.name)


def word_fault(word: object) -> str:
    """Return what is wrong with a word of the command line whatever it means, "" when nothing is.

    The name of a folder may hold bytes that are not UTF-8, other words may not.
    """
    if not isinstance(word, str | Path):
        return ""
    text = str(word)
    if not text.strip():
        return "is blank"
    if "\0" in text:
        return f"{text!r} holds a NUL"
    if isinstance(word, str) and any("\ud800" <= char <= "\udfff" for char in text):
        return f"{text!r} is not text in UTF-8"
    return ""


def between(since: str, until: str, on: str, now: datetime, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
    """Return the bounds that --since, --until and --on set, half open, UTC. Raises BadParameter.

    A day given to --until is included.
    """
    if on and (since or until):
        raise typer.BadParameter("--on stands alone: it is --since and --until of one day", param_hint="--on")
    try:
        return timefmt.parse_day(on, now, zone) if on else timefmt.parse_bounds(since, until, now, zone)
    except BoundsError as error:
        raise typer.BadParameter(str(error), param_hint=f"--{error.bound}") from None
    except InvalidValueError as error:
        raise typer.BadParameter(str(error), param_hint="--on") from None


def unknown(option: str, kind: str, given: str, known: Collection[str]) -> typer.BadParameter:
    """Return the error for a name that does not exist: what was meant perhaps, or else what there is."""
    return typer.BadParameter(str(unknown_name(kind, given, known)), param_hint=option)


@contextmanager
def faults_of(option: str = "") -> Iterator[None]:
    """Show what is wrong with a value as a fault of its option, "": of the one that is called as what it names is.

    Raises BadParameter.
    """
    try:
        yield
    except UnknownNameError as error:
        raise typer.BadParameter(str(error), param_hint=option or f"--{error.kind}") from None
    except InvalidValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def fate(given: str) -> str:
    """Return what --alerted asks for. Raises BadParameter for what no hit ever becomes: it would find nothing, and say so of all."""
    if given and not re.fullmatch(ALERTED, given):
        states = f"sent, pending, held, dead, baseline, suppressed, suppressed:REASON ({', '.join(UNTOLD_FOR)})"
        raise typer.BadParameter(f"nothing becomes {given!r}; there are: {states}", param_hint="--alerted")
    return given
