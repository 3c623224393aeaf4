from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.extract.definitions.catalog import sealed
from monitor.extract.reader import article_from_entry, read_article, read_entries, site_for, site_names
from monitor.model.article import Entry
from monitor.model.errors import ExtractError
from monitor.model.page import Page, Validators
from monitor.model.plan import Interval, Source
from tests.extract.papers import INVENTED, list_page, v1

NOW = datetime(2025, 2, 5, 9, 0, tzinfo=UTC)
LIST = "https://www.mediapen.com/news/lists/?menu=2"
ARTICLE = "https://www.mediapen.com/news/view/978113"


def _page(text: str, url: str, final_url: str = "") -> Page:
    return Page(
        url=url,
        final_url=final_url or url,
        status=200,
        text=text,
        content_type="text/html",
        charset="utf-8",
        charset_from="header",
        validators=Validators(),
        fetched_at=NOW,
        elapsed_ms=1.0,
    )


def _source(kind: str = "list", site: str = "mediapen", zone: str = "Asia/Seoul") -> Source:
    return Source(id="paper", name="신문", kind=kind, urls=(LIST,), every=Interval(300), site=site, zone=zone)


def test_a_list_is_read_by_the_sites_definition() -> None:
    entries = read_entries(_page(list_page([(978113, "새 연구소 문 연다")]), LIST), _source(), NOW)
    assert entries[0].title == "새 연구소 문 연다"
    assert entries[0].url == ARTICLE


def test_links_are_joined_to_where_the_answer_came_from() -> None:
    html = '<a href="/news/view/978113">제목</a>'
    entries = read_entries(_page(html, "http://old.ex.kr/list", "http://127.0.0.1:81/list"), _source(), NOW)
    assert entries[0].url == "http://127.0.0.1:81/news/view/978113"


@pytest.mark.parametrize(("zone", "hour"), [("Asia/Seoul", 5), ("UTC", 14), ("Asia/Tokyo", 5)])
def test_a_feed_is_read_in_the_zone_of_its_source(zone: str, hour: int) -> None:
    text = (
        "<rss version='2.0'><channel><title>t</title><item><title>제목</title><link>/1</link>"
        "<pubDate>2025-02-04 14:21:33</pubDate></item></channel></rss>"
    )
    (entry,) = read_entries(_page(text, "https://ex.kr/rss"), _source("feed", "", zone), NOW)
    assert entry.published_at == datetime(2025, 2, 4, hour, 21, 33, tzinfo=UTC)
    assert entry.url == "https://ex.kr/1"


def test_an_article_is_read() -> None:
    entry = Entry(key=ARTICLE, url=ARTICLE, title="목록의 제목")
    article = read_article(_page(v1(INVENTED), ARTICLE), _source(), entry, NOW, NOW)
    assert (article.title, article.source_id, article.key) == (INVENTED.title, "paper", ARTICLE)


def test_an_article_of_a_feed_is_read_by_the_sites_definition_too() -> None:
    entry = Entry(key=ARTICLE, url=ARTICLE)
    article = read_article(_page(v1(INVENTED), ARTICLE), _source("feed"), entry, NOW, NOW)
    assert article.field_sources["body"] == "site"


def test_a_generic_source_in_another_zone() -> None:
    html = (
        '<meta property="og:title" content="Title"><meta property="article:published_time" content="2025-02-05 01:00">'
    )
    entry = Entry(key=ARTICLE, url=ARTICLE, title="Title")
    article = read_article(_page(html, ARTICLE), _source(site="", zone="UTC"), entry, NOW, NOW)
    assert article.published_at == datetime(2025, 2, 5, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["list", "feed"])
def test_nothing_to_read_is_a_failure(kind: str) -> None:
    with pytest.raises(ExtractError):
        read_entries(_page("<html><body>점검 중</body></html>", LIST), _source(kind), NOW)


def test_an_unknown_site_is_named() -> None:
    with pytest.raises(ExtractError, match="mediapan"):
        read_entries(_page("", LIST), _source(site="mediapan"), NOW)
    assert {"mediapen", "ndsoft", "aitimes"} <= set(site_names())


def test_an_entry_alone_makes_an_article() -> None:
    entry = Entry(key=ARTICLE, url=ARTICLE, title="목록의 제목", summary="요약")
    article = article_from_entry(entry, "paper", NOW)
    assert (article.title, article.body, article.source_id) == ("목록의 제목", "요약", "paper")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.mediapen.com/news/view/978113", "mediapen"),
        ("http://m.mediapen.com/newsamp/view/978113/", "mediapen"),
        ("https://www.aitimes.com/news/articleView.html?idxno=167000", "aitimes"),
        ("https://www.newpaper.example/news/articleView.html?idxno=167000", "ndsoft"),
        ("https://www.aitimes.com/news/articleList.html?idxno=167000", ""),
        ("https://paper.example/news/2025/02/05/1", ""),
        ("https://[broken/news/view/1", ""),
        ("", ""),
    ],
)
def test_a_definition_is_known_by_the_shape_of_the_url(url: str, name: str) -> None:
    assert site_for(url) == name


OWN = {"example": {"hosts": ["paper.example"], "body": ["#text"],
                   "identity": [{"paths": ["/(?:read|amp)/(?P<id>[0-9]+)"], "canonical": "https://paper.example/{id}"}]}}  # fmt: skip


def test_an_added_definition_reads_entries_and_articles() -> None:
    told = replace(_source(site="example"), definition=sealed("example", OWN))
    page = _page(
        '<a href="/read/7?x=1">한빛전자의 새 연구소</a><a href="/amp/7">짧게</a><a href="/about/7">소개</a>',
        "https://www.paper.example/",
    )
    (entry,) = read_entries(page, told, NOW)
    assert (entry.key, entry.url) == ("https://paper.example/7", "https://www.paper.example/read/7?x=1")
    article = read_article(
        _page("<title>제목이다</title><p>옆글</p><div id=text>본문이다.</div>", entry.url), told, entry, NOW, NOW
    )
    assert (article.body, article.field_sources["body"]) == ("본문이다.", "site")


def test_twins_in_a_feed_fold_by_an_added_definition() -> None:
    told = replace(_source("feed", site="example"), definition=sealed("example", OWN))
    items = "".join(
        f"<item><title>글 {n}</title><link>https://paper.example/{part}/7</link></item>"
        for n, part in enumerate(("read", "amp"))
    )
    entries = read_entries(
        _page(f"<rss version='2.0'><channel>{items}</channel></rss>", "https://paper.example/rss"), told, NOW
    )
    assert [(entry.key, entry.title) for entry in entries] == [("https://paper.example/7", "글 0")]
