"""How far the rules were held: what a new, a changed, a returned and a departed rule has before it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from monitor.model.plan import Plan, Rule
from monitor.model.story import Signature
from monitor.store.db.database import Database
from monitor.store.tables.schema import rule_state
from monitor.store.write.article_store import ArticleStore, ArticleWrite
from monitor.store.write.maintenance import Maintenance
from monitor.store.write.rule_store import GAP_TOLD, KEPT, RuleStore
from monitor.store.write.source_store import SourceStore
from tests.contracts.invented import NOW, Reading, article, keep, later, plan, render

FIRST = Rule("first", "처음", "첫", (), ("desk",))
SECOND = Rule("second", "둘째", "둘", (), ("desk",))


@pytest.fixture
def rule_store(db: Database) -> RuleStore:
    """The store of rules on the fresh database."""
    return RuleStore(db)


def of(*rules: Rule, **changes: object) -> Plan:
    """Return a plan of these rules."""
    return replace(plan(), rules=rules, **changes)  # type: ignore[arg-type]  # the fields are checked by the dataclass


async def publish(article_store: ArticleStore, *keys: str) -> int:
    """Store articles without hits; return the number of the last one."""
    for key in keys:
        written = await keep(article_store, Reading(None, article(key), Signature(), ()), render, NOW)
    return written.article_id


async def stale(rule_store: RuleStore, wanted: Plan) -> list[tuple[str, int, int]]:
    """Return (rule, held to, silent to) of what a walk has to do."""
    found = await rule_store.stale_rules(wanted)
    assert bool(found.rules) <= await rule_store.any_stale()
    return [(rule.rule_id, rule.matched_to, rule.silent_to) for rule in found.rules]


async def finish(rule_store: RuleStore, wanted: Plan) -> None:
    """Hold the rules against everything."""
    await rule_store.complete((await rule_store.stale_rules(wanted)).rules, NOW)
    assert not await rule_store.any_stale()


async def test_a_new_rule_has_all_articles_before_it_and_those_are_old(
    source_store: SourceStore, article_store: ArticleStore, rule_store: RuleStore
) -> None:
    last = await publish(article_store, "a", "b")
    await source_store.sync_plan(of(FIRST), NOW)
    later_one = await publish(article_store, "c")
    assert await stale(rule_store, of(FIRST)) == [("first", 0, last)]
    assert (await rule_store.stale_rules(of(FIRST))).horizon == later_one
    await finish(rule_store, of(FIRST))
    await source_store.sync_plan(of(FIRST), later(1))
    assert await stale(rule_store, of(FIRST)) == []


async def test_progress_is_kept_rule_by_rule_and_over_other_plans(
    source_store: SourceStore, article_store: ArticleStore, rule_store: RuleStore
) -> None:
    last = await publish(article_store, "a", "b", "c")
    await source_store.sync_plan(of(FIRST), NOW)
    await rule_store.advance((await rule_store.stale_rules(of(FIRST))).rules, last - 1)
    await source_store.sync_plan(of(FIRST, SECOND), later(1))
    assert await stale(rule_store, of(FIRST, SECOND)) == [("first", last - 1, last), ("second", 0, last)]
    changed = replace(FIRST, expression="다른")
    await source_store.sync_plan(of(changed, SECOND), later(2))
    assert await stale(rule_store, of(changed, SECOND)) == [("first", 0, last), ("second", 0, last)]
    await source_store.sync_plan(of(FIRST, SECOND), later(3))
    assert await stale(rule_store, of(FIRST)) == [("first", last - 1, last)], "where its walk was cut"


async def test_a_rule_that_comes_back_goes_on_where_it_left(
    source_store: SourceStore, article_store: ArticleStore, rule_store: RuleStore
) -> None:
    old = await publish(article_store, "a")
    await source_store.sync_plan(of(FIRST), NOW)
    held = await publish(article_store, "b")
    await finish(rule_store, of(FIRST))
    await source_store.sync_plan(of(SECOND), later(1))
    last = await publish(article_store, "c")
    await source_store.sync_plan(of(FIRST), NOW + GAP_TOLD)
    assert await stale(rule_store, of(FIRST)) == [("first", held, old)]
    await finish(rule_store, of(FIRST))
    await source_store.sync_plan(of(SECOND), later(5))
    await source_store.sync_plan(of(FIRST), later(5) + GAP_TOLD + timedelta(seconds=1))
    assert await stale(rule_store, of(FIRST)) == [("first", last, last)], "away for long, it finds silently"


async def test_a_walk_that_ends_after_its_rule_left_completes_nothing(
    source_store: SourceStore, article_store: ArticleStore, rule_store: RuleStore
) -> None:
    last = await publish(article_store, "a", "b")
    await source_store.sync_plan(of(FIRST), NOW)
    walk = await rule_store.stale_rules(of(FIRST))
    await rule_store.advance(walk.rules, last)
    await source_store.sync_plan(of(SECOND), later(1))
    await rule_store.complete(walk.rules, later(2))
    await publish(article_store, "c")
    await source_store.sync_plan(of(FIRST), later(3))
    assert await stale(rule_store, of(FIRST)) == [("first", last, last)]


async def test_a_plan_that_is_not_the_stored_one_has_nothing_to_do(
    source_store: SourceStore, rule_store: RuleStore
) -> None:
    await source_store.sync_plan(of(FIRST), NOW)
    assert await stale(rule_store, of(SECOND)) == []
    assert await stale(rule_store, of(replace(FIRST, expression="다른"))) == []
    assert await stale(rule_store, of(FIRST, SECOND)) == [("first", 0, 0)]


async def test_whom_a_rule_tells_decides_nothing_but_aliases_and_the_analyser_do(
    source_store: SourceStore, rule_store: RuleStore
) -> None:
    rule = replace(FIRST, expression="@openai")
    wanted = of(rule, aliases={"openai": ("오픈AI",)})
    await source_store.sync_plan(wanted, NOW)
    await finish(rule_store, wanted)
    same = of(replace(rule, name="다른 이름", channels=()), aliases={"openai": ("오픈AI",)})
    await source_store.sync_plan(same, later(1))
    assert await stale(rule_store, same) == []
    for other in (of(rule, aliases={"openai": ("오픈AI", "OpenAI")}), replace(wanted, analyser="kiwi")):
        await source_store.sync_plan(other, later(2))
        assert await stale(rule_store, other) == [("first", 0, 0)]
    await source_store.sync_plan(of(FIRST, aliases={"a": ("b",)}), later(3))
    await finish(rule_store, of(FIRST, aliases={"a": ("b",)}))
    await source_store.sync_plan(of(FIRST), later(4))
    assert await stale(rule_store, of(FIRST)) == [], "no alias is named"


async def test_numbers_that_are_given_out_again_are_not_taken_for_held(
    source_store: SourceStore, article_store: ArticleStore, rule_store: RuleStore, db: Database
) -> None:
    await source_store.sync_plan(of(FIRST), NOW)
    await publish(article_store, "a", "b", "c")
    await finish(rule_store, of(FIRST))
    await source_store.sync_plan(of(SECOND), later(1))
    assert await Maintenance(db).drop_articles(later(10)) == 3
    last = await publish(article_store, "d")
    await source_store.sync_plan(of(FIRST), later(20))
    ((_, held, _),) = await stale(rule_store, of(FIRST))
    assert held < last


async def test_two_thousand_rules_move_together(
    source_store: SourceStore, article_store: ArticleStore, rule_store: RuleStore
) -> None:
    wanted = of(*(replace(FIRST, id=f"r{number}") for number in range(2_000)))
    last = await publish(article_store, "a")
    await source_store.sync_plan(wanted, NOW)
    await rule_store.advance((await rule_store.stale_rules(wanted)).rules, last)
    assert {held for _, held, _ in await stale(rule_store, wanted)} == {last}
    await finish(rule_store, wanted)


async def test_what_left_long_ago_is_forgotten_and_comes_back_as_new(
    source_store: SourceStore, article_store: ArticleStore, rule_store: RuleStore, db: Database
) -> None:
    last = await publish(article_store, "a")
    await source_store.sync_plan(of(FIRST), NOW)
    await finish(rule_store, of(FIRST))
    await source_store.sync_plan(of(SECOND), later(1))
    count = select(func.count()).select_from(rule_state)
    assert await db.read(lambda connection: connection.execute(count).scalar_one()) == 2
    await source_store.sync_plan(of(SECOND, version="v2"), later(2) + KEPT)
    assert await db.read(lambda connection: connection.execute(count).scalar_one()) == 1
    await source_store.sync_plan(of(FIRST, SECOND, version="v3"), later(3) + KEPT)
    assert ("first", 0, last) in await stale(rule_store, of(FIRST, SECOND))


async def test_what_another_process_matched_with_an_older_plan_is_held_against_the_new_one_too(
    source_store: SourceStore, article_store: ArticleStore, rule_store: RuleStore
) -> None:
    last = await publish(article_store, "a")
    await source_store.sync_plan(of(FIRST, version="v1"), NOW)
    await finish(rule_store, of(FIRST, version="v1"))
    wanted = of(FIRST, SECOND, version="v2")
    await source_store.sync_plan(wanted, later(1))
    walk = await rule_store.stale_rules(wanted)
    await rule_store.advance(walk.rules, walk.horizon)

    async def commit(key: str, version: str) -> None:
        write = ArticleWrite(None, article(key), Signature(), (), plan_version=version)
        await article_store.commit(write, lambda _: (), lambda _: b"", NOW)

    await commit("b", "v1")
    await rule_store.complete(walk.rules, later(2))
    assert await stale(rule_store, wanted) == [("first", last, last), ("second", last, last)], "from that article on"
    walk = await rule_store.stale_rules(wanted)
    await rule_store.advance(walk.rules, walk.horizon)
    await rule_store.complete(walk.rules, later(3))
    assert not await rule_store.any_stale()
    await commit("c", "v2")
    assert not await rule_store.any_stale(), "it met the latest plan"
    await commit("d", "v1")
    await commit("e", "v1")
    rewritten = ArticleWrite(None, article("a", title="고침"), Signature(), (), again=True, plan_version="v1")
    await article_store.commit(rewritten, lambda _: (), lambda _: b"", NOW)
    walk = await rule_store.stale_rules(wanted)
    await rule_store.advance(walk.rules, walk.horizon - 1)
    await rule_store.complete(walk.rules, later(4))
    assert await rule_store.any_stale(), "the last one is still before them"
    assert [rule for rule, *_ in await stale(rule_store, wanted)] == ["first", "second"]
