"""What an article means: found on the loop when that is quick, beside it when an analyser is asked."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

from monitor.model.article import Article
from monitor.model.hit import Match
from monitor.model.plan import Plan
from monitor.pipeline.read import findings
from tests.pipeline.house import ALIASES, DESK, OPENAI, START

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


async def test_a_quick_matcher_is_asked_where_one_stands() -> None:
    thinker = Thinker(slow=False)
    (finding,) = await findings(ARTICLE, PLAN, thinker)
    assert thinker.thread == threading.get_ident()
    assert finding.hit.matches == (MATCH,)


async def test_a_slow_matcher_does_not_hold_the_loop() -> None:
    thinker = Thinker(slow=True)
    asked = asyncio.create_task(findings(ARTICLE, PLAN, thinker))
    while not thinker.thread:
        await asyncio.sleep(0)
    assert not asked.done()
    thinker.go.set()  # only a loop that goes on gets here
    (finding,) = await asked
    assert thinker.thread != threading.get_ident()
    assert finding.hit.rule_id == OPENAI.id
