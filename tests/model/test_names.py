"""A name that does not exist."""

from __future__ import annotations

import pytest

from monitor.model.names import unknown_name


@pytest.mark.parametrize(
    ("given", "known", "words"),
    [
        ("deepsek", ["openai", "deepseek"], "no rule 'deepsek'; did you mean 'deepseek'?"),
        ("x", ["b", "a"], "no rule 'x'; there are: a, b"),
        ("x", [], "no rule 'x'; there are: none"),
        ("\x1b[31m\u202e", [], "no rule '\\x1b[31m\\u202e'; there are: none"),
    ],
)
def test_what_was_meant_is_offered_or_what_there_is(given: str, known: list[str], words: str) -> None:
    error = unknown_name("rule", given, known)
    assert (str(error), error.kind, error.given) == (words, "rule", given)
