"""Rematch: old articles meet new rules silently."""

from __future__ import annotations

from dataclasses import replace

from monitor.model.event import Rematched
from monitor.model.plan import Rule
from monitor.model.records import HitQuery
from monitor.model.task import Rematch
from tests.pipeline.app import App, plan
from tests.pipeline.test_poll import baseline

FIRST = Rule("first", "처음", "첫", (), ("desk",))


async def with_new_rule(app: App) -> None:
    await baseline(app)
    await app.tick()
    await app.put(plan(version="v2", rules=(*plan().rules, FIRST)))


async def test_a_new_rule_finds_old_articles_and_tells_nobody(app: App) -> None:
    await with_new_rule(app)
    assert Rematch("first") in await app.due()
    await app.tick()
    with app.reader() as reader:
        (hit,) = reader.hits(HitQuery(rule="first"))
        assert hit.alerted == "suppressed:rematch"
    assert app.post.sent == []
    assert app.witness.of(Rematched)[-1] == Rematched("first", 1, 1)
    assert Rematch("first") not in await app.due()


async def test_a_rematch_that_was_cut_short_is_due_again(app: App) -> None:
    await with_new_rule(app)
    app.stopping[0] = True
    await app.run(Rematch("first"))
    app.stopping[0] = False
    assert Rematch("first") in await app.due()


async def test_a_changed_expression_or_alias_is_stale_a_changed_name_is_not(app: App) -> None:
    await baseline(app)
    await app.tick()
    rule = plan().rules[0]
    await app.put(plan(version="v2", rules=(replace(rule, name="오픈에이아이"),)))
    assert Rematch("openai") not in await app.due()
    await app.put(plan(version="v3", aliases={"openai": ("OpenAI", "오픈AI", "오픈에이아이")}))
    assert Rematch("openai") in await app.due()


async def test_rematching_twice_adds_nothing(app: App) -> None:
    await with_new_rule(app)
    await app.run(Rematch("first"), Rematch("first"))
    with app.reader() as reader:
        assert len(reader.hits(HitQuery(rule="first"))) == 1


async def test_a_rule_that_left_the_plan_is_nothing_to_do(app: App) -> None:
    await app.run(Rematch("gone"))
    assert app.witness.of(Rematched) == []
