from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.page.tails import trim

PROSE = "회사는 내년 봄에 첫 서버를 돌린다고 밝혔다."


@pytest.mark.parametrize(
    ("tail", "names"),
    [
        (["[미디어펜=이승규 기자]"], ("이승규",)),
        (["홍길동 기자 gil@ex.kr"], ("홍길동",)),
        (["홍길동 gil@ex.kr"], ("홍길동",)),
        (["gil@ex.kr"], ()),
        (["(gil@ex.kr)"], ()),
        (["저작권자 © 시험타임스 무단전재 및 재배포 금지"], ()),
        (["<저작권자 ⓒ 1980-2025 통신. 무단 전재 재배포 금지.>"], ()),
        (["Copyright ⓒ 신문. All rights reserved."], ()),
        (["◎공감언론 통신 gil@ex.kr"], ()),
        (["제보는 카톡 okjebo"], ()),
        (["홍길동 기자", "gil@ex.kr", "저작권자 © 신문, 무단전재 및 재배포 금지"], ("홍길동",)),
        (["홍길동 기자", "김철수 기자"], ("홍길동", "김철수")),
        ([], ()),
    ],
)
def test_tails_are_cut(tail: list[str], names: tuple[str, ...]) -> None:
    assert trim([PROSE, *tail]) == ([PROSE], names)


@pytest.mark.parametrize(
    "line",
    [
        PROSE,
        "홍길동 기자는 그 자리에 있었다고 말했다.",
        "저작권법을 고치자는 말이 국회에서 나온 것은 벌써 열 해 전의 일이다. " + "긴 글이 이어진다. " * 10,
        "◆ 바다로 간 서버",
        '"무엇을 할 것인가"라고 물었다',
    ],
)
def test_prose_stays(line: str) -> None:
    assert trim([PROSE, line]) == ([PROSE, line], ())


def test_a_signature_behind_the_last_sentence_is_cut_out_of_its_line() -> None:
    assert trim([f"{PROSE} 홍길동 기자 gil@ex.kr"]) == ([PROSE], ("홍길동",))
    assert trim([f"{PROSE} [홍길동 기자]"]) == ([PROSE], ("홍길동",))


def test_the_head_is_never_cut() -> None:
    lines = ["[미디어펜=이승규 기자] 한빛전자가 문을 열었다.", PROSE]
    assert trim(lines) == (lines, ())


def test_only_so_many_lines_are_tail() -> None:
    lines = [PROSE, *["gil@ex.kr"] * 40]
    assert len(trim(lines)[0]) == len(lines) - 12


@given(st.lists(st.text(max_size=80), max_size=20))
def test_what_is_left_is_a_beginning(lines: list[str]) -> None:
    kept, _ = trim(lines)
    assert kept[:-1] == lines[: max(0, len(kept) - 1)]
    assert not kept or kept[-1] in lines[len(kept) - 1]


NOTICES = [
    "김가람 해솔소프트 대표 부친상. 빈소 서울병원 장례식장 1호실.",
    "[인사] 해솔소프트 ◇승진 △상무 홍길동 △이사 김철수",
    "해솔소프트, 새 서버 공개",
    "△상무 홍길동",
    "나래챗 대표 모친상 = 7일 오전, 발인 9일",
    "[표] 오늘의 환율",
    "해솔소프트 코스닥 상장",
]
SIGNS = [
    "[펲테크신문 박가람 기자]",
    "[미디어펜=박가람 기자]",
    "(서울=연합뉴스) 박가람 기자 =",
    "【뉴시스 박가람 기자】",
]
TAILS = [
    "박가람 기자",
    "박가람 기자 garam@ex.kr",
    "garam@ex.kr",
    "저작권자 © 시험타임스 무단전재 및 재배포 금지",
    "사회부 박가람 기자",
]


@given(
    st.lists(st.sampled_from(NOTICES), min_size=1, max_size=3),
    st.sampled_from(["", *SIGNS]),
    st.sampled_from(["", "박가람 기자", "박가람 기자 garam@ex.kr", "garam@ex.kr", "ⓒ 무단전재 금지"]),
    st.lists(st.sampled_from(TAILS), max_size=4),
)
def test_a_notice_keeps_its_text_whatever_signs_it(said: list[str], sign: str, end: str, tails: list[str]) -> None:
    lines = [f"{sign} {said[0]}".strip(), *said[1:]]
    lines[-1] = f"{lines[-1]} {end}".strip()
    kept = "\n".join(trim([*lines, *tails])[0])
    assert said[0] in kept


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("notice", NOTICES)
def test_of_a_signed_notice_the_signature_goes(notice: str, sign: str) -> None:
    assert trim([f"{sign} {notice}"]) == ([notice], ("박가람",))


@pytest.mark.parametrize(
    "lines", [["박가람 기자"], ["[미디어펜=박가람 기자]"], ["박가람 기자", "© 시험타임스 무단전재 금지"]]
)
def test_where_nothing_is_said_nothing_is_left(lines: list[str]) -> None:
    assert trim(lines) == ([], ("박가람",))


def test_short_lines_behind_the_line_that_ends_an_article_go_with_it() -> None:
    body = [f"{PROSE} {n}" for n in range(9)]
    tail = ["홍길동 기자", "gil@ex.kr", "훈훈해요 0", "정치부에서 국회를 취재하고 있습니다."]
    assert trim([*body, *tail]) == (body, ("홍길동",))


def test_much_text_behind_a_mail_address_is_still_the_article() -> None:
    lines = [PROSE, "gil@ex.kr", PROSE, PROSE]
    assert trim(lines) == (lines, ())
    lines = [*[PROSE] * 9, "gil@ex.kr", "긴 글이 이어진다. " * 12]
    assert trim(lines) == (lines, ())
