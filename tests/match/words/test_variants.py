"""Spellings that differ in blanks and hyphens only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.match.words.variants import LIMIT, spellings
from monitor.model.normalise import fold
from tests.match.cases import surfaces


@pytest.mark.parametrize(
    ("term", "made"),
    [
        ("딥시크", ("딥시크",)),
        ("오픈AI", ("오픈ai", "오픈 ai", "오픈-ai")),
        ("OpenAI", ("openai", "open ai", "open-ai")),
        ("Open AI", ("open ai", "open-ai")),
        ("오픈 AI", ("오픈 ai", "오픈ai", "오픈-ai")),
        ("Open-AI", ("open-ai", "openai", "open ai")),
        ("딥|시크", ("딥시크", "딥 시크", "딥-시크")),
        ("샘 올트먼", ("샘 올트먼",)),
        ("openai", ("openai",)),
        ("GPT4", ("gpt4", "gpt 4", "gpt-4")),
        ("R1", ("r1",)),
        ("ＯｐｅｎＡＩ", ("openai", "open ai", "open-ai")),
        ("|", ()),
    ],
)
def test_joints(term: str, made: tuple[str, ...]) -> None:
    assert spellings(term) == made


def test_without_joints_a_term_is_itself() -> None:
    assert spellings("오픈AI", joints=False) == ("오픈ai",)


def test_many_joints_make_few_spellings() -> None:
    made = spellings("가A나B다C라D")
    assert len(made) == LIMIT
    assert made[0] == "가a나b다c라d"


@given(st.text(min_size=1, max_size=12))
def test_any_term_has_its_own_spelling_first(term: str) -> None:
    made = spellings(term)
    own = fold(term.replace("|", ""))
    assert made[:1] == ((own,) if own else ())
    assert len(made) == len(set(made)) <= LIMIT
    assert all(fold(spelling) == spelling and spelling for spelling in made)


@pytest.mark.parametrize(
    "text", ["OpenAI코리아", "Open AI코리아", "OpenAI 코리아", "Open AI 코리아", "Open-AI 코리아", "open-ai코리아"]
)
def test_a_term_of_two_joints_is_found_however_they_are_written(text: str) -> None:
    assert surfaces("OpenAI코리아", f"{text}가 문을 열었다.") == [text]
