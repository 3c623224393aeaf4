"""One writer with group commit: nothing acknowledged is lost, no job spoils another."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, func, insert, select, text

from monitor.model.errors import StoreError
from monitor.store.db import database as databases
from monitor.store.db import engines
from monitor.store.db.database import Database
from monitor.store.tables.schema import article, delivery, hit, story
from tests.contracts.databases import PostgresFactory, SqliteFactory
from tests.contracts.invented import NOW
from tests.patience import PATIENCE
from tests.store.db import writers


def add(identity: str) -> Callable[[Connection], str]:
    """Return a job that stores one row."""

    def job(connection: Connection) -> str:
        values = {"id": identity, "title": "", "first_seen_at": NOW}
        connection.execute(insert(story), values)
        return identity

    return job


async def stored(db: Database) -> list[str]:
    """Return which rows are there."""
    return list(await db.read(lambda connection: connection.execute(select(story.c.id).order_by(story.c.id)).scalars()))


async def count(db: Database, what: object) -> int:
    """Return how many."""
    query = select(func.count(what))  # type: ignore[arg-type] # any column
    return int(await db.read(lambda connection: connection.execute(query).scalar_one()))


async def test_jobs_that_wait_together_share_a_commit(db: Database) -> None:
    commits: list[int] = []
    gate = threading.Event()
    engine = db._writer
    assert engine is not None
    event.listen(engine, "commit", lambda _connection: commits.append(1))
    first = asyncio.create_task(db.write(lambda _connection: gate.wait(10)))
    await asyncio.sleep(0)
    rest = [asyncio.create_task(db.write(add(f"{n:03}"))) for n in range(100)]
    await asyncio.sleep(0.05)
    gate.set()
    assert await first
    assert await asyncio.gather(*rest) == [f"{n:03}" for n in range(100)]
    assert len(commits) <= 3
    assert len(await stored(db)) == 100


async def test_a_failing_job_spoils_no_other(db: Database) -> None:
    def half(connection: Connection) -> None:
        add("half")(connection)
        raise KeyError("half")

    def refused(connection: Connection) -> None:
        connection.execute(text("SELECT * FROM no_such_table"))

    jobs = [
        db.write(add("a")),
        db.write(half),
        db.write(add("b")),
        db.write(refused),
        db.write(add("a")),
        db.write(add("c")),
    ]
    results = await asyncio.gather(*jobs, return_exceptions=True)
    assert [result for result in results if isinstance(result, str)] == ["a", "b", "c"]
    assert isinstance(results[1], KeyError)
    assert isinstance(results[3], StoreError)
    assert isinstance(results[4], StoreError), "the same key twice"
    assert await stored(db) == ["a", "b", "c"]


async def test_a_job_that_fails_alone_leaves_nothing(db: Database) -> None:
    def half(connection: Connection) -> None:
        add("half")(connection)
        raise KeyError("half")

    with pytest.raises(KeyError):
        await db.write(half)
    assert await stored(db) == []
    assert await db.write(add("next")) == "next"


def waits_for_the_disk(connection: Connection) -> bool:
    if connection.dialect.name == "sqlite":
        return bool(connection.execute(text("PRAGMA synchronous")).scalar_one() == 2)
    return str(connection.execute(text("SHOW synchronous_commit")).scalar_one()) == "on"


async def test_what_need_not_outlive_the_power_waits_for_no_disk_and_everything_else_does(db: Database) -> None:
    def as_in_earnest(connection: Connection) -> None:  # the server of the tests itself waits for nothing
        if connection.dialect.name != "sqlite":
            connection.execute(text("SET synchronous_commit TO ON"))

    await db.write(as_in_earnest)
    assert await db.write(waits_for_the_disk)
    assert not await db.write_soon(waits_for_the_disk)
    assert await db.write(waits_for_the_disk), "the next one does again"

    def fail(_connection: Connection) -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await db.write_soon(fail)
    assert await db.write(waits_for_the_disk), "also after one that failed"
    beside = await asyncio.gather(db.write_soon(waits_for_the_disk), *(db.write(waits_for_the_disk) for _ in range(5)))
    assert all(beside[1:])


async def test_what_was_answered_is_seen_by_readers(db: Database) -> None:
    for number in range(10):
        await db.write(add(str(number)))
        assert len(await stored(db)) == number + 1


async def test_readers_work_beside_each_other_and_cannot_write(db: Database) -> None:
    meeting = threading.Barrier(databases.READERS, timeout=PATIENCE)
    reads = (db.read(lambda _connection: meeting.wait()) for _ in range(databases.READERS))
    assert len(set(await asyncio.gather(*reads))) == databases.READERS
    with pytest.raises(StoreError, match=r"read-?only"):
        await db.read(add("x"))


async def test_closing_commits_what_waits(url: str) -> None:
    db = Database(url)
    waiting = [asyncio.create_task(db.write(add(f"{n:03}"))) for n in range(250)]
    await asyncio.sleep(0)
    await db.aclose()
    assert len(await asyncio.gather(*waiting)) == 250
    await db.aclose()
    for use in (db.write, db.read):
        with pytest.raises(StoreError, match="closed"):
            await use(add("late"))
    again = Database(url)
    assert len(await stored(again)) == 250
    await again.aclose()


async def test_more_callers_than_room_all_get_through(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "CAPACITY", 5)
    db = Database(url)
    assert len(await asyncio.gather(*(db.write(add(f"{n:03}")) for n in range(100)))) == 100
    await db.aclose()


async def test_who_still_waits_for_room_is_told_that_it_closed(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "CAPACITY", 5)
    db = Database(url)
    waiting = [asyncio.create_task(db.write(add(f"{n:03}"))) for n in range(20)]
    await asyncio.sleep(0)
    await db.aclose()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert [result for result in results if isinstance(result, str)] == [f"{n:03}" for n in range(5)]
    assert all(isinstance(result, StoreError) for result in results[5:])


async def test_a_caller_that_went_away_disturbs_nobody(db: Database) -> None:
    gate = threading.Event()
    first = asyncio.create_task(db.write(lambda _connection: gate.wait(10)))
    gone = asyncio.create_task(db.write(add("gone")))
    kept = asyncio.create_task(db.write(add("kept")))
    await asyncio.sleep(0.05)
    gone.cancel()
    gate.set()
    await first
    assert await kept == "kept"
    with pytest.raises(asyncio.CancelledError):
        await gone


async def test_a_database_for_reading_only_refuses_writes(url: str, db: Database) -> None:
    await db.write(add("a"))
    reader = Database(url, read_only=True)
    assert await stored(reader) == ["a"]
    with pytest.raises(StoreError, match="reading only"):
        await reader.write(add("b"))
    await reader.aclose()


def test_a_missing_file_is_not_made_for_reading(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no database at"):
        Database(f"sqlite:///{tmp_path}/none.db", read_only=True)


def test_what_is_no_database_is_said_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "m.db"
    path.write_bytes(b"no database at all, but long enough to be polled" * 100)
    with pytest.raises(StoreError, match="not a database"):
        Database(f"sqlite:///{path}")


def test_a_folder_in_place_of_the_file_is_said_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"cannot be written.*unable to open"):
        Database(f"sqlite:///{tmp_path}")


async def test_a_chore_that_fails_is_told_to_its_caller_alone(db: Database) -> None:
    def wrong(connection: Connection) -> None:
        connection.execute(text("SELECT * FROM no_such_table"))

    def broken(_connection: Connection) -> None:
        raise KeyError("chore")

    jobs = [db.write(add("a")), db.chore(wrong), db.write(add("b")), db.chore(broken), db.write(add("c"))]
    results = await asyncio.gather(*jobs, return_exceptions=True)
    assert [type(result) for result in results] == [str, StoreError, str, KeyError, str]
    assert await stored(db) == ["a", "b", "c"]


async def test_a_file_that_another_program_keeps_is_told_and_later_used(
    sqlite_factory: SqliteFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "BUSY_MS", 50)
    url = sqlite_factory.migrated()
    db = Database(url)
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    results = await asyncio.gather(db.write(add("a")), db.write(add("b")), return_exceptions=True)
    assert [str(result) for result in results] == ["the database refused: database is locked"] * 2
    other.execute("ROLLBACK")
    other.close()
    assert await db.write(add("a")) == "a"
    await db.aclose()


@pytest.mark.postgres
async def test_a_broken_connection_is_replaced(postgres_factory: PostgresFactory) -> None:
    db = Database(postgres_factory.migrated())
    broken: list[int] = []

    def once(connection: Connection) -> str:
        if not broken:
            broken.append(1)
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return add("once")(connection)

    answers = await asyncio.gather(db.write(add("a")), db.write(once), db.write(add("b")))
    assert list(answers) == ["a", "once", "b"]
    assert await stored(db) == ["a", "b", "once"]
    await db.aclose()


@pytest.mark.postgres
async def test_a_deadlock_between_processes_is_resolved(postgres_factory: PostgresFactory) -> None:
    url = postgres_factory.migrated()
    one, two = Database(url), Database(url)
    await asyncio.gather(one.write(add("a")), one.write(add("b")))
    meeting = threading.Barrier(2, timeout=PATIENCE)

    def per_dialect(first: str, second: str) -> Callable[[Connection], None]:
        tries: list[int] = []

        def job(connection: Connection) -> None:
            for name in (first, second):
                connection.execute(story.update().where(story.c.id == name).values(title=story.c.title + first))
                if not tries:
                    tries.append(1)
                    meeting.wait()

        return job

    await asyncio.gather(one.write(per_dialect("a", "b")), two.write(per_dialect("b", "a")))
    titles = await one.read(lambda connection: connection.execute(select(story.c.title)).scalars().all())
    assert sorted(map(sorted, titles)) == [["a", "b"], ["a", "b"]]
    await asyncio.gather(one.aclose(), two.aclose())


@pytest.mark.long
@pytest.mark.slow
async def test_three_processes_write_at_once(url: str, db: Database) -> None:
    jobs = [(url, f"p{n}", 40) for n in range(3)]
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        made = await asyncio.to_thread(pool.map, writers.record, jobs)
    assert sum(made) == 2 * 4 * 40, "own ones of three, shared ones once"
    assert [await count(db, column) for column in (article.c.id, hit.c.id)] == [160, 160]
    rows = await db.read(lambda connection: connection.execute(select(delivery.c.channel_id, delivery.c.seq)).all())
    for name in ("x", "y"):
        assert sorted(row.seq for row in rows if row.channel_id == name) == list(range(1, 161))
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        sent = await asyncio.to_thread(pool.map, writers.send, [(url, "s1"), (url, "s2")])
    assert Counter(chain.from_iterable(sent)) == Counter(f"{row.channel_id} {row.seq}" for row in rows), (
        "each exactly once"
    )


@pytest.mark.long
@pytest.mark.slow
async def test_a_killed_process_loses_nothing_that_it_said_was_stored(factory: SqliteFactory | PostgresFactory) -> None:
    url = factory.migrated()
    said: list[str] = []
    dice = random.Random(7)
    for _ in range(4):
        said += await asyncio.to_thread(_kill_after, url, dice.randint(25, 150))
    db = Database(url)
    keys = set(await db.read(lambda connection: connection.execute(select(article.c.key)).scalars().all()))
    assert len(said) >= 100
    assert set(said) <= keys
    assert await count(db, hit.c.id) == await count(db, delivery.c.id) == len(keys)
    seqs = await db.read(lambda connection: connection.execute(select(delivery.c.seq)).scalars().all())
    assert sorted(seq or 0 for seq in seqs) == list(range(1, len(keys) + 1))
    if db._writer is not None and db._writer.dialect.name == "sqlite":
        check = await db.read(lambda connection: connection.execute(text("PRAGMA integrity_check")).scalar())
        assert check == "ok"
    await db.aclose()


def _kill_after(url: str, lines: int) -> list[str]:
    """Let a process store articles, kill it after so many, and return all that it had said."""
    command = [sys.executable, "-m", "tests.store.db.writers", url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(lines)]
        process.send_signal(signal.SIGKILL)
        said += process.stdout.readlines()
    return [line.strip() for line in said if line.endswith("\n")]


async def test_a_file_that_was_replaced_is_noticed(tmp_path: Path) -> None:
    url = SqliteFactory(tmp_path).migrated()
    path = Path(url.removeprefix("sqlite:///"))
    db = Database(url)
    try:
        await db.write(add("one"))
        assert not db.is_replaced()
        aside = path.rename(tmp_path / "aside.db")  # noqa: ASYNC240 - nobody waits
        assert db.is_replaced(), "it is gone"
        path.write_bytes(aside.read_bytes())  # noqa: ASYNC240 - as above
        assert db.is_replaced(), "another one is there"
        aside.replace(path)
        assert not db.is_replaced()
    finally:
        await db.aclose()
