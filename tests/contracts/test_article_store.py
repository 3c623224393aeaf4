"""What every ArticleStore does."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from monitor.model.article import Article
from monitor.model.delivery import MessageContext
from monitor.model.errors import StoreError
from monitor.model.notification import Suppression
from monitor.model.story import Signature
from monitor.store.db.database import Database
from monitor.store.tables.schema import article as article_table
from monitor.store.tables.schema import delivery, notification, story
from monitor.store.tables.schema import hit as hit_table
from monitor.store.write.article_store import ArticleStore
from monitor.store.write.source_store import SourceStore
from tests.contracts.invented import (
    NOW,
    Finding,
    Reading,
    article,
    entry,
    finding,
    hit,
    keep,
    later,
    listing,
    plan,
    reading,
    render,
)

COUNTED = (article_table, hit_table, story, delivery, notification)


async def counts(db: Database) -> dict[str, int]:
    """Return how many rows each table of the archive has."""
    return await db.read(
        lambda connection: {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in COUNTED
        }
    )


async def rows(db: Database) -> list[tuple[str, int | None, str, str, bytes | None]]:
    """Return what became of each notification, by id."""
    state = func.coalesce(delivery.c.state, notification.c.state).label("state")
    columns = (notification.c.channel_id, delivery.c.seq, state, notification.c.reason, delivery.c.body)
    joined = notification.outerjoin(delivery, delivery.c.id == notification.c.delivery_id)
    query = select(*columns).select_from(joined).order_by(notification.c.id)
    found = await db.read(lambda connection: connection.execute(query).all())
    return [(row.channel_id, row.seq, row.state, row.reason, row.body) for row in found]


async def test_a_reading_is_stored_with_all_that_follows(article_store: ArticleStore, db: Database) -> None:
    told: list[MessageContext] = []

    def note(context: MessageContext, seq: int) -> bytes:
        told.append(context)
        return render(context, seq)

    written = await keep(article_store, reading("k1", finding("a"), finding("b")), note, NOW)
    assert written.new_article
    assert [found.rule_id for found in written.hits] == ["a", "b"]
    assert [context.hit.rule_id for context in told] == ["a", "b"]
    assert {context.article_id for context in told} == {written.article_id}
    assert told[0].created_at == NOW
    assert told[0].article == article("k1")
    assert (told[0].story.articles, told[0].story.outlets, told[0].story.title) == (1, 1, article("k1").title)
    assert await counts(db) == {"article": 1, "hit": 2, "story": 1, "delivery": 2, "notification": 2}
    bodies = [row[4] for row in await rows(db)]
    assert bodies == [render(context, seq) for seq, context in enumerate(told, 1)]


async def test_an_article_comes_back_as_it_was_read(article_store: ArticleStore) -> None:
    told = Article(
        key="k",
        url="https://news.example/k",
        source_id="herald",
        title="제목 “인용”",
        first_seen_at=NOW,
        subtitle="부제",
        body="첫 문단.\n둘째 문단 🙂.",
        captions=("사진 하나", "사진 둘"),
        authors=("김하늘", "이바다"),
        section="경제",
        lang="ko",
        canonical_url="https://news.example/k?c",
        published_at=later(-60.000001),
        modified_at=later(-30),
        field_sources={"title": "site", "body": "generic"},
    )
    written = await keep(article_store, Reading(None, told, Signature(), ()), render, NOW)
    stored = await article_store.article(written.article_id)
    assert stored is not None
    assert (stored.id, stored.article) == (written.article_id, told)
    assert await article_store.article(written.article_id + 1) is None


async def test_a_repeat_adds_nothing(article_store: ArticleStore, db: Database) -> None:
    first = await keep(article_store, reading(), render, NOW)
    before = await rows(db)
    again = await keep(article_store, reading(), render, later(5))
    assert (again.article_id, again.new_article, again.hits, again.deliveries) == (first.article_id, False, (), ())
    assert await rows(db) == before
    assert await counts(db) == {"article": 1, "hit": 1, "story": 1, "delivery": 1, "notification": 1}


async def test_a_new_rule_on_a_known_article_adds_its_hit_alone(article_store: ArticleStore, db: Database) -> None:
    await keep(article_store, reading(), render, NOW)
    other = replace(reading("k1", finding(), finding("stargate", "desk", "night")), article=article(source_id="twin"))
    written = await keep(article_store, other, render, later(5))
    assert [found.rule_id for found in written.hits] == ["stargate"]
    assert not written.new_article
    assert [row[:2] for row in await rows(db)] == [("desk", 1), ("desk", 2), ("night", 1)]
    stored = await article_store.article(written.article_id)
    assert stored is not None
    assert stored.article.source_id == "herald", "the article stays whose it was"
    sources = await db.read(
        lambda connection: connection.execute(select(hit_table.c.source_id).order_by(hit_table.c.id)).scalars().all()
    )
    assert sources == ["herald", "twin"]


async def test_an_article_without_hits_is_stored_too(article_store: ArticleStore, db: Database) -> None:
    written = await keep(article_store, Reading(None, article(), Signature(), ()), render, NOW)
    assert written.new_article
    assert (await counts(db))["hit"] == 0
    late = await keep(article_store, reading(), render, later(60))
    assert (late.new_article, len(late.deliveries)) == (False, 1)


@pytest.mark.parametrize("reason", list(Suppression))
async def test_what_is_not_sent_is_kept_with_its_reason(
    article_store: ArticleStore, db: Database, reason: Suppression
) -> None:
    def refuse(_context: MessageContext, _seq: int) -> bytes:
        raise AssertionError("a suppressed row has no body")

    written = await keep(article_store, reading("k1", finding("a", suppressed=reason)), refuse, NOW)
    assert written.deliveries == ()
    assert len(written.hits) == 1
    assert await rows(db) == [("desk", None, "suppressed", reason.value, None)]
    await keep(article_store, reading("k2"), render, NOW)
    assert [row[1] for row in await rows(db)] == [None, 1], "suppressed rows take no seq"


async def test_each_channel_counts_for_itself_and_is_told_once(article_store: ArticleStore, db: Database) -> None:
    for number in range(3):
        written = await keep(article_store, reading(f"k{number}", finding("a", "z", "b", "z")), render, later(number))
        assert len(written.deliveries) == 2
    assert sorted((row[0], row[1]) for row in await rows(db)) == [
        (name, seq) for name in ("b", "z") for seq in (1, 2, 3)
    ]


async def test_the_entry_is_complete_with_the_article(article_store: ArticleStore, source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(), NOW)
    await source_store.commit_list(listing(entry("k1"), entry("k2")), NOW, baseline=False, ignore=False)
    second, first = await source_store.pending_entries("herald", NOW, 10)
    assert first.entry.key == "k1"
    await keep(article_store, reading("k1", entry_id=first.id), render, NOW)
    assert await source_store.pending_entries("herald", later(9999), 10) == (second,)
    await source_store.postpone_entry(first.id, "late", NOW)
    assert await source_store.pending_entries("herald", later(9999), 10) == (second,)


async def test_a_body_that_cannot_be_rendered_leaves_nothing_behind(
    article_store: ArticleStore, db: Database, source_store: SourceStore
) -> None:
    await source_store.sync_plan(plan(), NOW)
    await source_store.commit_list(listing(entry("k1")), NOW, baseline=False, ignore=False)
    (pending,) = await source_store.pending_entries("herald", NOW, 10)

    def fail(_context: MessageContext, seq: int) -> bytes:
        raise ZeroDivisionError(seq)

    failing = keep(article_store, reading("k1", entry_id=pending.id), fail, NOW)
    good = keep(article_store, reading("k2"), render, NOW)
    results = await asyncio.gather(failing, good, return_exceptions=True)
    assert isinstance(results[0], ZeroDivisionError)
    assert not isinstance(results[1], BaseException)
    assert await counts(db) == {"article": 1, "hit": 1, "story": 1, "delivery": 1, "notification": 1}
    assert [row[:2] for row in await rows(db)] == [("desk", 1)], "its seq was given back"
    assert len(await source_store.pending_entries("herald", NOW, 10)) == 1


async def test_a_refused_reading_is_a_store_error(article_store: ArticleStore) -> None:
    naive = replace(article(), first_seen_at=NOW.replace(tzinfo=None))
    with pytest.raises(StoreError, match="zone"):
        await keep(article_store, Reading(None, naive, Signature(), ()), render, NOW)


async def test_a_walk_sees_every_article_once(article_store: ArticleStore) -> None:
    for number in range(7):
        await keep(article_store, Reading(None, article(f"k{number}"), Signature(), ()), render, NOW)
    keys, after = [], 0
    while page := await article_store.articles_after(after, 3):
        assert len(page) <= 3
        assert all(stored.id > after for stored in page)
        keys += [stored.article.key for stored in page]
        after = page[-1].id
    assert keys == [f"k{number}" for number in range(7)]


async def test_a_walk_knows_what_stood_on_a_list_at_its_first_poll(
    article_store: ArticleStore, source_store: SourceStore
) -> None:
    await source_store.sync_plan(plan(), NOW)
    await source_store.commit_list(listing(entry("old")), NOW, baseline=True, ignore=False)
    await source_store.commit_list(listing(entry("new"), entry("old")), NOW, baseline=False, ignore=False)
    entries = {one.entry.key: one.id for one in await source_store.pending_entries("herald", NOW, 10)}
    for key in ("old", "new", "unknown"):
        await keep(article_store, Reading(entries.get(key), article(key), Signature(), ()), render, NOW)
    found = {stored.article.key: stored.baseline for stored in await article_store.articles_after(0, 10)}
    assert found == {"old": True, "new": False, "unknown": False}


async def test_text_that_no_database_takes_keeps_its_places(article_store: ArticleStore, db: Database) -> None:
    told = article("k\x00", title="가\x00나", body="\ud83d오픈AI", captions=("\x00",), authors=("\ud800",))
    odd = hit().matches[0]._replace(surface="오\x00픈", start=1, end=5)
    found = replace(hit(), matches=(odd,), excerpt="\x00")
    written = await keep(article_store, Reading(None, told, Signature(), (Finding(found, ()),)), render, NOW)
    stored = await article_store.article(written.article_id)
    assert stored is not None
    assert stored.id == written.article_id
    assert (stored.article.title, stored.article.body) == ("가\ufffd나", "\ufffd오픈AI")
    spans = await db.read(lambda connection: connection.execute(select(hit_table.c.spans)).scalar_one())
    assert (spans[0]["surface"], spans[0]["start"]) == ("오\ufffd픈", 1)


async def test_seqs_have_no_gaps_and_no_twins_under_concurrency(article_store: ArticleStore, db: Database) -> None:
    def sometimes(context: MessageContext, seq: int) -> bytes:
        if context.article.key.endswith("7"):
            raise ValueError(context.article.key)
        return render(context, seq)

    jobs = [keep(article_store, reading(f"k{n}", finding("a", "x", "y")), sometimes, NOW) for n in range(60)]
    results = await asyncio.gather(*jobs, return_exceptions=True)
    assert len([result for result in results if isinstance(result, ValueError)]) == 6
    stored = await rows(db)
    for name in ("x", "y"):
        assert sorted(row[1] or 0 for row in stored if row[0] == name) == list(range(1, 55))


async def test_many_readings_of_one_article_at_once_store_it_once(article_store: ArticleStore, db: Database) -> None:
    results = await asyncio.gather(*(keep(article_store, reading(), render, NOW) for _ in range(30)))
    assert len([result for result in results if result.new_article]) == 1
    assert sum(len(result.deliveries) for result in results) == 1
    assert (await counts(db))["delivery"] == 1


async def test_what_the_first_run_of_another_source_held_back_is_sent(
    article_store: ArticleStore, db: Database
) -> None:
    await keep(article_store, reading("k1", finding(suppressed=Suppression.BASELINE)), render, NOW)
    written = await keep(article_store, reading("k1"), render, later(5))
    assert len(written.deliveries) == 1
    assert [row[:4] for row in await rows(db)] == [("desk", 1, "pending", "")]


@pytest.mark.parametrize("reason", [reason for reason in Suppression if reason is not Suppression.BASELINE])
async def test_what_was_kept_back_for_another_reason_stays_although_another_source_shows_it(
    article_store: ArticleStore, db: Database, reason: Suppression
) -> None:
    await keep(article_store, reading("k1", finding(suppressed=reason)), render, NOW)
    before = await rows(db)
    written = await keep(article_store, reading("k1"), render, later(5))
    assert written.deliveries == ()
    assert await rows(db) == before


async def test_what_is_held_back_is_sent_to_the_channels_and_by_the_rules_that_are_told_now(
    article_store: ArticleStore, db: Database
) -> None:
    held = finding("openai", "desk", "night", suppressed=Suppression.BASELINE)
    other = finding("stargate", suppressed=Suppression.BASELINE)
    await keep(article_store, reading("k1", held, other), render, NOW)
    silent = finding("stargate", suppressed=Suppression.REMATCH)
    written = await keep(article_store, reading("k1", finding("openai", "desk"), silent), render, later(5))
    assert len(written.deliveries) == 1
    assert [(row[0], row[2]) for row in await rows(db)] == [
        ("desk", "pending"),
        ("desk", "suppressed"),
        ("night", "suppressed"),
    ]


async def test_an_article_and_its_hits_bear_the_moment_at_which_they_were_stored(
    article_store: ArticleStore, db: Database
) -> None:
    await keep(article_store, reading(), render, later(60))
    await keep(article_store, reading("k1", finding("stargate")), render, later(90))
    query = select(hit_table.c.rule_id, hit_table.c.created_at, article_table.c.stored_at).join(article_table)
    found = await db.read(lambda connection: connection.execute(query.order_by(hit_table.c.id)).all())
    assert [tuple(row) for row in found] == [("openai", later(60), later(60)), ("stargate", later(90), later(60))]


async def test_a_message_names_the_source_whose_reading_brought_the_hit(article_store: ArticleStore) -> None:
    told: list[MessageContext] = []

    def note(context: MessageContext, seq: int) -> bytes:
        told.append(context)
        return render(context, seq)

    await keep(article_store, reading(), note, NOW)
    twin = article(source_id="twin")
    await keep(article_store, replace(reading("k1", finding("stargate")), article=twin), note, later(5))
    assert [(context.hit.rule_id, context.article.source_id) for context in told] == [
        ("openai", "herald"),
        ("stargate", "twin"),
    ]


async def test_what_was_held_back_goes_out_once_to_each_channel(article_store: ArticleStore, db: Database) -> None:
    held = finding("openai", "desk", "night", "week", suppressed=Suppression.BASELINE)
    await keep(article_store, reading("k1", held), render, NOW)
    told = reading("k1", finding("openai", "week", "night", "desk"))
    written = await keep(article_store, told, render, later(5))
    assert len(set(written.deliveries)) == 3
    assert (await keep(article_store, told, render, later(6))).deliveries == ()
    assert [row[:4] for row in await rows(db)] == [(name, 1, "pending", "") for name in ("desk", "night", "week")]
