"""Signs that look like YAML's own are named at their place, in files as a Korean keyboard and other programs make them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.documents import read
from monitor.config.lookalikes import clean_key
from monitor.model.errors import ConfigProblem

BLANKS = "\u00a0\u2002\u2003\u2009\u202f\u3000\u3164"
UNSEEN = "\u200b\u200c\u200d\u200e\u2060\ufeff\u00ad"


def only(text: str) -> ConfigProblem:
    found = read(text.encode(), "rules.yaml", {})
    assert len(found.problems) == 1, found.problems
    return found.problems[0]


@pytest.mark.parametrize("colon", "：﹕")
@pytest.mark.parametrize("tail", ["\n    channels: [desk]\n", "\n  - id: two\n    match: 나\n"])
def test_a_colon_of_another_keyboard(colon: str, tail: str) -> None:
    problem = only(f'rules:\n  - id: ai\n    match{colon} "인공"{tail}')
    assert (problem.line, problem.column) == (3, 10)
    assert f"U+{ord(colon):04X}" in problem.message
    assert "write :" in problem.hint


def test_a_colon_that_makes_a_line_part_of_the_one_before() -> None:
    problem = only("rules:\n  - id: ai\n    match：인공\n")
    assert (problem.line, problem.column) == (3, 10)


@given(st.sampled_from(BLANKS), st.integers(1, 6), st.integers(0, 2))
def test_blanks_that_are_none_in_an_indentation(blank: str, count: int, plain: int) -> None:
    found = read(f"a:\n  - id: ai\n{' ' * plain}{blank * count}match: 가\n    name: 나\n".encode(), "f", {}).problems
    assert found[0].line == 3
    assert any(f"U+{ord(blank):04X}" in one.message for one in found), found


@pytest.mark.parametrize("blank", BLANKS[:4])
@pytest.mark.parametrize("text", ["- id: a\n  match:{}가\n  name: 나\n", "-{}id: a\n  match: 가\n"])
def test_blanks_that_are_none_behind_a_sign(blank: str, text: str) -> None:
    problem = only(text.format(blank))
    assert f"U+{ord(blank):04X}" in problem.message
    assert problem.line == 1 + text.partition("{}")[0].count("\n")


@pytest.mark.parametrize("dash", "–—－")
def test_dashes_that_begin_no_item(dash: str) -> None:
    problem = only(f'rules:\n  {dash} id: ai\n    match: "인공"\n')
    assert (problem.line, problem.column) == (2, 3)
    assert unicodedata.name(dash).lower() in problem.message


@given(st.sampled_from(UNSEEN.replace("\ufeff", "")), st.integers(0, 8))
def test_an_unseen_sign_in_a_key_is_named_and_the_key_is_read(sign: str, at: int) -> None:
    key = "channels"[:at] + sign + "channels"[at:]
    found = read(f"a: b\n{key}: c\n".encode(), "f", {})
    assert found.value == {"a": "b", "channels": "c"}
    (problem,) = found.problems
    assert (problem.line, problem.column) == (2, at + 1)
    assert f"U+{ord(sign):04X}" in problem.message
    assert clean_key(key) == ("channels", at)


@pytest.mark.parametrize(
    ("text", "column", "mend"),
    [
        ('match: "클라우드 보안" AND 해솔\nname: a\n', 18, "'…'"),
        ('match: ""클라우드 보안" AND @us"\nname: a\n', 10, "'…'"),
        ("match: '클라우드 보안' AND 해솔\nname: a\n", 18, '"…"'),
        ('{match: "클라우드 보안" OR 해솔, name: a}\n', 19, "'…'"),
        ('match:\n  - "클라우드" 보안\n  - 가\n', 12, "'…'"),
        ('match: [가, "클라우드" 보안]\n', 19, "'…'"),
    ],
)
def test_a_value_that_goes_on_behind_its_quotation_mark(text: str, column: int, mend: str) -> None:
    problem = only(text)
    assert problem.column == column
    assert mend in problem.hint


@pytest.mark.parametrize(
    "text", ["match: 가：나\nname: 나\n", "match: 가 – 나\n", "match: 가\u00a0나\n", "match: '： 가'\n"]
)
def test_the_same_signs_inside_a_value_are_text(text: str) -> None:
    assert read(text.encode(), "f", {}).problems == []


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("match: 해솔 #1 소프트\n", 11),
        ("match: 해솔 # 소프트\n", 11),
        ("name: 해솔   #1\n", 12),
        ("aliases: {us: [해솔, C #샵\n]}\n", 22),
        ("aliases:\n  us:\n    - 해솔 #1\n", 10),
        ("match:\n  all:\n    - 가\n    - 나 #1\n", 9),
        ("tests:\n  no_match: 가나 #다\n", 16),
    ],
)
def test_a_comment_that_may_be_meant_as_text_is_warned_of(text: str, column: int) -> None:
    found = read(text.encode(), "f", {})
    assert found.problems == []
    assert [(one.column, one.code) for one in found.warnings] == [(column, "CFG105")]


@pytest.mark.parametrize(
    "text",
    [
        "match: 해솔   # a comment\n",
        "match: '해솔 #1 소프트'\n",
        "match: C#개발\n",
        "match: |\n  해솔 #1\n",
        "every: 5m # five\n",
        "url: https://press.example/ #x\n",
        "match: 해솔\n# a comment\n",
        "aliases: {us: [해솔]} # ours\n",
    ],
)
def test_other_comments_are_left_alone(text: str) -> None:
    assert read(text.encode(), "f", {}).warnings == []
