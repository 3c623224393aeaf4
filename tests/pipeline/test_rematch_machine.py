"""Rules that come, change, leave and return, at random, while articles come and the program is killed: nothing is missed.

The model knows what each article says and what each rule asks for. At the end every article that a rule of the plan finds
has its hit; nothing is told twice; what a rule missed is told, unless it is older than the rule, of a first run, or of a
time in which the rule was away for too long.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import cast

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from monitor.channels.words.compose import compose
from monitor.cluster.choice import WINDOW, choose
from monitor.match.ruleset import RuleSet, compile_rules
from monitor.model.article import Article
from monitor.model.hit import Match
from monitor.model.plan import Plan, Rule
from monitor.model.story import Signature
from monitor.model.task import Rematch
from monitor.notify.policy import decide_hits
from monitor.pipeline.articles import hits_in
from monitor.pipeline.ports import Matcher
from monitor.pipeline.rematch import Rematcher
from monitor.schedule.calendar import CALENDAR
from monitor.store.db.database import Database
from monitor.store.tables.schema import article, hit, notification
from monitor.store.write.article_store import ArticleStore, ArticleWrite
from monitor.store.write.rule_store import GAP_TOLD, RuleStore
from monitor.store.write.source_store import SourceStore
from tests.contracts.databases import PostgresFactory, SqliteFactory
from tests.contracts.invented import NOW, entry, listing, plan
from tests.pipeline.app import DESK, Witness

WORDS = ("딥시크", "오픈에이아이", "스타게이트")
FIXED = Rule("fixed", "fixed", WORDS[0], (), ("desk",))
"""It is in the plan or not, but never another: of its hits the model knows which are told."""

TEXTS = st.sets(st.sampled_from(WORDS), max_size=3)
PLANS = st.builds(
    lambda free, fixed: (
        *(Rule(name, name, word, (), ("desk",)) for name, word in sorted(free.items())),
        *((FIXED,) if fixed else ()),
    ),
    st.dictionaries(st.sampled_from(("a", "b")), st.sampled_from(WORDS)),
    st.booleans(),
)


@dataclass
class Told:
    """What is to become of the fixed rule's hit on an article.

    `fate`: told; silent (found, nobody is told); ahead (no walk has come to it); maybe (one that was cut may have);
    either (told or silent, by how far that one came).
    """

    words: set[str]
    baseline: bool
    fate: str = "ahead"


class Cut:
    """Rules that say stop at their n-th article."""

    slow = False

    def __init__(self, rules: RuleSet, left: list[int]) -> None:
        self.rules, self.left = rules, left

    def match(self, article: Article) -> Sequence[tuple[str, tuple[Match, ...]]]:
        """Match, and count down."""
        self.left[0] -= 1
        return self.rules.match(article)

    def only(self, rule_ids: Collection[str]) -> Matcher:
        """Narrow; the count goes on."""
        return Cut(self.rules.only(rule_ids), self.left)


class InForce:
    """The plan in force, as it is compiled."""

    def __init__(self, planned: Plan, left: list[int]) -> None:
        self.planned = planned
        self.rules = Cut(compile_rules(planned.rules, {}), left)

    def current(self) -> tuple[Plan, Cut]:
        """Return it."""
        return self.planned, self.rules


class RematchMachine(RuleBasedStateMachine):
    """Does at random what an operator, newspapers and a failing machine do, and compares."""

    def __init__(self, make_url: Callable[[], str]) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.url = make_url()
        self.now = NOW
        self.left = [10**9]
        self.articles: list[Told] = []
        self.known = False  # the fixed rule was in a plan before
        self.left_at = NOW
        self.number = 0
        self.synced: tuple[Rule, ...] = ()
        self.open()

    def open(self) -> None:
        """Begin a process."""
        self.db = Database(self.url)
        self.article_store = ArticleStore(self.db, choose, WINDOW)
        self.source_store, self.rule_store = SourceStore(self.db), RuleStore(self.db)

    def teardown(self) -> None:
        """Walk to the end, look whether nothing is missed, and close everything."""
        try:
            self.walk(10**9)
            self.everything_was_found()
        finally:
            self.runner.run(self.db.aclose())
            self.runner.close()

    def sync(self, rules: tuple[Rule, ...]) -> Plan:
        """Note a plan in the store; the model notes what it means for the fixed rule."""
        self.number += 1
        wanted = Plan(f"v{self.number}", plan().sources, rules, (DESK,))
        self.runner.run(self.source_store.sync_plan(wanted, self.now))
        before, after = FIXED in self.synced, FIXED in rules
        if before and not after:
            self.left_at = self.now
        old = not self.known or self.now - self.left_at > GAP_TOLD
        if after and not before and old:
            for one in self.articles:
                one.fate = {"ahead": "silent", "maybe": "either"}.get(one.fate, one.fate)
        self.known |= after
        self.synced = rules
        return wanted

    @initialize(rules=PLANS)
    def start(self, rules: tuple[Rule, ...]) -> None:
        """Begin with a plan."""
        self.in_force = InForce(self.sync(rules), self.left)

    @rule(words=TEXTS, baseline=st.booleans())
    def publish(self, words: set[str], *, baseline: bool) -> None:
        """A poll brings an article."""
        number = len(self.articles)
        key = f"k{number}"
        self.runner.run(self.source_store.commit_list(listing(entry(key)), self.now, baseline=baseline, ignore=False))
        (waiting,) = self.runner.run(self.source_store.pending_entries("herald", self.now, 10))
        piece = Article(key, f"https://paper.example/{number}", "herald", " ".join(sorted(words)) or "없음", self.now)
        planned, matcher = self.in_force.planned, self.in_force.rules.rules
        hits = hits_in(piece, planned, matcher)
        decide = partial(decide_hits, plan=planned, calendar=CALENDAR, baseline=baseline)
        self.runner.run(
            self.article_store.commit(ArticleWrite(waiting.id, piece, Signature(), hits), decide, compose, self.now)
        )
        fate = "told" if FIXED in planned.rules else "ahead"
        self.articles.append(Told(set(words), baseline, fate))

    @rule(rules=PLANS, late=st.lists(TEXTS, max_size=2))
    def reload(self, rules: tuple[Rule, ...], late: list[set[str]]) -> None:
        """Put a plan in force; polls that hold the old one bring their articles behind the note of the new one."""
        wanted = self.sync(rules)
        for words in late:
            self.publish(words, baseline=False)
        self.in_force = InForce(wanted, self.left)

    @rule(articles=st.integers(0, 5))
    def walk(self, articles: int) -> None:
        """Hold the changed rules against the articles, until the program is told to stop after so many of them."""
        self.left[0] = articles
        step = Rematcher(
            plans=self.in_force,
            article_store=self.article_store,
            rule_store=self.rule_store,
            observer=Witness(),
            clock=lambda: self.now,
            stopping=lambda: self.left[0] <= 0,
        )

        async def whole() -> None:
            async for _ in step(Rematch()):
                pass

        self.runner.run(whole())
        if FIXED in self.in_force.planned.rules:
            ended = self.left[0] > 0
            for one in self.articles:
                if one.fate in {"ahead", "maybe"}:
                    one.fate = "told" if ended else "maybe"

    @rule(rules=st.none() | PLANS)
    def restart(self, rules: tuple[Rule, ...] | None) -> None:
        """Kill the process; the next one finds the same files, or others."""
        self.runner.run(self.db.aclose())
        self.open()
        self.in_force = InForce(self.sync(self.synced if rules is None else rules), self.left)

    @rule(rules=PLANS, words=TEXTS, hours=st.sampled_from((1, 80)))
    def lose_the_file(self, rules: tuple[Rule, ...], words: set[str], hours: int) -> None:
        """Put the fixed rule out and in again, with an article between the two."""
        others = tuple(one for one in rules if one != FIXED)
        self.reload(others, [])
        self.publish(words, baseline=False)
        self.wait(hours)
        self.reload((*others, FIXED), [])

    @rule(hours=st.sampled_from((1, 80)))
    def wait(self, hours: int) -> None:
        """Let time pass."""
        self.now += timedelta(hours=hours)

    def found(self) -> dict[tuple[int, str], list[str]]:
        """Return the reasons of each hit's notifications, by article and rule."""
        joined = hit.join(article, article.c.id == hit.c.article_id).join(
            notification, notification.c.hit_id == hit.c.id
        )
        query = select(article.c.key, hit.c.rule_id, notification.c.reason).select_from(joined)
        rows = self.runner.run(self.db.read(lambda connection: connection.execute(query).all()))
        found: dict[tuple[int, str], list[str]] = {}
        for key, rule_id, reason in rows:
            found.setdefault((int(key[1:]), rule_id), []).append(reason)
        return found

    @invariant()
    def nothing_is_decided_twice(self) -> None:
        """A hit has one channel, and so one notification."""
        assert all(len(reasons) == 1 for reasons in self.found().values())

    def everything_was_found(self) -> None:
        """Compare with the model, after a walk to the end."""
        found = self.found()
        for number, one in enumerate(self.articles):
            for wanted in self.in_force.planned.rules:
                if wanted.expression in one.words:
                    assert (number, wanted.id) in found, (number, wanted)
            reasons = found.get((number, FIXED.id), [])
            if reasons and one.fate in {"told", "silent"}:
                silent = "rematch" if not one.baseline or reasons == ["rematch"] else "baseline"
                told = "baseline" if one.baseline else ""
                assert reasons == [told if one.fate == "told" else silent], (number, one)


def run(factory: SqliteFactory | PostgresFactory, examples: int) -> None:
    """Let the machine play."""
    make = cast("type[RuleBasedStateMachine]", lambda: RematchMachine(factory.migrated))  # it is only called
    run_state_machine_as_test(make, settings=settings(max_examples=examples, stateful_step_count=30))


@pytest.mark.long
@pytest.mark.slow
def test_no_order_of_plans_articles_and_restarts_misses_a_hit(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.pipeline.rematch.PAGE", 2)
    run(SqliteFactory(tmp_path_factory.mktemp("rematch")), 40)
