"""Options that several commands share: names that do not exist, values that are none."""

from __future__ import annotations

import re

import pytest

from monitor.cli.options import plain_fault, unknown
from tests.cli.conftest import App


def test_what_was_meant_is_offered() -> None:
    error = unknown("--rule", "rule", "deepsek", ["openai", "deepseek"])
    assert error.message == "no rule 'deepsek'; did you mean 'deepseek'?"
    assert error.param_hint == "--rule"


def test_otherwise_what_there_is_is_listed_as_far_as_it_helps() -> None:
    assert unknown("--rule", "rule", "x", ["b", "a"]).message == "no rule 'x'; there are: a, b"
    assert unknown("--rule", "rule", "x", []).message == "no rule 'x'; there are: none"
    many = unknown("--rule", "rule", "x", [f"rule-{n:02}" for n in range(20)]).message
    assert many.endswith("rule-11, ...")


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("Value error, 'yaml' is not one of 'table', 'json'.", "'yaml' is not one of 'table', 'json'."),
        ("Input should be a valid integer, unable to parse string as an integer", "must be a whole number"),
        ("Input should be greater than or equal to 1", "must be at least 1"),
        ("Input should be less than or equal to 20", "must be at most 20"),
        ("is blank", "is blank"),
    ],
)
def test_a_fault_of_an_option_is_said_in_words_for_people(message: str, words: str) -> None:
    assert plain_fault(message) == words


@pytest.mark.parametrize(
    "words",
    [
        ("hits", "--format", "yaml"),
        ("sources", "--format", "x"),
        ("deliveries", "--state", "foo"),
        ("run", "--log-level", "loud"),
        ("hits", "--limit", "many"),
        ("add", "http://paper.example/", "--pick", "0"),
        ("doctor", "x", "--articles", "21"),
    ],
)
def test_no_command_speaks_as_the_library_that_reads_its_options(app: App, words: tuple[str, ...]) -> None:
    outcome = app(*words)
    assert outcome.code == 2
    assert "Invalid value for '--" in outcome.err
    assert not any(said in outcome.err for said in ("Value error", "Input should"))


@pytest.mark.parametrize("command", [("sources",), ("doctor",), ("init",), ("db", "backup")])
def test_an_argument_that_may_be_left_out_stands_in_one_pair_of_brackets(app: App, command: tuple[str, ...]) -> None:
    text = app(*command, "--help").out
    assert re.search(r" \[[A-Z]+\]$", text.splitlines()[0])
    assert "[[" not in text
