"""monitor db upgrade"""

from __future__ import annotations

import typer

from monitor.cli import process
from monitor.cli.options import FOLDER, Config
from monitor.cli.text.sanitize import sanitize


def upgrade(*, config: Config = FOLDER) -> None:
    """Bring the database to this program's schema (스키마 갱신).

    `monitor run` does the same at its start. A database of a newer program is refused.
    """
    from monitor.service import questions

    typer.echo(sanitize(questions.upgrade(config, process.environ())))
