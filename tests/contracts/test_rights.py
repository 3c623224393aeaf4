"""Of sources that leave no more than a link the text is nowhere in the database, and everything that hits are for still works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import inspect, text

from monitor.model.article import Article
from monitor.model.bulk import ArticleQuery
from monitor.model.follow import CHANGED, ArticleNotice
from monitor.model.hit import Hit, Match
from monitor.model.notification import Notification, Situation
from monitor.model.plan import Plan
from monitor.model.records import HitQuery
from monitor.model.story import Signature
from monitor.notify.follow import decide_followed
from monitor.notify.policy import decide_hits
from monitor.schedule.calendar import CALENDAR
from monitor.service.explain import ExplainQuery, Ground, explain_stored
from monitor.store.db.database import Database
from monitor.store.read.queries import SqlReader
from monitor.store.write.article_store import ArticleStore, ArticleWrite, Following
from monitor.store.write.maintenance import Maintenance
from monitor.store.write.source_store import SourceStore
from tests.contracts.invented import (
    NOW,
    Finding,
    Reading,
    article,
    channel,
    composed,
    keep,
    later,
    plan,
    render,
    source,
)

SECRET = "비밀문장"
BODY = (
    f"{SECRET} 하나로 시작하는 긴 기사이다. " * 12
    + "오픈AI는 5일 서울 사무소를 연다고 밝혔다."
    + f" {SECRET} 둘로 끝난다." * 20
)
EXCERPT = "오픈AI는 5일 서울 사무소를 연다고 밝혔다."


def found(body: str = BODY, excerpt: str = EXCERPT, rule: str = "openai") -> Hit:
    start = body.index("오픈AI")
    return Hit(
        rule, rule.upper(), "v1", (Match("OpenAI", "오픈AI", "body", start, start + 4, "오픈AI", "bare"),), excerpt
    )


def read(key: str = "k1", body: str = BODY, **changes: Any) -> Article:  # noqa: ANN401 - any field of the value
    said = {"subtitle": f"{SECRET} 부제", "captions": (f"{SECRET} 사진",), "listed_summary": f"{SECRET} 요약"}
    return article(key, body=body, **(said | changes))


async def everything(db: Database) -> str:
    """Return all that all tables hold, as text."""

    def job(connection: Any) -> str:  # noqa: ANN401 - a connection
        names = inspect(connection).get_table_names()
        rows = (
            row
            for name in names
            if not name.startswith("search_index")
            for row in connection.execute(text(f'SELECT * FROM "{name}"'))  # noqa: S608 - names of our own tables
        )
        return "\n".join(repr(tuple(row)) for row in rows)

    return await db.read(job)


async def stored(
    article_store: ArticleStore, one: Article, *hits: Hit, linked: bool = True, again: bool = False
) -> None:
    write = ArticleWrite(None, one, Signature(), hits, again=again, linked=linked)
    await article_store.commit(write, lambda _: (), composed(render), NOW)


async def test_only_what_stands_around_the_words_is_kept(db: Database, url: str, article_store: ArticleStore) -> None:
    await stored(article_store, read(), found())
    assert SECRET not in await everything(db)
    with SqlReader(url) as reader:
        (hit,) = reader.hits(HitQuery())
        assert (hit.excerpt, hit.matches, hit.article.title) == (EXCERPT, found().matches, read().title)
        assert [one.id for one in reader.hits(HitQuery(text="사무소를 연다고"))] == [hit.id], "the excerpt is found"
        assert [one.id for one in reader.hits(HitQuery(text=read().title))] == [hit.id], "the headline is found"
        assert reader.hits(HitQuery(text=SECRET)) == ()
    one = await article_store.article(1)
    assert one is not None
    assert (one.article.body, one.article.subtitle, one.article.captions) == (EXCERPT, "", ())
    assert one.article.text_mark.split("-")[0] == str(sum(char.isalnum() for char in BODY))


@pytest.mark.parametrize("excerpts", [("가" * 300,), ("가" * 150, "나" * 150, "다" * 150), ("",)])
async def test_no_more_than_two_hundred_characters_stay(
    db: Database, article_store: ArticleStore, excerpts: Sequence[str]
) -> None:
    hits = [found(excerpt=one, rule=f"rule{number}") for number, one in enumerate(excerpts)]
    await stored(article_store, read(), *(replace(hit, matches=_wide(hit)) for hit in hits))
    one = await article_store.article(1)
    assert one is not None
    assert len(one.article.body) <= 200
    lengths = await db.read(lambda connection: connection.execute(text("SELECT excerpt, spans FROM hit")).all())
    assert all(len(row.excerpt) <= 200 for row in lengths)
    assert "하" * 201 not in await everything(db)


def _wide(hit: Hit) -> tuple[Match, ...]:
    return tuple(match._replace(surface="하" * 1000) for match in hit.matches)


async def test_what_was_stored_before_is_cut_in_pieces_and_found_by_what_stays(
    db: Database, url: str, article_store: ArticleStore
) -> None:
    await SourceStore(db).sync_plan(plan(source(), source("daily")), NOW)
    for number in range(7):
        await stored(article_store, read(f"k{number}"), found(), linked=False)
    await stored(article_store, read("unmet"), linked=False)
    await stored(article_store, read("k1", BODY + " 덧붙임."), found(), linked=False, again=True)
    await stored(article_store, read("other", source_id="daily"), found(), linked=False)
    maintenance = Maintenance(db, piece=3)
    assert await maintenance.keep_to_rights() == 0, "nobody asked for it"
    with SqlReader(url) as reader:
        assert len(reader.hits(HitQuery(text=SECRET))) == 8
        await SourceStore(db).sync_plan(plan(replace(source(), rights="link"), source("daily"), version="v2"), NOW)
        assert await maintenance.keep_to_rights() == 8
        assert await maintenance.keep_to_rights() == 0
        (left,) = reader.hits(HitQuery(text=SECRET))
        assert left.article.source == "daily"
        assert len(reader.hits(HitQuery(text="사무소를 연다고"))) == 8
    told = await everything(db)
    assert told.count(f"{SECRET} 하나") == 12, "that of the other source alone"
    await stored(article_store, read("k1"), found(rule="later"))
    with SqlReader(url) as reader:
        assert len(reader.hits(HitQuery(text="사무소를", rule="later"))) == 1, "the index is what it was made of"


PLAN: Plan = plan(replace(source(), rights="link"), channels=(channel(),))
MORE = BODY.replace("연다고 밝혔다", "열지 않는다고 밝혔다")


@pytest.mark.parametrize(
    ("body", "excerpt", "told"),
    [
        (MORE, "오픈AI는 5일 서울 사무소를 열지 않는다고 밝혔다.", 1),
        (BODY + " 정정: 사진 설명을 고쳤다.", EXCERPT, 0),
        (BODY.replace("하나로", "셋으로"), EXCERPT, 0),
        (BODY, EXCERPT, 0),
        ("로그인하십시오. 오픈AI", "로그인하십시오. 오픈AI", 0),
    ],
)
async def test_a_change_around_the_words_is_told_without_the_text(
    db: Database, article_store: ArticleStore, body: str, excerpt: str, told: int
) -> None:
    notices: list[ArticleNotice] = []

    def followed(one: Any) -> Any:  # noqa: ANN401 - as the store hands it
        decided = decide_followed(one, PLAN, calendar=CALENDAR)
        notices.extend(notice for notice, _ in decided)
        return decided

    def decide(situation: Situation) -> Sequence[Notification]:
        return decide_hits(situation, PLAN, calendar=CALENDAR)

    follow = Following(later(600), followed)
    write = partial(ArticleWrite, None, linked=True)
    await article_store.commit(write(read(), Signature(), (found(),)), decide, composed(render), NOW, follow=follow)
    again = write(read(body=body), Signature(), (found(body, excerpt),), again=True)
    await article_store.commit(again, decide, composed(render), later(60), follow=follow)
    assert [(one.type, one.removed, one.added, one.words) for one in notices] == (
        [(CHANGED, (), (), ("오픈AI",))] * told
    )
    assert SECRET not in await everything(db)


async def test_an_excerpt_is_all_that_is_shown_where_no_more_may_be(
    db: Database, url: str, article_store: ArticleStore
) -> None:
    excerpted = plan(replace(source(), rights="excerpt"), channels=(channel(),))
    await SourceStore(db).sync_plan(excerpted, NOW)
    findings = (Finding(found(), ()),)
    await keep(article_store, Reading(None, read(), Signature(), findings), render, NOW)
    with SqlReader(url) as reader:
        (hit,) = reader.hits(HitQuery(text=SECRET))
        history = reader.history(hit.id)
        (exported,) = next(reader.article_rows(ArticleQuery(body=True)))
        explained = explain_stored(reader, ExplainQuery(str(hit.id), "", NOW), Ground(excerpted, excerpted)).read
    assert history is not None
    (version,) = history.versions
    assert (version.title, version.subtitle, version.body, version.captions) == (read().title, "", "", ())
    assert (exported.title, exported.subtitle, exported.body) == (read().title, "", "")
    assert explained is not None
    assert (explained.article.title, explained.article.subtitle, explained.article.body) == (read().title, "", "")
    assert explained.lengths["body"] == len(BODY), "how much there was is no secret"
    one = await article_store.article(1)
    assert one is not None
    assert one.article.body == BODY, "rules that come later are held against it"
