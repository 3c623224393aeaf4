"""What a rule could refuse, held against its stored hits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.model.article import Article
from monitor.model.errors import MonitorError
from monitor.model.feedback import NewFeedback, Relevance
from monitor.model.hit import Hit
from monitor.model.plan import Plan, Rule
from monitor.model.records import HitQuery
from monitor.model.story import Signature
from monitor.model.suggestion import Suggestions
from monitor.service.feedback_suggestions import SPAN, suggest
from monitor.store.db.database import Database
from monitor.store.read.queries import SqlReader
from monitor.store.write.article_store import ArticleStore
from monitor.store.write.feedback_store import FeedbackStore
from tests.contracts.invented import NOW, Finding, Reading, article, keep, later, render

PLAN = Plan("v1", rules=(Rule("hanwha", "한화", "한화", sources=("herald",)), Rule("empty", "두산", "두산")))
BASEBALL = ("한화 이글스가 이겼다.", "팬들이 한화 이글스를 외쳤다.", "한화 이글스는 졌다.")
COMPANY = tuple(f"한화는 {number}분기 실적을 밝혔다." for number in range(1, 11))


async def found(article_store: ArticleStore, number: int, body: str, rule: str = "hanwha", seconds: float = 0) -> None:
    """Store an article with a hit."""
    read: Article = article(f"k{number}", body=body, title=f"기사 {number}")
    findings = (Finding(Hit(rule, rule, "v1", (), "…"), ()),)
    await keep(article_store, Reading(None, read, Signature(), findings), render, later(seconds + number))


async def wrong(db: Database, *hits: int) -> None:
    for hit_id in hits:
        said = NewFeedback(relevance=Relevance.NOT_MEANT, author="kim", at=NOW)
        assert await FeedbackStore(db).add(hit_id, said)


def asked(url: str, number: int) -> Suggestions:
    with SqlReader(url) as reader:
        (hit,) = [hit for hit in reader.hits(HitQuery(limit=100)) if hit.article.title == f"기사 {number}"]
        return suggest(reader, hit.id, PLAN, None, later(3_600))


async def test_what_refuses_the_hits_that_were_not_meant_comes_first(
    db: Database, url: str, article_store: ArticleStore
) -> None:
    for number, body in enumerate((*BASEBALL, *COMPANY)):
        await found(article_store, number, body)
    with SqlReader(url) as reader:
        ids = {hit.article.title: hit.id for hit in reader.hits(HitQuery(limit=100))}
    await wrong(db, ids["기사 1"], ids["기사 2"])
    told = asked(url, 0)
    best = told.found[0]
    assert (best.phrase, best.expression) == ('EXCEPT "한화 이글스"', '한화 EXCEPT "한화 이글스"')
    assert best.refused == (ids["기사 0"], ids["기사 2"], ids["기사 1"]), "the one that is asked about, then the latest"
    assert (best.removed, best.lost_count, best.lost, told.none) == (3, 0, (), "")
    assert (told.rule_id, told.expression, told.wrong, told.others) == ("hanwha", "한화", 3, len(COMPANY))


async def test_what_would_be_lost_is_shown(url: str, article_store: ArticleStore) -> None:
    for number, body in enumerate((BASEBALL[0], BASEBALL[2], *COMPANY, *COMPANY)):
        await found(article_store, number, body)
    best = next(one for one in asked(url, 0).found if one.phrase == 'EXCEPT "한화 이글스"')
    assert (best.removed, best.lost_count) == (2, 1)
    assert [(hit.title, hit.url) for hit in best.lost] == [("기사 1", "https://news.example/k1")]


async def test_hits_of_long_ago_and_of_other_rules_do_not_count(url: str, article_store: ArticleStore) -> None:
    long_ago = -SPAN / timedelta(seconds=1) - 3_600
    await found(article_store, 1, BASEBALL[1], seconds=long_ago)
    await found(article_store, 2, BASEBALL[2], rule="other")
    await found(article_store, 3, BASEBALL[0])
    told = asked(url, 3)
    assert (told.wrong, told.others, told.found[0].lost_count) == (1, 0, 0)


async def test_where_there_is_nothing_it_says_why(url: str, article_store: ArticleStore) -> None:
    await found(article_store, 1, "두산이 이겼다.")
    assert "does not meet this article" in asked(url, 1).none
    await found(article_store, 2, "한화")
    assert "one in ten" in asked(url, 2).none
    await found(article_store, 3, "한화", rule="gone")
    with pytest.raises(MonitorError, match="'gone', which the files do not have any more"):
        asked(url, 3)
    with SqlReader(url) as reader, pytest.raises(MonitorError, match="there is no hit 99"):
        suggest(reader, 99, PLAN, None, NOW)
