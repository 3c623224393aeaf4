from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.page.site_links import MOST, feed_links, list_links, robots_maps, site_name, stem
from monitor.model.errors import ExtractError

HOME = "https://www.paper.co.kr/"


def test_advertised_feeds_stand_before_linked_ones() -> None:
    html = (
        '<link rel="alternate" type="application/rss+xml; charset=utf-8" href="/a.xml">'
        '<link rel="Alternate home" type="application/feed+json" href="b.json">'
        '<link rel="alternate" hreflang="en" type="text/html" href="/en"><link rel="stylesheet" href="/x.css">'
        '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">'
        '<a href="/rss/allArticle.xml">RSS</a><a href="/feedback">의견</a>'
    )
    expected = ("a.xml", "b.json", "rss/allArticle.xml")
    assert feed_links(html, HOME) == tuple(HOME + path for path in expected)


def test_lists_are_known_by_words_and_never_leave_the_site() -> None:
    html = (
        '<a href="/all">전체기사</a><a href="/section/economy">돈</a><a href="/about">회사 소개</a>'
        '<a href="/list/123456">기사 하나</a><a href="https://other.example/list">목록</a><a href="#">뉴스</a>'
    )
    assert list_links(html, HOME) == (HOME + "all", HOME + "section/economy")


def test_sitemaps_of_news_stand_first_and_relative_ones_are_joined() -> None:
    robots = (
        "User-agent: *\r\nSitemap: https://www.paper.co.kr/sitemap.xml\r\nsitemap:/news.xml\r\nSitemap: ftp://x/y\r\n"
    )
    assert robots_maps(robots, HOME) == (HOME + "news.xml", HOME + "sitemap.xml")
    assert len(robots_maps("".join(f"Sitemap: /{n}.xml\n" for n in range(99)), HOME)) == MOST


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (HOME, "paper"),
        ("https://m.news.paper.com/x", "paper"),
        ("https://paper.kr", "paper"),
        ("http://127.0.1.4:80/", "127-0-1-4"),
        ("http://[::1]/", "1"),
        ("https://한글.한국/", "source"),
    ],
)
def test_an_id_begins_with_the_registered_name(url: str, expected: str) -> None:
    assert stem(url) == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<meta property="og:site_name" content="한빛 일보"><title>다른 것</title>', "한빛 일보"),
        ("<title>한빛일보 - 바른 뉴스</title>", "한빛일보"),
        ("<title>한빛일보 | 뉴스</title>", "한빛일보"),
        ("", "www.paper.co.kr"),
    ],
)
def test_a_site_says_its_name_or_has_its_host(head: str, expected: str) -> None:
    assert site_name(f"<html><head>{head}</head></html>", HOME) == expected


def test_a_hostile_page_is_refused() -> None:
    with pytest.raises(ExtractError):
        feed_links("<div>" * 100_000, HOME)


@given(st.text(max_size=200))
def test_any_page_and_any_robots_are_read(text: str) -> None:
    html = f'<a href="{text}">뉴스</a><link rel=alternate type=text/xml href="{text}">{text}'
    found = (*feed_links(html, HOME), *list_links(html, HOME), *robots_maps(f"Sitemap: {text}", HOME))
    assert all(link.startswith(("http://", "https://")) for link in found)
