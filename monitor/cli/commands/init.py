"""monitor init"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli import process
from monitor.cli.options import FOLDER
from monitor.cli.text.output import amount
from monitor.present.inert import sanitize


def init(
    folder: Annotated[
        str,
        typer.Argument(
            metavar="FOLDER",
            envvar="MONITOR_CONFIG",
            show_envvar=False,
            help="Where to; else the folder that MONITOR_CONFIG names, else `config`.",
        ),
    ] = str(FOLDER),
) -> None:
    """Write the configuration that ships with the program (설정 만들기).

    It watches some twenty outlets for three words, and is meant to be changed. A folder that holds configuration already is left
    as it is, and the exit code is 1.
    """
    from monitor.service import first_files

    made = first_files.write(Path(folder))
    option = (
        ""
        if Path(folder) == Path(process.environ().get("MONITOR_CONFIG") or FOLDER)
        else f" --config {shlex.quote(folder)}"
    )
    place = Path(folder).absolute()
    typer.echo(sanitize(f"{place}: {amount(len(made), 'file')} written"))
    typer.echo(
        sanitize(
            "next: put your words into rules.yaml and say in channels.yaml where alerts go, then: monitor check"
            + option
        )
    )
    typer.echo(sanitize("then: monitor run" + option))
