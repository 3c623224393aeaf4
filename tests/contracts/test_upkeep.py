"""What every Maintenance does."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from monitor.model.state import ArticleWrite
from monitor.store.archive import ArticleStore
from monitor.store.database import Database
from monitor.store.ledger import SourceStore
from monitor.store.outbox import Outbox
from monitor.store.schema import story
from monitor.store.upkeep import Maintenance
from tests.contracts.databases import PostgresFactory, SqliteFactory
from tests.contracts.invented import LEASE, NOW, channel, entry, plan, reading, render, settlement, sighting


def unmet(key: str) -> ArticleWrite:
    """Return the reading of an article that no rule meets."""
    return replace(reading(key), findings=())


async def test_it_gives_a_short_account(db: Database, archive: ArticleStore) -> None:
    await archive.record(reading(), render, NOW)
    account = await Maintenance(db).optimize()
    assert "refreshed" in account or "analysed" in account
    assert "\n" not in account


async def test_writing_goes_on_around_it(db: Database, archive: ArticleStore) -> None:
    upkeep = Maintenance(db)
    jobs = [archive.record(reading(f"k{n}"), render, NOW) for n in range(20)]
    _, _, results = await asyncio.gather(upkeep.optimize(), upkeep.optimize(), asyncio.gather(*jobs))
    assert len([result for result in results if result.new_article]) == 20


async def test_the_write_ahead_log_is_folded(
    db: Database, archive: ArticleStore, url: str, factory: SqliteFactory | PostgresFactory
) -> None:
    if isinstance(factory, PostgresFactory):
        pytest.skip("PostgreSQL folds its log by itself")
    log = Path(url.removeprefix("sqlite:///") + "-wal")
    await archive.record(reading(), render, NOW)
    assert log.stat().st_size > 0  # noqa: ASYNC240 - a local file
    await Maintenance(db).optimize()
    assert log.stat().st_size == 0  # noqa: ASYNC240 - a local file


async def test_leases_are_freed_for_a_process_that_is_alone(
    db: Database, archive: ArticleStore, ledger: SourceStore, outbox: Outbox
) -> None:
    await ledger.sync_plan(plan(channels=(channel(),)), NOW)
    (identity,) = (await archive.record(reading(), render, NOW)).deliveries
    held = await outbox.claim_delivery(identity, "dead process", NOW, LEASE)
    await ledger.claim_source("herald", "dead process", NOW, LEASE)
    assert await Maintenance(db).release_leases() == 2
    assert await ledger.due_sources(NOW, 10) == ("herald",)
    assert await outbox.due_deliveries(NOW, 10) == (identity,)
    again = await outbox.claim_delivery(identity, "me", NOW, LEASE)
    assert held is not None
    assert again == replace(held, attempt=2, owner="me", first_attempt_at=NOW)
    assert await outbox.settle_delivery(held, settlement(), NOW) is None, "the dead process settles nothing"


async def test_articles_that_no_rule_met_are_dropped_when_they_are_old(db: Database, archive: ArticleStore) -> None:
    met = (await archive.record(reading("met"), render, NOW)).article_id
    plain = [(await archive.record(unmet(f"plain{n}"), render, NOW)).article_id for n in range(5)]
    young = (await archive.record(unmet("young"), render, NOW + LEASE)).article_id
    upkeep = Maintenance(db, piece=2)
    assert await upkeep.drop_articles(NOW) == 0, "not yet old"
    assert await upkeep.drop_articles(NOW + LEASE) == len(plain)
    kept = await archive.articles_after(0, 100)
    assert [stored.id for stored in kept] == [met, young]
    assert await upkeep.drop_articles(NOW + LEASE) == 0


async def test_a_story_goes_with_its_last_article(db: Database, archive: ArticleStore) -> None:
    met, plain = reading("met"), unmet("plain")
    await archive.record(met, render, NOW)
    await archive.record(plain, render, NOW)
    count = select(func.count()).select_from(story)
    before = await db.read(lambda connection: connection.execute(count).scalar_one())
    await Maintenance(db).drop_articles(NOW + LEASE)
    after = await db.read(lambda connection: connection.execute(count).scalar_one())
    assert (before, after) == (2, 1)


async def test_what_was_dropped_is_not_taken_for_new(db: Database, archive: ArticleStore, ledger: SourceStore) -> None:
    await ledger.sync_plan(plan(), NOW)
    await ledger.note_sighting(sighting(entry("old")), NOW, baseline=False, ignore=False)
    (pending,) = await ledger.pending_entries("herald", NOW, 10)
    await archive.record(replace(unmet("old"), entry_id=pending.id), render, NOW)
    assert await Maintenance(db).drop_articles(NOW + LEASE) == 1
    assert await ledger.note_sighting(sighting(entry("old")), NOW + LEASE, baseline=False, ignore=False) == 0
    assert await ledger.pending_entries("herald", NOW + LEASE, 10) == ()
