from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from monitor.extract.generic.naming import BODY, CAPTION, FURNITURE
from monitor.extract.generic.outline import Box, Outline, _walk, read_outline


def _outline(html: str) -> Outline:
    return read_outline(LexborHTMLParser(html))


def _lines(html: str) -> list[str]:
    return [block.text for block in _outline(html).blocks]


def _box(html: str, tag: str) -> Box:
    whole = _walk(LexborHTMLParser(html), strict=False).finish()
    return next(box for box in whole.boxes if box.tag == tag)


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<p>하나</p><p>둘</p>", ["하나", "둘"]),
        ("<div>하나<br>둘<br><br>셋</div>", ["하나", "둘", "셋"]),
        ("<div>앞<p>가운데</p>뒤</div>", ["앞", "가운데", "뒤"]),
        ("<p>오픈<b>AI</b>는 <a href='#'>5일</a> 말했다</p>", ["오픈AI는 5일 말했다"]),
        ("<p>가&nbsp;&nbsp;나\n  다</p>", ["가 나 다"]),
        ("<p>가<!-- 주석 -->나</p>", ["가나"]),
        ("<p>가<script>x</script><style>y</style>나</p>", ["가나"]),
        ("<select><option>가</option></select><button>나</button><p>다</p>", ["다"]),
        ("<x-card>가</x-card><x-card>나</x-card>", ["가", "나"]),
        ("<table><tr><td>가</td><td>나</td></tr></table>", ["가", "나"]),
        ("<p> </p><br><br>", []),
        ("<p>\u200b</p><p>\ufeff글\u200b</p>", ["글"]),
        ("", []),
    ],
)
def test_lines(html: str, lines: list[str]) -> None:
    assert _lines(html) == lines


@pytest.mark.parametrize(
    ("html", "linked"),
    [
        ("<p>글 <a href='/'>넷글자다</a></p>", [4]),
        ("<p><a href='/'>전부</a></p>", [2]),
        ("<p>없다</p>", [0]),
        ("<a href='/'><div>하나</div><div>둘셋</div></a><p>밖</p>", [2, 2, 0]),
        ("<p><a href='/'><b>굵</b>은</a> 글</p>", [2]),
        ("<p><time>2025-02-05</time></p>", [10]),
        ("<p>줄<br><a href='/'>고리</a></p>", [0, 2]),
    ],
)
def test_what_stands_in_links_is_counted(html: str, linked: list[int]) -> None:
    assert [block.linked for block in _outline(html).blocks] == linked


def test_an_empty_line_is_a_gap() -> None:
    blocks = _outline("<div>가<br>나<br><br>다</div>").blocks
    assert [block.gap for block in blocks] == [False, False, True]


def test_boxes_hold_runs_of_blocks() -> None:
    outline = _outline("<div><p>가</p><section><p>나</p><p>다</p></section></div><p>라</p>")
    runs = {(box.tag, box.first, box.end) for box in outline.boxes}
    assert {("body", 0, 4), ("div", 0, 3), ("section", 1, 3), ("p", 3, 4)} <= runs
    assert [outline.boxes[block.box].tag for block in outline.blocks] == ["p"] * 4
    assert outline.boxes[0].parent == -1


@pytest.mark.parametrize(
    ("html", "tag", "mark"),
    [
        ("<nav><p>가</p></nav>", "nav", FURNITURE),
        ("<aside><p>가</p></aside>", "aside", FURNITURE),
        ("<footer><p>가</p></footer>", "footer", FURNITURE),
        ("<figure><p>가</p></figure>", "figure", CAPTION),
        ("<div role=navigation>가</div>", "div", FURNITURE),
        ("<div hidden>가</div>", "div", FURNITURE),
        ("<div aria-hidden=true>가</div>", "div", FURNITURE),
        ("<div style='display: none'>가</div>", "div", FURNITURE),
        ("<div class=related>가</div>", "div", FURNITURE),
        ("<div class=articleBody>가</div>", "div", BODY),
        ("<div class=caption>가</div>", "div", CAPTION),
        ("<article class='post tag-comments'>가</article>", "article", 0),
        ("<div class=x>가</div>", "div", 0),
    ],
)
def test_marks(html: str, tag: str, mark: int) -> None:
    assert _box(html, tag).mark == mark


def test_a_declared_body() -> None:
    box = _box("<div itemprop=articleBody class=related>가</div>", "div")
    assert (box.mark, box.declared) == (BODY, True)
    assert not _box("<div itemprop=author>가</div>", "div").declared


def test_reading_is_bounded() -> None:
    outline = _outline("<p>가</p>" * 30_000)
    assert len(outline.blocks) + len(outline.boxes) < 20_010


def test_depth_is_no_matter() -> None:
    assert [block.text for block in _outline("<div>" * 3_000 + "가").blocks] == ["가"]


TAGS = st.sampled_from(
    ["<p>", "</p>", "<div>", "</div>", "<a>", "</a>", "<time>", "<br>", "<nav>", "</nav>", "글", " ", "<table>", "<td>", "<b>"]
)  # fmt: skip


@given(st.lists(TAGS, max_size=60))
def test_any_markup_makes_a_sound_outline(parts: list[str]) -> None:
    outline = _outline("".join(parts))
    for box in outline.boxes:
        assert 0 <= box.first <= box.end <= len(outline.blocks)
        assert box.parent < 0 or outline.boxes[box.parent].first <= box.first
    for at, block in enumerate(outline.blocks):
        assert block.text
        assert 0 <= block.linked <= len(block.text)
        assert outline.boxes[block.box].first <= at < outline.boxes[block.box].end


def test_furniture_is_passed_over_unread() -> None:
    assert _lines("<nav>차림표</nav><p>글이 있다.</p><div class=related>다른 기사</div>") == ["글이 있다."]


def test_furniture_with_more_text_than_the_rest_is_read() -> None:
    words = "말 " * 200
    assert _lines(f"<form><p>{words}</p><nav>차림표</nav></form><p>글</p>") == [words.strip(), "차림표", "글"]


def test_links_and_scripts_do_not_make_furniture_worth_reading() -> None:
    links = "<li><a href='/'>다른 기사의 제목이 여기에 온다</a></li>" * 50
    assert _lines(f"<nav>{links}<script>{'x' * 5000}</script></nav><p>글이 있다.</p>") == ["글이 있다."]


@pytest.mark.parametrize("tag", ["form", "header", "aside"])
@pytest.mark.parametrize("script", ["script", "style", "noscript"])
def test_indented_scripts_do_not_hide_what_furniture_holds(tag: str, script: str) -> None:
    code = "\n".join(" " * 40 + "var x = 1;" for _ in range(400))
    words = "말 " * 200
    assert words.strip() in _lines(f"<{tag}><{script}>{code}</{script}><div>{words}</div></{tag}><p>글</p>")
