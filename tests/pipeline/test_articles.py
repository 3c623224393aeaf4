"""What an article means: found on the loop when that is quick, beside it when an analyser is asked."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Collection, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.cluster.choice import WINDOW, choose
from monitor.extract.sandbox.parsers import InlineParser
from monitor.model.article import Article, Entry
from monitor.model.errors import FetchError, FetchReason
from monitor.model.hit import Match
from monitor.model.plan import Plan
from monitor.pipeline.articles import ArticleReader, Postponed, as_hits, hits_of
from monitor.pipeline.page_reader import PageReader
from monitor.pipeline.ports import Matcher
from monitor.store.write.article_store import ArticleStore
from monitor.store.write.source_store import PendingEntry
from tests.pipeline.app import ALIASES, DESK, OPENAI, START, App

MANUAL = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text("utf-8")

ARTICLE = Article("k", "https://paper.example/k", "paper", "오픈AI, 서울에", START)
PLAN = Plan("v1", rules=(OPENAI,), channels=(DESK,), aliases=ALIASES)
MATCH = Match("openai", "오픈AI", "title", 0, 4, "오픈AI", "bare")


class Thinker:
    """A matcher that remembers in which thread it was asked, and waits there until it is let go."""

    def __init__(self, *, slow: bool) -> None:
        self.slow = slow
        self.go = threading.Event()
        self.thread = 0

    def match(self, article: Article) -> Sequence[tuple[str, tuple[Match, ...]]]:
        self.thread = threading.get_ident()
        if self.slow:
            assert self.go.wait(20)
        return [(OPENAI.id, (MATCH,))] if article.title else []

    def only(self, rule_ids: Collection[str]) -> Matcher:
        assert OPENAI.id in rule_ids
        return self


async def test_a_quick_matcher_is_asked_where_one_stands() -> None:
    thinker = Thinker(slow=False)
    (hit,) = await hits_of(ARTICLE, PLAN, thinker)
    assert thinker.thread == threading.get_ident()
    assert hit.matches == (MATCH,)


def test_a_paragraph_that_an_expression_finds_is_told_in_brief() -> None:
    paragraph = MATCH._replace(surface="가" * 500, end=500)
    (hit,) = as_hits(ARTICLE, [(OPENAI.id, (paragraph, MATCH))], PLAN)
    assert hit.matches == (paragraph._replace(surface="가" * 200), MATCH)


async def test_a_slow_matcher_does_not_hold_the_loop() -> None:
    thinker = Thinker(slow=True)
    asked = asyncio.create_task(hits_of(ARTICLE, PLAN, thinker))
    while not thinker.thread:
        await asyncio.sleep(0)
    assert not asked.done()
    thinker.go.set()  # only a loop that goes on gets here
    (hit,) = await asked
    assert thinker.thread != threading.get_ident()
    assert hit.rule_id == OPENAI.id


@pytest.mark.parametrize(("asked", "waited"), [(7200.0, 7200.0), (5.0, 30.0), (None, 30.0)])
async def test_an_articles_page_is_left_alone_for_as_long_as_its_server_asks(
    app: App, asked: float | None, waited: float
) -> None:
    assert "a `Retry-After` is waited for" in MANUAL
    url = app.press.article(1, "오픈AI")
    app.press.pages[url] = FetchError(url, FetchReason.STATUS, "503", transient=True, status=503, retry_after=asked)
    archive = ArticleStore(app.database, choose, WINDOW)
    reader = ArticleReader(
        pages=PageReader(app.press, InlineParser(), app.clock),
        article_store=archive,
        clock=app.clock,
        chance=lambda: 0.5,
    )
    pending = PendingEntry(1, "paper", Entry(url, url, "기사"), START, baseline=False, attempts=0)
    found = await reader.read(pending, app.current_plan.plan.sources[0])
    assert isinstance(found, Postponed)
    assert found.until == START + timedelta(seconds=waited)
