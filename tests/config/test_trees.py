"""A mapping under `match` becomes JSON text that says the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from monitor.config.documents import BROKEN, Unquoted
from monitor.config.trees import MAX_VALUES, tree_text
from monitor.model.errors import ConfigError, ConfigProblem
from monitor.service.configuration import load

SOURCES = 'sources: [{id: press, kind: feed, url: "https://press.example/rss", every: 5m}]\n'
CHANNELS = "channels:\n  - {id: desk, kind: webhook, url: ''}\n"
TREES = st.recursive(
    st.text() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=30,
)


def folder(path: Path, match: str) -> Path:
    (path / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (path / "channels.yaml").write_text(CHANNELS, encoding="utf-8")
    rules = f"rules:\n  - id: ai\n    channels: [desk]\n    match: {match}\n"
    (path / "rules.yaml").write_text(rules, encoding="utf-8")
    return path


def problems(path: Path, environ: dict[str, str] | None = None) -> tuple[ConfigProblem, ...]:
    with pytest.raises(ConfigError) as caught:
        load(path, environ or {})
    return caught.value.problems


def test_a_mapping_becomes_json_in_the_plan(tmp_path: Path) -> None:
    match = "{any_of: [딥시크, '@openai'], min_count: 3, scan_all: true, field: title}"
    (rule,) = load(folder(tmp_path, match), {}).plan.rules
    assert json.loads(rule.expression) == {
        "any_of": ["딥시크", "@openai"],
        "min_count": 3,
        "scan_all": True,
        "field": "title",
    }
    assert "딥시크" in rule.expression, "people read it in the database"


def test_variables_are_filled_in(tmp_path: Path) -> None:
    (rule,) = load(folder(tmp_path, "{any_of: ['${WORD}']}"), {"WORD": '"}'}).plan.rules
    assert json.loads(rule.expression) == {"any_of": ['"}']}


def test_the_version_follows_the_tree(tmp_path: Path) -> None:
    one = load(folder(tmp_path, "{any_of: [가나, 다라]}"), {}).plan.version
    assert load(folder(tmp_path, "\n      any_of:\n        - 가나\n        - 다라"), {}).plan.version == one
    assert load(folder(tmp_path, "{all_of: [가나, 다라]}"), {}).plan.version != one


@given(st.dictionaries(st.text(), TREES, max_size=4))
def test_nothing_is_lost(tree: dict[str, object]) -> None:
    text = tree_text(tree)
    assert isinstance(text, str)
    assert json.loads(text) == tree


@pytest.mark.parametrize(
    ("value", "meaning"),
    [
        (Unquoted("number", "12"), 12),
        (Unquoted("number", "1.5"), None),
        (Unquoted("number", "9" * 10), None),
        (Unquoted("number", "-1"), None),
        (Unquoted("date", "2026-01-01"), None),
        (None, None),
    ],
)
def test_whole_numbers_are_numbers_and_the_rest_is_left_to_be_refused(value: object, meaning: int | None) -> None:
    text = tree_text({"min_count": value})
    assert isinstance(text, str)
    assert json.loads(text) == {"min_count": meaning}


def test_what_is_no_mapping_is_left_alone() -> None:
    assert tree_text("딥시크") == "딥시크"
    assert tree_text(["딥시크"]) == ["딥시크"]


def test_a_fault_that_was_told_is_not_told_again(tmp_path: Path) -> None:
    with pytest.raises(PydanticCustomError):
        tree_text({"any_of": [BROKEN]})
    (problem,) = problems(folder(tmp_path, "{any_of: ['${NOBODY_SET_THIS}']}"))
    assert (problem.code, problem.line, problem.column) == ("CFG020", 4, 22)


def test_aliases_of_yaml_cannot_make_it_huge(tmp_path: Path) -> None:
    lines = ["\n      any_of: &a0 [가나, 다라]"]
    lines += [f"      k{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    (problem,) = problems(folder(tmp_path, "\n".join(lines)))
    assert problem.code == "CFG005"
    assert str(MAX_VALUES) in problem.message


@pytest.mark.parametrize("match", ["[딥시크]", "7", "true", "''"])
def test_other_shapes_are_refused(tmp_path: Path, match: str) -> None:
    (problem,) = problems(folder(tmp_path, match))
    assert (problem.line, problem.column) == (4, 12)
