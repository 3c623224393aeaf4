"""Before its schema changes a database that holds anything is copied, whole and for its owner alone."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.errors import SchemaError, StoreError
from monitor.service.backups import guard
from monitor.store.db import backup, migrate
from monitor.store.db.engines import open_writer, read_url
from monitor.store.db.migrate import revision, upgrade
from tests.contracts.databases import PostgresFactory, SqliteFactory
from tests.store.db.test_migrate import HEAD, move

NOW = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)
CHANNEL = "INSERT INTO channel_state (id, next_seq, definition, reason) VALUES (?, 7, '', '')"


def older(path: Path, at: str, *channels: str) -> str:
    """Make a database as an older program left it, with a row for each channel; return its URL."""
    url = f"sqlite:///{path}"
    upgrade(url)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(CHANNEL, [(channel,) for channel in channels])
    move(open_writer(read_url(url)), at)
    return url


def raised(url: str, folder: Path, now: datetime = NOW) -> list[Path | None]:
    """Upgrade as the daemon does; return what was told of copies."""
    told: list[Path | None] = []
    assert upgrade(url, guard(url, folder, lambda: now, lambda file, _: told.append(file))) == HEAD
    return told


def channels(path: Path) -> list[tuple[str, int]]:
    """Return what a database holds, read with SQLite alone, after its own check of the file."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return connection.execute("SELECT id, next_seq FROM channel_state ORDER BY 1").fetchall()


@pytest.mark.parametrize("at", ["0001", "0008", "0012"])
@pytest.mark.parametrize("name", ["m.db", "뉴스 #1 100%.db"])
def test_what_holds_rows_is_copied_before_its_schema_changes(tmp_path: Path, at: str, name: str) -> None:
    url = older(tmp_path / name, at, "desk", "속보")
    (made,) = raised(url, tmp_path / "data")
    assert made == tmp_path / "data" / "backups" / f"monitor-{at}-20261129T030000Z.db"
    assert revision(f"sqlite:///{made}") == at
    assert channels(made) == [("desk", 7), ("속보", 7)]
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700
    assert revision(url) == HEAD
    assert raised(url, tmp_path / "data") == [], "nothing changes any more"


def test_a_fresh_database_and_one_without_rows_are_not_copied(tmp_path: Path) -> None:
    assert raised(f"sqlite:///{tmp_path}/new.db", tmp_path) == []
    assert raised(older(tmp_path / "bare.db", "0007"), tmp_path) == []
    assert not (tmp_path / "backups").exists()


def test_a_copy_goes_back_in_place_of_the_database(tmp_path: Path) -> None:
    url = older(tmp_path / "m.db", "0009", "desk")
    (made,) = raised(url, tmp_path)
    assert made
    for path in tmp_path.glob("m.db*"):
        path.unlink()
    shutil.copy(made, tmp_path / "m.db")
    assert revision(url) == "0009"
    assert raised(url, tmp_path, NOW + timedelta(hours=1)) != []
    assert channels(tmp_path / "m.db") == [("desk", 7)]


def test_what_is_in_the_write_ahead_log_alone_is_copied_too(tmp_path: Path) -> None:
    url = older(tmp_path / "m.db", "0012", "desk")
    with closing(sqlite3.connect(tmp_path / "m.db")) as other:
        other.execute("PRAGMA wal_autocheckpoint=0")
        with other:
            other.execute(CHANNEL, ("late",))
        (made,) = raised(url, tmp_path)
    assert made
    assert channels(made) == [("desk", 7), ("late", 7)]


def test_the_last_three_are_kept_and_nothing_else_is_touched(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    others = [
        "mine.db",
        "monitor-before-holidays.db",
        "copy-20200101T000000Z.db",
        "monitor-0001-20200101T000000Z.db.gz",
    ]
    for name in others:
        (folder / name).write_bytes(b"")
    (folder / "monitor-0009-20200101T000000Z.db.part").write_bytes(b"cut off")
    url = older(tmp_path / "m.db", "0012", "desk")
    made = []
    for hour in range(5):
        made += raised(url, tmp_path, NOW + timedelta(hours=hour))
        move(open_writer(read_url(url)), "0012")
    assert len(made) == 5
    assert {path.name for path in folder.iterdir()} == {*others, *(path.name for path in made[-3:] if path)}


@given(moments=st.lists(st.datetimes(datetime(2020, 1, 1), datetime(2099, 1, 1)), unique=True, max_size=8))  # noqa: DTZ001 - made aware below
def test_the_newest_stay_whatever_their_revision(
    tmp_path_factory: pytest.TempPathFactory, moments: list[datetime]
) -> None:
    folder = tmp_path_factory.mktemp("backups")
    for number, moment in enumerate(moments):
        (folder / f"monitor-{9000 - number:04}-{moment:%Y%m%dT%H%M%SZ}.db").touch()
    stamps = sorted(path.stem[-16:] for path in folder.iterdir())
    assert sorted(path.stem[-16:] for path in backup.outdated(folder)) == stamps[: -backup.KEPT]


def test_without_room_nothing_is_changed_and_the_way_on_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = older(tmp_path / "m.db", "0010", "desk")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9 - 4096, 4096))
    with pytest.raises(StoreError, match=r"no room in .*backups: .* 0 MB are free; free some; .*--no-backup"):
        raised(url, tmp_path)
    assert revision(url) == "0010"
    assert list((tmp_path / "backups").iterdir()) == []
    assert upgrade(url) == HEAD, "without a guard it goes on"


@pytest.mark.parametrize(
    ("size", "free", "enough"), [(100, 111, True), (100, 110, False), (100, 0, False), (0, 1, True)]
)
def test_a_tenth_more_than_the_database_must_be_free(size: int, free: int, enough: bool) -> None:  # noqa: FBT001 - a table
    assert (backup.room_missing(size * 2**20, free * 2**20) == "") is enough


def test_where_no_copy_can_be_written_nothing_is_changed(tmp_path: Path) -> None:
    url = older(tmp_path / "m.db", "0010", "desk")
    (tmp_path / "backups").write_text("a file where the folder should be")
    with pytest.raises(StoreError, match=r"no backup can be made in .*backups: .*--no-backup"):
        raised(url, tmp_path)
    assert revision(url) == "0010"


def test_a_change_that_fails_leaves_no_copy_of_what_is_still_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = older(tmp_path / "m.db", "0011", "desk")

    def broken(_connection: object) -> None:
        raise StoreError("broken half way")

    monkeypatch.setattr(migrate, "_run", broken)
    with pytest.raises(StoreError, match="half way"):
        raised(url, tmp_path)
    assert list((tmp_path / "backups").iterdir()) == []
    assert channels(tmp_path / "m.db") == [("desk", 7)]


def test_a_newer_database_is_refused_without_a_copy(tmp_path: Path) -> None:
    url = older(tmp_path / "m.db", str(HEAD), "desk")
    with closing(sqlite3.connect(tmp_path / "m.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaError):
        raised(url, tmp_path)
    assert not (tmp_path / "backups").exists()


def test_nobody_writes_between_the_copy_and_the_change(tmp_path: Path) -> None:
    path = tmp_path / "m.db"
    url = older(path, "0012", "desk")

    @contextmanager
    def trying(_revision: str) -> Iterator[None]:
        with (
            closing(sqlite3.connect(path, timeout=0)) as other,
            pytest.raises(sqlite3.OperationalError, match="locked"),
        ):
            other.execute(CHANNEL, ("late",))
        yield

    assert upgrade(url, trying) == HEAD


def test_a_copy_on_demand_overwrites_nothing(tmp_path: Path) -> None:
    url = older(tmp_path / "m.db", str(HEAD), "desk")
    file = backup.copy(url, tmp_path / "copy.db")
    assert channels(file) == [("desk", 7)]
    with pytest.raises(StoreError, match="there already"):
        backup.copy(url, file)
    with pytest.raises(StoreError, match="no database at"):
        backup.copy(f"sqlite:///{tmp_path}/none.db", tmp_path / "other.db")
    with pytest.raises(StoreError, match="cannot be copied"):
        backup.copy(url, tmp_path / "no folder" / "other.db")
    assert not (tmp_path / "none.db").exists()


def test_what_lies_on_a_server_is_said_to_be_its_operators(factory: SqliteFactory | PostgresFactory) -> None:
    url = factory.empty()
    told: list[tuple[Path | None, str]] = []
    upgrade(url)
    engine = open_writer(read_url(url))
    with engine.begin() as connection:
        connection.exec_driver_sql(CHANNEL.replace("?", "'desk'"))
    move(engine, "0012")
    folder = Path(str(read_url(url).database)).parent if backup.can_copy(url) else Path("/nonexistent")
    upgrade(url, guard(url, folder, lambda: NOW, lambda *words: told.append(words)))
    ((file, action),) = told
    assert (file is None, "pg_dump" in action) == ((False, False) if backup.can_copy(url) else (True, True))
