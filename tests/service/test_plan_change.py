"""What a changed plan takes away."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from monitor.model.plan import Channel, Interval, Plan, Route, Rule, Source
from monitor.service.plan_change import MARK, allow, allowed, changes, forbid, left, lost
from monitor.store.tables.plan_summary import summary_of


def plan(*rules: str, channels: tuple[str, ...] = ("desk",)) -> Plan:
    """Return a plan of one source with these rules and channels."""
    source = Source("paper", "신문", "list", ("https://paper.example/",), Interval(60.0))
    written = tuple(Rule(name, name, "OpenAI") for name in rules)
    return Plan("v", (source,), written, tuple(Channel(name, "webhook", "") for name in channels))


def test_what_left_is_one_line_for_each_kind() -> None:
    lines = left(plan("a", "b", "c", channels=("desk", "night")), plan("b", "d"))
    assert lines == ("2 rules left the plan: a, c", "1 channel left the plan: night")


def test_other_routes_are_a_change() -> None:
    before, after = plan("a"), replace(plan("a"), routes=(Route(("desk",)),))
    then, now = summary_of(before), summary_of(after)
    assert changes(then, now) == ("the routes changed: 0 before, 1 now",)
    assert changes(now, now) == ()
    older = {key: value for key, value in then.items() if key != "routes"}
    assert changes(older, now) == (), "an older program knew of none"
    tagged = replace(after, rules=(replace(after.rules[0], tags=("ai",), severity="warning"),))
    assert changes(now, summary_of(tagged)) == ("1 rule changed: a (tags, severity)",)


def test_a_plan_that_grew_or_changed_lost_nothing() -> None:
    assert left(plan("a"), plan("a", "b")) == ()
    assert left(Plan(""), plan("a")) == ()


def test_a_long_list_is_cut_and_counted() -> None:
    (line,) = left(plan(*(f"r{number:02}" for number in range(23))), plan())
    assert line.startswith("23 rules left the plan: r00, r01,")
    assert line.endswith("r19 and 3 more")


def test_the_last_of_a_kind_is_missed_and_a_few_are_not(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").touch()
    (rules, channels) = lost(plan("a", "b"), plan(channels=()), tmp_path)
    assert rules.file == str(tmp_path / "rules.yaml")
    assert rules.message == "the plan would lose every rule it has: a, b"
    assert "monitor reload --allow-empty" in rules.hint
    assert channels.message == "the plan would lose every channel it has: desk"
    assert lost(plan("a", "b"), plan("b"), tmp_path) == ()
    assert lost(plan(), plan(), tmp_path) == ()


def test_a_file_that_is_gone_with_what_stood_in_it_is_missed(tmp_path: Path) -> None:
    before = replace(plan("a", "b", "c"), files=("rules.yaml", "rules.d/team.yaml", "channels.yaml"))
    (tmp_path / "rules.yaml").touch()
    (fault,) = lost(before, plan("b"), tmp_path)
    assert fault.file == str(tmp_path / "rules.d" / "team.yaml")
    assert fault.message == "the file is gone, and 2 rules with it: a, c"
    assert lost(before, plan("a", "b", "c"), tmp_path) == (), "its rules stand in another file now"


def test_routes_that_are_gone_are_missed_where_rules_need_them(tmp_path: Path) -> None:
    (tmp_path / "channels.yaml").touch()
    files = ("channels.yaml", "channels.d/routes.yaml")
    before = replace(plan("a"), routes=(Route(("desk",)), Route(("desk",), tags=("ai",))), files=files)
    (tmp_path / "channels.d").mkdir()
    (tmp_path / "channels.d" / "routes.yaml").touch()
    (fault,) = lost(before, plan("a"), tmp_path)
    assert fault.file == str(tmp_path / "channels.yaml")
    assert fault.message.startswith("the plan would lose every route it has (2): rules that name no channel")
    assert "monitor reload --allow-empty" in fault.hint
    fewer = replace(before, routes=before.routes[:1])
    assert lost(before, fewer, tmp_path) == (), "somebody took one out"
    assert lost(before, before, tmp_path) == lost(fewer, before, tmp_path) == ()
    (tmp_path / "channels.d" / "routes.yaml").unlink()
    (fault,) = lost(before, fewer, tmp_path)
    assert (fault.file, "1 route with it" in fault.message) == (str(tmp_path / "channels.d" / "routes.yaml"), True)
    named = replace(plan("a"), rules=(replace(plan("a").rules[0], channels=("desk",)),))
    assert lost(before, named, tmp_path) == (), "no rule needs them"
    (fault,) = lost(before, plan("a", channels=()), tmp_path)
    assert "1 channel with it" in fault.message, "one fault for one file"


def test_what_was_allowed_is_allowed_once_and_for_that_plan_alone(tmp_path: Path) -> None:
    assert not allowed(tmp_path, "v2")
    allow(tmp_path, "v2")
    assert allowed(tmp_path, "v2")
    assert not allowed(tmp_path, "v2")
    allow(tmp_path, "v2")
    assert not allowed(tmp_path, "v3")
    assert not allowed(tmp_path, "v2")
    allow(tmp_path, "v2")
    forbid(tmp_path)
    assert not allowed(tmp_path, "v2")
    (tmp_path / MARK).write_bytes(b"\xff")
    assert not allowed(tmp_path, "v2")
    assert list(tmp_path.iterdir()) == []


def test_what_a_reload_would_change_is_one_line_for_each_kind_of_change() -> None:
    before, after = plan("a", "b", channels=("desk", "night")), plan("b", "c", "d")
    changed = replace(after, rules=(replace(after.rules[0], expression="딥시크", channels=("desk",)), *after.rules[1:]))
    assert changes(summary_of(before), summary_of(changed)) == (
        "2 rules are new: c, d",
        "1 rule changed: b (match, channels)",
        "1 rule left the plan: a",
        "1 channel left the plan: night",
    )


def test_a_changed_address_and_a_changed_alias_are_told_without_their_value() -> None:
    before = plan("a")
    hook = replace(before.channels[0], url="https://hooks.example/canary")
    after = replace(before, channels=(hook,), aliases={"us": ("해솔",)})
    lines = changes(summary_of(before), summary_of(after))
    assert lines == ("1 channel changed: desk (address or settings)", "1 alias group changed: us")


def test_equal_plans_and_what_an_older_program_did_not_write_are_no_change() -> None:
    summary = summary_of(plan("a"))
    assert changes(summary, summary) == ()
    older = {**summary, "channels": [{"id": "desk", "kind": "webhook"}]}
    assert changes(older, summary) == ()
    assert changes({}, summary)[0] == "1 rule is new: a"
