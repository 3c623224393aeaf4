"""Options that several commands share: names that do not exist."""

from __future__ import annotations

from monitor.cli.options import unknown


def test_what_was_meant_is_offered() -> None:
    error = unknown("--rule", "rule", "deepsek", ["openai", "deepseek"])
    assert error.message == "no rule 'deepsek'; did you mean 'deepseek'?"
    assert error.param_hint == "--rule"


def test_otherwise_what_there_is_is_listed_as_far_as_it_helps() -> None:
    assert unknown("--rule", "rule", "x", ["b", "a"]).message == "no rule 'x'; there are: a, b"
    assert unknown("--rule", "rule", "x", []).message == "no rule 'x'; there are: none"
    many = unknown("--rule", "rule", "x", [f"rule-{n:02}" for n in range(20)]).message
    assert many.endswith("rule-11, ...")
