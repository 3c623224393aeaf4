"""What is news to a story: a copy never is, in whatever dress; the next act is, over whatever background."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cluster.newness import HALF_A_DAY, newness
from monitor.cluster.rarity import shipped
from monitor.cluster.signature import UnpackedSignature, sign, unpack
from monitor.model.article import Article
from monitor.model.story import Lead, Signature

SEEN = datetime(2026, 11, 5, tzinfo=UTC)

FLAGS = st.sampled_from(["", "[속보] ", "[단독] ", "(종합2보) ", "【긴급】 ", "<상보> "])
BYLINES = st.sampled_from(
    ["", "(서울=한빛통신) 홍길동 기자 = ", "[한빛일보 홍길동 기자] ", "【한빛시=뉴스한】 ", "(한빛=한빛통신) = "]
)
CLOSINGS = st.sampled_from(
    ["", " 홍길동 기자 hong@news.example", " ⓒ 한빛일보", " 무단 전재 및 재배포 금지", "\n저작권자 (c) 한빛통신"]
)
WORDS = st.text(
    st.characters(min_codepoint=ord("가"), max_codepoint=ord("힣")), min_size=1, max_size=6
) | st.sampled_from(
    [
        "본회의",
        "통과했다",
        "12일",
        "지난",
        "오는",
        "3월",
        "구속영장을",
        "청구했다.",
        "AI",
        "1,200명이",
        "밝혔다.",
        "“반대”",
        "OpenAI",
    ]
)
TEXTS = st.lists(WORDS, min_size=2, max_size=14).map(" ".join)
BODIES = st.lists(WORDS, min_size=4, max_size=220).map(" ".join)


def signed(title: str, body: str) -> Signature:
    return sign(Article("k", "", "herald", title, SEEN, body=body), shipped())


def known(title: str, body: str) -> UnpackedSignature:
    return unpack(signed(title, body).packed)


@given(TEXTS, BODIES, FLAGS, BYLINES, CLOSINGS, st.floats(0, 72))
def test_a_copy_in_another_dress_is_no_news(
    title: str, body: str, flag: str, byline: str, closing: str, hours: float
) -> None:
    first = known(title, body)
    copy = signed(flag + title, byline + body + closing)
    assert newness(copy.lead, [first], first, hours) < 0


@given(TEXTS, BODIES, st.lists(st.tuples(TEXTS, BODIES), max_size=4), st.integers(0, 4), st.floats(0, 72))
def test_a_copy_of_any_member_is_no_news_whoever_else_is_in_the_story(
    title: str, body: str, others: list[tuple[str, str]], place: int, hours: float
) -> None:
    first = known(title, body)
    members = [known(*other) for other in others]
    members.insert(min(place, len(members)), first)
    assert newness(signed(title, body).lead, members, first, hours) < 0


@given(st.floats(0, HALF_A_DAY), st.floats(0, HALF_A_DAY))
def test_more_time_never_makes_it_less_new_and_after_half_a_day_changes_nothing(one: float, other: float) -> None:
    first, lead = (
        known("수수료 공개법 상임위 통과", "국회가 8일 법안을 냈다."),
        signed("본회의 통과", "국회가 표결했다.").lead,
    )
    sooner, later = sorted((one, other))
    assert newness(lead, [first], first, sooner) <= newness(lead, [first], first, later)
    assert newness(lead, [first], first, HALF_A_DAY) == newness(lead, [first], first, 10 * HALF_A_DAY)


@pytest.mark.parametrize(
    ("one", "two", "other"),
    [
        ("한빛시가 8일 예산안을 냈다.", "한빛시가 10일 예산안을 냈다.", True),
        (
            "한빛시가 8일 예산안을 냈다.",
            "한빛시가 지난 10일 예산안을 냈다.",
            False,
        ),  # of another day tells what happened before
        (
            "한빛시가 8일 예산안을 내고 오는 10일 표결한다.",
            "한빛시가 10일 예산안을 냈다.",
            True,
        ),  # what was announced is no known day
        (
            "한빛시가 8일 예산안을 내고 10일 만에 접었다.",
            "한빛시가 10일 예산안을 냈다.",
            True,
        ),  # a length of time is no day
        ("한빛시가 예산안을 냈다.", "한빛시가 10일 예산안을 냈다.", False),
        ("한빛시가 8일 예산안을 냈다.", "한빛시가 8일과 10일 예산안을 냈다.", False),
    ],
)
def test_another_day_speaks_for_news(one: str, two: str, *, other: bool) -> None:
    first, lead = known("한빛시 예산안", one), signed("한빛시 예산안", two).lead
    undated = Lead(lead.terms, lead.title, lead.acts)
    apart = newness(lead, [first], first, 0) - newness(undated, [first], first, 0)
    assert apart == pytest.approx(3.0 if other else 0.0)


def test_acts_are_those_of_the_nearest_for_a_long_story_names_them_all() -> None:
    bill, passed = known("한빛법 상정", "국회가 한빛법을 다룬다."), known("한빛법 통과", "국회가 한빛법을 통과시켰다.")
    lead = signed("한빛법 통과", "국회가 한빛법을 통과시켰다.").lead
    assert newness(lead, [bill, passed], bill, 0) > newness(lead, [bill, passed], passed, 0)


def test_what_opens_with_nothing_is_no_news() -> None:
    first = known("한빛법 상정", "국회가 한빛법을 다룬다.")
    assert newness(Lead(), [first], first, 72) < 0
