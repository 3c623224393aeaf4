"""What operators do to mentions, on whole articles."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.match.ruleset import compile_rules
from monitor.model.plan import Rule
from tests.match.cases import EMPTY, body, find, surfaces

ARTICLE = replace(
    EMPTY,
    title="카카오, 오픈AI와 협업",
    subtitle="빅테크 기업",
    body="딥시크는 오픈소스다. 카카오가 밝혔다.\n인도 총리는 메타버스 대신 메타를 골랐다.",
    captions=("정신아 카카오 대표",),
    authors=("이승규 기자",),
    section="경제",
    lang="ko",
    source_id="mediapen",
)


@pytest.mark.parametrize(
    ("expression", "fields"),
    [
        ("스타게이트", ["listed_title", "listed_summary"]),
        ("title:스타게이트", ["listed_title"]),
        ("body:스타게이트", ["listed_summary"]),
        ("subtitle:스타게이트", []),
        ("스타게이트 NOT title:스타게이트", []),
    ],
)
def test_what_a_list_said_counts_like_what_the_page_says(expression: str, fields: list[str]) -> None:
    article = replace(ARTICLE, listed_title="스타게이트 온다", listed_summary="곧 스타게이트가 온다.")
    met = compile_rules((Rule("r", "r", expression),), {}).match(article)
    assert [match.field for _, matches in met for match in matches] == fields


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("카카오", ["카카오", "카카오", "카카오"]),
        ("title:카카오", ["카카오"]),
        ("caption:카카오", ["카카오"]),
        ("body:(카카오 OR 딥시크)", ["딥시크", "카카오"]),
        ("title:딥시크", []),
        ("title:(카카오 딥시크)", []),
        ("카카오 NOT 딥시크", []),
        ("카카오 NOT 삼성", ["카카오"] * 3),
        ("딥시크 AND 메타", ["딥시크", "메타"]),
        ("딥시크 AND 삼성", []),
        ("딥시크 OR 삼성", ["딥시크"]),
        ("source:mediapen 딥시크", ["딥시크"]),
        ("source:MEDIAPEN 딥시크", ["딥시크"]),
        ("source:hani 딥시크", []),
        ("NOT source:hani 딥시크", ["딥시크"]),
        ("lang:ko 딥시크", ["딥시크"]),
        ("author:이승규", ["이승규"]),
        ("section:경제", ["경제"]),
        ("경제", []),
        ("url:news", ["news"]),
        ("ATLEAST/3 카카오", ["카카오"] * 3),
        ("ATLEAST/4 카카오", []),
        ("딥시크 NEAR/1 오픈소스", ["딥시크", "오픈소스"]),
        ("골랐다 NEAR/1 (인도 ONEAR/4 substr(메타))", ["인도", "메타", "골랐다"]),
        ("substr(메타) NEAR/1 substr(버스)", ["메타", "버스"]),
        ("substr(메타) ONEAR/1 substr(버스)", ["메타", "버스"]),
        ("substr(버스) ONEAR/1 substr(메타)", []),
        ("딥시크 NEAR/2 카카오", ["딥시크", "카카오"]),
        ("딥시크 NEAR/1 카카오", []),
        ("카카오 NEAR/5 인도", []),
        ("오픈소스 ONEAR/3 딥시크", []),
        ("딥시크 ONEAR/3 오픈소스", ["딥시크", "오픈소스"]),
        ("딥시크 SAME_SENTENCE 오픈소스", ["딥시크", "오픈소스"]),
        ("딥시크 SAME_SENTENCE (body:카카오)", []),
        ("카카오 NEAR/5 카카오", []),
        ('"오픈소스 딥시크"~2', ["딥시크", "오픈소스"]),
        ("인도 NEAR/15 (총리 OR 뉴델리)", ["인도", "총리"]),
        ("substr(메타)", ["메타", "메타"]),
        ("substr(메타) EXCEPT 메타버스", ["메타"]),
        ("substr(메타) EXCEPT (메타버스 OR 골랐다)", ["메타"]),
        ("메타버스 EXCEPT 버스", []),
        ("@meta", ["메타"]),
        ("@openai @meta", ["오픈AI", "메타"]),
        ("compound(오픈)", ["오픈"]),
        ("scan_all(NOT 삼성 AND 딥시크)", ["딥시크"]),
    ],
)
def test_operators(expression: str, found: list[str]) -> None:
    assert surfaces(expression, ARTICLE) == found


@pytest.mark.parametrize(
    ("text", "starts"),
    [("메타메타버스", [0]), ("메타버스메타", [4]), ("메타버스메타버스", []), ("메타메타버스메타", [0, 6])],
)
def test_what_merely_touches_an_exception_stays(text: str, starts: list[int]) -> None:
    assert [match.start for match in find("substr(메타) EXCEPT substr(메타버스)", text)] == starts


def test_exceptions_drop_occurrences_and_not_articles() -> None:
    text = "메타버스가 뜬다. 메타도 메타버스 사업을 축소했다."
    assert [match.start for match in find("prefix(메타) EXCEPT 메타버스", text)] == [10]
    assert find("메타 NOT 메타버스", text) == ()


def test_the_context_tells_homonyms_apart() -> None:
    rule = "인도 NEAR/15 (총리 OR 경제 OR 뉴델리)"
    assert find(rule, "차량이 인도로 돌진했다.") == ()
    assert find(rule, "인도의 경제 성장률이 높다.")[0].surface == "인도"


def test_fields_do_not_run_into_each_other() -> None:
    article = replace(EMPTY, title="오픈", body="AI 시대")
    assert find("오픈AI", article) == ()
    assert find("오픈 NEAR/3 시대", article) == ()


def test_the_code_of_a_language_is_compared_without_regard_to_case() -> None:
    assert surfaces("lang:ko 딥시크", replace(ARTICLE, lang="KO")) == ["딥시크"]
    assert surfaces("lang:KO-kr 딥시크", replace(ARTICLE, lang="ko-KR")) == ["딥시크"]


def test_of_two_spellings_that_begin_together_the_longer_one_is_the_mention() -> None:
    rules = [Rule("one", "one", "@samsung"), Rule("two", "two", "ATLEAST/2 @samsung")]
    found = compile_rules(rules, {"samsung": ("삼성", "삼성 전자")}).match(body("삼성 전자가 밝혔다."))
    assert [(rule, [match.surface for match in matches]) for rule, matches in found] == [("one", ["삼성 전자"])]


@pytest.mark.parametrize("text", ["형사소송법이 바뀌었다.", "두만강이 흐른다."])
def test_a_single_syllable_is_no_member_of_a_compound(text: str) -> None:
    assert find(f"compound({text[text.index('이') - 1]})", text) == ()


def test_a_negation_alone_proves_nothing() -> None:
    assert find("scan_all(NOT 삼성 OR 가나다라)", ARTICLE) == ()


def test_overlapping_spellings_of_one_group_count_once() -> None:
    assert surfaces("ATLEAST/2 @openai", "OpenAI") == []
    assert surfaces("ATLEAST/2 @openai", "OpenAI와 오픈AI") == ["OpenAI", "오픈AI"]
