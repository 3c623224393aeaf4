"""The views are a promise: these columns, in this order, on both databases."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
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


async def test_what_is_later_compares_as_later_with_what_the_database_computes(
    db: Database, article_store: ArticleStore
) -> None:
    sqlite = db.path is not None
    (clock,) = await rows(db, "SELECT CURRENT_TIMESTAMP AS now")
    now = clock.now if isinstance(clock.now, datetime) else datetime.fromisoformat(clock.now).replace(tzinfo=UTC)
    stored = now.astimezone(UTC) - timedelta(minutes=10)
    await keep(article_store, reading("k"), render, stored)

    def ago(minutes: int) -> str:
        return f"datetime('now', '-{minutes} minutes')" if sqlite else f"now() - interval '{minutes} minutes'"

    day = stored.date()
    for condition, wanted in {
        f"created_at > {ago(1)}": 0,
        f"created_at > {ago(5)}": 0,
        f"created_at > {ago(60)}": 1,
        f"created_at < {ago(5)}": 1,
        f"created_at < {ago(60)}": 0,
        f"created_at BETWEEN {ago(60)} AND {ago(5)}": 1,
        f"created_at >= '{day}'": 1,
        f"created_at >= '{day + timedelta(days=1)}'": 0,
        f"created_at >= '{stored:%Y-%m-%d %H:%M:%S}+00'"
        if not sqlite
        else f"created_at >= '{stored:%Y-%m-%d %H:%M:%S}'": 1,
        f"matched_at > {ago(1)}": 0,
    }.items():
        view = "v_latency" if condition.startswith("matched") else "v_hits"
        found = await rows(db, f"SELECT count(*) AS n FROM {view} WHERE {condition}")  # noqa: S608 - of this test
        assert found[0].n == wanted, condition


async def test_every_moment_says_that_it_is_one(db: Database) -> None:
    columns = await db.read(
        lambda connection: {
            (view, column["name"]): str(column["type"])
            for view in COLUMNS
            for column in inspect(connection).get_columns(view)
        }
    )
    unsaid = {("v_deliveries", "silence_ends_at")} if db.path else set()  # the one half of a union that has none
    moments = {key for key in columns if key[1].endswith("_at") or key[1] in {"since", "failing_since", "not_before"}}
    assert {key for key in moments if columns[key] != "TIMESTAMP"} == unsaid
    for key, wanted in {
        ("v_hits", "id"): "INT",
        ("v_hits", "mentions"): "INT",
        ("v_sources", "enabled"): "BOOL",
        ("v_latency", "hit_id"): "INT",
        ("v_articles", "day"): "TEXT",
    }.items():
        assert wanted in columns[key], key


async def test_v_matches_has_a_row_for_each_mention(db: Database, article_store: ArticleStore) -> None:
    first, second = hit().matches[0], hit().matches[0]._replace(field="title", surface="OpenAI", start=3, end=9)
    told = replace(hit(), matches=(first, second, first._replace(start=20, end=24)))
    await keep(article_store, Reading(None, article("k"), Signature(), (Finding(told, ()),)), render, NOW)
    await keep(article_store, Reading(None, article("n"), Signature(), (Finding(hit("b"), ()),)), render, NOW)
    found = await rows(
        db,
        "SELECT hit_id, place, rule_id, term, alias, surface, field, start_char, end_char, reason FROM v_matches ORDER BY 1, 2",
    )
    rest = ("OpenAI", "오픈AI")
    assert [tuple(row) for row in found] == [
        (1, 1, "openai", *rest, "오픈AI", "body", 0, 4, "particle 는"),
        (1, 2, "openai", *rest, "OpenAI", "title", 3, 9, "particle 는"),
        (1, 3, "openai", *rest, "오픈AI", "body", 20, 24, "particle 는"),
        (2, 1, "b", *rest, "오픈AI", "body", 0, 4, "particle 는"),
    ]
    shown = await rows(db, "SELECT surfaces, mentions, channels, reached FROM v_hits ORDER BY id")
    assert [tuple(row) for row in shown] == [("오픈AI | OpenAI", 3, 0, 0), ("오픈AI", 1, 0, 0)]


async def test_v_articles_shows_those_without_hits_too(db: Database, article_store: ArticleStore) -> None:
    await keep(article_store, reading("k"), render, NOW)
    await keep(article_store, Reading(None, article("bare", body="열 글자 본문입니다."), Signature(), ()), render, NOW)
    found = await rows(db, "SELECT url, hits, revisions, characters, day FROM v_articles ORDER BY id")
    assert [tuple(row) for row in found] == [
        ("https://news.example/k", 1, 0, len(article().body), "2026-11-05"),
        ("https://news.example/bare", 0, 0, 11, "2026-11-05"),
    ]


async def test_v_channels_says_how_each_fares(
    db: Database, article_store: ArticleStore, outbox: Outbox, source_store: SourceStore
) -> None:
    asked = "SELECT id, state, reason, waiting, dead, last_status, oldest_at, last_done_at FROM v_channels ORDER BY id"
    off = channel("off", url="")
    await source_store.sync_plan(plan(channels=(channel("a"), channel("b"), off)), NOW)
    first, second = (await keep(article_store, reading("k", finding("openai", "a", "b")), render, NOW)).deliveries
    for identity, end in ((first, result()), (second, result(DeliveryState.DEAD, status=400))):
        held = await outbox.claim_delivery(identity, "me", NOW, LEASE)
        assert held is not None
        await outbox.complete_delivery(held, end, NOW, UNTOLD)
    await keep(article_store, reading("n", finding("openai", "b")), render, later(60))
    found = {row.id: tuple(row)[1:6] for row in await rows(db, asked)}
    assert found["a"] == ("open", "", 0, 0, None)
    assert found["b"][2:4] == (1, 1)
    assert found["off"][0] == "off"
    moments = {row.id: (row.oldest_at, row.last_done_at) for row in await rows(db, asked)}
    assert [value is None for value in (*moments["a"], *moments["b"])] == [True, False, False, True]
    columns = " ".join(COLUMNS["v_channels"])
    assert not any(word in columns for word in ("url", "secret", "definition", "receipt"))


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ("all", [("pending", 5_001)]),
        ("none", [("pending", 1), ("suppressed:rematch", 5_000)]),  # as after the first rematch of a new rule
        ("some", [("pending", 201), ("suppressed:rematch", 4_800)]),
    ],
)
async def test_grouping_by_what_became_of_hits_needs_no_statistics(
    db: Database, article_store: ArticleStore, told: str, counted: list[tuple[str, int]]
) -> None:
    """Without them a planner of PostgreSQL takes reading all messages, for each hit, for the best way."""
    await keep(article_store, reading("k"), render, NOW)
    queued = {"all": 5_001, "none": 1, "some": 201}[told]
    await db.write(lambda connection: [connection.execute(text(one), {"queued": queued}) for one in MANY])
    explain = "EXPLAIN QUERY PLAN" if db.path else "EXPLAIN (ANALYZE, TIMING OFF)"
    asked = "SELECT alerted, count(*) AS n FROM v_hits GROUP BY alerted ORDER BY alerted"
    steps = "\n".join(str(row[-1]) for row in await rows(db, f"{explain} {asked}"))
    if db.path:
        assert "SEARCH d USING" in steps, steps
        assert not any(walk in steps for walk in ("SCAN d", "SCAN n")), steps
    else:
        (looked,) = re.findall(r"[^\n]+ delivery d .*loops=(\d+)", steps)
        assert int(looked) == queued, steps  # a message is looked for where there is one alone
        assert queued < 1_000 or "pk_delivery on delivery d" in steps, steps  # a table of three pages may be read
    assert [tuple(row) for row in await rows(db, asked)] == counted


NUMBERS = "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 5001)"
_OTHERS = "FROM notification AS o, n WHERE o.hit_id = 1 AND"
MANY = [
    f"{target} {NUMBERS} {values}"
    for target, values in (
        (
            "INSERT INTO hit (id, article_id, source_id, rule_id, rule_name, plan_version, spans, mentions, created_at)",
            "SELECT n.i, h.article_id, h.source_id, 'r' || n.i, '', 'v1', h.spans, 1, h.created_at FROM hit AS h, n WHERE h.id = 1",
        ),
        (
            "INSERT INTO delivery (id, channel_id, seq, state, body, created_at)",
            "SELECT 'd' || n.i, 'desk', n.i, 'pending', d.body, d.created_at FROM delivery AS d, n WHERE d.seq = 1 AND n.i <= :queued",
        ),
        (
            "INSERT INTO notification (id, hit_id, channel_id, state, created_at, delivery_id)",
            f"SELECT 'd' || n.i, n.i, 'desk', 'queued', o.created_at, 'd' || n.i {_OTHERS} n.i <= :queued",
        ),
        (
            "INSERT INTO notification (id, hit_id, channel_id, state, reason, created_at)",
            f"SELECT 's' || n.i, n.i, 'desk', 'suppressed', 'rematch', o.created_at {_OTHERS} n.i > :queued",
        ),
    )
]


def test_the_golden_names() -> None:
    assert {name: " ".join(columns) for name, columns in COLUMNS.items()} == {
        "v_hits": (
            "id created_at rule_id rule_name source_id source_name article_id url title author published_at"
            " first_seen_at story_id mentions excerpt alerted handling owner note"
            " surfaces channels reached feedback"
        ),
        "v_matches": (
            "hit_id place rule_id source_id article_id created_at term alias surface field start_char end_char reason"
        ),
        "v_articles": (
            "id source_id source_name url title subtitle author section lang published_at modified_at first_seen_at"
            " stored_at day story_id characters hits revisions"
        ),
        "v_channels": (
            "id state reason disabled_at failing_since waiting held dead oldest_at last_status last_done_at"
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
