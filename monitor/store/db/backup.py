"""A copy of a SQLite database: beside the data before its schema changes, or wherever somebody asks for one.

A copy is written under another name, brought to the disk, and only then given its own: what is called a backup is whole.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from monitor.model.errors import StoreError
from monitor.store.db.engines import read_url, sqlite_path

KEPT = 3
HEADROOM = 1.1  # a copy is never larger than its database; the rest is for what is written meanwhile
WITHOUT = "`monitor db upgrade --no-backup` goes on without one"
_NAME = re.compile(r"monitor-[0-9]+-(\d{8}T\d{6}Z)\.db")
_UNFINISHED = ".part"


def can_copy(url: str) -> bool:
    """Return whether the database is a file that can be copied here; one on a server is its operator's to dump."""
    return read_url(url).get_backend_name() == "sqlite"


@contextmanager
def backed_up(url: str, folder: Path, revision: str, now: datetime) -> Iterator[Path]:
    """Yield a fresh copy of a SQLite database in `folder` for as long as something risky is done to the original.

    When the block ends well, all but the newest KEPT copies of this kind go; when it fails, the database is as it was,
    and the fresh copy goes. Raises StoreError when no copy can be made: too little room, no right to write.
    """
    path = folder / f"monitor-{revision}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.db"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for unfinished in folder.glob(f"monitor-*{_UNFINISHED}"):
            unfinished.unlink()
        path.unlink(missing_ok=True)  # an attempt within the same second that did not get further
        made = copy(url, path)
    except OSError as error:
        raise StoreError(f"no backup can be made in {folder}: {error.strerror or error}; {WITHOUT}") from error
    except StoreError as error:
        raise StoreError(f"{error}; {WITHOUT}") from error
    try:
        yield made
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    for old in outdated(folder):
        with suppress(OSError):  # one that stays too long is no reason to stop
            old.unlink()


def copy(url: str, file: Path) -> Path:
    """Write a copy of a SQLite database as one moment knew it, readable for its owner alone, and return its path.

    Others may read and write meanwhile. Raises StoreError: no database, no room, or `file` is there already.
    """
    origin, file = sqlite_path(read_url(url)), file.absolute()
    if not origin.is_file():
        raise StoreError(f"there is no database at {origin}")
    if file.exists():
        raise StoreError(f"{file} is there already; name another file")
    unfinished = file.with_name(file.name + _UNFINISHED)
    try:
        with closing(sqlite3.connect(f"{origin.as_uri()}?mode=ro", uri=True, isolation_level=None)) as connection:
            _check_room(_size(connection), file.parent)
            os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            try:
                connection.execute("VACUUM INTO ?", (str(unfinished),))
                _to_disk(unfinished)
                unfinished.rename(file)
            finally:
                unfinished.unlink(missing_ok=True)
        _to_disk(file.parent)
    except sqlite3.Error as error:
        raise StoreError(f"the database cannot be copied to {file}: {error}") from error
    except OSError as error:
        raise StoreError(f"the database cannot be copied to {file}: {error.strerror or error}") from error
    return file


def room_missing(size: int, free: int) -> str:
    """Return what is missing for a copy of `size` bytes where `free` bytes are left, "" when there is room."""
    if free > size * HEADROOM:
        return ""
    return f"a copy of the database takes up to {_megabytes(size)} and {_megabytes(free)} are free"


def outdated(folder: Path) -> list[Path]:
    """Return the copies made before upgrades that are older than the newest KEPT; no other file is ever named."""
    dated = [(match[1], path) for path in folder.glob("monitor-*.db") if (match := _NAME.fullmatch(path.name))]
    return [path for _, path in sorted(dated)[:-KEPT]]


def _check_room(size: int, folder: Path) -> None:
    if missing := room_missing(size, shutil.disk_usage(folder).free):
        raise StoreError(f"no room in {folder}: {missing}; free some")


def _size(connection: sqlite3.Connection) -> int:
    pages, page = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    return int(pages) * int(page)


def _megabytes(size: int) -> str:
    return f"{size / 1024**2:,.0f} MB"


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
