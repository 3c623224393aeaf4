"""What every LineStore does: what waits, what was told last, and an event told once however many ask."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select, update

from monitor.model.delivery import DeliveryState
from monitor.model.line import Standing, Topic
from monitor.model.operator import OperatorNotice
from monitor.notify.heartbeat import HEARTBEATS, heartbeat, is_told
from monitor.notify.line import disk, disk_topic
from monitor.store.db.database import Database
from monitor.store.tables.schema import channel_state, event, source_health, source_state
from monitor.store.write.article_store import ArticleStore
from monitor.store.write.line_store import LineStore
from monitor.store.write.outbox import Outbox
from monitor.store.write.source_store import SourceStore
from tests.contracts.invented import NOW, UNTOLD, channel, later, plan, result
from tests.contracts.test_outbox import claimed, filled


@pytest.fixture
def line_store(db: Database) -> LineStore:
    """The store of the line's own alerts."""
    return LineStore(db)


async def test_what_waits_longest_is_the_head_or_the_one_behind_it(
    article_store: ArticleStore, outbox: Outbox, line_store: LineStore
) -> None:
    ids = await filled(article_store, 3)
    assert (await line_store.oldest())["desk"] is not None
    held = await claimed(outbox, ids[0], 3600)
    found = (await line_store.oldest())["desk"]
    assert found is not None
    assert (found.since, found.waiting) == (NOW, 3), "the head was just tried, and the second still waits"
    await outbox.complete_delivery(held, result(), later(3600), UNTOLD)
    for identity in ids[1:]:
        await outbox.complete_delivery(await claimed(outbox, identity, 3600), result(), later(3600), UNTOLD)
    assert await line_store.oldest() == {"desk": None}


async def test_each_channel_has_an_oldest_of_its_own(
    article_store: ArticleStore, outbox: Outbox, line_store: LineStore
) -> None:
    ids = await filled(article_store, 3, "a", "b", "c")  # a, b, c in turn
    for identity in (ids[0], ids[2], ids[5], ids[8]):  # one of a, all of c
        await outbox.complete_delivery(await claimed(outbox, identity), result(), NOW, UNTOLD)
    await claimed(outbox, ids[1], 600)
    await claimed(outbox, ids[3], 700)
    found = await line_store.oldest()
    assert {name: None if one is None else (one.since, one.waiting) for name, one in found.items()} == {
        "a": (NOW, 2),
        "b": (NOW, 3),
        "c": None,
    }
    for identity in (ids[1], ids[4]):
        await outbox.complete_delivery(await claimed(outbox, identity, 1200), result(), later(1200), UNTOLD)
    await claimed(outbox, ids[7], 1200)
    last = (await line_store.oldest())["b"]
    assert last is not None
    assert (last.since, last.waiting) == (later(1200), 1)


async def test_a_message_that_fails_waits_from_its_first_try_and_one_replayed_from_then(
    article_store: ArticleStore, outbox: Outbox, line_store: LineStore
) -> None:
    (identity,) = await filled(article_store, 1)
    held = await claimed(outbox, identity, 5)
    retry = result(DeliveryState.PENDING, status=503, detail="busy", due_at=later(900), retry_after=900.0)
    await outbox.complete_delivery(held, retry, later(6), UNTOLD)
    found = (await line_store.oldest())["desk"]
    assert found is not None
    assert found.since == later(5)
    await outbox.complete_delivery(await claimed(outbox, identity, 900), result(), later(901), UNTOLD)
    await outbox.replay([identity], lambda _: b"", later(86_400))
    found = (await line_store.oldest())["desk"]
    assert found is not None
    assert found.since == later(86_400), "not since it was made, a day ago"


async def test_a_channel_that_is_shut_is_none_that_is_late(
    article_store: ArticleStore, line_store: LineStore, db: Database
) -> None:
    await filled(article_store, 1, "a", "b")
    shut = update(channel_state).where(channel_state.c.id == "a").values(disabled_at=NOW, reason="410: gone")
    await db.write(lambda connection: connection.execute(shut).rowcount)
    assert list(await line_store.oldest()) == ["b"]
    state = await line_store.state(NOW)
    assert (state.shut, [one.channel_id for one in state.oldest]) == (("a",), ["b"])
    left = update(channel_state).where(channel_state.c.id == "a").values(reason="not in the plan")
    await db.write(lambda connection: connection.execute(left).rowcount)
    assert (await line_store.state(NOW)).shut == ()


async def test_an_event_is_told_once_by_however_many_daemons(
    line_store: LineStore, source_store: SourceStore, db: Database, url: str
) -> None:
    await source_store.sync_plan(plan(channels=(channel("desk"),)), NOW)
    topic, other = disk_topic("/data", "here"), disk_topic("/data", "there")

    def full(told: Standing | None) -> OperatorNotice | None:
        return disk("/data", topic, 0, told, NOW)

    second = Database(url)
    try:
        told = await asyncio.gather(*(one.tell(topic, full, UNTOLD) for one in [line_store, LineStore(second)] * 5))
    finally:
        await second.aclose()
    assert len([one for one in told if one is not None]) == 1
    count = select(func.count()).select_from(event).where(event.c.type == "disk.low")
    assert await db.read(lambda connection: connection.execute(count).scalar_one()) == 1
    assert await line_store.last(topic) == Standing("disk.low", NOW)
    assert await line_store.last(other) is None, "another machine with the same path"


async def test_a_heartbeat_counts_what_came_since_the_last(
    article_store: ArticleStore, source_store: SourceStore, line_store: LineStore
) -> None:
    await source_store.sync_plan(plan(channels=(channel("desk"),)), NOW)
    await filled(article_store, 3)
    pulse = await line_store.pulse(NOW)
    assert (pulse.articles, pulse.hits, pulse.waiting, pulse.failing) == (3, 3, 3, 0)
    after = await line_store.pulse(later(1))
    assert (after.articles, after.hits, after.waiting) == (0, 0, 3)

    def due(told: Standing | None) -> OperatorNotice | None:
        return None if is_told(told, NOW, NOW) else heartbeat(pulse, NOW, NOW)

    assert await line_store.tell(HEARTBEATS, due, UNTOLD) is not None
    assert await line_store.tell(HEARTBEATS, due, UNTOLD) is None


async def test_polls_that_are_overdue_and_clocks_that_ran_ahead_are_seen(
    source_store: SourceStore, line_store: LineStore, db: Database
) -> None:
    await source_store.sync_plan(plan(), NOW)
    enabled = select(func.count()).select_from(source_state).where(source_state.c.enabled)
    sources = await db.read(lambda connection: connection.execute(enabled).scalar_one())
    await db.write(
        lambda connection: connection.execute(update(source_state).values(next_poll_at=NOW, lease_until=None)).rowcount
    )
    assert (await line_store.state(later(599))).overdue == 0
    assert (await line_store.state(later(601))).overdue == sources > 0
    ahead = partial(source_health.insert().values, polled_at=NOW + timedelta(days=300), memory={})
    await db.write(lambda connection: connection.execute(ahead(source_id="paper")).rowcount)
    state = await line_store.state(NOW)
    assert (state.polled_at, state.outage) == (None, False)
    await db.write(lambda connection: connection.execute(ahead(source_id="")).rowcount)
    assert (await line_store.state(NOW)).outage


async def test_a_topic_without_events_was_never_told(line_store: LineStore) -> None:
    assert await line_store.last(Topic("nothing", ("outbox.late",))) is None
