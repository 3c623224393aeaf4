"""A database that goes away in the middle of the work: nothing is lost, nothing told twice, nobody left waiting."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from monitor.service.daemon import REPLACED
from tests.contracts.databases import PostgresFactory, postgres_server
from tests.journeys.installation import Installation, until
from tests.patience import PATIENCE
from tests.replica.newspapers import Newsroom, Open, Slow
from tests.replica.receiver import Post, Receiver
from tests.replica.writer import Writer

pytestmark = [pytest.mark.slow, pytest.mark.long]

FOR_EVER = "2099-01-01 00:00:00.000000"
SEEN = "SELECT count(*) FROM entry"  # twelve before the daemon runs


def failed(installation: Installation, task: str) -> Callable[[], bool]:
    """Return whether a task of that kind has failed."""
    return lambda: any(line["event"] == "task.failed" and line["task"].startswith(task) for line in installation.log())


@pytest.fixture
def foreign(installation: Installation) -> Iterator[sqlite3.Connection]:
    """Another program's connection to the database: it keeps every write out from BEGIN IMMEDIATE to COMMIT."""
    hits_alone(installation)
    installation.monitor("run", "--once", check=True)
    with closing(sqlite3.connect(installation.database, isolation_level=None, timeout=60.0)) as connection:
        yield connection


async def test_a_poll_that_could_not_be_completed_is_repeated_as_soon_as_the_lock_is_gone(
    installation: Installation,
    paper: Newsroom,
    receiver: Receiver,
    writer: Writer,
    now: datetime,
    foreign: sqlite3.Connection,
) -> None:
    async with installation.running():
        await until(lambda: "started" in events(installation), what="the start")
        paper.mode = Slow(3.0)  # from now on a poll is nearly always under way
        paper.publish(writer.piece(now + timedelta(minutes=1), terms=("openai",)))
        await until(lambda: installation.rows(SEEN) == [(13,)], what="an article that is being fetched")
        foreign.execute("BEGIN IMMEDIATE")
        # Only who gives the source back can end this lease.
        foreign.execute("UPDATE source_state SET lease_until = ?", (FOR_EVER,))
        await until(failed(installation, "Poll("), what="a poll that ends without a database")
        foreign.execute("COMMIT")
        paper.mode = Open()
        paper.publish(writer.piece(now + timedelta(minutes=2), terms=("openai", "deepseek")))
        await receiver.received(3)
        await until(lambda: outbox(installation) == [("done", 3)], what="an empty outbox")
    assert len(receiver.ids) == len(set(receiver.ids)) == 3
    assert installation.rows("SELECT count(*) FROM hit") == [(3,)]


async def test_a_message_that_was_taken_while_the_database_was_locked_is_sent_once(
    installation: Installation,
    paper: Newsroom,
    receiver: Receiver,
    writer: Writer,
    now: datetime,
    foreign: sqlite3.Connection,
) -> None:
    def lock(_: Post) -> None:
        receiver.on_post = None
        foreign.execute("BEGIN IMMEDIATE")
        # Whoever asks may have it.
        foreign.execute("UPDATE delivery SET lease_until = '2001-01-01 00:00:00.000000'")

    receiver.on_post = lock
    async with installation.running():
        await until(lambda: "started" in events(installation), what="the start")
        paper.publish(writer.piece(now + timedelta(minutes=1), terms=("openai",)))
        await until(failed(installation, "Deliver("), what="an attempt that nobody could write down")
        foreign.execute("COMMIT")
        await until(lambda: outbox(installation) == [("done", 1)], what="an empty outbox")
        paper.publish(writer.piece(now + timedelta(minutes=2), terms=("deepseek",)))
        await receiver.received(2)
        await until(lambda: outbox(installation) == [("done", 2)], what="an empty outbox")
    assert len(receiver.ids) == len(set(receiver.ids)) == 2
    told = [line for line in installation.log() if line["event"] == "delivery.done"]
    assert [line["attempt"] for line in told] == [1, 1]


async def test_a_message_that_somebody_else_has_by_now_is_not_told_as_done(
    installation: Installation,
    paper: Newsroom,
    receiver: Receiver,
    writer: Writer,
    now: datetime,
    foreign: sqlite3.Connection,
) -> None:
    def take(_: Post) -> None:
        receiver.on_post = None
        foreign.execute("UPDATE delivery SET lease_owner = 'other', lease_until = ?", (FOR_EVER,))

    receiver.on_post = take
    async with installation.running():
        await until(lambda: "started" in events(installation), what="the start")
        paper.publish(writer.piece(now + timedelta(minutes=1), terms=("openai",)))
        await until(lambda: "lease.lost" in events(installation), what="a line that says so")
    assert "delivery.done" not in events(installation)
    (lost,) = [line for line in installation.log() if line["event"] == "lease.lost"]
    assert lost["kind"] == "delivery"
    assert outbox(installation) == [("leased", 1)], "it is the other's to complete"


async def test_a_database_that_is_replaced_under_the_daemon_ends_it_with_a_clear_line(
    installation: Installation, receiver: Receiver
) -> None:
    installation.monitor("run", "--once", check=True)
    process = installation.start()
    try:
        await until(lambda: "started" in events(installation), what="the start")
        copy = installation.database.with_suffix(".copy")
        shutil.copyfile(installation.database, copy)
        copy.replace(installation.database)
        assert await asyncio.to_thread(process.wait, PATIENCE) == REPLACED
    finally:
        process.kill()
    (line,) = [line for line in installation.log() if line["event"] == "data.replaced"]
    assert "start it again" in line["action"]
    assert receiver.ids == []


@pytest.fixture
def server() -> Iterator[PostgresFactory]:
    """A PostgreSQL server of this test's own: it is stopped in the middle."""
    with postgres_server() as factory:
        yield factory


@pytest.mark.postgres
async def test_postgresql_restarted_in_the_middle_of_a_poll_costs_nothing(
    tmp_path: Path, server: PostgresFactory, paper: Newsroom, receiver: Receiver, writer: Writer, now: datetime
) -> None:
    url = server.empty()
    installation = Installation(tmp_path, webhook=receiver.url, database_url=url)
    installation.watch(paper)
    hits_alone(installation)
    done = await installation.command("run", "--once")
    assert done.returncode == 0, done.stderr
    async with installation.running():
        await until(lambda: "started" in events(installation), what="the start")
        paper.mode = Slow(3.0)  # from now on a poll is nearly always under way
        paper.publish(writer.piece(now + timedelta(minutes=1), terms=("openai",)))
        await until(lambda: asked(url, SEEN) == [(13,)], what="an article that is being fetched")
        # Only who gives the source back can end this lease, unless it is renewed between this line and the next.
        asked(url, "UPDATE source_state SET lease_until = '2099-01-01' RETURNING 1")
        await asyncio.to_thread(server.stop)
        await until(failed(installation, "Poll("), what="a poll that ends without a database")
        await until(failed(installation, "tick"), what="a tick without a database")
        await asyncio.to_thread(server.start)
        paper.mode = Open()
        paper.publish(writer.piece(now + timedelta(minutes=2), terms=("openai", "deepseek")))
        await receiver.received(3)
        sent = "SELECT state, count(*) FROM delivery GROUP BY state"
        await until(lambda: asked(url, sent) == [("done", 3)], what="an empty outbox")
    assert len(receiver.ids) == len(set(receiver.ids)) == 3
    assert asked(url, "SELECT count(*) FROM hit") == [(3,)]


@pytest.mark.postgres
async def test_the_operator_hears_of_a_database_that_was_away_as_soon_as_it_is_back(
    tmp_path: Path, server: PostgresFactory, paper: Newsroom, receiver: Receiver
) -> None:
    url = server.empty()
    installation = Installation(tmp_path, webhook=receiver.url, database_url=url)
    installation.watch(paper)

    def alarms(event: str) -> list[str]:
        return [line["alarm"] for line in installation.log() if line["event"] == event]

    async with installation.running():
        await until(lambda: "first_polls" in events(installation), what="the first poll")
        await asyncio.to_thread(server.stop)
        await until(lambda: alarms("alarm.raised") == ["database.unwritable"], what="a line that says so")
        await asyncio.to_thread(server.start)
        (post,) = await receiver.received(1)
        await until(lambda: asked(url, "SELECT state FROM delivery") == [("done",)], what="an empty outbox")
    told = json.loads(post.body)
    assert told["type"] == "database.recovered"
    assert told["data"]["lasted_seconds"] > 0
    assert alarms("alarm.raised") == alarms("alarm.ended") == ["database.unwritable"]


def hits_alone(installation: Installation) -> None:
    """Let the receiver hear of hits alone: whether the line is looked at while nothing can be written is chance."""
    with (installation.config / "monitor.yaml").open("a", encoding="utf-8") as file:
        file.write("operator_channels: []\n")


def events(installation: Installation) -> list[str]:
    return [line["event"] for line in installation.log()]


def outbox(installation: Installation) -> list[tuple[object, ...]]:
    """Return how many deliveries stand where."""
    return installation.rows("SELECT state, count(*) FROM delivery GROUP BY state ORDER BY state")


def asked(url: str, statement: str) -> list[tuple[object, ...]]:
    """Ask PostgreSQL directly, as an auditor would."""
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]
    finally:
        engine.dispose()
