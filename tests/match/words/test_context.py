"""Endings that mean two things are read by the words around them."""

from __future__ import annotations

import pytest

from tests.match.cases import find


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("심리학", "심리학과 뇌과학을 잇는다."),
        ("경영학", "경영학과 통계를 안다."),
        ("사회학", "사회학과 철학은 다르다."),
        ("설계", "설계도 끝났고 시공도 끝났다."),
        ("신뢰", "신뢰도 잃었다."),
        ("만족", "만족도 주고 실망도 준다."),
        ("북한", "북한산 석탄이 들어왔다."),
        ("유이", "유이나 다른 배우가 온다."),
        ("박건", "박건이 말했다."),
        ("메타", "메타며 구글이며 다 올랐다."),
        ("엔비디아", "엔비디아향 공급을 늘린다."),
        ("애플", "애플용은 따로 만든다."),
        ("오픈AI", "오픈AI급의 성능이다."),
        ("삼성", "삼성계 은행이다."),
        ("테슬라", "테슬라제가 낫다."),
    ],
)
def test_a_mention(term: str, text: str) -> None:
    assert [match.surface for match in find(term, text)] == [term]


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("심리학", "심리학과 교수를 만났다."),
        ("심리학", "심리학과에 갔다."),
        ("설계", "설계도를 그렸다."),
        ("신뢰", "신뢰도 조사를 했다."),
        ("내년", "내년도 예산안을 냈다."),
        ("강원", "강원도 원산에 갔다."),
        ("북한", "북한산에 올랐다."),
        ("걸프", "걸프전 이후 유가가 뛰었다."),
        ("마야", "마야시대 유적을 찾았다."),
        ("설악", "설악산을 넘었다."),
        ("로마", "로마시대의 길이다."),
        ("박건", "박건하 감독이 말했다."),
        ("한가", "한가인 씨가 출연했다."),
        ("유이", "유이나 씨는 작가다."),
        ("김하", "김하나 선수는 웃었다."),
        ("달리", "말이 들판을 달리며 울었다."),
        ("누비", "거리를 누비며 춤췄다."),
        ("아이", "밤새 아이며 울었다."),
        ("고", "고용 지표가 나왔다."),
        ("의", "의향서를 냈다."),
        ("영", "영향이 크다."),
        ("중국", "중국계 미국인이다."),
    ],
)
def test_another_word(term: str, text: str) -> None:
    assert find(term, text) == ()


@pytest.mark.parametrize(
    ("expression", "text", "met"),
    [
        ("상주", "특파원이 현지에 상주했다.", True),
        ("name(상주)", "특파원이 현지에 상주했다.", False),
        ("name(영주)", "그는 캐나다에 영주하기로 했다.", False),
        ("name(대치)", "두 나라가 대치하고 있다.", False),
        ("name(상주)", "상주에서 곶감 축제가 열렸다.", True),
        ("name(상주)", "상주시장은 웃었다.", False),
        ("name(대치 OR 영주)", "영주는 사과의 고장이다.", True),
    ],
)
def test_a_name_takes_no_verb(expression: str, text: str, *, met: bool) -> None:
    assert bool(find(expression, text)) is met
