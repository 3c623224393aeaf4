"""The copy of the database before its schema changes, and one that somebody asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monitor.model.errors import StoreError
from monitor.store.db import backup

BACK = (
    "to go back: stop the daemon, install the older program, remove the database with its -wal and -shm,"
    " put this file in its place"
)
DUMP = "pg_dump --format=custom --file=monitor.dump DATABASE"


def folder(data_dir: Path) -> Path:
    """Return the folder of the copies."""
    return data_dir / "backups"


def name(now: datetime) -> str:
    """Return the file name of a copy that somebody asks for; such a one is never deleted."""
    return f"copy-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.db"


def guard(
    url: str, data_dir: Path, clock: Callable[[], datetime], tell: Callable[[Path | None, str], None]
) -> Callable[[str], AbstractContextManager[Any]]:
    """Return what `migrate.upgrade` places around the change of a schema; `tell` hears of the copy, or that there is none.

    It is told the file (None on PostgreSQL, where a dump is the operator's work) and what can be done with or about it.
    """

    @contextmanager
    def around(revision: str) -> Iterator[None]:
        if not backup.can_copy(url):
            tell(None, f"the schema changes from {revision} without a backup; make one before an upgrade: {DUMP}")
            yield
            return
        with backup.backed_up(url, folder(data_dir), revision, clock()) as file:
            tell(file, BACK)
            yield

    return around


def in_words(file: Path | None, action: str) -> str:
    """Return in a line what `guard` tells."""
    return f"backup: {file} ({action})" if file else action


def copied(url: str, file: Path) -> Path:
    """Copy a SQLite database to a new file and return its path. Raises StoreError, and on PostgreSQL says what does it."""
    if not backup.can_copy(url):
        raise StoreError(f"a PostgreSQL database is copied with its own tools: {DUMP}")
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return backup.copy(url, file)
