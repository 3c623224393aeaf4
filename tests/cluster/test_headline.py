"""The matter of a headline joins the same headline and nothing else."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cluster.headline import MIN_LENGTH, headline_matter

BASE = "오픈AI, 스타게이트에 1.5조 투자"

WORDS = st.sampled_from(["오픈AI", "스타게이트", "deepseek", "코스피", "투자", "하락", "3", "1.5", "12", "2,000"])
HEADLINES = st.lists(WORDS, min_size=4, max_size=10).map(" ".join)
FLAGS = st.sampled_from(
    [
        "[속보]",
        "[긴급]",
        "[단독]",
        "[1보]",
        "[2보]",
        "(종합)",
        "(종합2보)",
        "<종합 3보>",
        "【속보】",
        "［속보］",
        "[단독·종합]",
    ],
)


@pytest.mark.parametrize(
    "twin",
    [
        "[속보] 오픈AI, 스타게이트에 1.5조 투자",
        "[속보][종합]오픈AI, 스타게이트에 1.5조 투자",
        "오픈AI, 스타게이트에 1.5조 투자(종합2보)",
        "오픈AI, 스타게이트에 1.5조 투자 <종합>",
        "오픈AI, '스타게이트'에 1.5조 투자",
        "오픈AI·스타게이트에 1.5조 투자…",
        "오픈AIㆍ스타게이트에 1.5조 투자",
        "오픈ai  스타게이트에\u20281.5조 투자",
        "오픈ＡＩ 스타게이트에 １.５조 투자",
        "오픈\u200bAI, 스타\u00ad게이트에 1.5조 투자",
        "[속\u200b보] 오픈AI, 스타게이트에 1.5조 투자",
    ],
)
def test_stage_flags_and_typography_do_not_count(twin: str) -> None:
    assert headline_matter(twin) == headline_matter(BASE) == "오픈ai스타게이트에1.5조투자"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (BASE, "오픈AI, 스타게이트에 15조 투자"),
        (BASE, "오픈AI, 스타게이트에 1.6조 투자"),
        ("[오늘의 증시] 코스피 2500선 마감", "[내일의 증시] 코스피 2500선 마감"),
        ("[인사] 국토교통부 기획조정실장", "[부고] 국토교통부 기획조정실장"),
        ("[정정] 오픈AI 스타게이트 투자 확정", "오픈AI 스타게이트 투자 확정"),
        ("코스피 -1.2% 장 마감 시황", "코스피 1.2% 장 마감 시황"),
        ("코스피 –1.2% 장 마감 시황", "코스피 +1.2% 장 마감 시황"),
        ("삼성전자 2%↑ 장 마감 시황", "삼성전자 2%↓ 장 마감 시황"),
        ("수출 ▲3% 산업부 잠정치 발표", "수출 ▼3% 산업부 잠정치 발표"),
        ("확진 1~2명 보건당국 발표 내용", "확진 12명 보건당국 발표 내용"),
        ("대표팀 2-1 승리 월드컵 예선", "대표팀 21 승리 월드컵 예선"),
    ],
)
def test_what_may_be_another_matter_stays_apart(one: str, other: str) -> None:
    assert headline_matter(one) != headline_matter(other)
    assert headline_matter(one)
    assert headline_matter(other)


def test_thousands_commas_go_but_lists_of_numbers_stay() -> None:
    assert headline_matter("코스피 3,000선 회복하며 마감") == headline_matter("코스피 3000선 회복하며 마감")
    assert headline_matter("로또 당첨번호 1,2,3 확인하세요") != headline_matter("로또 당첨번호 123 확인하세요")


@pytest.mark.parametrize(
    "title", ["", "   ", "[속보]", "[인사] 교육부", "오늘의 날씨", "…!?·", "[속보] 1234567", "\ud800\u200b"]
)
def test_short_headlines_join_nothing(title: str) -> None:
    assert headline_matter(title) == ""


def test_the_shortest_headline_that_joins() -> None:
    assert headline_matter("가" * MIN_LENGTH) == "가" * MIN_LENGTH
    assert headline_matter("가" * (MIN_LENGTH - 1)) == ""


def test_lone_surrogates_and_nul_go() -> None:
    assert headline_matter("오픈AI\x00 스타게이트 \udcff투자") == "오픈ai스타게이트투자"


@given(HEADLINES, FLAGS, FLAGS)
def test_flags_at_both_ends_change_nothing(title: str, head: str, tail: str) -> None:
    assert headline_matter(f"{head} {title}{tail}") == headline_matter(title)


@given(HEADLINES)
def test_composition_case_and_doubled_blanks_change_nothing(title: str) -> None:
    expected = headline_matter(title)
    assert headline_matter(unicodedata.normalize("NFD", title)) == expected
    assert headline_matter(title.upper()) == expected
    assert headline_matter(title.replace(" ", " \t ")) == expected


@given(HEADLINES)
def test_a_matter_is_its_own_matter(title: str) -> None:
    once = headline_matter(title)
    assert headline_matter(once) == once


@given(HEADLINES, st.integers(1, 10**6), st.integers(1, 10**6))
def test_another_number_is_another_matter(title: str, one: int, other: int) -> None:
    first, second = (headline_matter(f"{title} 총 {number}명 확인") for number in (one, other))
    assert (first == second) == (one == other)


@given(st.text(max_size=300))
def test_any_text_gives_nothing_or_something_long_enough(title: str) -> None:
    left = headline_matter(title)
    assert left == "" or len(left) >= MIN_LENGTH
    assert not any(char.isspace() for char in left)
    left.encode()


@given(st.text(alphabet="[](<>)속보종합1２ ·,/|{}【】", max_size=2000))
def test_nests_of_brackets_end_quickly_and_leave_no_bracket(title: str) -> None:
    assert not set(headline_matter(title)) & set("[](<>){}【】")


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", ["종합 ", "종합", " ", "[종합2", "1보/", "1,", "1- ", "[", "(2보"])
def test_a_headline_made_to_keep_the_expressions_busy_ends(piece: str) -> None:
    assert headline_matter("[종합" + piece * 20_000 + "스타게이트에투자")
