"""Connections keep their promises, and a place that cannot keep them is refused."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from monitor.model.errors import StoreError
from monitor.store.db import engines
from monitor.store.db.engines import network_file_system, open_reader, open_writer, read_url

MOUNTS = """\
/dev/vda / ext4 rw 0 0
server:/export /mnt/share nfs4 rw 0 0
/dev/vdb /mnt/share/local xfs rw 0 0
//box/news /mnt/two\\040words cifs rw 0 0
broken
"""


@contextmanager
def connected(url: str, *, write: bool) -> Iterator[Connection]:
    """Open one connection and close everything after it."""
    engine = open_writer(read_url(url)) if write else open_reader(read_url(url), 1)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def pragma(connection: Connection, name: str) -> Any:  # noqa: ANN401 - whatever SQLite answers
    """Return the value of a pragma."""
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/monitor.db", ""),
        ("/mnt/share/monitor.db", "nfs4"),
        ("/mnt/share/local/monitor.db", ""),
        ("/mnt/shared/monitor.db", ""),
        ("/mnt/two words/monitor.db", "cifs"),
    ],
)
def test_network_file_systems_are_told_by_the_nearest_mount(path: str, kind: str) -> None:
    assert network_file_system(Path(path), MOUNTS) == kind


def test_a_network_file_system_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "network_file_system", lambda _path, _mounts: "nfs4")
    with pytest.raises(StoreError, match="network file system \\(nfs4\\)"):
        open_writer(read_url(f"sqlite:///{tmp_path}/m.db"))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite://", "memory"),
        ("sqlite:///:memory:", "memory"),
        ("sqlite:///file:x?mode=memory&uri=true", "no options"),
        ("sqlite:///m.db?timeout=1", "no options"),
        ("mysql://root:canary@host/db", "mysql"),
        ("not a url with canary", "cannot be read"),
    ],
)
def test_other_urls_are_refused_without_repeating_secrets(url: str, said: str) -> None:
    with pytest.raises(StoreError, match=said) as caught:
        read_url(url)
    assert "canary" not in str(caught.value)


def test_the_writer_is_durable_and_begins_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/deep/er/m.db"
    with connected(url, write=True) as connection:
        assert pragma(connection, "journal_mode") == "wal"
        assert pragma(connection, "synchronous") == 2, "FULL"
        assert pragma(connection, "foreign_keys") == 1
        assert pragma(connection, "busy_timeout") == engines.BUSY_MS
        driver = connection.connection.driver_connection
        assert driver is not None
        assert driver.in_transaction, "BEGIN came with the first statement"


def test_a_second_writer_waits_its_time_and_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path}/m.db"
    monkeypatch.setattr(engines, "BUSY_MS", 50)
    with (
        connected(url, write=True) as first,
        connected(url, write=True) as second,
        first.begin(),
        pytest.raises(DBAPIError, match="locked"),
    ):
        second.begin()


def test_the_reader_cannot_write(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/m.db"
    with connected(url, write=True) as connection, connection.begin():
        connection.exec_driver_sql("CREATE TABLE t (x)")
    with connected(url, write=False) as connection, pytest.raises(DBAPIError, match="readonly"):
        connection.exec_driver_sql("INSERT INTO t VALUES (1)")


def test_each_transaction_of_the_writer_begins_with_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "BUSY_MS", 50)
    url = f"sqlite:///{tmp_path}/m.db"
    with connected(url, write=True) as first, connected(url, write=True) as second:
        for _ in range(3):
            with first.begin():
                assert first.exec_driver_sql("SELECT 1").scalar() == 1, "it has only read"
                with pytest.raises(DBAPIError, match="locked"):
                    second.begin()
            with second.begin():
                pass


def test_a_transaction_of_the_reader_is_one_snapshot(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/m.db"
    with connected(url, write=True) as writer:
        with writer.begin():
            writer.exec_driver_sql("CREATE TABLE t (x)")
        with connected(url, write=False) as reader:
            for rows in range(2):
                with reader.begin():
                    assert reader.exec_driver_sql("SELECT count(*) FROM t").scalar() == rows
                    with writer.begin():
                        writer.exec_driver_sql("INSERT INTO t VALUES (1)")
                    assert reader.exec_driver_sql("SELECT count(*) FROM t").scalar() == rows


@pytest.mark.postgres
def test_the_postgres_reader_cannot_write(request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("postgres_factory").empty()
    with connected(url, write=False) as connection, pytest.raises(DBAPIError, match="read-only"):
        connection.exec_driver_sql("CREATE TABLE t (x int)")


def test_a_folder_that_cannot_be_made_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"folder .*file/deeper cannot be made"):
        open_writer(read_url(f"sqlite:///{tmp_path}/file/deeper/m.db"))


def test_postgres_without_its_driver_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"\[scale\]"):
        open_writer(read_url("postgresql://host/db"))
