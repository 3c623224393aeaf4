"""The questions of docs/query.md, each with its answer, on both databases."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import text

from monitor.model.delivery import DeliveryState
from monitor.model.notification import Notification
from monitor.model.sql_answer import SqlQuestion
from monitor.model.story import Signature
from monitor.store.db.database import Database
from monitor.store.read.queries import SqlReader
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
    hit,
    keep,
    later,
    plan,
    render,
    result,
    source,
)

PAGE = Path(__file__).parents[2] / "docs" / "query.md"
QUESTIONS = dict(re.findall(r"^## (\d+)\. [^\n]+\n```sql\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE))
OFFICE, MERGER = "오픈AI, 서울에 사무소", "카카오, 오픈AI와 손잡다"
ANSWERS: Mapping[int, list[tuple[object, ...]]] = {
    1: [("2026-11-04", "kakao", 1), ("2026-11-04", "openai", 1), ("2026-11-05", "openai", 3)],
    2: [(OFFICE, "한빛일보", "2026-11-05 11:32:16", 2)],
    3: [("desk", 1, 2_000, 2_000)],
    4: [("quiet", "고요신문")],
    5: [("desk", OFFICE, 400, "bad request")],
    6: [("오픈AI", 5, 4), ("OpenAI", 1, 1)],
    7: [("2026-11-04 23:32:16", MERGER)] * 2,
    8: [("오픈AI 서울행 확정", "daily", 1)],
    9: [(OFFICE, 2, 2)],
    10: [("카카오", 1)],
    11: [("suppressed:no_channel", 2), ("dead", 1), ("pending", 1), ("sent", 1)],
    12: [("herald", MERGER)],
    13: [("11", 3), ("23", 2)],
    14: [("desk", "open", 1, "2026-11-05 11:32:22")],
    15: [("daily", 2, 2), ("herald", 3, 2)],
}


async def test_every_question_has_its_answer(
    db: Database, url: str, article_store: ArticleStore, outbox: Outbox, source_store: SourceStore
) -> None:
    sources = source("herald"), source("daily", name="데일리"), source("quiet", name="고요신문")
    await source_store.sync_plan(plan(*sources, channels=(channel(),)), NOW - timedelta(days=2))
    await stock(db, article_store, outbox)
    assert {int(number) for number in QUESTIONS} == set(ANSWERS)
    zone = ZoneInfo("Asia/Seoul")
    with SqlReader(url) as reader:
        for number, wanted in ANSWERS.items():
            asked = SqlQuestion(QUESTIONS[str(number)], 100, 30.0, NOW + timedelta(hours=1), zone, zone.key)
            assert list(reader.sql(asked).rows) == wanted, number


async def stock(db: Database, article_store: ArticleStore, outbox: Outbox) -> None:
    """Store one evening and one morning of news."""
    mention = hit().matches[0]
    kakao = replace(hit("kakao"), matches=(mention._replace(term="카카오", alias="카카오", surface="카카오"),))
    night = NOW - timedelta(hours=12)
    both = article("n", title=MERGER, first_seen_at=night, body="카카오는 오픈AI와")
    await keep(article_store, Reading(None, both, Signature(), (Finding(hit(), ()), Finding(kakao, ()))), render, night)
    bare = article("b", title="날씨", first_seen_at=NOW)
    await keep(article_store, Reading(None, bare, Signature(), ()), render, NOW)
    told = (Notification("desk", "openai"),)
    spelt = replace(hit(), matches=(mention, mention, mention._replace(surface="OpenAI")))
    ends = result(), result(DeliveryState.DEAD, status=400, detail="bad request"), None
    days = (
        ("f", "herald", OFFICE, spelt),
        ("s", "daily", OFFICE, hit()),
        ("r", "daily", "오픈AI 서울행 확정", hit()),
    )
    for number, ((key, outlet, title, found), end) in enumerate(zip(days, ends, strict=True)):
        at = later(3 * number)
        one = article(key, source_id=outlet, title=title, first_seen_at=at)
        (made,) = (
            await keep(article_store, Reading(None, one, Signature(), (Finding(found, told),)), render, at)
        ).deliveries
        if end is not None:
            held = await outbox.claim_delivery(made, "me", at, LEASE)
            assert held is not None
            await outbox.complete_delivery(held, end, at + timedelta(seconds=2), UNTOLD)
    for change in CHANGES:
        await db.write(lambda connection, change=change: connection.execute(text(change)))  # type: ignore[misc]


CHANGES = (
    "UPDATE article SET story_id = (SELECT story_id FROM article WHERE key = 'f') WHERE key = 's'",
    "INSERT INTO article_revision (article_id, replaced_at, captions) SELECT id, stored_at, '[]' FROM article WHERE key = 'r'",
)


async def test_where_everything_is_kept_is_told_without_a_password(db: Database, url: str) -> None:
    await db.write(lambda connection: connection.execute(text("SELECT 1")))
    with SqlReader(url) as reader:
        kept = reader.storage(url)
        assert kept.revision == reader.revision()
    assert kept.product.split()[0] in {"SQLite", "PostgreSQL"}
    assert kept.size > 0
    assert "@" not in kept.place
