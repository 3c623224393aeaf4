"""What a source shows again under another headline or time is read again; what an article said before is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from monitor.extract.feeds.apart import told_apart
from monitor.model.article import Entry
from monitor.model.delivery import MessageContext
from monitor.model.story import Signature
from monitor.store.db.database import Database
from monitor.store.tables.fulltext import find_articles, wanted_words
from monitor.store.tables.schema import article_revision
from monitor.store.tables.schema import entry as entry_table
from monitor.store.tables.schema import hit as hit_table
from monitor.store.write.article_store import ArticleStore, ArticleWrite, WriteResult
from monitor.store.write.list_entries import LATER, MOST_READINGS, WATCHED
from monitor.store.write.source_store import PendingEntry, SourceStore
from tests.contracts.invented import NOW, article, composed, entry, finding, hit, later, listing, plan, reading

MINUTE = timedelta(minutes=1)


def render(context: MessageContext, seq: int) -> bytes:
    return f"{seq} {context.hit.rule_id}".encode()


async def show(source_store: SourceStore, *entries: Entry, at: float = 0.0) -> int:
    return await source_store.commit_list(listing(*entries), later(at), baseline=False, ignore=False)


async def waiting(source_store: SourceStore, at: float = 10**6) -> list[PendingEntry]:
    return list(await source_store.pending_entries("herald", later(at), 100))


async def read(article_store: ArticleStore, pending: PendingEntry, title: str, **more: object) -> WriteResult:
    """Store the article of an entry, as the reader does."""
    told = article(pending.entry.key, title=title, **more)
    write = ArticleWrite(pending.id, told, Signature(), (hit(),), again=pending.again)
    return await article_store.commit(write, reading("k1", finding()).decide, composed(render), NOW)


@pytest.fixture
async def known(source_store: SourceStore, article_store: ArticleStore) -> None:
    """One entry that was shown and read."""
    await source_store.sync_plan(plan(), NOW)
    await show(source_store, entry("k1", title="[속보] 투자 발표", published_at=NOW))
    (pending,) = await waiting(source_store)
    await read(article_store, pending, "[속보] 투자 발표", body="짧다.")


async def test_all_that_a_list_says_is_kept_while_its_article_is_not_read(
    source_store: SourceStore, article_store: ArticleStore
) -> None:
    await source_store.sync_plan(plan(), NOW)
    told = entry("k1", title="투자 발표", summary="짧다.", content="짧다. 오픈AI도 참여했다.")
    await show(source_store, told)
    (pending,) = await waiting(source_store)
    assert pending.entry.text == told.content
    await read(article_store, pending, "투자 발표", body="본문이다.")
    await show(source_store, entry("k1", title="투자 발표 2보", summary="짧다."), at=60)
    (again,) = await waiting(source_store)
    assert (again.entry.content, again.entry.text) == ("", "짧다.")


@pytest.mark.parametrize(
    ("before", "after", "again"),
    [
        (0.0, 10.0, True),
        (0.0, 9.0, False),
        (30.0, 30.0, False),
        (30.0, 10.0, False),
        (None, 10.0, True),
        (None, 0.0, False),
        (30.0, None, False),
    ],
)
async def test_a_later_change_is_read_again(
    source_store: SourceStore, article_store: ArticleStore, before: float | None, after: float | None, *, again: bool
) -> None:
    def shown(minutes: float | None) -> Entry:
        changed = None if minutes is None else NOW + minutes * MINUTE
        return entry("k1", title="[속보] 투자 발표", published_at=NOW, modified_at=changed)

    await source_store.sync_plan(plan(), NOW)
    await show(source_store, shown(before))
    (pending,) = await waiting(source_store)
    await read(article_store, pending, "[속보] 투자 발표", body="짧다.")
    await show(source_store, shown(after), at=60)
    assert [one.again for one in await waiting(source_store)] == [True] * again
    await show(source_store, shown(after), at=120)
    assert len(await waiting(source_store)) == again


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("title", "minutes", "again"),
    [
        ("[속보] 투자 발표", 0, False),
        ("[속보]  투자발표 (12)", 0, False),
        ("[속보] 투자 …", 0, False),
        ("투자 발표, 오픈AI 참여(종합)", 0, True),
        ("[속보] 투자 발표 2보", 0, True),
        ("[속보] 투자 발표", LATER / MINUTE - 1, False),
        ("[속보] 투자 발표", LATER / MINUTE, True),
        ("[속보] 투자 발표", -60, False),
        ("", 0, False),
    ],
)
async def test_another_headline_or_a_later_time_is_read_again(
    source_store: SourceStore, title: str, minutes: float, *, again: bool
) -> None:
    changed = entry("k1", title=title, published_at=NOW + minutes * MINUTE)
    assert await show(source_store, changed, at=60) == 0
    assert [(one.again, one.article_id is not None) for one in await waiting(source_store)] == [(True, True)] * again


@pytest.mark.usefixtures("known")
async def test_headlines_that_two_lists_write_by_turns_are_read_once(
    source_store: SourceStore, article_store: ArticleStore
) -> None:
    for turn in range(6):
        title = ("투자 발표, 오픈AI 참여", "[속보] 투자 발표")[turn % 2]
        await show(source_store, entry("k1", title=title, published_at=NOW), at=60 * turn)
        for pending in await waiting(source_store):
            assert turn == 0
            await read(article_store, pending, title)


async def test_a_list_whose_times_all_move_is_a_clock(source_store: SourceStore, article_store: ArticleStore) -> None:
    await source_store.sync_plan(plan(), NOW)
    shown = [entry(f"k{n}", published_at=NOW) for n in range(6)]
    await show(source_store, *shown)
    for pending in await waiting(source_store):
        await read(article_store, pending, pending.entry.title)
    await show(source_store, *(replace(one, published_at=later(7200)) for one in shown), at=7200)
    assert await waiting(source_store) == []


@pytest.mark.usefixtures("known")
async def test_how_often_and_how_long_is_bounded(source_store: SourceStore, article_store: ArticleStore) -> None:
    for turn in range(MOST_READINGS + 3):
        await show(source_store, entry("k1", title=f"{turn}보"), at=60 * turn)
        for pending in await waiting(source_store):
            await read(article_store, pending, pending.entry.title)
    rows = await _readings(source_store)
    assert rows == [MOST_READINGS]
    await show(source_store, entry("k2"))
    (fresh,) = await waiting(source_store)
    await read(article_store, fresh, "처음")
    await show(source_store, entry("k2", title="아주 늦게 고친 제목"), at=WATCHED.total_seconds() + 60)
    assert await waiting(source_store) == []


async def _readings(source_store: SourceStore) -> list[int]:
    query = select(entry_table.c.readings).order_by(entry_table.c.id)
    return list(await source_store._db.read(lambda connection: connection.execute(query).scalars().all()))


@pytest.mark.usefixtures("known")
async def test_what_a_rewritten_article_said_is_a_revision(
    source_store: SourceStore, article_store: ArticleStore, db: Database
) -> None:
    await show(source_store, entry("k1", title="오픈AI 투자 발표(종합)"), at=60)
    (pending,) = await waiting(source_store)
    write = ArticleWrite(
        pending.id,
        article("k1", title="오픈AI 투자 발표(종합)", body="스타게이트에 오픈AI가 들어간다."),
        Signature(),
        (hit(excerpt="새 자리"), hit("stargate")),
        again=True,
    )
    written = await article_store.commit(
        write, reading("k1", finding(), finding("stargate")).decide, composed(render), later(60)
    )
    assert written.before == "[속보] 투자 발표"
    assert [found.rule_id for found in written.hits] == ["stargate"]
    assert [told.rule_id for told in written.notifications] == ["stargate"], "what it met before is not told again"
    stored = await article_store.article(written.article_id)
    assert stored is not None
    assert (stored.article.title, stored.article.body) == (write.article.title, write.article.body)

    def look(connection: Connection) -> list[list[Any]]:
        queries = [select(article_revision.c.title), select(hit_table.c.excerpt).order_by(hit_table.c.id)]
        stored = [list(connection.execute(query).scalars()) for query in queries]
        return [*stored, holding(connection, "짧다"), holding(connection, "스타게이트")]

    revisions, excerpts, gone, there = await db.read(look)
    assert revisions == ["[속보] 투자 발표"]
    assert excerpts == ["새 자리", "…"]
    assert (gone, there) == ([], [written.article_id])


def holding(connection: Connection, word: str) -> list[int]:
    """Return the articles that the text index finds by a word."""
    return find_articles(connection, wanted_words(connection.dialect.name, word, []) or "", 0, 2**63 - 1, 10)


@pytest.mark.usefixtures("known")
async def test_a_second_reading_that_says_the_same_leaves_no_trace(
    source_store: SourceStore, article_store: ArticleStore, db: Database
) -> None:
    await show(source_store, entry("k1", title="2보"), at=60)
    (pending,) = await waiting(source_store)
    written = await read(article_store, pending, "[속보] 투자 발표", body="짧다.")
    assert (written.before, written.hits) == (None, ())
    assert await db.read(lambda connection: connection.execute(select(article_revision.c.id)).all()) == []


async def test_an_article_that_no_rule_met_is_indexed_once_when_it_was_rewritten(
    article_store: ArticleStore, db: Database
) -> None:
    for title, hits, again in (("처음", (), False), ("고침", (), True), ("고침", (hit(),), False)):
        write = ArticleWrite(None, article("k1", title=title, body="스타게이트"), Signature(), hits, again=again)
        await article_store.commit(write, reading("k1", finding()).decide, composed(render), NOW)

    assert len(await db.read(lambda connection: holding(connection, "고침"))) == 1


@pytest.mark.usefixtures("known")
async def test_an_address_that_is_given_to_another_item_is_news(source_store: SourceStore) -> None:
    await show(source_store, entry("live", title="첫 속보", item_id="n1"))
    assert await show(source_store, entry("live", title="둘째 속보", item_id="n2"), at=60) == 1
    keys = [one.entry.key for one in await waiting(source_store)]
    assert (
        keys[1] == told_apart((entry("live", title="둘째 속보", item_id="n2"), entry("live", title="셋째")), "f")[0].key
    ), "as where both are shown"
    assert keys[0] == "live"
    assert keys[1].startswith("live#")
    assert await show(source_store, entry("live", title="둘째 속보", item_id="n2"), at=120) == 0
    assert await show(source_store, entry("live#x", title="첫 속보", item_id="n1"), at=180) == 0, "it was alone before"


@pytest.mark.usefixtures("known")
async def test_one_item_under_another_id_is_not(source_store: SourceStore) -> None:
    await show(source_store, entry("live", title="첫 속보", item_id="n1"))
    assert await show(source_store, entry("live", title="첫  속보", item_id="n2"), at=60) == 0
