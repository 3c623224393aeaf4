"""SQLAlchemy engines that keep the product's promises: durable, patient, one writer at a time."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from monitor.model.errors import StoreError

BUSY_MS = 10_000
"""How long SQLite waits for another process's write before it gives up."""

_NETWORK_FILE_SYSTEMS = frozenset({
    "afs", "ceph", "cifs", "fuse.sshfs", "fuse.glusterfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs",
})  # fmt: skip
_WAL_TRIES = 50


class Immediate(SQLiteDialect_pysqlite):
    """SQLite whose every transaction may write.

    A deferred transaction that reads and then writes fails at once when another wrote meanwhile, however patient.
    A "begin" event would do, but an engine with any event of its own looks for all the others at each statement.
    """

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: DBAPIConnection) -> None:
        """Take the write lock, waiting for it as long as the connection is patient."""
        _execute(dbapi_connection, "BEGIN IMMEDIATE")


class Deferred(SQLiteDialect_pysqlite):
    """SQLite whose transactions are one snapshot each."""

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: DBAPIConnection) -> None:
        """Open the transaction; the first read takes the snapshot."""
        _execute(dbapi_connection, "BEGIN")


registry.register("sqlite.immediate", __name__, "Immediate")
registry.register("sqlite.deferred", __name__, "Deferred")


def network_file_system(path: Path, mounts: str) -> str:
    """Return the type of the network file system that holds `path`, or "" for a local one.

    `mounts` has the lines of /proc/self/mounts (proc(5)): device, mount point, type, ... The longest mount point wins.
    """
    best, kind = -1, ""
    for line in mounts.splitlines():
        words = line.split(" ")
        if len(words) < 3:  # noqa: PLR2004 - device, point, type
            continue
        point = words[1].replace("\\040", " ")
        if path.is_relative_to(point) and len(point) > best:
            best, kind = len(point), words[2]
    return kind if kind in _NETWORK_FILE_SYSTEMS else ""


def read_url(url: str) -> URL:
    """Return the parsed database URL. Raises StoreError when it is neither a SQLite file nor PostgreSQL."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # a port that is no number is a ValueError
        # The text may hold a password, so the message does not repeat it.
        raise StoreError("the database URL cannot be read; write sqlite:///path/to/file or postgresql://…") from None
    if parsed.get_backend_name() == "sqlite":
        if parsed.query or "?" in url or str(parsed.database).startswith("file:"):
            raise StoreError("the URL of a SQLite file takes no options: sqlite:///path/to/file")
        if parsed.database in {None, "", ":memory:"}:
            raise StoreError("a database in memory is lost with the process; name a file: sqlite:///data/monitor.db")
    elif parsed.get_backend_name() != "postgresql":
        raise StoreError(f"{parsed.drivername} is not supported; use sqlite:///path/to/file or postgresql://…")
    elif re.search(r"[][\s]", parsed.host or ""):
        raise StoreError("the host of the database cannot be read; write postgresql://user:password@host/name")
    return parsed


def sqlite_path(url: URL) -> Path:
    """Return the absolute path of a SQLite URL's file."""
    return Path(str(url.database)).absolute()


def database_file(url: str) -> Path | None:
    """Return the file that a database URL names, None for a database on a server. Raises StoreError as `read_url` does."""
    parsed = read_url(url)
    return sqlite_path(parsed) if parsed.get_backend_name() == "sqlite" else None


def open_writer(url: URL, session: str = "") -> Engine:
    """Open an engine whose every transaction may write: BEGIN IMMEDIATE on SQLite. The file must be reachable.

    `session` is what a server shows to others of its connections (monitor.store.db.sessions).
    """
    if url.get_backend_name() != "sqlite":
        return _postgres(url, 2, session)
    _check_place(sqlite_path(url))
    engine = _sqlite("sqlite+immediate", f"file:{_quoted(sqlite_path(url))}?mode=rwc", size=1)
    event.listen(engine, "connect", _durable)
    return engine


def open_reader(url: URL, size: int) -> Engine:
    """Open an engine of at most `size` connections that cannot write; nothing is created."""
    if url.get_backend_name() != "sqlite":
        return _postgres(url, size).execution_options(postgresql_readonly=True)
    path = sqlite_path(url)
    if not path.exists():
        raise StoreError(f"there is no database at {path} yet; `monitor run` makes it")
    engine = _sqlite("sqlite+deferred", f"file:{_quoted(path)}?mode=ro", size=size)
    event.listen(engine, "connect", _harmless)
    return engine


def _quoted(path: Path) -> str:
    """Return a path fit for a SQLite file URI (sqlite.org/uri.html)."""
    return str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _sqlite(dialect: str, uri: str, size: int) -> Engine:
    return create_engine(
        URL.create(dialect, database=uri, query={"uri": "true"}),
        # isolation_level None: the driver opens no transaction behind our back; the dialect does.
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": BUSY_MS / 1000},
        pool_size=size,
        max_overflow=0,
        json_serializer=_dump,
    )


def _postgres(url: URL, size: int, session: str = "") -> Engine:
    named = {"application_name": session} if session else {}
    try:
        return create_engine(
            url, connect_args=named, pool_size=size, max_overflow=0, pool_pre_ping=True, json_serializer=_dump
        )
    except (ModuleNotFoundError, NoSuchModuleError):
        raise StoreError("PostgreSQL needs the extra [scale] (psycopg); install it or use sqlite:///…") from None


def _check_place(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"the folder {path.parent} cannot be made: {error.strerror}") from error
    mounts = Path("/proc/self/mounts")
    kind = network_file_system(path.resolve(), mounts.read_text("utf-8", "replace")) if mounts.exists() else ""
    if kind:
        # sqlite.org/wal.html: all processes must be on one host, the shared memory file does not cross a network.
        raise StoreError(f"{path} lies on a network file system ({kind}), where SQLite loses data; use a local disk")


def _durable(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor: Any = connection.cursor()
    try:
        _use_wal(cursor)
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        # A container with a read-only root has no folder for temporary files.
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.execute("PRAGMA journal_size_limit=67108864")
    finally:
        cursor.close()


def _use_wal(cursor: Any) -> None:  # noqa: ANN401 - the DBAPI has no types
    """Switch the file to WAL; while another process is just doing so, SQLite answers "locked" without waiting."""
    last: Exception | None = None
    for _ in range(_WAL_TRIES):
        try:
            mode = cursor.execute("PRAGMA journal_mode=WAL").fetchone()[0]
        except Exception as error:
            if "locked" not in str(error):
                raise
            last = error
            time.sleep(0.1)
        else:
            if mode != "wal":
                raise StoreError(f"the database cannot use a write-ahead log here (journal mode stays {mode})")
            return
    raise StoreError("the database stays locked by another program") from last


def _harmless(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    _execute(connection, "PRAGMA query_only=ON")


def _execute(connection: DBAPIConnection, statement: str) -> None:
    cursor = connection.cursor()
    try:
        cursor.execute(statement)
    finally:
        cursor.close()
