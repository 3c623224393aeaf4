"""The manual of the language is run: every sample, table and file in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from monitor.match.explain import explain
from monitor.match.query.lexer import _COUNTED, _OPERATOR_NAMES
from monitor.match.query.parser import parse
from monitor.match.query.syntax import FIELDS, MODES
from monitor.match.query.tree_form import KEYS
from monitor.match.rule_check import check_rules
from monitor.model.plan import Rule
from monitor.service.configuration import load
from tests.match.cases import ALIASES, body, find

MANUAL = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sample\n(.*?)^```", MANUAL, re.MULTILINE | re.DOTALL)
FILES = re.findall(r"^```yaml\n# rules\.yaml\n(.*?)^```", MANUAL, re.MULTILINE | re.DOTALL)
SAMPLES = [(lines[0], line[0], line[2:]) for lines in (block.splitlines() for block in BLOCKS) for line in lines[1:]]
SOURCES = 'sources: [{id: press, kind: feed, url: "https://press.example/rss", every: 5m}]\n'


def rows(title: str) -> list[list[str]]:
    """Return the cells of the table of a chapter, backquotes aside."""
    chapter = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", MANUAL, re.MULTILINE | re.DOTALL)
    assert chapter, title
    lines = [line for line in chapter[1].splitlines() if line.startswith("| `")]
    assert lines, title
    return [[cell.strip().strip("`") for cell in line.strip("| ").split(" | ")] for line in lines]


@pytest.mark.parametrize(("expression", "sign", "sentence"), SAMPLES)
def test_samples_do_what_they_say(expression: str, sign: str, sentence: str) -> None:
    assert sign in "+-"
    assert bool(find(expression, sentence)) is (sign == "+")


def test_every_sample_shows_both_sides() -> None:
    assert len(BLOCKS) > 15
    for block in BLOCKS:
        assert {line[:2] for line in block.splitlines()[1:]} == {"+ ", "- "}, block


@pytest.mark.parametrize("text", FILES)
def test_files_load_and_their_rules_pass_their_tests(text: str, tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (tmp_path / "channels.yaml").write_text("channels: [{id: desk, kind: webhook, url: ''}]\n", encoding="utf-8")
    plan = load(tmp_path, {}).plan
    assert [problem for problem in check_rules(plan.rules, plan.aliases) if problem.severity == "error"] == []
    assert all(rule.tests.match and rule.tests.no_match for rule in plan.rules)


def test_every_mode_field_and_key_is_there() -> None:
    assert tuple(row[0] for row in rows("Modes")) == MODES
    assert {row[0] for row in rows("Fields")} == {*FIELDS}
    assert {row[0] for row in rows("The same without a syntax")} == {*KEYS}


def test_every_operator_has_a_row_and_a_sample() -> None:
    shown = " ".join(row[0] for row in rows("Operators"))
    used = " ".join(expression for expression, _, _ in SAMPLES)
    for name in _OPERATOR_NAMES:
        assert name in shown
        assert name in used
    assert all(_COUNTED.match(word) for word in ("NEAR/5", "ONEAR/5", "ATLEAST/3"))


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_has_a_sample(mode: str) -> None:
    assert any(f"{mode}(" in expression for expression, _, _ in SAMPLES)


@pytest.mark.parametrize("row", rows("Why a word counts"), ids=lambda row: row[0])
def test_reasons_are_the_real_ones(row: list[str]) -> None:
    reason, _, expression, sentence = row
    assert [match.reason.split()[0] for match in find(expression, sentence)] == [reason]


@pytest.mark.parametrize("row", rows("Why a word does not count"), ids=lambda row: row[0])
def test_refusals_are_the_real_ones(row: list[str]) -> None:
    reason, _, expression, sentence = row
    (refusal,) = explain(Rule("r", "r", expression), ALIASES, body(sentence)).refusals
    assert reason in refusal.reason


@pytest.mark.parametrize("row", rows("What `monitor check` doubts"), ids=lambda row: row[0])
def test_doubts_are_the_real_ones(row: list[str]) -> None:
    message, expression = row
    (problem,) = check_rules([Rule("r", "r", expression)], {})
    assert message in problem.message
    assert problem.severity == "warning"


def test_expressions_in_the_text_can_be_read() -> None:
    quoted = re.findall(r"monitor match --expr '([^']+)'", MANUAL)
    assert quoted
    for expression in quoted:
        parse(expression)
