from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.text.bylines import bylines, person, stated_names
from tests.evidence import rows


def test_conformance() -> None:
    cases = rows("bylines/bylines.jsonl")
    wrong = [(row["raw"], bylines(row["raw"])) for row in cases if list(bylines(row["raw"])) != row["reporters"]]
    assert len(cases) == 12
    assert wrong == []


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("[미디어펜=이승규 기자] 미국과 중국에", ("이승규",)),
        ("[미디어펜=김태우·백지현 기자]", ("김태우", "백지현")),
        ("[미디어펜=김태우, 백지현 기자]", ("김태우", "백지현")),
        ("[서울=뉴스핌] 김영희 기자 = 어제", ("김영희",)),
        ("(부산=연합뉴스) 차근호 기자 = ", ("차근호",)),
        ("[헤럴드경제=박지영 기자]", ("박지영",)),
        ("[이데일리 김새미 기자]", ("김새미",)),
        ("[아시아경제 홍길동 기자, 김철수 기자]", ("홍길동", "김철수")),
        ("[파이낸셜뉴스 도쿄=김경민 특파원]", ("김경민",)),
        ("워싱턴=홍길동 특파원", ("홍길동",)),
        ("[지디넷코리아]김우용 기자", ("김우용",)),
        ("디지털타임스 홍길동 기자", ("홍길동",)),
        ("한국일보 홍길동 기자", ("홍길동",)),
        ("글·사진 홍길동 기자", ("홍길동",)),
        ("홍길동 선임기자 gil@ex.kr", ("홍길동",)),
        ("홍길동 의학전문기자", ("홍길동",)),
        ("김대기 기자(daekey1@ex.co.kr)", ("김대기",)),
        ("홍길동·김철수 기자", ("홍길동", "김철수")),
        ("홍길동 gil@ex.co.kr", ("홍길동",)),
        ("박준석 기자 외 1명", ("박준석",)),
        ("이승규 기자 2025-02-05 14:21", ("이승규",)),
        ("남궁민수 기자", ("남궁민수",)),
        ("By Hong Gil-dong", ("Hong Gil-dong",)),
        ("By Jane O'Neil | Seoul", ("Jane O'Neil",)),
        ("홍길동 기자, 홍길동 기자", ("홍길동",)),
    ],
)
def test_signatures(line: str, names: tuple[str, ...]) -> None:
    assert bylines(line) == names


@pytest.mark.parametrize(
    "line",
    [
        "",
        "ⓒ News1 강민경 기자",
        "사진=홍길동 기자",
        "▲ 정신아 대표가 기념사진을 촬영하고 있다./사진=카카오 제공",
        "홍길동 기자는 어제 말했다",
        "홍길동 기자가 물었다",
        "여러 기자들이 모였다",
        "박 기자",
        "취재진 기자",
        "시민 기자",
        "그는 기자 회견에서 말했다",
        "연락처 news@ex.kr",
        "By the river",
    ],
)
def test_what_signs_nothing(line: str) -> None:
    assert bylines(line) == ()


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ("홍길동 기자", "홍길동"),
        ("홍길동", "홍길동"),
        ("홍길동 선임기자 gil@ex.kr", "홍길동"),
        ("gil@ex.kr (홍길동)", "홍길동"),
        ("박준석 기자 외 1명", "박준석"),
        ("  Jane   Doe ", "Jane Doe"),
        ("https://ex.kr/reporter/1", ""),
        ("gil@ex.kr", ""),
        ("", ""),
    ],
)
def test_person(stated: str, name: str) -> None:
    assert person(stated) == name


@given(st.text(max_size=600))
def test_never_raises(text: str) -> None:
    assert all(name.strip() for name in bylines(text))
    assert person(text) == person(text).strip()
    assert set(person(text)) <= {*text, " "}


@given(st.lists(st.sampled_from(["홍길동", "김철수", "이영희", "박민수"]), min_size=1, max_size=4, unique=True))
def test_every_name_of_a_list_is_found(names: list[str]) -> None:
    assert bylines(f"[미디어펜={'·'.join(names)} 기자]") == tuple(names)


def test_a_number_is_nobody() -> None:
    assert person("105092") == ""


@pytest.mark.parametrize(
    ("stated", "names"),
    [("김하나·이두리 기자", ("김하나", "이두리")), ("Jane Doe", ("Jane Doe",)), ("jane@ex.kr", ()), ("", ())],
)
def test_a_line_of_authors_signs_or_is_one_name(stated: str, names: tuple[str, ...]) -> None:
    assert stated_names(stated) == names


@pytest.mark.parametrize(
    "line",
    [
        "인천·김포 김하늘 기자",
        "수원·화성 김하늘 기자",
        "[대구·경북=김하늘 기자]",
        "의정부·양주 김하늘 기자",
        "대구·경북 김하늘 선임기자",
    ],
)
def test_places_before_a_name_are_none(line: str) -> None:
    assert bylines(line) == ("김하늘",)


@pytest.mark.parametrize(
    ("stated", "names"),
    [
        ("Kim Haneul and Lee Bada", ("Kim Haneul", "Lee Bada")),
        ("By Kim Haneul, Lee Bada and Park Nara", ("Kim Haneul", "Lee Bada", "Park Nara")),
        ("Kim Haneul & Ludwig van Beethoven", ("Kim Haneul", "Ludwig van Beethoven")),
        ("김하늘 (sky), 이바다 (sea)", ("김하늘", "이바다")),
        ("김하늘 (sky, 산업부), 이바다 (sea)", ("김하늘", "이바다")),
        ("김하늘 [sky]; 이바다", ("김하늘", "이바다")),
        ("Ministry of Food and Drug Safety", ("Ministry of Food and Drug Safety",)),
        ("Research and Development Team", ("Research and Development Team",)),
        ("Jane Doe, Reuters", ("Jane Doe, Reuters",)),
    ],
)
def test_several_names_in_one_text(stated: str, names: tuple[str, ...]) -> None:
    assert stated_names(stated) == names
