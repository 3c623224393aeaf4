"""Acts are found under all of their names, and not where their letters stand by chance."""

from __future__ import annotations

from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cluster.acts import GROUPS, OWN, acts
from monitor.cluster.signature import VERSION


def named(text: str) -> set[str]:
    bits = acts(text)
    return {group[0].removeprefix("_") for place, group in enumerate(GROUPS) if bits >> place & 1}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("수수료 공개법 본회의 통과…내년 시행", {"본회의", "통과", "시행", "출시"}),
        ("검찰, 한빛건설 회장 구속영장 청구", {"구속영장", "청구"}),
        ("법원, 회장 구속", {"구속"}),
        ("가람조선 희망퇴직 접수…구조조정 시작", {"감원"}),
        ("실종자 2명 구조", {"실종", "구조"}),
        ("버스 요금 인상안 거둬들였다", {"철회", "인상"}),
        ("불량 청소기 거둬 간다", {"리콜"}),
        ("나루구단, 결승서 졌다", {"결승", "패배"}),
        ("시민들 반발…상인회는 반색", {"환영", "반발"}),
        ("대표가 배임을 인정했다", {"자백"}),
        ("한빛전자 주가 5% 급락", {"급락"}),
    ],
)
def test_an_act_is_known_by_each_of_its_names(text: str, found: set[str]) -> None:
    assert named(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "비가 밤새 이어졌다",
        "길이 넓어졌다",
        "개인정보 보호 원칙",
        "두 사람 사이의 일",
        "최고경영자와 최고위원",
        "불이익은 없다",
        "오른쪽 길",
    ],
)
def test_letters_that_stand_there_by_chance_name_nothing(text: str) -> None:
    assert named(text) == set()


def test_reactions_are_no_act_of_its_own() -> None:
    assert acts("야당 반발, 시민단체 환영, 유족 눈물") & OWN == 0
    assert acts("가결에 반발") & OWN == acts("가결")


def test_the_bits_of_a_version_never_change_their_meaning() -> None:
    assert (VERSION, len(GROUPS), crc32(repr(GROUPS).encode())) == (2, 184, 1284268378)


@given(st.text(), st.text())
def test_any_text_is_taken_and_what_is_named_stays_named_apart(one: str, other: str) -> None:
    assert acts(f"{one}\n{other}") == acts(one) | acts(other)
