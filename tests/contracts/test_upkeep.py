"""What every Upkeep does."""

from __future__ import annotations

import asyncio
from os.path import getsize

import pytest

from monitor.store.archive import SqlArchive
from monitor.store.database import Database
from monitor.store.upkeep import SqlUpkeep
from tests.contracts.databases import PostgresFactory, SqliteFactory
from tests.contracts.invented import NOW, reading, render


async def test_it_gives_a_short_account(db: Database, archive: SqlArchive) -> None:
    await archive.record(reading(), render, NOW)
    account = await SqlUpkeep(db).optimize()
    assert "refreshed" in account or "analysed" in account
    assert "\n" not in account


async def test_writing_goes_on_around_it(db: Database, archive: SqlArchive) -> None:
    upkeep = SqlUpkeep(db)
    jobs = [archive.record(reading(f"k{n}"), render, NOW) for n in range(20)]
    results = await asyncio.gather(*jobs[:10], upkeep.optimize(), *jobs[10:])
    assert len([result for result in results if not isinstance(result, str) and result.new_article]) == 20


async def test_the_write_ahead_log_is_folded(
    db: Database, archive: SqlArchive, url: str, factory: SqliteFactory | PostgresFactory
) -> None:
    if isinstance(factory, PostgresFactory):
        pytest.skip("PostgreSQL folds its log by itself")
    log = url.removeprefix("sqlite:///") + "-wal"
    await archive.record(reading(), render, NOW)
    assert getsize(log) > 0
    await SqlUpkeep(db).optimize()
    assert getsize(log) == 0
