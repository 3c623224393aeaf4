"""A new installation is told what is still to be done, and a company's name becomes a rule that finds it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.match.ruleset import compile_rules
from monitor.model.plan import Channel, Plan, Rule
from monitor.service import configuration
from monitor.service.first_files import shipped
from monitor.service.first_steps import SHIPPED_RULES, FirstStep, StepKind, expression_of, first_steps
from tests.contracts.invented import article, source

OWN = Rule("haesol", "해솔소프트", "해솔소프트")
DESK = Channel("desk", "webhook", "https://hooks.example/in")


def plan(*rules: Rule, channels: tuple[Channel, ...] = ()) -> Plan:
    """Return a plan that watches one source."""
    return Plan("v1", (source(),), rules, channels)


def test_what_ships_lacks_a_rule_of_ones_own_and_an_address() -> None:
    loaded = configuration.load(shipped(), {})
    assert {rule.id for rule in loaded.plan.all_rules} == SHIPPED_RULES
    watch, sources, tell = first_steps(loaded.plan)
    assert (watch, tell) == (FirstStep(StepKind.WATCH, 0), FirstStep(StepKind.TELL, 0, "desk"))
    assert sources.done


def test_nothing_is_said_once_all_is_done() -> None:
    assert first_steps(plan(OWN, channels=(DESK,))) == ()
    assert [step.done for step in first_steps(plan(OWN))] == [True, True, False]
    assert [step.done for step in first_steps(plan(replace(OWN, id="openai"), channels=(DESK,)))] == [False, True, True]


def test_what_is_switched_off_does_not_count() -> None:
    off = Plan("v1", (source(enabled=False),), (OWN,), (replace(DESK, enabled=False),))
    assert [step.done for step in first_steps(off)] == [True, False, False]


@pytest.mark.parametrize(
    ("name", "expression"),
    [
        ("해솔소프트", "해솔소프트"),
        (" 해솔  소프트 ", "해솔|소프트"),
        ("(주)해솔소프트", "해솔소프트"),
        ("해솔소프트㈜", "해솔소프트"),
        ("주식회사 해솔 소프트", "해솔|소프트"),
        ("Haesol", "Haesol"),
        ("해솔AI", "해솔AI"),
        ("Haesol Soft", '"Haesol Soft"'),
        ("H&S", '"H&S"'),
        ("OR", '"OR"'),
        ('해솔 "소프트"', "해솔|소프트"),
        ("source:x", '"source:x"'),
        ("@openai", '"@openai"'),
        ("(주)", ""),
        ("&!", ""),
        ("", ""),
    ],
)
def test_a_name_becomes_an_expression(name: str, expression: str) -> None:
    assert expression_of(name) == expression


@pytest.mark.parametrize(
    "name", ["해솔소프트", "해솔 소프트", "Haesol Soft", "H&S", "OR", "@해솔", "source:x", "NOT (a", "x/y/"]
)
def test_what_it_becomes_is_a_rule_that_finds_the_name(name: str) -> None:
    rules = compile_rules((replace(OWN, expression=expression_of(name)),), {})
    assert rules.match(article(title="오늘 소식", body=f"어제 {name} 관계자가 말했다."))
