"""Which channels hear of a rule's hits, by a second reading of what the manual says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.plan import Channel, Interval, Plan, Route, Rule, Source
from monitor.notify.routes import OWN, listeners, unheard

SOURCES = ("mediapen", "herald", "off")
PLAN = Plan(
    "v1",
    tuple(Source(name, name, "list", (), Interval(60.0), enabled=name != "off") for name in SOURCES),
    channels=tuple(Channel(name, "webhook", "https://h.example/") for name in ("desk", "phone", "rivals")),
)
RULE = Rule("openai", "OpenAI", "@openai", tags=("rival", "ai"), severity="critical")
SHIPPED = (
    Route(("phone", "desk"), severities=("critical",)),
    Route(("rivals",), tags=("rival",), sources=("mediapen",)),
    Route(("desk",)),
)


def heard(*routes: Route, rule: Rule = RULE, source: str = "mediapen") -> dict[str, int]:
    return listeners(replace(PLAN, routes=routes), rule, source)


@pytest.mark.parametrize(
    ("rule", "source", "expected"),
    [
        (RULE, "mediapen", {"phone": 1, "desk": 1}),
        (replace(RULE, severity="warning"), "mediapen", {"rivals": 2}),
        (replace(RULE, severity="info"), "herald", {"desk": 3}),
        (replace(RULE, severity="info", tags=()), "mediapen", {"desk": 3}),
        (replace(RULE, severity="info", tags=("Rival",)), "mediapen", {"desk": 3}),
        (replace(RULE, channels=("rivals",)), "mediapen", {"rivals": OWN}),
        (replace(RULE, channels=("desk", "unknown", "desk")), "herald", {"desk": OWN, "unknown": OWN}),
    ],
)
def test_the_first_route_whose_conditions_hold_takes_the_hit(rule: Rule, source: str, expected: dict[str, int]) -> None:
    assert list(heard(*SHIPPED, rule=rule, source=source).items()) == list(expected.items())


def test_a_route_that_goes_on_lets_the_next_one_take_it_too() -> None:
    first = Route(("phone",), severities=("warning", "critical"), goes_on=True)
    assert heard(first, *SHIPPED) == {"phone": 1, "desk": 2}
    assert heard(first, first, Route(("desk", "phone"))) == {"phone": 1, "desk": 3}
    assert heard(first) == {"phone": 1}


@pytest.mark.parametrize(
    ("tiers", "source", "expected"),
    [
        ((1,), "mediapen", {"phone": 1}),
        ((1, 3), "herald", {"phone": 1}),
        ((1, 3), "off", {"desk": 2}),
        ((2,), "off", {"phone": 1}),
        ((1, 2, 3), "", {"desk": 2}),
        ((1, 2, 3), "left the plan", {"desk": 2}),
    ],
)
def test_a_route_asks_for_the_tier_of_the_source(tiers: tuple[int, ...], source: str, expected: dict[str, int]) -> None:
    weights = {"mediapen": 1, "herald": 3}
    plan = replace(PLAN, sources=tuple(replace(one, tier=weights.get(one.id, 2)) for one in PLAN.sources))
    routes = (Route(("phone",), tiers=tiers), Route(("desk",)))
    assert listeners(replace(plan, routes=routes), RULE, source) == expected
    lost = unheard(replace(plan, routes=routes[:1], rules=(RULE,)))
    away = tuple(one.id for one in plan.sources if one.tier not in tiers and one.enabled)
    everywhere = len(away) == sum(one.enabled for one in plan.sources)
    assert lost.rules == ({RULE.id: () if everywhere else away} if away else {})


def test_without_a_route_that_takes_it_and_with_one_for_nobody_nobody_hears() -> None:
    assert heard() == heard(Route(("desk",), rules=("other",))) == {}
    assert heard(Route((), tags=("ai",)), Route(("desk",))) == {}
    assert heard(Route((), tags=("ai",), goes_on=True), Route(("desk",))) == {"desk": 2}


_some = st.sampled_from
_conditions = st.builds(
    Route,
    st.lists(_some(("desk", "phone", "rivals")), unique=True, max_size=2).map(tuple),
    st.lists(_some(("ai", "rival", "archive")), unique=True, max_size=2).map(tuple),
    st.lists(_some(("info", "warning", "critical")), unique=True, max_size=2).map(tuple),
    st.lists(_some(("openai", "chips")), unique=True, max_size=1).map(tuple),
    st.lists(_some(SOURCES), unique=True, max_size=2).map(tuple),
    goes_on=st.booleans(),
)
_rules = st.builds(
    Rule,
    _some(("openai", "chips")),
    st.just("n"),
    st.just("x"),
    st.lists(_some(SOURCES), unique=True, max_size=2).map(tuple),
    st.lists(_some(("desk", "rivals")), unique=True, max_size=1).map(tuple),
    tags=st.lists(_some(("ai", "rival", "other")), unique=True, max_size=2).map(tuple),
    severity=_some(("info", "warning", "critical")),
)


def second_reading(routes: tuple[Route, ...], rule: Rule, source: str) -> list[str]:
    if rule.channels:
        return list(dict.fromkeys(rule.channels))
    if not routes:
        return []
    route, *rest = routes
    pairs = (
        (set(route.tags), set(rule.tags)),
        (set(route.severities), {rule.severity}),
        (set(route.rules), {rule.id}),
        (set(route.sources), {source}),
    )
    holds = all(not asked or asked & there for asked, there in pairs)
    behind = second_reading(tuple(rest), rule, source) if not holds or route.goes_on else []
    return list(dict.fromkeys([*(route.channels if holds else ()), *behind]))


@given(st.lists(_conditions, max_size=5).map(tuple), _rules, _some(SOURCES))
def test_who_hears_is_what_the_manual_says(routes: tuple[Route, ...], rule: Rule, source: str) -> None:
    found = heard(*routes, rule=rule, source=source)
    assert list(found) == second_reading(routes, rule, source)
    assert all(way == OWN or channel in routes[way - 1].channels for channel, way in found.items())


@given(
    st.lists(_conditions, max_size=5).map(tuple),
    st.lists(_rules, max_size=3, unique_by=lambda rule: rule.id).map(tuple),
    st.lists(_some(("desk", "phone", "rivals")), max_size=1).map(tuple),
)
def test_what_leads_nowhere_is_what_no_hit_comes_to(
    routes: tuple[Route, ...], rules: tuple[Rule, ...], operators: tuple[str, ...]
) -> None:
    plan = replace(PLAN, routes=routes, rules=rules, operator_channels=operators)
    found = unheard(plan)
    reached, used = set(operators), set()
    for rule in rules:
        for source in rule.sources or SOURCES:
            heard_there = listeners(plan, rule, source)
            reached |= set(heard_there)
            used |= set(heard_there.values()) - {OWN}
            meant = any(not route.channels for route in routes)
            silent = rule.id in found.rules and (not found.rules[rule.id] or source in found.rules[rule.id])
            if source == "off" and rule.sources != ("off",):
                continue  # no hit is lost where none comes from
            assert not silent or not heard_there
            assert silent or heard_there or meant, (rule.id, source)
    assert set(found.channels) == {"desk", "phone", "rivals"} - reached
    assert used.isdisjoint(found.routes)


def test_a_plan_without_sources_is_looked_at_all_the_same() -> None:
    plan = Plan("v", rules=(RULE,), channels=PLAN.channels[:1])
    assert unheard(plan).rules == {"openai": ()}
    assert unheard(replace(plan, routes=(Route(("desk",)),))).rules == {}
