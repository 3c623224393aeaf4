from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from monitor.extract.density import generic_body

LONG = "이것은 충분히 길어서 문단으로 보이는 글이며 쉼표와, 마침표를 갖추고 끝난다."


def _lines(html: str) -> list[str]:
    return generic_body(LexborHTMLParser(html)).lines


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        (f"<div><p>{LONG}</p><p>{LONG}</p></div>", [LONG, LONG]),
        (f"<div>{LONG}<br><br>{LONG}<br></div><div>짧다<br></div>", [LONG, LONG]),
        (f"<div><p>{LONG}</p></div><div><p>{LONG}</p><p>{LONG}</p><p>짧은 끝</p></div>", [LONG, LONG, "짧은 끝"]),
        (f"<div><div><p>{LONG}</p></div><div><p>{LONG}</p></div><div><p>{LONG}</p></div></div>", [LONG] * 3),
        (f"<aside><p>{LONG * 5}</p></aside><div><p>{LONG}</p></div>", [LONG]),
        (f"<div><p><a href='/1'>{LONG * 4}</a></p></div><div><p>{LONG}</p></div>", [LONG]),
        (f"<div id='articleBody'>{LONG}</div><div><p>{LONG}</p><p>{LONG}</p></div>", [LONG]),
        ("<div><p>짧다</p></div>", []),
        ("", []),
    ],
)
def test_the_densest_block_wins(html: str, lines: list[str]) -> None:
    assert _lines(html) == lines


def test_captions_and_related_links_are_no_body() -> None:
    html = f"<div><p>{LONG}</p><div>▲ 설명/사진=나</div><div>▶ 관련 기사</div><p>{LONG}</p></div>"
    text = generic_body(LexborHTMLParser(html))
    assert text.lines == [LONG, LONG]
    assert text.captions == ["▲ 설명/사진=나"]


@given(
    st.lists(
        st.sampled_from(["<p>", "</p>", "<div>", "</div>", LONG, "<br>", "<nav>", "</nav>", "<a>", "</a>", "<table>"])
    )
)
def test_any_markup_is_borne(parts: list[str]) -> None:
    assert all(_lines("".join(parts)))
