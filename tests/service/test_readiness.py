"""Whether the daemon can do its work is found out, not claimed; asking often costs no more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import text

from monitor.engine.local import LocalEngine
from monitor.match.ruleset import RuleSet, compile_rules
from monitor.model.plan import Plan
from monitor.model.task import Task
from monitor.service import readiness
from monitor.service.progress import Progress
from monitor.service.readiness import Readiness
from monitor.service.reading import Reading
from monitor.store.db.database import Database
from monitor.store.db.engines import open_writer, read_url
from monitor.store.db.migrate import revisions
from monitor.store.write.maintenance import Maintenance
from monitor.store.write.source_store import SourceStore
from tests.contracts.conftest import db, factory, postgres_factory, sqlite_factory, url
from tests.contracts.databases import SqliteFactory
from tests.contracts.invented import NOW
from tests.patience import PATIENCE

__all__ = ["db", "factory", "postgres_factory", "sqlite_factory", "url"]


HEAD = revisions()[-1]


class InForce:
    """The plan that the daemon works by."""

    def __init__(self) -> None:
        self.plan = Plan("v1")

    def current(self) -> tuple[Plan, RuleSet]:
        return self.plan, compile_rules((), {})


class Running:
    """An engine that turns, and what is asked whether it does."""

    def __init__(self, url: str, database: Database) -> None:
        self.plans = InForce()
        self.engine = LocalEngine(lambda _: _nothing(), _none_due, lambda _: None, lanes={}, tick=0.02)
        self.readiness = Readiness(
            progress=Progress(self.engine, database),
            database=database,
            maintenance=Maintenance(database),
            reading=Reading(url, threads=1),
            plans=self.plans,
        )


async def _nothing() -> AsyncIterator[Task]:
    return
    yield


async def _none_due() -> Sequence[Task]:
    return ()


@pytest.fixture
async def running(url: str, db: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Running]:
    """One that is well, and asked anew each time."""
    monkeypatch.setattr(readiness, "FRESH", -1.0)
    made = Running(url, db)
    await SourceStore(db).sync_plan(made.plans.plan, NOW)
    made.engine.start()
    async with asyncio.timeout(PATIENCE):
        while made.readiness.progress.is_blind():
            await asyncio.sleep(0.01)
    yield made
    await made.readiness.aclose()
    await made.engine.drain(PATIENCE)


async def test_all_is_well(running: Running) -> None:
    assert await running.readiness.reasons() == ()
    assert running.readiness.progress.hangs() == ()


async def test_an_engine_that_does_not_turn_is_told(url: str, db: Database) -> None:
    made = Running(url, db)
    await SourceStore(db).sync_plan(made.plans.plan, NOW)
    found = await made.readiness.reasons()
    assert found == ("the scheduler does not tick", "the scheduler cannot tell what is due")
    assert made.readiness.progress.hangs() == ("the scheduler does not tick",)
    await made.readiness.aclose()


async def test_another_plan_in_force_is_told(running: Running) -> None:
    running.plans.plan = replace(running.plans.plan, version="v2")
    assert await running.readiness.reasons() == ("another plan is in force than this daemon works by",)


async def test_another_schema_is_told(running: Running, db: Database) -> None:
    await db.write(lambda one: one.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    found = await running.readiness.reasons()
    await db.write(lambda one: one.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": HEAD}))
    assert found == (f"the schema of the database is 9999, not {HEAD}",)
    assert await running.readiness.reasons() == ()


async def test_a_database_that_another_program_holds_takes_no_writes_and_one_try_waits(
    url: str, db: Database, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "WRITABLE", 0.05)
    engine = open_writer(read_url(url))
    with closing(engine.connect()) as other:
        with other.begin():
            if other.dialect.name == "postgresql":
                other.execute(text("SELECT * FROM plan FOR UPDATE"))
            found = [await running.readiness.reasons() for _ in range(3)]
        assert found == [("the database has taken no write for 0.05 s",)] * 3
    engine.dispose()
    async with asyncio.timeout(PATIENCE):
        while await running.readiness.reasons():
            await asyncio.sleep(0.05)
    assert db._jobs.qsize() == 0


async def test_a_full_disk_takes_no_writes(sqlite_factory: SqliteFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "FRESH", -1.0)
    full = "CREATE TRIGGER full BEFORE UPDATE ON plan BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"
    with sqlite_factory.lent() as url:
        database = Database(url)
        made = Running(url, database)
        await SourceStore(database).sync_plan(made.plans.plan, NOW)
        made.engine.start()
        await database.write(lambda one: one.execute(text(full)))
        assert "the database takes no writes" in await made.readiness.reasons()
        assert made.readiness.progress.hangs() == (), "a restart would not mend it"
        await database.write(lambda one: one.execute(text("DROP TRIGGER full")))
        assert "the database takes no writes" not in await made.readiness.reasons()
        await made.readiness.aclose()
        await made.engine.drain(PATIENCE)
        await database.aclose()


async def test_many_who_ask_are_one(running: Running, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "FRESH", 60.0)
    written = 0
    real = Maintenance.check_writable

    async def counted(self: Maintenance) -> None:
        nonlocal written
        written += 1
        await real(self)

    monkeypatch.setattr(Maintenance, "check_writable", counted)
    for _ in range(3):
        await asyncio.gather(*(running.readiness.reasons() for _ in range(50)))
    assert written == 1
    assert db.stuck() == 0
