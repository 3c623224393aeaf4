"""Old articles meet new rules silently; what came while a rule was away is told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.match.ruleset import RuleSet
from monitor.model.article import Article
from monitor.model.event import HitStored, Rematched
from monitor.model.hit import Match
from monitor.model.plan import Plan, Rule
from monitor.model.records import HitQuery
from monitor.model.task import Poll, Rematch
from monitor.pipeline.ports import Matcher
from monitor.pipeline.rematch import legs
from monitor.store.write.rule_store import GAP_TOLD, StaleRule, StaleRules
from tests.pipeline.app import App, plan
from tests.pipeline.test_poll import baseline

FIRST = Rule("first", "처음", "첫", (), ("desk",))
SECOND = Rule("second", "둘째", "기사", (), ("desk",))
OPENAI = plan().rules[0]


async def with_new_rule(app: App) -> None:
    await baseline(app)
    await app.tick()
    await app.put(plan(version="v2", rules=(*plan().rules, FIRST)))


async def publish(app: App, *numbers: int, body: str = "오픈AI가 첫 소식을 알렸다.") -> None:
    """Have the paper show these articles, and poll it."""
    for number in numbers:
        app.press.article(number, body)
    app.press.listing(*numbers)
    app.clock.pass_(minutes=5)
    await app.run(Poll("paper"))


def hits(app: App, rule: str) -> list[str]:
    with app.reader() as reader:
        return [hit.alerted for hit in reader.hits(HitQuery(rule=rule))]


async def test_a_new_rule_finds_old_articles_and_tells_nobody(app: App) -> None:
    await with_new_rule(app)
    assert Rematch() in await app.due()
    await app.tick()
    assert hits(app, "first") == ["suppressed:rematch"]
    assert app.post.sent == []
    assert app.witness.of(Rematched)[-1] == Rematched(("first",), 0, 1, 1, 0)
    assert Rematch() not in await app.due()


async def test_a_rematch_that_was_cut_short_is_due_again(app: App) -> None:
    await with_new_rule(app)
    app.stopping[0] = True
    await app.run(Rematch())
    assert hits(app, "first") == []
    app.stopping[0] = False
    assert Rematch() in await app.due()


async def test_a_changed_expression_or_alias_is_stale_a_changed_name_is_not(app: App) -> None:
    await baseline(app)
    await app.tick()
    await app.put(plan(version="v2", rules=(replace(OPENAI, name="오픈에이아이", channels=()),)))
    assert Rematch() not in await app.due()
    await app.put(plan(version="v3", aliases={"openai": ("OpenAI", "오픈AI", "오픈에이아이")}))
    assert Rematch() in await app.due()


async def test_rematching_twice_adds_nothing(app: App) -> None:
    await with_new_rule(app)
    await app.run(Rematch(), Rematch())
    assert len(hits(app, "first")) == 1


async def test_with_nothing_stale_nothing_is_reported(app: App) -> None:
    await app.tick()
    told = len(app.witness.of(Rematched))
    await app.run(Rematch())
    assert len(app.witness.of(Rematched)) == told


async def test_what_came_while_a_rule_was_away_is_found_and_told_once(app: App) -> None:
    await baseline(app)
    await app.tick()
    await app.put(plan(version="v2", rules=(FIRST,)))
    await app.tick()
    app.post.sent.clear()
    await publish(app, 2, body="오픈AI가 발표했다.")
    assert hits(app, "openai") == ["baseline"]
    await app.put(plan(version="v3", rules=(FIRST, OPENAI)))
    await app.tick()
    assert hits(app, "openai") == ["sent", "baseline"]
    assert len(app.post.sent) == 1
    assert [event.rule_id for event in app.witness.of(HitStored) if isinstance(event, HitStored)][-1] == "openai"
    assert app.witness.of(Rematched)[-1] == Rematched(("openai",), 0, 1, 1, 1)
    await app.run(Rematch())
    await app.tick()
    assert len(app.post.sent) == 1


async def test_a_definition_that_was_changed_for_a_while_is_the_same_rule_when_it_comes_back(app: App) -> None:
    await baseline(app)
    await app.tick()
    await app.put(plan(version="v2", rules=(replace(OPENAI, expression="딥시크"),)))
    await app.tick()
    await publish(app, 2, body="오픈AI가 발표했다.")
    assert app.post.sent == []
    await app.put(plan(version="v3"))
    await app.tick()
    assert hits(app, "openai") == ["sent", "baseline"]


async def test_a_rule_that_was_away_for_long_counts_as_new(app: App) -> None:
    await baseline(app)
    await app.tick()
    await app.put(plan(version="v2", rules=(FIRST,)))
    await app.tick()
    await publish(app, 2, body="오픈AI가 발표했다.")
    app.clock.now += GAP_TOLD
    await app.put(plan(version="v3", rules=(FIRST, OPENAI)))
    await app.tick()
    assert hits(app, "openai") == ["suppressed:rematch", "baseline"]


async def test_the_first_run_of_a_source_stays_silent_though_it_fell_into_a_gap(app: App) -> None:
    await app.tick()
    await app.put(plan(version="v2", rules=(FIRST,)))
    await publish(app, 1, body="오픈AI가 발표했다.")
    await app.put(plan(version="v3", rules=(FIRST, OPENAI)))
    await app.tick()
    assert hits(app, "openai") == ["baseline"]
    assert app.post.sent == []


class Stopping:
    """The rules of a plan, which say stop, or change the plan, when they meet their n-th article."""

    def __init__(self, rules: RuleSet, after: int, act: Callable[[], None]) -> None:
        self.rules, self.left, self.act = rules, [after], act
        self.slow = False

    def match(self, article: Article) -> Sequence[tuple[str, tuple[Match, ...]]]:
        self.left[0] -= 1
        if self.left[0] == 0:
            self.act()
        return self.rules.match(article)

    def only(self, rule_ids: Collection[str]) -> Matcher:
        other = Stopping(self.rules.only(rule_ids), 0, self.act)
        other.left = self.left
        return other


async def test_a_walk_goes_on_from_its_last_page_and_evaluates_the_stale_rules_alone(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.pipeline.rematch.PAGE", 2)
    await baseline(app)
    await app.tick()
    await publish(app, *range(2, 9))
    await app.put(plan(version="v2", rules=(OPENAI, FIRST)))
    rules = app.current_plan.rules
    app.current_plan.rules = Stopping(rules, 6, partial(app.stopping.__setitem__, 0, True))  # type: ignore[assignment]  # noqa: FBT003
    await app.run(Rematch())
    assert app.stopping[0]
    assert len(hits(app, "first")) == 4, "two pages of two"
    app.stopping[0], app.current_plan.rules = False, rules
    await app.run(Rematch())
    assert len(hits(app, "first")) == 8
    assert app.witness.of(Rematched)[-1] == Rematched(("first",), 0, 4, 4, 0)


async def test_a_plan_that_changes_during_a_walk_is_walked_with_from_there(app: App) -> None:
    await baseline(app)
    await app.tick()
    await publish(app, 2)
    wanted = plan(version="v3", rules=(OPENAI, SECOND))
    await app.put(plan(version="v2", rules=(OPENAI, FIRST)))
    rules = app.current_plan.rules
    app.current_plan.rules = Stopping(rules, 1, lambda: app.current_plan.set(wanted))  # type: ignore[assignment]
    await app.run(Rematch())
    assert hits(app, "first") == [], "an old plan writes nothing"
    await app.put(wanted)
    await app.tick()
    assert len(hits(app, "second")) == 2


async def test_an_article_handed_over_while_the_rules_were_exchanged_is_found(app: App) -> None:
    """It was matched with the old plan, and its transaction comes behind the one that notes the new plan."""
    await baseline(app)
    await app.tick()
    app.press.article(2, "첫 소식이다.")
    app.press.listing(1, 2)
    app.clock.pass_(minutes=5)
    wanted = plan(version="v2", rules=(OPENAI, FIRST))
    await app.source_store.sync_plan(wanted, app.clock())
    await app.run(Poll("paper"))
    app.current_plan.set(wanted)
    await app.tick()
    assert sorted(hits(app, "first")) == ["sent", "suppressed:rematch"], "news that came after the rule is told"


async def test_a_slow_matcher_never_stores_by_an_older_plan(app: App) -> None:
    await baseline(app)
    await app.tick()
    wanted = plan(version="v2", rules=(OPENAI, FIRST))
    rules = Stopping(app.current_plan.rules, 1, lambda: app.current_plan.set(wanted))
    rules.slow = True
    app.current_plan.rules = rules  # type: ignore[assignment]
    await publish(app, 2)
    assert hits(app, "first") == ["sent"]


TWIN = "https://paper.example/twin"
LIMITED = replace(FIRST, expression="소식", sources=("twin",))


def two_sources(version: str, *rules: Rule) -> Plan:
    paper = plan().sources[0]
    return plan(version=version, sources=(paper, replace(paper, id="twin", urls=(TWIN,))), rules=(OPENAI, *rules))


@pytest.mark.parametrize("silently", [False, True])
async def test_what_a_further_source_brought_is_held_against_rules_of_that_source(app: App, *, silently: bool) -> None:
    await app.put(two_sources("v1", *(() if silently else (LIMITED,))))
    app.press.listing(1, url=TWIN)
    await baseline(app)
    await app.run(Poll("twin", at_once=True))
    await publish(app, 2)
    assert hits(app, "first") == [], "it is no article of the twin yet"
    await app.put(two_sources("v2"))
    app.clock.pass_(minutes=5)
    app.press.listing(2, 1, url=TWIN)
    await app.run(Poll("twin", at_once=True))
    assert hits(app, "first") == []
    await app.put(two_sources("v3", LIMITED))
    await app.tick()
    assert hits(app, "first") == (["suppressed:rematch"] if silently else ["sent"])
    await app.put(two_sources("v4", LIMITED))
    await app.tick()
    assert len(hits(app, "first")) == 1


async def test_many_rules_are_named_in_one_short_event(app: App) -> None:
    await baseline(app)
    await app.tick()
    many = tuple(replace(FIRST, id=f"rule{number}") for number in range(40))
    await app.put(plan(version="v2", rules=many))
    await app.tick()
    event = app.witness.of(Rematched)[-1]
    assert isinstance(event, Rematched)
    assert (event.rules, event.more, event.hits) == (("rule0", "rule1", "rule2", "rule3", "rule4"), 35, 40)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=8), st.integers(0, 12))
def test_every_rule_meets_every_article_before_it_once(positions: list[int], horizon: int) -> None:
    rules = tuple(StaleRule(number, f"r{number}", at, 0) for number, at in enumerate(positions))
    met = [
        (rule.row_id, n)
        for leg in legs(StaleRules(rules, horizon))
        for rule in leg.rules
        for n in range(leg.after + 1, leg.to + 1)
    ]
    assert len(met) == len(set(met))
    assert set(met) == {(rule.row_id, n) for rule in rules for n in range(rule.matched_to + 1, horizon + 1)}
