"""monitor db upgrade, monitor db backup"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.opening import opened
from monitor.cli.options import FOLDER, Config
from monitor.present.inert import sanitize


def upgrade(
    *,
    no_backup: Annotated[
        bool, typer.Option("--no-backup", help="Change the schema without a copy of the database.")
    ] = False,
    config: Config = FOLDER,
) -> None:
    """Bring the database to this program's schema (스키마 갱신).

    `monitor run` does the same at its start. A SQLite database that holds anything is copied first, to
    backups/monitor-REVISION-TIME.db in the data folder, readable for its owner alone; the last three of these copies are
    kept. A PostgreSQL database is its operator's to dump. A database of a newer program is refused with 76.
    """
    with opened(config) as (app, wait):
        revision, *said = wait(app.database_admin.upgrade(backup=not no_backup))
    for line in said:
        typer.echo(sanitize(line))
    typer.echo(sanitize(f"the database has this program's schema: {revision}"))


def backup(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A new file; else backups/copy-TIME.db in the data folder.")
    ] = "",
    *,
    config: Config = FOLDER,
) -> None:
    """Copy the SQLite database while the daemon runs (백업).

    The copy is whole, as one moment knew it, and readable for its owner alone. No file is ever overwritten, and no copy
    that was asked for is ever deleted.
    """
    with opened(config) as (app, wait):
        typer.echo(sanitize(str(wait(app.database_admin.backup(Path(file) if file else None)))))
