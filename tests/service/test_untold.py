"""What a new rule finds among the stored articles and nobody is told of, on a real database."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.channels.words.render import render
from monitor.cluster.choice import WINDOW, choose
from monitor.match.ruleset import compile_rules
from monitor.model.article import Article
from monitor.model.hit import Hit
from monitor.model.notification import Notification
from monitor.model.plan import Interval, Plan, Rule, Source
from monitor.model.story import Signature
from monitor.service.untold import MOST, UntoldCount, untold
from monitor.store.db.database import Database
from monitor.store.db.migrate import upgrade
from monitor.store.read.queries import SqlReader
from monitor.store.write.article_store import ArticleStore
from monitor.store.write.source_store import SourceStore
from tests.contracts.invented import Finding, Reading, keep

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
SOURCES = tuple(
    Source(name, name, "list", (f"https://{name}.example",), Interval(60.0)) for name in ("herald", "daily")
)
CHIP = Rule("chip", "chip", "반도체")
BOAT = Rule("boat", "boat", "조선")
ALIASES = {"us": ("해솔", "나래")}


def plan(*rules: Rule) -> Plan:
    return Plan("-".join(rule.expression for rule in rules) or "none", SOURCES, rules, (), ALIASES)


class Stock:
    """A database with articles, and the question that is under test."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder}/monitor.db"
        self._numbers = itertools.count()
        upgrade(self.url)

    async def store(self, *articles: tuple[str, timedelta], hits: str = "", source: str = "herald") -> None:
        """Store articles of these titles and ages, each with a hit of the rule `hits` where it is named."""
        database = Database(self.url)
        try:
            kept = ArticleStore(database, choose, WINDOW)
            for title, age in articles:
                key = str(next(self._numbers))
                article = Article(key, f"https://x.example/{key}", source, title, NOW - age, body=f"{title}.")
                told = (Finding(Hit(hits, hits, "v", (), ""), (Notification("desk", hits, None),)),) if hits else ()
                await keep(kept, Reading(None, article, Signature(), told), render, NOW - age)
        finally:
            await database.aclose()

    async def in_force(self, wanted: Plan, when: datetime = NOW - timedelta(days=9)) -> None:
        database = Database(self.url)
        try:
            await SourceStore(database).sync_plan(wanted, when)
        finally:
            await database.aclose()

    def count(self, wanted: Plan, clock: Callable[[], float] = lambda: 0.0) -> UntoldCount:
        with SqlReader(self.url) as reader:
            return untold(reader, wanted, compile_rules(wanted.rules, wanted.aliases), NOW, clock)


@pytest.fixture
def stock(tmp_path: Path) -> Stock:
    return Stock(tmp_path)


HOUR = timedelta(hours=1)


async def test_a_new_rule_counts_what_is_stored_and_was_not_its_hit(stock: Stock) -> None:
    await stock.in_force(plan(CHIP))
    await stock.store(("조선 수주", 8 * 24 * HOUR))
    await stock.store(("조선 실적", 3 * HOUR), ("조선 파업", 2 * HOUR), ("반도체 호황", HOUR))
    await stock.store(("조선 합병", HOUR), hits="boat")
    found = stock.count(plan(CHIP, BOAT))
    assert (found.by_rule, found.whole) == ({"boat": 2}, True)
    (line,) = found.lines()
    assert line.startswith("rule boat: 2 stored articles of the last 7 days match and will not be sent; ")
    assert line.endswith("monitor hits --rule boat")


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (CHIP, Rule("chip", "chip", "반도체 OR 조선"), 2),
        (CHIP, Rule("chip", "chip", "@us"), 1),
        (Rule("chip", "chip", "조선", sources=("daily",)), Rule("chip", "chip", "조선"), 2),
    ],
)
async def test_a_changed_rule_counts_what_it_finds_now(stock: Stock, before: Rule, after: Rule, found: int) -> None:
    await stock.in_force(plan(before))
    await stock.store(("조선 실적", 3 * HOUR), ("해솔 나래 조선", HOUR))
    assert stock.count(plan(after)).by_rule == {"chip": found}
    assert stock.count(plan(before)).by_rule == {}, "what is in force has told already"


async def test_a_rule_of_some_sources_counts_theirs_alone(stock: Stock) -> None:
    await stock.in_force(plan())
    await stock.store(("조선 실적", 3 * HOUR), ("조선 파업", HOUR))
    await stock.store(("조선 수주", HOUR), source="daily")
    assert stock.count(plan(Rule("boat", "boat", "조선", sources=("daily",)))).by_rule == {"boat": 1}


@pytest.mark.parametrize(("away", "silent"), [(timedelta(hours=5), 1), (timedelta(days=4), 2)])
async def test_what_came_while_a_rule_was_away_for_a_short_time_is_told(
    stock: Stock, away: timedelta, silent: int
) -> None:
    await stock.in_force(plan(CHIP))
    await stock.store(("조선 실적", 6 * 24 * HOUR))
    await stock.in_force(plan(CHIP, BOAT), NOW - timedelta(days=5))
    await stock.in_force(plan(CHIP), NOW - away)
    await stock.store(("조선 파업", HOUR))
    assert stock.count(plan(CHIP, BOAT)).by_rule == {"boat": silent}


async def test_counting_ends_in_time_and_says_so(stock: Stock) -> None:
    await stock.in_force(plan())
    await stock.store(*((f"조선 {number}", HOUR) for number in range(9)))
    steps = itertools.count()
    found = stock.count(plan(BOAT), lambda: MOST * next(steps) / 5)
    assert not found.whole
    assert 0 < found.by_rule["boat"] < 9
    assert f"at least {found.by_rule['boat']} stored articles" in found.lines()[0]
    later = itertools.count()
    (line,) = stock.count(plan(Rule("none", "none", "없는말")), lambda: MOST * next(later) / 5).lines()
    assert line.startswith("none of the newest ")
    assert "no time for the rest" in line


def test_many_rules_have_their_first_lines_and_a_sum() -> None:
    lines = UntoldCount({f"r{n}": n for n in range(15)}, 99, whole=True).lines()
    assert [line.split(":")[0] for line in lines[:2]] == ["rule r14", "rule r13"]
    assert len(lines) == 11
    assert lines[-1] == "4 more rules match stored articles that will not be sent"
    assert UntoldCount({}, 5, whole=True).lines() == ()
    assert "1 stored article of" in UntoldCount({"one": 1}, 5, whole=True).lines()[0]
