"""The views are a promise: these columns, in this order, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Row, inspect, text

from monitor.model.delivery import DeliveryState
from monitor.model.notification import Suppression
from monitor.model.story import Signature
from monitor.store.db.database import Database
from monitor.store.tables.views import COLUMNS
from monitor.store.write.article_store import ArticleStore
from monitor.store.write.outbox import Outbox
from monitor.store.write.source_store import SourceStore
from tests.contracts.invented import (
    LEASE,
    NOW,
    UNTOLD,
    Finding,
    Reading,
    article,
    channel,
    composed,
    finding,
    hit,
    keep,
    later,
    plan,
    reading,
    render,
    result,
    source,
)


async def rows(db: Database, query: str) -> list[Row[Any]]:
    """Return the rows of a query written as outsiders write it."""
    return list(await db.read(lambda connection: connection.execute(text(query)).all()))


async def test_the_columns_are_those_described(db: Database) -> None:
    views = await db.read(
        lambda connection: {
            name: [column["name"] for column in inspect(connection).get_columns(name)]
            for name in inspect(connection).get_view_names()
        }
    )
    assert views == {name: list(columns) for name, columns in COLUMNS.items()}


def test_the_golden_names() -> None:
    assert {name: " ".join(columns) for name, columns in COLUMNS.items()} == {
        "v_hits": (
            "id created_at rule_id rule_name source_id source_name article_id url title author published_at"
            " first_seen_at story_id mentions excerpt alerted handling owner"
        ),
        "v_deliveries": (
            "id channel_id seq state reason hit_id rule_id rule_name source_id title url attempts created_at due_at"
            " first_attempt_at done_at last_status last_error type notifications silence_id silence_author silence_why"
            " silence_ends_at"
        ),
        "v_notifications": (
            "id type channel_id state reason group_key not_before created_at hit_id rule_id rule_name source_id title"
            " url delivery_id delivery_state silence_id levels"
        ),
        "v_stories": "id title first_seen_at last_seen_at articles outlets continues related handling owner",
        "v_sources": (
            "id name kind enabled last_success_at last_error failures next_poll_at last_elapsed_ms articles hits"
        ),
        "v_alarms": "id source_id problem since raised_at cleared_at summary_en summary_ko action_en action_ko",
        "v_source_days": "source_id day seen missed",
        "v_latency": (
            "hit_id channel_id delivery_id rule_id source_id article_id published_at seen_at matched_at made_at sent_at"
            " published_to_seen_ms seen_to_matched_ms matched_to_made_ms made_to_sent_ms seen_to_sent_ms"
        ),
        "v_mentions_daily": "day rule_id source_id hits mentions",
    }


async def test_v_hits_shows_a_hit_with_its_article(
    db: Database, article_store: ArticleStore, source_store: SourceStore
) -> None:
    await source_store.sync_plan(plan(source()), NOW)
    told = article(authors=("김하늘", "이바다"), published_at=later(-60))
    await keep(article_store, Reading(None, told, Signature(), (Finding(hit(), ()),)), render, NOW)
    (row,) = await rows(db, "SELECT * FROM v_hits")
    assert (row.rule_id, row.rule_name, row.source_id, row.source_name) == ("openai", "OPENAI", "herald", "한빛일보")
    assert (row.url, row.title, row.author) == (told.url, told.title, "김하늘, 이바다")
    assert (row.mentions, row.excerpt, row.alerted) == (1, "…", "suppressed:no_channel")
    published = row.published_at if isinstance(row.published_at, datetime) else datetime.fromisoformat(row.published_at)
    assert published.replace(tzinfo=published.tzinfo or UTC) == datetime(2026, 11, 5, 2, 31, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("reason", "shown"),
    [(Suppression.BASELINE, "baseline"), (Suppression.REMATCH, "suppressed:rematch")],
)
async def test_alerted_says_why_not(db: Database, article_store: ArticleStore, reason: Suppression, shown: str) -> None:
    await keep(article_store, reading("k", finding(suppressed=reason)), render, NOW)
    assert [row.alerted for row in await rows(db, "SELECT alerted FROM v_hits")] == [shown]


async def test_alerted_is_the_worst_of_all_channels(
    db: Database, article_store: ArticleStore, outbox: Outbox, source_store: SourceStore
) -> None:
    per_dialect = (channel("a"), channel("b"))
    await source_store.sync_plan(plan(channels=per_dialect), NOW)
    first, second = (await keep(article_store, reading("k", finding("openai", "a", "b")), render, NOW)).deliveries
    seen = []

    async def look() -> None:
        seen.extend([row.alerted for row in await rows(db, "SELECT alerted FROM v_hits")])

    await look()
    for identity, end in ((first, result()), (second, result(DeliveryState.DEAD, status=400))):
        held = await outbox.claim_delivery(identity, "me", NOW, LEASE)
        await look()
        assert held is not None
        await outbox.complete_delivery(held, end, NOW, UNTOLD)
        await look()
        if identity == first:
            await source_store.sync_plan(plan(channels=per_dialect[:1], version="v2"), NOW)
            await look()
            await source_store.sync_plan(plan(channels=per_dialect), NOW)
    await outbox.replay([second], composed(render), NOW)
    held = await outbox.claim_delivery(second, "me", NOW, LEASE)
    assert held is not None
    await outbox.complete_delivery(held, result(), NOW, UNTOLD)
    await look()
    assert seen == ["pending", "pending", "pending", "held", "pending", "dead", "sent"]


async def test_v_deliveries_shows_the_outbox(db: Database, article_store: ArticleStore) -> None:
    written = await keep(article_store, reading(), render, NOW)
    (row,) = await rows(db, "SELECT * FROM v_deliveries")
    assert (row.id, row.channel_id, row.seq, row.state, row.reason) == (*written.deliveries, "desk", 1, "pending", "")
    assert (row.rule_id, row.source_id, row.title, row.attempts) == ("openai", "herald", article().title, 0)


async def test_v_sources_counts(db: Database, article_store: ArticleStore, source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(source("herald"), source("quiet")), NOW)
    await keep(article_store, reading("k1"), render, NOW)
    await keep(article_store, reading("k1", finding("b")), render, NOW)
    found = {
        row.id: (row.name, bool(row.enabled), row.articles, row.hits)
        for row in await rows(db, "SELECT * FROM v_sources")
    }
    assert found == {"herald": ("한빛일보", True, 1, 2), "quiet": ("한빛일보", True, 0, 0)}


async def test_v_mentions_daily_counts_korean_days(db: Database, article_store: ArticleStore) -> None:
    before_midnight, midnight = datetime(2026, 11, 5, 14, 59, 59, tzinfo=UTC), datetime(2026, 11, 5, 15, tzinfo=UTC)
    twice = Finding(replace(hit(), matches=hit().matches * 2), ())
    undated = article("c", first_seen_at=midnight)
    for told in (article("a", published_at=before_midnight), article("b", published_at=midnight), undated):
        await keep(article_store, Reading(None, told, Signature(), (twice,)), render, NOW)
    found = [tuple(row) for row in await rows(db, "SELECT * FROM v_mentions_daily ORDER BY day")]
    assert found == [("2026-11-05", "openai", "herald", 1, 2), ("2026-11-06", "openai", "herald", 2, 4)]
