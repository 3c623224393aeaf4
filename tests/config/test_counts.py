"""Rules over counts as people write them, and what in them cannot be meant."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from monitor.model.counting import CountType
from monitor.model.errors import ConfigError
from monitor.model.plan import CountRule, Plan, Rule
from monitor.notify.routes import listeners
from monitor.service.configuration import load, read
from monitor.service.current_plan import prepare
from monitor.service.plan_change import changes
from monitor.store.tables.plan_summary import remembered_plan, summary_of

SOURCES = "sources:\n  - {id: herald, name: 한빛, kind: feed, url: ['https://n.example/f'], every: 5m}\n"
RULES = "rules:\n  - {id: openai, match: 오픈AI}\n  - {id: naver, match: 네이버}\n"
CHANNELS = """\
routes:
  - {sources: [herald], channels: [desk]}
  - {tags: [rush], channels: [phone]}
  - {channels: [desk]}
channels:
  - {id: desk, kind: webhook, url: 'https://d.example/'}
  - {id: phone, kind: webhook, url: 'https://p.example/'}
"""
ELSEWHERE = "a rule over counts goes by the articles of the rule that it counts"
EXAMPLE = "as in count: {of: ID, type: frequency, at_least: 5, within: 1h}"


def written(tmp_path: Path, rule: str) -> Plan:
    """Return the plan with a further rule, which stands in line 4."""
    (tmp_path / "sources.yaml").write_text(SOURCES, "utf-8")
    (tmp_path / "channels.yaml").write_text(CHANNELS, "utf-8")
    (tmp_path / "rules.yaml").write_text(f"{RULES}  - {{{rule}}}\n", "utf-8")
    return load(tmp_path, {}).plan


def refused(tmp_path: Path, rule: str) -> list[str]:
    """Return what is wrong with it, with code and place."""
    try:
        written(tmp_path, rule)
        prepare(read(tmp_path, {}), analyse=False)
    except ConfigError as error:
        return [f"{one.code} {one.line} {one.message} ({one.hint})" for one in error.problems]
    return []


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        ("type: frequency, at_least: 5, within: 1h", ("frequency", "stories", 5, 3600.0)),
        ("type: frequency, at_least: 1, within: 31d, unit: articles", ("frequency", "articles", 1, 2_678_400.0)),
        ("type: spike", ("spike", "stories", 3, 3600.0)),
        ("type: spike, at_least: 10, within: 6h", ("spike", "stories", 10, 21_600.0)),
        ("type: flatline", ("flatline", "stories", 1, 0.0)),
        ("type: flatline, at_least: 3, within: 2d", ("flatline", "stories", 3, 172_800.0)),
        ("type: new_term", ("new_term", "stories", 3, 86_400.0)),
        ("type: new_term, at_least: 5", ("new_term", "stories", 5, 86_400.0)),
    ],
)
def test_what_is_counted(tmp_path: Path, count: str, expected: tuple[str, str, int, float]) -> None:
    plan = written(
        tmp_path, f"id: surge, name: 급증, count: {{of: openai, {count}}}, channels: [desk], severity: critical"
    )
    rule = Rule("surge", "급증", "", channels=("desk",), severity="critical")
    assert [one.id for one in plan.rules] == ["openai", "naver"], "no article is held against it"
    (found,) = plan.count_rules
    assert (found.type, found.unit, found.least, found.seconds) == expected
    assert found == CountRule(rule, "openai", found.type, found.unit, found.least, found.seconds)
    assert plan.rule("surge") == rule


@pytest.mark.parametrize(
    ("rule", "problems"),
    [
        ("id: surge", ["CFG011 4 `match` is missing (a rule has an expression, or the `count` of another rule)"]),
        (
            "id: surge, count: {}",
            [
                f"CFG011 4 `of` is missing ({EXAMPLE})",
                f"CFG011 4 `type` is missing ({EXAMPLE})",
            ],
        ),
        ("id: surge, count: spike", ["CFG013 4 `count` must be a mapping of keys ()"]),
        (
            "id: surge, count: {of: opena, type: spike}",
            ["CFG031 4 there is no rule 'opena' (did you mean openai?)"],
        ),
        (
            "id: surge, count: {of: surge, type: spike}",
            ["CFG037 4 `of` must be a rule with `match`; 'surge' is the rule itself (known: naver, openai)"],
        ),
        (
            "id: surge, count: {of: openai, type: spikes}",
            [
                "CFG014 4 `type` must be one of: frequency, spike, flatline, new_term; here stands 'spikes' (did you mean spike?)"
            ],
        ),
        (
            "id: surge, count: {of: openai, type: spike, withn: 1h}",
            ["CFG010 4 unknown key `withn` (did you mean within?)"],
        ),
        (
            "id: surge, match: 오픈AI, count: {of: openai, type: spike}",
            [f"CFG033 4 `match` and `count` exclude each other ({ELSEWHERE})"],
        ),
        (
            "id: surge, sources: [herald], tests: {match: [오픈AI]}, count: {of: openai, type: spike}",
            [
                f"CFG033 4 `sources` and `count` exclude each other ({ELSEWHERE})",
                f"CFG033 4 `tests` and `count` exclude each other ({ELSEWHERE})",
            ],
        ),
        (
            "id: surge, count: {of: openai, type: frequency, within: 1h}",
            [f"CFG043 4 `type: frequency` needs both `at_least` and `within` ({EXAMPLE})"],
        ),
        (
            "id: surge, count: {of: openai, type: frequency, at_least: 0, within: 1h}",
            ["CFG015 4 `at_least` must be 1 or more; here stands '0' ()"],
        ),
        (
            "id: surge, count: {of: openai, type: spike, within: 2d}",
            [
                "CFG015 4 `within` of a spike must be 1d or less: what takes longer is no spike (count longer with type: frequency)"
            ],
        ),
        (
            "id: surge, count: {of: openai, type: flatline, at_least: 3}",
            [
                "CFG043 4 `at_least` of a flatline needs `within` (as in count: {of: ID, type: flatline, at_least: 3, within: 1d})"
            ],
        ),
        (
            "id: surge, count: {of: openai, type: new_term, within: 1h, unit: articles}",
            [
                "CFG034 4 `type: new_term` takes no `within`: it looks at a day (delete it)",
                "CFG034 4 `type: new_term` takes no `unit`: it counts outlets (delete it)",
            ],
        ),
    ],
)
def test_what_cannot_be_meant(tmp_path: Path, rule: str, problems: list[str]) -> None:
    assert refused(tmp_path, rule) == problems


@pytest.mark.parametrize("within", ["5m", "32d", "0s"])
def test_windows_have_bounds(tmp_path: Path, within: str) -> None:
    (problem,) = refused(tmp_path, f"id: surge, count: {{of: openai, type: frequency, at_least: 2, within: {within}}}")
    assert "between 10m and 31d" in problem


def test_counts_of_counts_go_in_no_circle(tmp_path: Path) -> None:
    circle = "id: one, count: {of: two, type: spike}}\n  - {id: two, count: {of: one, type: spike}"
    assert refused(tmp_path, circle) == [
        "CFG037 4 `of` must be a rule with `match`; 'two' is a rule over counts (known: naver, openai)",
        "CFG037 5 `of` must be a rule with `match`; 'one' is a rule over counts (known: naver, openai)",
    ]


def test_a_faulty_rule_can_be_counted_and_is_told_once(tmp_path: Path) -> None:
    both = "id: bad, match: [x]}\n  - {id: surge, count: {of: bad, type: spike}"
    assert [problem[:6] for problem in refused(tmp_path, both)] == ["CFG013"]


def test_routes_bring_counts_to_people_as_any_rule_by_tags_and_by_no_source(tmp_path: Path) -> None:
    plan = written(tmp_path, "id: surge, tags: [rush], count: {of: openai, type: spike}")
    rule = plan.rule("surge")
    assert rule is not None
    assert [*listeners(plan, rule, "")] == ["phone"]
    warnings = [one.message for one in prepare(read(tmp_path, {}), analyse=False).warnings]
    assert "hits of surge are stored, and nobody is told" not in warnings
    assert "route 2 takes no hit of any rule" not in warnings


def test_a_count_that_no_route_takes_is_told(tmp_path: Path) -> None:
    written(tmp_path, "id: surge, count: {of: openai, type: spike}")
    (tmp_path / "channels.yaml").write_text(CHANNELS.replace("  - {channels: [desk]}\n", ""), "utf-8")
    warnings = [one.message for one in prepare(read(tmp_path, {}), analyse=False).warnings]
    assert "hits of surge are stored, and nobody is told" in warnings
    assert "hits of openai are stored, and nobody is told" not in warnings


def test_the_version_of_a_plan_and_its_memory_know_what_is_counted(tmp_path: Path) -> None:
    one = written(tmp_path, "id: surge, tags: [rush], count: {of: openai, type: spike}")
    other = written(tmp_path, "id: surge, tags: [rush], count: {of: openai, type: spike, at_least: 4}")
    assert one.version != other.version
    remembered = remembered_plan(one.version, summary_of(one))
    assert remembered is not None
    assert remembered.count_rules == one.count_rules
    without = {key: value for key, value in summary_of(one).items() if key != "count_rules"}
    older = remembered_plan(one.version, without)
    assert older is not None
    assert older == replace(remembered, count_rules=())


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("match: 오픈AI", "count: {of: openai, type: spike}", ("1 rule changed: surge (match, count)",)),
        ("count: {of: openai, type: spike}", "count: {of: naver, type: spike}", ("1 rule changed: surge (count)",)),
        (
            "count: {of: openai, type: spike}",
            "tags: [a], count: {of: openai, type: spike}",
            ("1 rule changed: surge (tags)",),
        ),
        ("count: {of: openai, type: spike}", "count: {of: openai, type: spike, within: 1h}", ()),
    ],
)
def test_what_a_reload_would_change_is_said_of_counts_too(
    tmp_path: Path, before: str, after: str, lines: tuple[str, ...]
) -> None:
    then, now = (summary_of(written(tmp_path, f"id: surge, {text}")) for text in (before, after))
    assert changes(then, now) == lines
    without = summary_of(written(tmp_path, "id: other, match: 딥시크"))
    assert changes(without, now) == ("1 rule is new: surge", "1 rule left the plan: other")


def test_the_example_of_the_manual_has_each_type_and_loads(tmp_path: Path) -> None:
    manual = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
    example = re.search(r"^## Rules over counts\n.*?^```yaml\n(.*?)^```", manual, re.MULTILINE | re.DOTALL)
    assert example
    written(tmp_path, "id: other, match: 딥시크")
    (tmp_path / "rules.yaml").write_text(f"aliases: {{openai: [OpenAI, 오픈AI]}}\n{example[1]}", "utf-8")
    plan = load(tmp_path, {}).plan
    assert {one.type for one in plan.count_rules} == set(get_args(CountType))
    assert {one.of for one in plan.count_rules} == {"openai"}
