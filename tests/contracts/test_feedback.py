"""Whether a hit was meant, as people say: the last word holds, and every word stays."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from monitor.model.errors import InvalidValueError
from monitor.model.feedback import Feedback, NewFeedback, Relevance
from monitor.model.handling import LONGEST_NAME, LONGEST_NOTE
from monitor.model.hit import Hit
from monitor.model.precision import Precision
from monitor.model.records import HitQuery
from monitor.model.story import Signature
from monitor.store.db.database import Database
from monitor.store.read.queries import SqlReader
from monitor.store.write.article_store import ArticleStore
from monitor.store.write.feedback_store import FeedbackStore
from tests.contracts.invented import NOW, Finding, Reading, article, keep, later, render

MEANT, NOT_MEANT, NONE = (Relevance(one) for one in ("meant", "not_meant", "none"))


@pytest.fixture
def feedback_store(db: Database) -> FeedbackStore:
    """The store of what people say."""
    return FeedbackStore(db)


def said(relevance: Relevance, seconds: float = 0.0, **given: Any) -> NewFeedback:  # noqa: ANN401 - any field of the value
    values: dict[str, Any] = {"relevance": relevance, "author": "kim", "at": later(seconds)}
    return NewFeedback(**(values | given))


async def found(article_store: ArticleStore, key: str, seconds: float, *rules: str) -> None:
    """Store an article with hits."""
    findings = tuple(Finding(Hit(rule, rule, "v1", (), "…"), ()) for rule in rules)
    await keep(article_store, Reading(None, article(key), Signature(), findings), render, later(seconds))


async def rows(db: Database, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await db.read(lambda connection: connection.execute(text(query)).all())]


async def test_the_last_word_holds_and_every_word_stays(
    db: Database, url: str, article_store: ArticleStore, feedback_store: FeedbackStore
) -> None:
    await found(article_store, "k1", 0, "openai", "rivals")
    with SqlReader(url) as reader:
        before, other = reader.hits(HitQuery())
        assert (before.feedback, reader.feedback(before.id)) == (None, ())
        marks = reader.marks()
        wrong = await feedback_store.add(before.id, said(NOT_MEANT, 5, note=" 구단\0 이름 "))
        assert wrong is not None
        assert (wrong.relevance, wrong.author, wrong.at) == (NOT_MEANT, "kim", later(5))
        assert "\0" not in wrong.note
        assert reader.marks() != marks, "who looks at a list is told that it is not as it was"
        assert reader.hits(HitQuery()) == (replace(before, feedback=NOT_MEANT), other)
        right = await feedback_store.add(before.id, said(MEANT, 6, author="lee"))
        assert right == Feedback(MEANT, "", "lee", later(6))
        assert await rows(db, "SELECT feedback FROM v_hits ORDER BY feedback IS NULL") == [("meant",), (None,)]
        taken_back = await feedback_store.add(before.id, said(NONE, 7))
        assert taken_back is not None
        assert reader.feedback(before.id) == (wrong, right, taken_back)
        assert reader.hits(HitQuery()) == (before, other)
        assert await rows(db, "SELECT DISTINCT feedback FROM v_hits") == [(None,)]


async def test_of_a_hit_that_there_is_not_nothing_is_said(
    db: Database, article_store: ArticleStore, feedback_store: FeedbackStore
) -> None:
    await found(article_store, "k1", 0, "openai")
    for number in (0, 2, 2**62):
        assert await feedback_store.add(number, said(MEANT)) is None
    assert await rows(db, "SELECT count(*) FROM feedback") == [(0,)]


async def test_what_was_said_is_part_of_the_trail(
    url: str, article_store: ArticleStore, feedback_store: FeedbackStore
) -> None:
    await found(article_store, "k1", 0, "openai", "rivals", "boss")
    with SqlReader(url) as reader:
        ids = {hit.rule_id: hit.id for hit in reader.hits(HitQuery())}
        wrong = await feedback_store.add(ids["openai"], said(NOT_MEANT, 1, note="구단"))
        await feedback_store.add(ids["boss"], said(MEANT, 1))
        await feedback_store.add(ids["boss"], said(NONE, 2))
        trail = reader.trail((), ids["openai"], later(5))
        assert trail is not None
        assert {hit.rule: hit.feedback for hit in trail.hits} == {"openai": wrong, "rivals": None, "boss": None}


async def test_what_was_said_is_counted_by_rule(
    url: str, article_store: ArticleStore, feedback_store: FeedbackStore
) -> None:
    for place in range(4):
        await found(article_store, f"k{place}", place * 60, "openai", "rivals", "boss")
    with SqlReader(url) as reader:
        hits = {(hit.rule_id, hit.article.id): hit.id for hit in reader.hits(HitQuery(limit=100))}
        words = (
            *(("openai", 1, MEANT), ("openai", 2, MEANT), ("openai", 2, NOT_MEANT), ("openai", 3, MEANT)),
            *(("rivals", 1, NOT_MEANT), ("rivals", 2, NOT_MEANT), ("rivals", 2, NONE), ("boss", 4, NONE)),
        )
        for place, (rule, number, relevance) in enumerate(words):
            await feedback_store.add(hits[rule, number], said(relevance, 900 + place))
        assert reader.precision(later(0)) == {"openai": Precision(2, 1), "rivals": Precision(0, 1)}
        assert reader.precision(later(90)) == {"openai": Precision(1, 0)}, "of hits that were stored since"


@pytest.mark.parametrize("few", [5_000, 0])
async def test_the_filter_finds_what_the_last_words_say(
    db: Database, url: str, article_store: ArticleStore, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """With few words the hits that were spoken of are looked at, with many every hit is: the same comes of both."""
    monkeypatch.setattr("monitor.store.read.hits.FEW", few)
    feedback_store, draw = FeedbackStore(db), random.Random(5)
    for place in range(8):
        await found(article_store, f"k{place}", place, *draw.sample(("openai", "rivals", "boss"), draw.randint(1, 3)))
    with SqlReader(url) as reader:
        account = {hit.id: NONE for hit in reader.hits(HitQuery(limit=100))}
        for _ in range(25):
            hit_id, relevance = draw.choice(list(account)), draw.choice(list(Relevance))
            account[hit_id] = relevance
            await feedback_store.add(hit_id, said(relevance))
            for wanted in Relevance:
                query = HitQuery(feedback=wanted.value, rule=draw.choice(("", "openai")), limit=100)
                meant = {one.id for one in reader.hits(replace(query, feedback="")) if account[one.id] == wanted}
                shown = reader.hits(query)
                assert {one.id for one in shown} == meant
                assert {one.feedback or NONE for one in shown} <= {wanted}
                assert reader.count_hits(query, 100) == len(meant)
        assert reader.hits(HitQuery(feedback="wrong")) == ()


@pytest.mark.parametrize(
    "changes", [{"author": " "}, {"author": "x" * (LONGEST_NAME + 1)}, {"note": "긴" * (LONGEST_NOTE + 1)}]
)
def test_what_does_not_fit_is_refused(changes: dict[str, Any]) -> None:
    assert said(MEANT, note="긴" * LONGEST_NOTE).at == NOW
    with pytest.raises(InvalidValueError):
        said(MEANT, **changes)
