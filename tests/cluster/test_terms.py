"""What of a report is read, and as which terms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cluster.terms import LEAD, TAIL, headline, matter, slots, terms

REPORT = "오픈AI는 5일 서울에 사무소를 열고 국내 기업과 손을 잡는다고 밝혔다. 직원은 30명으로 시작한다."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("서울시는", ["서울", "울시", "시는"]),
        ("openai는 gpt4를", ["openai", "gpt4"]),
        ("openai의 서울", ["서울", "openai"]),
        ("1,200억 3.5% 7", ["#1200", "#3.5", "#7"]),
        ("北美 회담", ["회담", "北美"]),
        ("… !?", []),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_blanks_inside_a_compound_cost_one_pair() -> None:
    assert set(terms("서울사무소")) - set(terms("서울 사무소")) == {"울사"}


@pytest.mark.parametrize("tag", ["[속보]", "(종합2보)", "【단독】", "<현장영상>", "［속보］"])
def test_tags_of_a_headline_go(tag: str) -> None:
    assert headline(f"{tag} OpenAI 서울 상륙").split() == ["openai", "서울", "상륙"]


def test_a_long_bracket_is_part_of_the_headline() -> None:
    assert "스타게이트에 투자한다고" in headline("(스타게이트에 투자한다고 밝힌 회사) 오픈AI")


@pytest.mark.parametrize(
    "head",
    ["(서울=연합뉴스) 홍길동 기자 = ", "[한빛일보 김하늘 기자] ", "【새벽】이서연 기자=", "홍길동 특파원 = "],
)
def test_the_byline_head_goes(head: str) -> None:
    assert matter(head + REPORT) == matter(REPORT)


@pytest.mark.parametrize(
    "tail",
    [
        " 홍길동 기자 hong@example.com",
        " ⓒ 한빛일보 무단 전재-재배포 금지",
        "\n무단전재 및 재배포 금지",
        " 저작권자 (c) 한빛일보",
        " 김하늘 기자",
        " ※ 제보는 카카오톡",
        " desk@example.com",
    ],
)
def test_the_closing_goes(tail: str) -> None:
    assert matter(REPORT + tail).strip() == matter(REPORT)


def test_a_copyright_mark_under_a_photo_does_not_end_the_report() -> None:
    body = "사진 ⓒ 서울시\n" + REPORT * 6
    assert REPORT.lower() in matter(body)


def test_a_report_without_a_head_keeps_its_first_sentence() -> None:
    assert matter(REPORT).startswith("오픈ai는 5일")
    assert matter("홍길동 기자는 상을 받았다.\n둘째 = 셋째").startswith("홍길동 기자는")


def test_nothing_beyond_the_tail_is_read() -> None:
    assert LEAD < TAIL
    assert len(matter("가나다라 " * 1_000)) == TAIL
    assert matter("가" * 5_000 + "기자 = ") == "가" * TAIL


def test_slots_name_numbers_by_the_letters_around_them() -> None:
    assert slots("코스피는 2,500.3으로 1.2% 올랐다", 9) == {"피는|으로": "2500.3", "으로|올랐": "1.2"}


def test_the_first_number_of_a_slot_counts_and_there_are_few() -> None:
    assert slots("총 3명 총 4명", 9) == {"총|명": "3", "총명|명": "4"} or slots("총 3명 총 4명", 9)["총|명총"] == "3"
    assert len(slots(" ".join(f"{chr(0xAC00 + n)} {n} 개" for n in range(100)), 5)) == 5


@given(st.text(max_size=400))
def test_any_text_is_taken(text: str) -> None:
    assert len(matter(text)) <= TAIL
    assert all(terms(headline(text) + matter(text)))
    assert len(slots(text, 7)) <= 7


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", ["(", "[속", "기자 ", "a@", "a.", "1,", "=", "가나 기자 ", " ", "ⓒ"])
def test_a_report_made_to_keep_the_expressions_busy_ends(piece: str) -> None:
    long = piece * 50_000
    assert len(matter(long)) <= TAIL
    terms(headline(long))
