"""Options that several commands share, and the error for a name that does not exist."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from monitor.cli.text.output import Form

FOLDER = Path("config")
LISTED = 12

Config: TypeAlias = Annotated[
    Path,
    typer.Option("--config", envvar="MONITOR_CONFIG", metavar="FOLDER", help="Folder of the configuration files."),
]
Format: TypeAlias = Annotated[
    Form | None,
    typer.Option("--format", help="Form of the output; a table on a terminal, otherwise ndjson.", show_default=False),
]


def unknown(option: str, kind: str, given: str, known: Collection[str]) -> typer.BadParameter:
    """Return the error for a name that does not exist: what was meant perhaps, or else what there is."""
    close = get_close_matches(given, known, n=1)
    listed = ", ".join(sorted(known)[:LISTED]) + (", ..." if len(known) > LISTED else "")
    hint = f"did you mean {close[0]!r}?" if close else f"there are: {listed or 'none'}"
    return typer.BadParameter(f"no {kind} {given!r}; {hint}", param_hint=option)
