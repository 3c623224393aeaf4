"""Parts to a plan, its version, and what only shows when files are seen together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.config.assembly import channel, operator_channels, rule, source, tiers, version, warnings
from monitor.config.documents import Unquoted
from monitor.config.parts import ChannelPart, MonitorPart, RulePart, SourcePart
from monitor.config.places import Spot
from monitor.config.sections import Section
from monitor.config.shapes import Shape
from monitor.model.kind import NO_SETTINGS, Written
from monitor.model.plan import Adaptive, Channel, Interval, Pacing, Plan, Route, Rule, RuleTests, Source
from monitor.service.configuration import KNOWN_KINDS

KEY = "whsec_" + "QUJD" * 8
PLAN = Plan(
    version="",
    sources=(Source("press", "Press", "feed", ("https://press.example/",), Interval(300.0)),),
    rules=(Rule("ai", "AI", "인공지능", ("press",), ("desk",), RuleTests(("가",), ("나",))),),
    channels=(Channel("desk", "webhook", "https://h.example/", (KEY,)),),
    aliases={"x": ("가", "나")},
)


def test_names_default_to_ids_and_repeats_count_once() -> None:
    filled = rule(
        RulePart.model_validate({"id": "ai", "match": "x", "channels": ["b", "a", "b"], "sources": ["c", "c"]}),
        {},
    )
    assert (filled.name, filled.channels, filled.sources) == ("ai", ("b", "a"), ("c",))


@pytest.mark.parametrize(
    ("majors", "meant"),
    [
        (["tier1"], ("big", "wire")),
        (["small", "tier1", "big"], ("small", "big", "wire")),
        (["tier2"], ("plain",)),
        (["tier3", "tier2"], ("tier3", "plain")),
    ],
)
def test_a_tier_stands_for_its_sources_unless_one_is_called_so(majors: list[str], meant: tuple[str, ...]) -> None:
    weights = {"big": 1, "wire": 1, "plain": None, "small": 3, "tier3": 3}
    parts = [
        SourcePart.model_validate(
            {"id": name, "kind": "feed", "url": "https://a.example/", "every": "1m"}
            | ({"tier": Unquoted("number", str(weight))} if weight else {})
        )
        for name, weight in weights.items()
    ]
    filled = rule(RulePart.model_validate({"id": "ai", "match": "x", "escalate": {"majors": majors}}), tiers(parts))
    assert filled.stories.majors == meant


def test_a_source_takes_what_it_does_not_say_from_monitor_yaml() -> None:
    part = SourcePart.model_validate({"id": "a", "kind": "list", "url": "https://a.example/", "every": "1m"})
    monitor = MonitorPart.model_validate({"timezone": "Europe/Paris", "first_run": "ignore"})
    filled = source(part, monitor, NO_SETTINGS)
    assert (filled.name, filled.zone, filled.first_run, filled.site) == ("a", "Europe/Paris", "ignore", "")


@pytest.mark.parametrize(
    ("secrets", "expected"),
    [
        ({}, ()),
        ({"secret": ""}, ()),
        ({"secret": KEY}, (KEY,)),
        ({"secrets": ["", KEY]}, (KEY,)),
        ({"secrets": []}, ()),
    ],
)
def test_empty_secrets_are_left_out(secrets: dict[str, object], expected: tuple[str, ...]) -> None:
    settings = KNOWN_KINDS.channels["webhook"].settings
    model = Shape(ChannelPart, KNOWN_KINDS.channels).model("webhook")
    part = model.model_validate({"id": "desk", "kind": "webhook"} | secrets)
    assert channel(part, MonitorPart(), settings).secrets == expected


@pytest.mark.parametrize(
    "other",
    [
        replace(PLAN, zone="UTC"),
        replace(PLAN, analyser="kiwi"),
        replace(PLAN, aliases={}),
        replace(PLAN, aliases={"x": ("나", "가")}),
        replace(PLAN, rules=()),
        replace(PLAN, rules=(replace(PLAN.rules[0], tests=RuleTests()),)),
        replace(PLAN, rules=(replace(PLAN.rules[0], name="Other"),)),
        replace(PLAN, sources=(replace(PLAN.sources[0], enabled=False),)),
        replace(PLAN, sources=(replace(PLAN.sources[0], site="mediapen"),)),
        replace(PLAN, channels=(replace(PLAN.channels[0], url=""),)),
        replace(PLAN, channels=(replace(PLAN.channels[0], secrets=()),)),
        replace(PLAN, channels=(replace(PLAN.channels[0], enabled=False),)),
        replace(PLAN, rules=(replace(PLAN.rules[0], tags=("ai",)),)),
        replace(PLAN, rules=(replace(PLAN.rules[0], severity="critical"),)),
        replace(PLAN, routes=(Route(("desk",)),)),
        replace(PLAN, routes=(Route(("desk",), goes_on=True),)),
    ],
)
def test_any_change_of_meaning_is_another_version(other: Plan) -> None:
    assert version(other) != version(PLAN)


def test_a_note_for_people_is_no_change_of_meaning() -> None:
    told = replace(PLAN.sources[0], note="아직 끔", unverified_live=True)
    assert version(replace(PLAN, sources=(told, *PLAN.sources[1:]))) == version(PLAN)


def test_the_version_is_short_stable_and_free_of_its_own_field() -> None:
    assert version(PLAN) == version(replace(PLAN, version="whatever"))
    assert len(version(PLAN)) == 12
    assert set(version(PLAN)) <= set("0123456789abcdef")


def test_channels_without_url_are_not_blamed_for_missing_signatures() -> None:
    advise = KNOWN_KINDS.channels["webhook"].settings.advise
    assert list(advise(Written("desk", "webhook", ("https://h.example/",), own={"secrets": (KEY,)}))) == []
    assert list(advise(Written("desk", "webhook", ()))) == []
    assert [complaint.code for complaint in advise(Written("desk", "webhook", ("https://h.example/",)))] == ["CFG101"]


def test_a_plan_without_rules_or_channels_is_warned_of() -> None:
    root = Spot("folder", 0, 0)
    assert list(warnings(PLAN, root)) == []
    assert [warning.code for warning in warnings(replace(PLAN, rules=(), channels=()), root)] == ["CFG104"] * 2


def test_the_order_of_routes_is_part_of_their_meaning() -> None:
    first, second = Route(("desk",), tags=("ai",)), Route(("desk",))
    assert version(replace(PLAN, routes=(first, second))) != version(replace(PLAN, routes=(second, first)))


def test_adaptive_bounds_that_a_source_does_not_state_are_those_of_monitor_yaml() -> None:
    monitor = MonitorPart.model_validate({"adaptive": {"min": "1m", "max": "1h", "requests_per_day": "500"}})
    part = {"id": "a", "kind": "list", "url": "https://a.example/", "every": "adaptive"}
    assert source(SourcePart.model_validate(part), monitor, NO_SETTINGS).every == Adaptive(60.0, 3600.0)
    own = SourcePart.model_validate(part | {"adaptive": {"max": "5m"}})
    assert source(own, monitor, NO_SETTINGS).every == Adaptive(60.0, 300.0)
    assert source(SourcePart.model_validate(part | {"every": "5m"}), monitor, NO_SETTINGS).every == Interval(300.0)


def test_a_changed_budget_is_another_plan() -> None:
    assert version(PLAN) != version(replace(PLAN, pacing=Pacing(requests_per_day=5)))


@pytest.mark.parametrize(
    ("written", "channels", "told"),
    [
        (
            {},
            [("off", "https://h.example/", False), ("bare", "", True), ("desk", "https://h.example/", True)],
            ("desk",),
        ),
        ({}, [("bare", "", True)], ()),
        ({}, [], ()),
        ({"operator_channels": []}, [("desk", "https://h.example/", True)], ()),
        ({"operator_channels": ["ops"]}, [("desk", "https://h.example/", True)], ("ops",)),
    ],
)
def test_somebody_hears_of_broken_sources_unless_nobody_is_to(
    written: dict[str, object], channels: list[tuple[str, str, bool]], told: tuple[str, ...]
) -> None:
    parts = [ChannelPart(id=name, kind="webhook", url=url, enabled=enabled) for name, url, enabled in channels]
    assert operator_channels(MonitorPart.model_validate(written), Section(parts)) == told
