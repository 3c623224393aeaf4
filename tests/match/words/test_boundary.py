"""Mentions and what only looks like one, mode by mode, with the reason for each."""

from __future__ import annotations

import pytest

from monitor.match.words.boundary import BARE, Needle, judge, script, traits_of
from tests.match.cases import find, surfaces


def reason(term: str, text: str, mode: str = "word") -> str:
    """Judge the first occurrence of a term; a refusal begins with "no: "."""
    start = text.lower().index(term.lower())
    verdict = judge(text, start, start + len(term), Needle(term, term, mode))  # type: ignore[arg-type]  # a mode
    return verdict.reason if verdict.accepted else f"no: {verdict.reason}"


@pytest.mark.parametrize(
    ("term", "text", "why"),
    [
        ("딥시크", "딥시크 쇼크", "bare"),
        ("딥시크", "딥시크에서는 밝혔다", "particle 에서는"),
        ("딥시크", "딥시크이다.", "copula 이다"),
        ("딥시크", "딥시크발 충격", "suffix 발"),
        ("딥시크", "'딥시크'로부터", "particle 로부터"),
        ("반도체", "'반도체'공장", "suffix 공장"),
        ("딥시크", "딥시크'를 접한", "particle 를"),
        ("딥시크", "딥시크ㅋㅋㅋ", "bare"),
        ("딥시크", "美딥시크", "bare"),
        ("딥시크", "가짜딥시크", "no: the word begins earlier"),
        ("딥시크", "딥시크은", "no: unknown ending 은"),
        ("카카오", "카카오뱅크의", "no: longer word 카카오뱅크"),
        ("카카오", "카카오T를", "no: the word goes on with T"),
        ("네이버", "네이버(대표 최수연)는", "bare"),
        ("쿠팡", "쿠팡이츠가", "no: longer word 쿠팡이츠"),
        ("메타", "메타인지 능력", "no: longer word 메타인지"),
        ("현대", "현대인의", "no: longer word 현대인"),
        ("경기", "경기도에서", "no: longer word 경기도"),
        ("AI", "생성형AI 서비스", "bare"),
        ("AI", "AI가", "particle 가"),
        ("AI", "AI·반도체", "bare"),
        ("AI", "AIRPORT", "no: the word goes on with R"),
        ("AI", "SAID", "no: the word begins earlier"),
        ("KT", "KTX", "no: the word goes on with X"),
        ("KT", "KT&G", "no: the word goes on with &"),
        ("SK", "SK하이닉스", "no: unknown ending 하이닉스"),
        ("3", "3.5배", "no: the word goes on with ."),
        ("18", "18,500대", "no: the word goes on with ,"),
        ("500", "18,500 대", "no: the word begins earlier"),
        ("18", "18, 19", "bare"),
        ("5", "3.5 배", "no: the word begins earlier"),
        ("어벤져스", "어벤져스2는", "number 2"),
        ("이안", "이안감독의", "suffix 감독, particle 의"),
    ],
)
def test_word_mode(term: str, text: str, why: str) -> None:
    assert reason(term, text) == why


@pytest.mark.parametrize(
    ("mode", "text", "why"),
    [
        ("prefix", "카카오뱅크의", "prefix of 카카오뱅크의"),
        ("prefix", "다음카카오", "no: the word begins earlier"),
        ("substr", "다음카카오뱅크", "inside"),
        ("substr", "카카오 주가", "bare"),
        ("exact", "카카오 주가", "bare"),
        ("exact", "카카오가", "no: the word goes on"),
        ("compound", "카카오", "bare"),
        ("compound", "카카오의", "particle 의"),
        ("compound", "다음카카오에서", "compound 다음카카오에서"),
        ("compound", "카카오뱅크", "compound 카카오뱅크"),
        ("compound", "카카오적인", "compound 카카오적인"),
        ("compound", "카카오톡이", "no: part of 카카오톡이"),
    ],
)
def test_other_modes(mode: str, text: str, why: str) -> None:
    assert reason("카카오", text, mode) == why


@pytest.mark.parametrize(
    ("term", "text", "why"),
    [
        ("지하", "지하철은 붐빈다", "no: part of 지하철은"),
        ("미스", "미스터리한 인물", "no: longer word 미스터"),
        ("업체", "제조업체들은", "compound 제조업체들은"),
        ("AI", "AI반도체", "compound AI반도체"),
        ("경쟁", "경쟁력을", "no: part of 경쟁력을"),
        ("무기", "핵무기", "no: the word begins earlier"),
        ("과학", "비과학적인", "compound 비과학적인"),
    ],
)
def test_members_of_compounds(term: str, text: str, why: str) -> None:
    assert reason(term, text, "compound") == why


def test_case_asks_for_the_capitals_as_written() -> None:
    assert surfaces("case(MS)", "MS와 ms, Ms") == ["MS"]
    assert surfaces("MS", "MS와 ms, Ms") == ["MS", "ms", "Ms"]
    assert surfaces("case(OpenAI)", "Open-AI OPENAI open ai") == ["Open-AI"]


def test_spellings_with_blanks_and_hyphens_are_one_term() -> None:
    assert surfaces("@openai", "Open AI와 오픈 AI, 오픈-AI는 오픈에이아이다") == [
        "Open AI",
        "오픈 AI",
        "오픈-AI",
        "오픈에이아이",
    ]
    assert surfaces("딥|시크", "딥 시크, 딥-시크, 딥시크가") == ["딥 시크", "딥-시크", "딥시크"]
    assert surfaces("exact(OpenAI)", "Open AI OpenAI") == ["OpenAI"]


def test_a_mention_tells_its_alias_and_its_reason() -> None:
    (match,) = find("@openai", "어제 오픈AI에서는")
    assert (match.term, match.alias, match.field, match.surface, match.reason) == (
        *("@openai", "오픈AI", "body", "오픈AI"),
        "particle 에서는",
    )


@pytest.mark.parametrize(
    ("char", "kind"),
    [("가", "hangul"), ("A", "latin"), ("é", "latin"), ("7", "digit"), ("中", "han"), (" ", "sign"), ("ㅋ", "sign")],
)
def test_scripts(char: str, kind: str) -> None:
    assert script(char) == kind


def test_kinds_of_nouns() -> None:
    assert traits_of("피해").kind == "common"
    assert traits_of("홍길동").kind == "person"
    assert traits_of("딥시크").kind == "name"
    assert traits_of("OpenAI").kind == "latin"


def test_edges_of_the_text_are_free() -> None:
    assert judge("딥시크", 0, 3, Needle("딥시크", "딥시크")) == BARE
