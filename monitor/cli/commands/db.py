"""monitor db upgrade"""

from __future__ import annotations

import typer

from monitor.cli.opening import opened
from monitor.cli.options import FOLDER, Config
from monitor.cli.text.sanitize import sanitize


def upgrade(*, config: Config = FOLDER) -> None:
    """Bring the database to this program's schema (스키마 갱신).

    `monitor run` does the same at its start. A database of a newer program is refused.
    """
    with opened(config) as (app, wait):
        typer.echo(sanitize(f"the database has this program's schema: {wait(app.upgrade())}"))
