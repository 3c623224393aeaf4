"""What every Maintenance does."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from monitor.model.errors import StoreError
from monitor.model.handling import HandlingState, HandlingSubject, NewHandling
from monitor.model.notification import Notification
from monitor.store.db.database import Database
from monitor.store.read.queries import SqlReader
from monitor.store.tables.schema import story
from monitor.store.write.article_store import ArticleStore
from monitor.store.write.handling_store import HandlingStore
from monitor.store.write.maintenance import Maintenance
from monitor.store.write.notification_store import NotificationStore
from monitor.store.write.outbox import Outbox
from monitor.store.write.source_store import PollResult, SourceStore
from tests.contracts.databases import PostgresFactory, SqliteFactory
from tests.contracts.invented import (
    LEASE,
    NOW,
    UNTOLD,
    Finding,
    Reading,
    channel,
    entry,
    hit,
    keep,
    later,
    listing,
    plan,
    reading,
    render,
    result,
)


def unmet(key: str) -> Reading:
    """Return the reading of an article that no rule meets."""
    return replace(reading(key), findings=())


async def test_it_gives_a_short_account(db: Database, article_store: ArticleStore) -> None:
    await keep(article_store, reading(), render, NOW)
    account = await Maintenance(db).optimize()
    assert "refreshed" in account or "analysed" in account
    assert "\n" not in account


async def test_writing_goes_on_around_it(db: Database, article_store: ArticleStore) -> None:
    maintenance = Maintenance(db)
    jobs = [keep(article_store, reading(f"k{n}"), render, NOW) for n in range(20)]
    _, _, results = await asyncio.gather(maintenance.optimize(), maintenance.optimize(), asyncio.gather(*jobs))
    assert len([result for result in results if result.new_article]) == 20


async def test_the_write_ahead_log_is_folded(
    db: Database, article_store: ArticleStore, url: str, factory: SqliteFactory | PostgresFactory
) -> None:
    if isinstance(factory, PostgresFactory):
        pytest.skip("PostgreSQL folds its log by itself")
    log = Path(url.removeprefix("sqlite:///") + "-wal")
    await keep(article_store, reading(), render, NOW)
    assert log.stat().st_size > 0  # noqa: ASYNC240 - a local file
    await Maintenance(db).optimize()
    assert log.stat().st_size == 0  # noqa: ASYNC240 - a local file


async def test_leases_of_processes_that_are_gone_are_freed_and_no_others(
    db: Database, article_store: ArticleStore, source_store: SourceStore, outbox: Outbox
) -> None:
    await source_store.sync_plan(plan(channels=(channel(),)), NOW)
    (identity,) = (await keep(article_store, reading(), render, NOW)).deliveries
    held = await outbox.claim_delivery(identity, "host:folder:1", NOW, LEASE)
    await source_store.claim_source("herald", "host:folder:1:9", NOW, LEASE)
    for others in ("host:elsewhere:", "other", "%", "host_folder:"):
        assert await Maintenance(db).release_leases(others) == 0
    assert await Maintenance(db).release_leases("host:folder:") == 2
    assert await source_store.due_sources(NOW, 10) == ("herald",)
    assert await outbox.due_deliveries(NOW, 10) == (identity,)
    again = await outbox.claim_delivery(identity, "me", NOW, LEASE)
    assert held is not None
    assert again == replace(held, attempt=2, owner="me", first_attempt_at=NOW)
    assert (await outbox.complete_delivery(held, result(), NOW, UNTOLD)).lost, "the dead process completes nothing"


REFUSE = {"postgresql": "SET default_transaction_read_only = on", "sqlite": "PRAGMA query_only = on"}


async def test_a_database_that_takes_no_write_is_known(db: Database, source_store: SourceStore) -> None:
    await Maintenance(db).check_writable()  # before the first plan as well
    await source_store.sync_plan(plan(), NOW)
    await Maintenance(db).check_writable()
    await db.write(lambda connection: connection.execute(text(REFUSE[connection.dialect.name])))
    with pytest.raises(StoreError):
        await Maintenance(db).check_writable()


async def test_articles_that_no_rule_met_are_dropped_when_they_are_old(
    db: Database, article_store: ArticleStore
) -> None:
    met = (await keep(article_store, reading("met"), render, NOW)).article_id
    plain = [(await keep(article_store, unmet(f"plain{n}"), render, NOW)).article_id for n in range(5)]
    young = (await keep(article_store, unmet("young"), render, NOW + LEASE)).article_id
    maintenance = Maintenance(db, piece=2)
    assert await maintenance.drop_articles(NOW) == 0, "not yet old"
    assert await maintenance.drop_articles(NOW + LEASE) == len(plain)
    kept = await article_store.articles_after(0, 100)
    assert [stored.id for stored in kept] == [met, young]
    assert await maintenance.drop_articles(NOW + LEASE) == 0


async def test_a_story_goes_with_its_last_article(db: Database, article_store: ArticleStore) -> None:
    met, plain = reading("met"), unmet("plain")
    await keep(article_store, met, render, NOW)
    await keep(article_store, plain, render, NOW)
    count = select(func.count()).select_from(story)
    before = await db.read(lambda connection: connection.execute(count).scalar_one())
    await Maintenance(db).drop_articles(NOW + LEASE)
    after = await db.read(lambda connection: connection.execute(count).scalar_one())
    assert (before, after) == (2, 1)


async def test_a_story_that_was_handled_goes_all_the_same(db: Database, article_store: ArticleStore, url: str) -> None:
    """Whoever handles a story speaks of all its acts, of which some may have no hit."""
    await keep(article_store, reading("met"), render, NOW)
    await keep(article_store, unmet("plain"), render, NOW)
    said = NewHandling(state=HandlingState.HANDLED, author="kim", at=NOW)
    ids = await db.read(lambda connection: connection.execute(select(story.c.id)).scalars().all())
    for story_id in ids:
        assert await HandlingStore(db).handle(HandlingSubject(story_id=story_id), said)
    assert await Maintenance(db).drop_articles(NOW + LEASE) == 1
    left = await db.read(lambda connection: connection.execute(select(story.c.id)).scalars().all())
    assert len(left) == 1
    with SqlReader(url) as reader:
        assert [one.state for one in reader.handlings(HandlingSubject(story_id=left[0]))] == [HandlingState.HANDLED]


async def test_what_was_dropped_is_not_taken_for_new(
    db: Database, article_store: ArticleStore, source_store: SourceStore
) -> None:
    await source_store.sync_plan(plan(), NOW)
    await source_store.commit_list(listing(entry("old")), NOW, baseline=False, ignore=False)
    (pending,) = await source_store.pending_entries("herald", NOW, 10)
    await keep(article_store, replace(unmet("old"), entry_id=pending.id), render, NOW)
    assert await Maintenance(db).drop_articles(NOW + LEASE) == 1
    assert await source_store.commit_list(listing(entry("old")), NOW + LEASE, baseline=False, ignore=False) == 0
    assert await source_store.pending_entries("herald", NOW + LEASE, 10) == ()


async def test_a_clock_that_was_set_back_leaves_nothing_waiting_for_hours(
    source_store: SourceStore, article_store: ArticleStore, db: Database
) -> None:
    maintenance, past = Maintenance(db), NOW - timedelta(hours=3)
    outbox = Outbox(db)
    await source_store.sync_plan(plan(channels=(channel(),)), NOW)
    await source_store.claim_source("herald", "me", NOW, LEASE)
    await source_store.complete_poll(PollResult("herald", "me", later(300)), NOW)
    await source_store.commit_list(listing(entry("k1")), NOW, baseline=False, ignore=False)
    (pending,) = await source_store.pending_entries("herald", NOW, 10)
    await source_store.postpone_entry(pending.id, "503", later(600))
    await keep(article_store, reading(), render, NOW)
    assert await maintenance.is_ahead_of(past)
    assert not await maintenance.is_ahead_of(NOW)
    assert await source_store.due_sources(past, 10) == ()
    assert await outbox.due_deliveries(past, 10) == ()
    assert await maintenance.bring_forward(past) == 3
    assert await source_store.due_sources(past, 10) == ("herald",)
    assert len(await source_store.pending_entries("herald", past, 10)) == 1
    assert len(await outbox.due_deliveries(past, 10)) == 1
    assert await maintenance.bring_forward(past) == 0, "a second process finds nothing to do"


async def test_what_is_under_way_keeps_its_lease_when_the_clock_is_set_back(
    source_store: SourceStore, db: Database
) -> None:
    await source_store.sync_plan(plan(), NOW)
    await source_store.claim_source("herald", "me", NOW, LEASE)
    past = NOW - timedelta(hours=3)
    await Maintenance(db).bring_forward(past)
    assert await source_store.claim_source("herald", "other", past, LEASE) is None
    assert await source_store.claim_source("herald", "other", past + timedelta(minutes=3), LEASE) is not None


@pytest.mark.parametrize(
    ("key", "back", "goes"),
    [
        ("throttle", 3, True),
        ("storm:openai", 3, True),
        ("group", 3, True),
        ("group:openai", 400 * 24, True),
        ("quiet", 3, False),
        ("digest", 3, False),
        ("quiet", 25, True),
        ("digest", 400 * 24, True),
    ],
)
async def test_what_a_clock_that_was_ahead_has_held_does_not_wait_for_its_moment(
    article_store: ArticleStore, db: Database, key: str, back: int, *, goes: bool
) -> None:
    past = NOW - timedelta(hours=back)
    told = Notification("desk", "openai", group_key=key, not_before=NOW + timedelta(hours=8))
    await keep(article_store, reading("k1", Finding(hit("openai"), (told,))), render, NOW)
    await Maintenance(db).bring_forward(past)
    assert await NotificationStore(db).due_groups(past, 10) == ((("desk", key),) if goes else ())
