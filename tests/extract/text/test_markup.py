from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.text.markup import collapse_whitespace, excerpt, plain_text, unescape


@pytest.mark.parametrize(
    ("raw", "text"),
    [("  가\t나\n다 ", "가 나 다"), ("가\xa0나", "가 나"), ("가\u3000나", "가 나"), ("", ""), (" \n ", "")],
)
def test_squeeze(raw: str, text: str) -> None:
    assert collapse_whitespace(raw) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [("SK E&amp;S", "SK E&S"), ("SK E&amp;amp;S", "SK E&S"), ("AT&T", "AT&T"), ("&middot;", "·"), ("&#44032;", "가")],
)
def test_unescape(raw: str, text: str) -> None:
    assert unescape(raw) == text


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("<p>본문</p>", "본문"),
        ("<b>오픈AI</b>는 5일", "오픈AI는 5일"),
        ("<p>첫째.</p><p>둘째.</p>", "첫째. 둘째."),
        ("첫째<br/>둘째", "첫째 둘째"),
        ("&lt;b&gt;굵게&lt;/b&gt;", "굵게"),
        ("&lt;b&gt;A &amp;amp; B&lt;/b&gt;", "A & B"),
        ("<AI> 시대가 온다", "<AI> 시대가 온다"),
        ("1 < 2 그리고 3 > 2", "1 < 2 그리고 3 > 2"),
        ('<img src="a.jpg" alt="x">글', "글"),
        ('<a href="/a">링크</a> 글', "링크 글"),
        ("<!-- 주석 -->글", "글"),
        ("<script>alert(1)</script>글<style>b{}</style>", "글"),
        ("SK E&amp;S 본문", "SK E&S 본문"),
        ("", ""),
    ],
)
def test_plain(fragment: str, text: str) -> None:
    assert plain_text(fragment) == text


@given(st.text(max_size=300))
def test_plain_leaves_no_loose_blanks(fragment: str) -> None:
    text = plain_text(fragment)
    assert text == collapse_whitespace(text)


@given(st.text(alphabet="가나다 abc.,", max_size=100))
def test_plain_text_stays(text: str) -> None:
    assert plain_text(text) == collapse_whitespace(text)


def test_an_excerpt_is_bounded() -> None:
    assert excerpt("<p>가나다</p>", 2) == "가나"
