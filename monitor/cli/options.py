"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from monitor.cli.text.output import Form

FOLDER = Path("config")

Config: TypeAlias = Annotated[
    Path,
    typer.Option("--config", envvar="MONITOR_CONFIG", metavar="FOLDER", help="Folder of the configuration files."),
]
Format: TypeAlias = Annotated[
    Form | None,
    typer.Option("--format", help="Form of the output; a table on a terminal, otherwise ndjson.", show_default=False),
]
