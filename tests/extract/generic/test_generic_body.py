from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from monitor.extract.generic.generic_body import Body, generic_body

LONG = "이것은 충분히 길어서 문단으로 보이는 글이며 쉼표와, 마침표를 갖추고 끝난다."
LINES = [
    "한빛전자가 남해에 새 연구소를 연다고 5일 밝혔다.",
    "연구소는 바닷물로 서버를 식히는 방법을 시험하며, 전기를 3할 아낄 수 있을 것으로 회사는 본다.",
    '김바다 연구소장은 "해마다 늘어나는 전기를 줄일 길을 찾겠다"라고 말했다.',
    "첫 서버는 내년 봄에 돌기 시작한다.",
]
LEAK = "새어 나오면 안 되는 딥시크"


def _read(html: str, titles: tuple[str, ...] = (), stated: str = "") -> Body:
    return generic_body(LexborHTMLParser(html), titles, stated)


def _lines(html: str) -> list[str]:
    return _read(html).lines


def _page(inside: str = "", before: str = "", after: str = "") -> str:
    """Lay the four paragraphs out, with something in their middle, before and after them."""
    first, last = (f"<p>{LINES[0]}</p><p>{LINES[1]}</p>", f"<p>{LINES[2]}</p><p>{LINES[3]}</p>")
    return f"<html><body><div id=wrap>{before}<div class=story>{first}{inside}{last}</div>{after}</div></body></html>"


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        (f"<div><p>{LONG}</p><p>{LONG}</p></div>", [LONG, LONG]),
        (f"<div>{LONG}<br><br>{LONG}<br></div><div>짧다<br></div>", [LONG, LONG]),
        (f"<div><p>{LONG}</p><p>{LONG}</p><p>짧은 끝</p></div>", [LONG, LONG, "짧은 끝"]),
        ("<div>" + "".join(f"<div><p>{line}</p></div>" for line in LINES) + "</div>", LINES),
        (f"<aside><p>{LONG}</p></aside><div><p>{LONG}</p><p>{LONG}</p></div>", [LONG, LONG]),
        (f"<div><p><a href='/1'>제목 {LONG[:-1]}</a></p></div><div><p>{LONG}</p></div>", [LONG]),
        (f"<div id='articleBody'>{LONG}<br><br>{LONG}</div><div><p>{LONG}</p></div>", [LONG, LONG]),
        ("<div><p>짧다</p></div>", []),
        ("", []),
    ],
)
def test_the_body_is_found(html: str, lines: list[str]) -> None:
    assert _lines(html) == lines


LIST = f"<ul><li><a href='/1'>{LEAK} 하나</a></li><li><a href='/2'>{LEAK} 둘</a></li><li><a href='/3'>{LEAK} 셋</a></li></ul>"
TEASERS = "".join(f"<li><a href='/{n}'>{LEAK} 제목 {n}</a><p>{LEAK} 요약이 이어지다가...</p></li>" for n in range(4))
FURNITURE = [
    LIST,
    f"<div class=related-articles>{LIST}</div>",
    f"<div><h3>관련기사</h3>{LIST}</div>",
    f"<h3>관련 기사</h3><p><a href='/1'>{LEAK} 이야기</a></p><p><a href='/2'>{LEAK} 이야기</a></p>",
    f"<div><strong>많이 본 뉴스</strong><ul>{TEASERS}</ul></div>",
    f"<div class=share><span>카카오톡 공유하기</span><span>{LEAK}</span></div>",
    f"<div class='sns_box'>{LEAK} 공유</div>",
    f"<figure><img src=a.jpg><figcaption>{LEAK} 사진.</figcaption></figure>",
    f"<div class=photo-caption>{LEAK}를 살피고 있다.</div>",
    f"<div>▲ {LEAK}를 살피는 직원들</div>",
    f"<p>{LEAK} 연구소 전경. 사진=한빛전자</p>",
    f"<p>A view of {LEAK} (Image: Agency)</p>",
    f"<div class=newsletter><p>{LEAK} 소식지를 날마다 받아 보세요.</p><button>구독</button></div>",
    f"<div class=ai-summary><p>{LEAK}를 기계가 줄인 글이다.</p></div>",
    f"<aside><p>{LEAK}에 관한 곁들인 글이다.</p></aside>",
    f"<div class=comments><p>{LEAK}에 대해 독자가 남긴 말이다.</p></div>",
    f"<div class='cookie-consent'><p>이 누리집은 {LEAK}를 저장합니다.</p></div>",
    f"<div style='display:none'><p>{LEAK} 숨은 글이다.</p></div>",
    f"<div class=tag_list><a href='/t'>#{LEAK}</a></div>",
    f"<div class=ad_box><p>{LEAK} 광고 글이다.</p></div>",
    f"<div>▶ {LEAK}</div>",
    f"<div>▶ 관련 기사<br>{LEAK} 제목 하나<br>{LEAK} 제목 둘</div>",
    f"<div>{LEAK} 짧은 알림</div>",
    f"<script>var a = '{LEAK}';</script>",
    f"<nav><a href='/'>{LEAK}</a></nav>",
    f"<p>Read more: {LEAK}</p>",
]


@pytest.mark.parametrize("inside", FURNITURE)
def test_furniture_does_not_leak(inside: str) -> None:
    assert _lines(_page(inside=inside)) == LINES


@pytest.mark.parametrize(
    "around",
    [*FURNITURE, f"<ul class=cards>{TEASERS * 3}</ul>", f"<footer><p>{LEAK} 발행인 홍길동, 서울시 중구.</p></footer>"],
)
def test_what_stands_around_the_body_does_not_leak(around: str) -> None:
    assert LEAK not in "".join(_lines(_page(before=around)))
    assert LEAK not in "".join(_lines(_page(after=around)))


@pytest.mark.parametrize(
    "top",
    [
        f"<h1>{LEAK}</h1>",
        "<div class=byline>홍길동 기자</div>",
        "<p>입력 2025.02.05 14:21</p>",
        "<p>By Jane Doe</p>",
        "<time datetime='2025-02-05'>2025-02-05 14:21</time>",
        "<p><a href='/'>정치</a></p>",
    ],
)
def test_what_stands_above_the_text_is_no_text(top: str) -> None:
    html = _page().replace(f"<p>{LINES[0]}", f"{top}<p>{LINES[0]}")
    assert _lines(html) == LINES


@pytest.mark.parametrize(
    "bottom", ["<h3>다음 이야기</h3>", "<p>Sign up for our newsletter.</p>", "<p>Share this article</p>"]
)
def test_what_stands_below_the_text_is_no_text(bottom: str) -> None:
    assert _lines(_page().replace(f"{LINES[3]}</p>", f"{LINES[3]}</p>{bottom}")) == LINES


@pytest.mark.parametrize(
    "inside",
    [
        "<h3>◆ 바다로 간 서버</h3>",
        "<ul><li>서버 백 대</li><li>직원 열 명</li></ul>",
        "<blockquote><p>바다는 식지 않는다</p></blockquote>",
        "<table><tr><td>서버</td><td>100</td></tr></table>",
        "<p>짧은 말</p>",
    ],
)
def test_parts_of_the_text_stay(inside: str) -> None:
    lines = _lines(_page(inside=inside))
    assert lines[:2] + lines[-2:] == LINES
    assert len(lines) > len(LINES)


def test_a_heading_right_above_the_text_stays() -> None:
    assert _lines(_page().replace(f"<p>{LINES[0]}", f"<h2>파도로 식히는 서버</h2><p>{LINES[0]}")) == [
        "파도로 식히는 서버",
        *LINES,
    ]


def test_a_table_with_links_in_its_rows_stays() -> None:
    rows = "".join(
        f"<tr><td>{n}</td><td><a href='/{n}'>선수 이름 {n}</a></td><td>{n * 10}점</td></tr>" for n in range(1, 4)
    )
    assert "선수 이름 2" in _lines(_page(inside=f"<table>{rows}</table>"))


def test_a_table_of_nothing_but_links_goes() -> None:
    rows = "".join(f"<tr><td><a href='/{n}'>{LEAK} {n}</a></td></tr>" for n in range(1, 4))
    assert _lines(_page(inside=f"<table>{rows}</table>")) == LINES


def test_links_inside_sentences_stay() -> None:
    html = _page(inside="<p>회사는 <a href='/1'>지난해 낸 보고서</a>에서 같은 말을 한 적이 있다고 덧붙였다.</p>")
    assert "회사는 지난해 낸 보고서에서 같은 말을 한 적이 있다고 덧붙였다." in _lines(html)


def test_a_sentence_after_related_links_is_text_again() -> None:
    html = _page(inside=f"<p>관련기사</p>{LIST}<p>{LONG}</p>")
    assert _lines(html) == [*LINES[:2], LONG, *LINES[2:]]


def test_a_pull_quote_comes_once() -> None:
    assert _lines(_page(inside=f"<div><div><p>{LINES[1]}</p></div></div>")) == LINES


def test_captions_are_kept_apart() -> None:
    body = _read(_page(inside="<figure><figcaption>서버들</figcaption></figure><div>▲ 직원들/사진=나</div>"))
    assert set(body.captions) == {"서버들", "▲ 직원들/사진=나"}
    assert body.lines == LINES


def test_the_title_is_no_part_of_the_body() -> None:
    html = _page(inside="<p>새 연구소 문 연다</p>")
    assert _read(html, ("새 연구소  문 연다",)).lines == LINES
    assert "새 연구소 문 연다" in _read(html).lines


def test_confidence_falls_with_length_and_agreement() -> None:
    clear = _read(f"<article class=articleBody>{''.join(f'<p>{line}</p>' for line in LINES * 3)}</article>")
    short = _read(f"<article class=articleBody><p>{LINES[0]}</p></article>")
    torn = _read(
        f"<div class=articleBody><p>{LONG}</p></div><article><p>{LONG}</p><p>{LONG}</p><p>{LONG}</p></article>"
    )
    assert clear.confidence == 1
    assert short.confidence < 0.5
    assert torn.confidence < clear.confidence
    assert _read("").confidence == 0


@pytest.mark.parametrize(
    "html", ["<div>" * 3_900 + LONG, f"<div><p>{LONG}</p>" * 1_900, "<a><p>" * 1_500 + LONG, "<br>" * 40_000]
)
def test_hostile_pages_are_read_in_linear_time(html: str) -> None:
    assert len(_lines(html)) <= 2_000


PARTS = st.sampled_from(
    ["<p>", "</p>", "<div>", "</div>", LONG, LEAK, "<br>", "<nav>", "</nav>", "<a>", "</a>", "<table>", "<td>", "▶", "▲", "관련기사", "<h1>"]
)  # fmt: skip


@given(st.lists(PARTS, max_size=60), st.text(max_size=50))
def test_any_markup_is_borne(parts: list[str], stated: str) -> None:
    body = _read("".join(parts), (LEAK,), stated)
    assert all(body.lines)
    assert 0 <= body.confidence <= 1


@given(st.text(max_size=300))
def test_any_text_is_borne(text: str) -> None:
    assert all(line == line.strip() for line in _lines(text))


def test_a_page_without_full_stops_is_read_leniently() -> None:
    verse = [f"바다는 넓고 하늘은 높아 {n}번째 배가 떠난 뒤로 아무 말 없이 걷는 길" for n in range(9)]
    html = f"<ul>{LIST}</ul><div class=x>{'<br>'.join(verse)}</div><div><p>{LINES[3]}</p></div>"
    assert _lines(html) == verse


def test_long_lines_without_a_full_stop_open_a_text() -> None:
    first = "바다는 넓고 하늘은 높아 첫 번째 배가 떠난 뒤로 아무 말 없이 걷는 길"
    html = f"<div class=articleBody>{first}<br>{'<br>'.join(LINES)}</div>"
    assert _lines(html) == [first, *LINES]


@pytest.mark.parametrize("notice", ["▲ 부고 = 김가람씨 별세, 28일 서울병원, 발인 30일", "△ 한빛전자 전무 김하늘 승진"])
def test_a_notice_that_begins_as_captions_do_is_text_where_it_stands_alone(notice: str) -> None:
    assert _lines(f"<h1>알림</h1><div id=articleBody><p>{notice}</p></div>") == [notice]
    beside = _read(_page(f"<p>{notice}</p>"))
    assert (notice in beside.lines, notice in beside.captions) == (False, True)
