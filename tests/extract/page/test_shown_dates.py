from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from monitor.extract.page import metadata
from monitor.extract.page.parsed_page import parse_page
from monitor.extract.page.shown_dates import shown_dates

NOW = datetime(2026, 3, 9, tzinfo=UTC)
PUBLISHED = datetime(2026, 3, 5, 5, 21, tzinfo=UTC)
TEXT = "<p>해솔소프트가 9일 새 연구소를 연다고 밝혔다. 관계자는 상황을 지켜보고 있다고 말했다.</p>" * 5
TITLE = "<title>해솔소프트 새 연구소 - 보기신문</title>"
HEADLINE = "<h1>해솔소프트 새 연구소</h1>"


def _published(body: str) -> datetime | None:
    html = f"<html><head>{TITLE}</head><body>{body}</body></html>"
    return metadata.published(parse_page(html, "https://ex.kr/news/1", None, "Asia/Seoul", NOW))[0]


BESIDE = [
    '<div class="info"><span>2026.03.05 14:21</span></div>',
    "<time>2026.03.05 14:21</time>",
    "<p>2026년 3월 5일 오후 2:21</p>",
    '<i class="d" data-timestamp="1772688060"></i>',
    '<span data-time="1772688060000">4일 전</span>',
    '<time datetime="1772688060">Thursday</time>',
    "<div>입력 2026.03.05 14:21 ㅣ 수정 2026.03.06 10:00</div>",
    "<div>26.03.05 14:21</div>",
    '<div><a href="/by/1">Haneul Kim-Robinson</a> <span>March 5, 2026 2:21 PM</span></div>',
    '<abbr title="2026-03-05 05:21:00 GMT"><time datetime="2026-03-05 05:21:00 GMT">Mar 5</time></abbr>',
    '<abbr title="2026-03-05T14:21:00+09:00">March 5</abbr>',
    '<div class="view_info">김하늘 기자 | 2026.03.05 14:21</div>',
    "<div>By Kim Haneul <span>March 5, 2026 2:21 PM</span></div>",
    "<ul><li><a href='/r/1'>김하늘 기자</a></li><li>입력 2026.03.05 14:21</li><li>수정 2026.03.06 15:00</li></ul>",
    "<dl><dt>수정</dt><dd>2026.03.06 15:00</dd><dt>입력</dt><dd>2026.03.05 14:21</dd></dl>",
    "<div><span>2026.03.06 15:00 수정</span> <span>2026.03.05 14:21</span></div>",
    "<div><em>입력</em> <b>2026-03-05 14:21</b> <button>공유</button></div>",
    '<div class="meta"><span>김하늘 기자</span><span>2026.03.05 14:21</span><span>조회수 300</span></div>',
    '<time class="updated" datetime="2026-03-06T10:00:00+09:00">x</time><time datetime="2026-03-05T14:21:00+09:00">x</time>',
]


@pytest.mark.parametrize("line", BESIDE)
def test_a_date_beside_the_headline_is_when_the_article_was_published(line: str) -> None:
    assert _published(f"<div>{HEADLINE}{line}<div>{TEXT}</div></div>") == PUBLISHED
    assert _published(f"<main>{HEADLINE}<p>투자는 300억 원이다.</p><div>{line}</div>{TEXT}</main>") == PUBLISHED


@pytest.mark.parametrize(
    "body",
    [
        f"<div><div><span>2026.03.05 14:21</span></div><div>{HEADLINE}</div></div>{TEXT}",
        f'<div class="tit">해솔소프트 새 연구소</div><div>2026.03.05 14:21</div>{TEXT}',
        f"{HEADLINE}{TEXT}<div>기사입력 2026-03-05 14:21</div>",
        f"<dl><dt>해솔소프트 새 연구소</dt></dl>기사입력 :[ 2026-03-05 14:21 ]<div>{TEXT}</div>",
        f"<div>{HEADLINE}2026.03.05 14:21<div>{TEXT}</div></div>",
        f"<div><div><time>2026.03.05 14:21</time></div>{TEXT}</div>",
        f"{HEADLINE}<div>{'새 연구소를 연다고 밝혔다.<br>' * 9}무단 전재 금지 [입력시간 : 2026-03-05 14:21]</div>",
        f'{HEADLINE}{TEXT}<time datetime="2026-03-05T14:21:00+09:00">3월 5일</time>',
        f"<h1>보기신문</h1><div><h2>해솔소프트 새 연구소</h2><span>2026.03.05 14:21</span></div>{TEXT}",
    ],
)
def test_where_else_the_time_of_an_article_stands(body: str) -> None:
    assert _published(body) == PUBLISHED


FOREIGN = [
    "<p>회사는 2026.03.01 문을 열었다.</p>",
    "<p>행사는 <time datetime='2026-03-01'>3월 1일</time> 열렸다.</p>",
    "<p>행사 일시: 2026.03.01 14:00</p>",
    "<div>2026.03.01 ~ 2026.03.08</div>",
    "<ul><li><a href='/2'>다른 기사의 제목이 여기에 있다</a><span>2026.03.01 09:00</span></li></ul>",
    "<div><div><span>2026.03.01 09:00</span></div><a href='/2'>다른 기사의 제목이 여기에 있다</a></div>",
    "<div class='related'><time datetime='2026-03-01T10:00:00+09:00'>3월 1일</time></div>",
    "<div class='comment_list'><b>독자</b><span>2026.03.06 09:00</span></div>",
    "<div itemprop='comment'><time itemprop='datePublished' datetime='2026-03-06T09:00:00Z'>x</time></div>",
    "<footer><span>등록일 2011.05.13 10:00</span></footer>",
    "<div id='footer'>발행일 2005.10.10 10:00</div>",
    "<div><span>등록번호 : 서울 아00000</span> <span>등록일 : 2011.05.13</span></div>",
    "<div>최종수정 2026.03.06 15:00</div>",
    "<div><h4>하늘상사 새 공장을 짓는다</h4><time datetime='2026-03-01T10:00:00+09:00'>3월 1일</time></div>",
    "<span>최종수정</span> <span>2026.03.06 15:00</span>",
    "<div><p>둘째 소식</p>회사는 2026.03.01 09:00 문을 열었다.<p>셋째 소식</p></div>",
    "<div><p>둘째 소식</p>최종수정 2026.03.06 15:00<p>셋째 소식</p></div>",
    "<time itemprop='dateModified' datetime='2026-03-06T10:00:00+09:00'>2026.03.06 10:00</time>",
    "<h3>관련기사</h3><div><time datetime='2026-03-01T10:00:00+09:00'>3월 1일</time></div>",
]


@pytest.mark.parametrize("line", FOREIGN)
def test_a_date_of_something_else_never_counts(line: str) -> None:
    assert _published(f"{HEADLINE}{TEXT}{line}") is None
    if "등록번호" not in line:
        assert _published(f"{HEADLINE}{line}{TEXT}") is None


@given(
    st.lists(st.sampled_from(FOREIGN), max_size=4),
    st.sampled_from(BESIDE),
    st.lists(st.sampled_from(FOREIGN), max_size=4),
)
def test_the_articles_own_time_is_found_among_others(before: list[str], line: str, behind: list[str]) -> None:
    above = [one for one in before if "관련기사" not in one and "등록" not in one and not one.startswith("<span>")]
    page = f"<div>{HEADLINE}<div>{line}</div><div>{''.join(above)}{TEXT}</div></div>{''.join(behind)}"
    assert _published(page) == PUBLISHED


@pytest.mark.parametrize(
    "body",
    [
        f"<div>2026.03.09 (월) 08:00</div>{HEADLINE}{TEXT}",
        f"<div><div>2026년 3월 9일 월요일</div></div><div>{HEADLINE}</div>{TEXT}",
        f"{HEADLINE}{TEXT}<div><b>독자</b><span>2026.03.06 09:00</span><p>잘 봤습니다.</p></div>",
        f"{HEADLINE}{TEXT}<p>Posted on 2026.03.06 10:00 by reader</p>",
        f"{HEADLINE}<p>짧은 속보다.</p><h3>댓글 3</h3><div><em>2026.03.06 09:00</em><p>좋은 기사</p></div>",
        f"{HEADLINE}<p>짧은 속보다.</p><h4>Comments (2)</h4><div><em>2026.03.06 09:00</em><p>Good</p></div>",
    ],
)
def test_neither_the_day_in_the_masthead_nor_a_readers_note_counts(body: str) -> None:
    assert _published(body) is None


def test_what_is_stated_as_the_last_change_is_not_when_it_was_published() -> None:
    changed = '<meta property="article:modified_time" content="2026-03-06T10:00:00+09:00">'
    line = '<time datetime="2026-03-06T10:00:00+09:00">2026.03.06 10:00</time>'
    assert _published(f"{changed}{HEADLINE}{line}{TEXT}") is None
    assert _published(f"{changed}{HEADLINE}<div>입력 2026.03.06 10:00</div>{TEXT}") is not None


@given(st.text(alphabet="<>/pdivhatimeul123 =\"'.:-2026", max_size=200))
def test_any_markup_is_borne(html: str) -> None:
    for text, _ in shown_dates(LexborHTMLParser(f"<h1>해솔소프트 새 연구소</h1>{html}"), ("해솔소프트 새 연구소",)):
        assert isinstance(text, str)
