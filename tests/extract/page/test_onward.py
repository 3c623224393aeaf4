"""Pages that send their reader elsewhere, and articles that go on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.page.onward import joined_pages, onward
from monitor.extract.page.parsed_page import parse_page
from monitor.model.page import Onward
from tests.contracts.invented import article

NOW = datetime(2025, 2, 5, tzinfo=UTC)
URL = "https://paper.example/n/71"
TEXT = "서울 시내 한 호텔에서 열린 행사에는 업계 관계자 이백여 명이 참석했다. " * 12


def read(html: str, url: str) -> Onward:
    return onward(parse_page(html, url, None, "Asia/Seoul", NOW))


def stub(content: str, text: str = "이동 중", url: str = URL) -> str:
    return read(
        f'<html><head><meta http-equiv="refresh" content="{content}"></head><body>{text}</body></html>', url
    ).forward


@pytest.mark.parametrize(
    "content",
    [
        "0;url=/news/9",
        "0; URL='/news/9'",
        "1,/news/9",
        " 3 ; url = https://paper.example/news/9",
        "0.5;url=/news/9",
        "0;/news/9",
    ],
)
def test_a_page_that_only_sends_on(content: str) -> None:
    assert stub(content) == "https://paper.example/news/9"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("300;url=/news/9", "이동 중"),
        ("300", "이동 중"),
        ("0", "이동 중"),
        ("0;url=", "이동 중"),
        ("0;url=/n/71", "이동 중"),
        ("0;url=#top", "이동 중"),
        ("0;url=/news/9", TEXT),
        ("0;url=http://[bad", "이동 중"),
    ],
)
def test_a_page_that_is_read_where_it_is(content: str, text: str) -> None:
    assert stub(content, text) == ""


def test_what_scripts_and_noscript_hold_is_no_text() -> None:
    assert (
        stub("0;url=/news/9", f"<script>{TEXT}</script><noscript>{TEXT}</noscript>") == "https://paper.example/news/9"
    )


@pytest.mark.parametrize(
    "script",
    [
        "location.href='/news/9';",
        'window.location = "https://paper.example/news/9"',
        "top.location.replace('/news/9')",
        "var from = 1; document.location.assign( '/news/9' );",
        "<!--\nself.location.href = '/news/9';\n//-->",
    ],
)
def test_a_page_that_only_sends_on_by_script(script: str) -> None:
    html = f"<html><head><script>var seen = 1;</script></head><body><script>{script}</script></body></html>"
    assert read(html, URL).forward == "https://paper.example/news/9"


@pytest.mark.parametrize(
    "page",
    [
        f"<script>location.href='/news/9'</script><p>{TEXT}</p>",
        "<h1>새 모델 공개</h1><script>location.href='/news/9'</script>",
        "<script>if (/iPhone/.test(navigator.userAgent)) location.href='/m/71'</script>",
        "<script>function go() { location.href='/news/9' }</script>",
        "<script>if (a < b) { x = 1; } location.href='/news/9'</script>",
        "<script>alert('삭제된 기사입니다.'); location.href='/';</script>",
        "<script>location.href='#top'</script>",
        "<script>location.href='/n/71'</script>",
        "<script>location.href=next</script>",
        f"<script>location.href='/news/9'</script><!-- {TEXT * 20} -->",
    ],
)
def test_a_script_that_does_something_else_leads_nowhere(page: str) -> None:
    assert read(page, URL).forward == ""


def further(url: str, link: str) -> str:
    return read(f'<html><head><link rel="next" href="{link}"></head><body><p>글</p></body></html>', url).further


@pytest.mark.parametrize(
    ("url", "link"),
    [
        (URL, "/n/71p2"),
        (URL, "/n/71/2"),
        (URL, "/n/71?page=2"),
        (URL, "/n/71-2"),
        ("https://paper.example/n/71.html", "/n/71_2.html"),
        ("https://paper.example/n/71?page=2", "/n/71?page=3"),
        ("https://paper.example/view?no=71", "/view?no=71&page=2"),
        ("https://paper.example/n/71/page/2", "/n/71/page/3"),
        ("https://www.paper.example/story-of-openai/", "/story-of-openai/page/2/"),
    ],
)
def test_the_next_page_of_an_article(url: str, link: str) -> None:
    assert further(url, link).endswith(link)


@pytest.mark.parametrize(
    ("url", "link"),
    [
        (URL, "/n/72"),
        (URL, "/n/711"),
        (URL, "/n/710"),
        (URL, "/n/71/another-article"),
        (URL, "https://other.example/n/71/2"),
        ("https://paper.example/view?no=71", "/view?no=72"),
        ("https://paper.example/2026/11/28/one", "/2026/11/27/two"),
        (URL, ""),
        (URL, "http://[bad"),
    ],
)
def test_the_next_article_is_another_one(url: str, link: str) -> None:
    assert further(url, link) == ""


def test_the_text_of_a_further_page_stands_behind() -> None:
    first, more = article(body="하나.\n둘.", captions=("가",)), article(body="둘.\n셋.", captions=("가", "나"))
    joined = joined_pages(first, more)
    assert (joined.body, joined.captions) == ("하나.\n둘.\n셋.", ("가", "나"))
    other = article(title="아주 다른 기사")
    assert joined_pages(first, other) is first


@given(st.text(max_size=200), st.text(max_size=60))
def test_any_page_and_address_are_read(text: str, url: str) -> None:
    found = read(
        f'<meta http-equiv=refresh content="{text}"><script>location="{text}"</script><a rel=next href="{text}">',
        f"https://ex.kr/{url}",
    )
    assert found.forward == "" or found.forward.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    "target", ["A:", "market://details?id=kr.ex", "intent://ex.kr/1#Intent;end", "javascript:go()", "tel:1"]
)
def test_what_leads_to_no_page_is_not_followed(target: str) -> None:
    assert read(f"<meta http-equiv=refresh content='0;url={target}'>", "https://ex.kr/1").forward == ""
    assert read(f'<script>location="{target}"</script>', "https://ex.kr/1").forward == ""
