from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.extract.definitions.site import Drops
from monitor.extract.page.blocks import block_lines, read_blocks

DROPS = Drops(selectors=(".ad",), prefixes=("▶",), contains=("다른기사보기",))
MARKS = ("▲",)


def _node(html: str) -> LexborNode:
    node = LexborHTMLParser(f'<div id="root">{html}</div>').css_first("#root")
    assert node is not None
    return node


def _lines(html: str) -> list[str]:
    return read_blocks(_node(html), DROPS, MARKS).lines


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("하나<br><br>둘", ["하나", "둘"]),
        ("<p>하나</p><p>둘</p>", ["하나", "둘"]),
        ("하나<div>둘</div>셋", ["하나", "둘", "셋"]),
        ("세웠다.<p>한국은행이", ["세웠다.", "한국은행이"]),
        ("오픈<b>AI</b>는 <a href='#'>5일</a> 말했다", ["오픈AI는 5일 말했다"]),
        ("<span>앞</span><span>뒤</span>", ["앞뒤"]),
        ("<table><tr><td>가</td><td>나</td></tr></table>", ["가", "나"]),
        ("<ul><li>가</li><li>나</li></ul>", ["가", "나"]),
        ("<h2>머리</h2>글<blockquote>따옴</blockquote>", ["머리", "글", "따옴"]),
        ("가<!-- 주석 -->나", ["가나"]),
        ("가<script>x</script><style>y</style><noscript>z</noscript>나", ["가나"]),
        ("가<iframe src='/a'>z</iframe><button>누름</button><amp-ad>광고</amp-ad>나", ["가나"]),
        ("가&nbsp;&nbsp;나\n  다", ["가 나 다"]),
        ("<div class='ad'>광고</div>글", ["글"]),
        ("글 <a href='/x'>▶다른기사보기</a>", ["글"]),
        ("<a href='/x'>기사 속 링크</a> 글", ["기사 속 링크 글"]),
        ("", []),
        ("<br><br><p> </p>", []),
    ],
)
def test_lines(html: str, lines: list[str]) -> None:
    assert _lines(html) == lines


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("글<div>▶ 관련 기사</div>글", ["글", "글"]),
        ("글<div>▶ 관련 기사<br>제목 하나<br>제목 둘</div>글", ["글", "글"]),
        ("글<div>▶ 관련 기사<br><br>이어지는 글</div>", ["글", "이어지는 글"]),
        ("글<br>▶ 관련 기사<br>글", ["글", "글"]),
        ("<div><div><div>▶ 관련</div></div></div>글", ["글"]),
        ("글 안의 ▶ 표시는 글이다", ["글 안의 ▶ 표시는 글이다"]),
    ],
)
def test_a_mark_rules_the_block_it_opens(html: str, lines: list[str]) -> None:
    assert _lines(html) == lines


@pytest.mark.parametrize(
    ("html", "lines", "captions"),
    [
        ("글<div>▲ 설명./사진=카카오 제공</div>글", ["글", "글"], ["▲ 설명./사진=카카오 제공"]),
        ("글<div>▲ 두 줄<br>설명</div>글", ["글", "글"], ["▲ 두 줄 설명"]),
        ("글<br>▲ 설명./사진=카카오<br>글", ["글", "글"], ["▲ 설명./사진=카카오"]),
        ("글<br>▲ 첫째 까닭은 값이다<br>글", ["글", "▲ 첫째 까닭은 값이다", "글"], []),
        ("<figure><img src='a'><figcaption>그림 설명</figcaption></figure>글", ["글"], ["그림 설명"]),
        ("<figure><img src='a'></figure>글", ["글"], []),
        ("<div>▲ 설명/사진=나<br><br>글이 같은 칸에 이어진다</div>", ["글이 같은 칸에 이어진다"], ["▲ 설명/사진=나"]),
    ],
)
def test_captions_go_apart(html: str, lines: list[str], captions: list[str]) -> None:
    text = read_blocks(_node(html), DROPS, MARKS)
    assert (text.lines, text.captions) == (lines, captions)


def test_an_editors_note_stays() -> None:
    assert _lines("<div>이 글은 연재의 첫째 편이다./편집자주</div>글") == ["이 글은 연재의 첫째 편이다./편집자주", "글"]


def test_block_lines_leaves_nothing_out() -> None:
    assert block_lines(_node("▶ 하나<br>▲ 둘<div class='ad'>셋</div>")) == ["▶ 하나", "▲ 둘", "셋"]


def test_depth_does_not_exhaust_the_stack() -> None:
    assert _lines("<div>" * 3_000 + "깊은 글") == ["깊은 글"]


@given(
    st.lists(
        st.sampled_from(["글", "<p>", "</p>", "<br>", "<div>", "</div>", "▲ 사진", "▶ ", "<b>", "</a>", "<a>", " "])
    )
)
def test_any_markup_gives_clean_lines(parts: list[str]) -> None:
    text = read_blocks(_node("".join(parts)), DROPS, MARKS)
    for line in (*text.lines, *text.captions):
        assert line
        assert line == " ".join(line.split())
    assert not any(line.startswith("▶") for line in text.lines)
