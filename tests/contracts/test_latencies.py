"""How long news was on its way is the same in v_latency, in the figures of a day, and on both databases."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select, text, update

from monitor.channels.words.compose import compose
from monitor.model.delivery import DeliveryState
from monitor.model.latency import Quantiles, elapsed, quantiles
from monitor.model.notification import Notification, Suppression
from monitor.model.story import Signature
from monitor.store.db.database import Database
from monitor.store.read.latencies import FEWEST, MEASURED
from monitor.store.read.queries import SqlReader
from monitor.store.tables.schema import article as articles
from monitor.store.tables.schema import delivery, entry, notification
from monitor.store.write.article_store import ArticleStore, ArticleWrite
from monitor.store.write.notification_store import NotificationStore
from monitor.store.write.outbox import Outbox
from monitor.store.write.source_store import SourceStore
from tests.contracts.invented import (
    LEASE,
    NOW,
    UNTOLD,
    Reading,
    article,
    finding,
    hit,
    keep,
    later,
    plan,
    render,
    result,
    source,
)

SPANS = ("published_to_seen", "seen_to_matched", "matched_to_made", "made_to_sent", "seen_to_sent")
MOMENT = st.one_of(st.none(), st.integers(-(10**12), 10**12))  # microseconds around NOW, twelve days


async def told(
    article_store: ArticleStore,
    outbox: Outbox,
    key: str,
    *,
    matched: float,
    sent: float | None,
    **changes: Any,  # noqa: ANN401 - fields of Article
) -> str:
    """Store an article that is told to the desk, and have its receiver take it; return the message."""
    read = Reading(None, article(key, **changes), Signature(), (finding(),))
    (message,) = (await keep(article_store, read, render, later(matched))).deliveries
    if sent is not None:
        held = await outbox.claim_delivery(message, "me", later(sent), LEASE)
        assert held is not None
        await outbox.complete_delivery(held, result(), later(sent), UNTOLD)
    return message


async def shown(db: Database) -> list[dict[str, Any]]:
    query = text("SELECT * FROM v_latency ORDER BY hit_id")
    return await db.read(lambda connection: [dict(row) for row in connection.execute(query).mappings()])


def ms(row: dict[str, Any]) -> tuple[int | None, ...]:
    return tuple(row[f"{name}_ms"] for name in SPANS)


async def test_the_view_has_a_row_for_each_hit_that_a_message_tells_of(
    db: Database, article_store: ArticleStore, outbox: Outbox
) -> None:
    first = await told(article_store, outbox, "a", matched=2.5, sent=4, published_at=later(-60))
    await told(article_store, outbox, "b", matched=3, sent=None, published_at=None)
    kept_back = Reading(None, article("c"), Signature(), (finding(suppressed=Suppression.OLD),))
    await keep(article_store, kept_back, render, later(5))
    rows = await shown(db)
    assert [ms(row) for row in rows] == [(60_000, 2_500, 0, 1_500, 4_000), (None, 3_000, 0, None, None)]
    assert (rows[0]["delivery_id"], rows[0]["channel_id"], rows[0]["rule_id"]) == (first, "desk", "openai")
    assert rows[1]["sent_at"] is None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moments=st.tuples(MOMENT, MOMENT, MOMENT, MOMENT, MOMENT))
async def test_the_databases_count_as_the_program_does(
    db: Database, article_store: ArticleStore, outbox: Outbox, moments: tuple[int | None, ...]
) -> None:
    """Whatever the clocks said, to the microsecond."""
    if not await shown(db):
        await told(article_store, outbox, "a", matched=1, sent=2)
    published, seen, matched, made, sent = (
        None if one is None else NOW + timedelta(microseconds=one) for one in moments
    )
    seen, matched, made = seen or NOW, matched or NOW, made or NOW

    def set_clocks(connection: Connection) -> None:
        connection.execute(update(articles).values(published_at=published, first_seen_at=seen))
        connection.execute(update(notification).values(created_at=matched))
        connection.execute(update(delivery).values(created_at=made, done_at=sent))

    await db.write(set_clocks)
    (row,) = await shown(db)
    stations = (published, seen, matched, made, sent)
    expected = [elapsed(*pair) for pair in pairwise(stations)] + [elapsed(seen, sent)]
    assert list(ms(row)) == expected


async def test_a_day_of_a_source_and_of_a_channel(url: str, article_store: ArticleStore, outbox: Outbox) -> None:
    for number in range(1, 21):
        seen = later(100 * number)
        await told(
            article_store,
            outbox,
            f"k{number}",
            matched=100 * number + 1,
            sent=100 * number + 1 + number,
            first_seen_at=seen,
            published_at=seen - timedelta(minutes=number),
        )
    now = later(3_000)
    with SqlReader(url) as reader:
        found = reader.source_latencies(["herald", "quiet"], now)
        assert found["herald"] == (Quantiles(600_000, 1_140_000), Quantiles(11_000, 20_000))
        assert found["quiet"] == (Quantiles(), Quantiles())
        assert reader.channel_latencies({"desk": None, "phone": None}, now) == {
            "desk": Quantiles(10_000, 19_000),
            "phone": Quantiles(),
        }
        tomorrow = now + timedelta(days=2)
        assert reader.source_latencies(["herald"], tomorrow)["herald"] == (Quantiles(), Quantiles())
        assert reader.channel_latencies({"desk": None}, tomorrow)["desk"] == Quantiles()


async def test_what_waits_and_what_was_there_before_is_no_measurement(
    db: Database, url: str, article_store: ArticleStore, outbox: Outbox
) -> None:
    await told(article_store, outbox, "new", matched=1, sent=2, published_at=later(-5))
    await told(article_store, outbox, "old", matched=1, sent=None, published_at=later(-90 * 86_400))
    await told(article_store, outbox, "undated", matched=1, sent=None, published_at=None)
    await told(article_store, outbox, "ahead", matched=1, sent=None, published_at=later(9 * 3_600))

    def stood_there(connection: Connection) -> None:
        (row_id,) = connection.execute(text("SELECT id FROM article WHERE key = 'old'")).one()
        values = {"source_id": "herald", "key": "old", "url": "u", "first_seen_at": NOW, "state": "done"}
        connection.execute(insert(entry), {**values, "baseline": True, "next_attempt_at": NOW, "article_id": row_id})

    await db.write(stood_there)
    with SqlReader(url) as reader:
        assert reader.source_latencies(["herald"], later(60))["herald"] == (
            Quantiles(5_000, 5_000),
            Quantiles(2_000, 2_000),
        )
        assert reader.channel_latencies({"desk": 2}, later(60))["desk"] == Quantiles(1_000, 1_000)


async def test_the_newest_are_measured_however_many_there_are(
    db: Database, url: str, article_store: ArticleStore, outbox: Outbox
) -> None:
    message = await told(article_store, outbox, "first", matched=0, sent=None)

    def fill(connection: Connection) -> None:
        rows = [_row(seq, NOW + timedelta(seconds=seq)) for seq in range(2, 2 * MEASURED + 2)]
        connection.execute(insert(delivery), rows)

    await db.write(fill)
    expected = quantiles(range(MEASURED + 2, 2 * MEASURED + 2))
    with SqlReader(url) as reader:
        assert message
        assert reader.channel_latencies({"desk": None}, later(7_200))["desk"] == expected
        assert reader.channel_latencies({"desk": 1}, later(7_200))["desk"] == Quantiles()


def _row(seq: int, made: datetime) -> dict[str, Any]:
    """Return a message that was `seq` ms on its way."""
    return {
        "id": f"{seq:036d}",
        "channel_id": "desk",
        "seq": seq,
        "state": DeliveryState.DONE.value,
        "body": b"{}",
        "created_at": made,
        "done_at": made + timedelta(milliseconds=seq),
    }


@pytest.mark.parametrize(("others", "looked_at"), [(0, MEASURED), (9, 300), (400, FEWEST)])
async def test_a_question_about_many_looks_at_fewer_of_each(
    db: Database, url: str, article_store: ArticleStore, outbox: Outbox, others: int, looked_at: int
) -> None:
    await told(article_store, outbox, "first", matched=0, sent=None)
    last = MEASURED + 2
    rows = [_row(seq, NOW + timedelta(seconds=seq)) for seq in range(2, last)]
    await db.write(lambda connection: connection.execute(insert(delivery), rows).rowcount)
    heads: dict[str, int | None] = dict.fromkeys(["desk", *(f"quiet{number}" for number in range(others))])
    with SqlReader(url) as reader:
        assert reader.channel_latencies(heads, later(7_200))["desk"] == quantiles(range(last - looked_at, last))


async def test_the_body_of_what_was_held_tells_the_wait_as_the_view_does(
    db: Database, article_store: ArticleStore
) -> None:
    held = Notification("desk", "openai", group_key="g", not_before=later(60))
    for number, seconds in enumerate((1.25, 20)):
        write = ArticleWrite(None, article(f"k{number}", published_at=later(-30)), Signature(), (hit(),))
        await article_store.commit(write, lambda _: (held,), compose, later(seconds))
    (message,) = await NotificationStore(db).flush("desk", "g", 8, compose, later(61))
    rows = await shown(db)
    assert {row["delivery_id"] for row in rows} == {message}
    assert [ms(row)[:3] for row in rows] == [(30_000, 1_250, 59_750), (30_000, 20_000, 41_000)]
    body = json.loads(await db.read(lambda connection: connection.execute(select(delivery.c.body)).scalar_one()))
    told = [tuple(item["data"]["latency"].values()) for item in body["data"]["items"]]
    assert told == [ms(row)[:3] for row in rows]


async def test_the_hits_of_a_span_are_counted_by_source(
    article_store: ArticleStore, source_store: SourceStore, url: str
) -> None:
    await source_store.sync_plan(plan(source(), source("daily")), NOW)
    for number, seconds in enumerate((-60, 0, 60)):
        await keep(
            article_store, Reading(None, article(f"k{number}"), Signature(), (finding(),)), render, later(seconds)
        )
    with SqlReader(url) as reader:
        assert reader.hits_by_source(NOW - timedelta(seconds=60), NOW) == {"herald": 1}, "what is just as old is out"
        assert reader.hits_by_source(NOW, later(60)) == {"herald": 1}
        assert reader.hits_by_source(later(60), later(90)) == {}
