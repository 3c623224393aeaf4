from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.definitions.catalog import sites
from monitor.extract.feeds.sitemap import MOST, MOST_MAPS, child_maps, parse_sitemap
from monitor.model.article import Entry
from monitor.model.errors import ExtractError

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
HOME = "https://www.paper.example"
MAP = f"{HOME}/sitemap-news.xml"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
)


def news(number: int, title: str, stated: str, more: str = "") -> str:
    return (
        f"<url><loc>{HOME}/news/view/{number}</loc><news:news><news:publication><news:name>예시일보</news:name>"
        f"<news:language>ko</news:language></news:publication><news:publication_date>{stated}</news:publication_date>"
        f"<news:title>{title}</news:title>{more}</news:news></url>"
    )


def read(body: str, url: str = MAP) -> tuple[Entry, ...]:
    return parse_sitemap(f"{HEAD}{body}</urlset>", url, None, "Asia/Seoul", NOW)


def test_a_news_sitemap_tells_title_time_and_keywords() -> None:
    (entry,) = read(
        news(1001, "오픈AI &amp; 한국", "2026-11-24T09:30:00+09:00", "<news:keywords>AI, 반도체</news:keywords>")
    )
    assert entry.url == f"{HOME}/news/view/1001"
    assert (entry.title, entry.summary) == ("오픈AI & 한국", "AI, 반도체")
    assert entry.published_at == datetime(2026, 11, 24, 0, 30, tzinfo=UTC)


def test_naive_times_are_those_of_the_outlet_and_bare_ampersands_do_no_harm() -> None:
    (entry,) = read(news(1001, "R&D 투자&middot;고용", "2026-11-24 11:00"))
    assert entry.title == "R&D 투자·고용"
    assert entry.published_at == datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def test_the_newest_stands_first_and_the_old_is_left_out() -> None:
    stated = {"어제": "2026-11-23T10:00:00Z", "옛날": "2026-09-01", "오늘": "2026-11-24T01:00:00Z", "언젠가": ""}
    body = "".join(news(1001 + n, title, at) for n, (title, at) in enumerate(stated.items()))
    assert [entry.title for entry in read(body)] == ["오늘", "어제", "언젠가"]
    assert read(news(1000, "옛날", "2026-09-01")) == ()


def test_pictures_and_videos_do_not_speak_for_the_article() -> None:
    body = news(1001, "기사", "2026-11-24").replace(
        "</url>",
        "<image:image><image:loc>https://img.example/9.jpg</image:loc><image:title>그림</image:title></image:image></url>",
    )
    (entry,) = read(
        body.replace("<news:news>", "<image:image><image:loc>/first.jpg</image:loc></image:image><news:news>")
    )
    assert (entry.url, entry.title) == (f"{HOME}/news/view/1001", "기사")


@pytest.mark.parametrize(
    "head",
    [
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">',
        '<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="https://www.google.com/schemas/sitemap-news/0.9">',
        '\ufeff\n <?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY a "b">]><urlset xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">',
    ],
)
def test_prefixes_are_what_the_file_says(head: str) -> None:
    prefix = "s:" if "<s:" in head else ""
    body = (
        f"<{prefix}url><{prefix}loc>{HOME}/a/12345</{prefix}loc><n:news><n:title>제목</n:title></n:news></{prefix}url>"
        f"</{prefix}urlset>"
    )
    (entry,) = parse_sitemap(head + body, MAP, None, "Asia/Seoul", NOW)
    assert (entry.url, entry.title) == (f"{HOME}/a/12345", "제목")


def test_without_news_tags_only_what_looks_like_an_article_counts() -> None:
    urls = ("/news/view/1001", "/economy", "/2026/11/a-story-about-many-words")
    body = "".join(f"<url><loc>{HOME}{path}</loc><lastmod>2026-11-24</lastmod></url>" for path in urls)
    entries = read(body)
    assert [entry.url.removeprefix(HOME) for entry in entries] == [urls[0], urls[2]]
    assert all(entry.published_at is None for entry in entries)


def test_a_definition_knows_its_own_articles() -> None:
    home = "https://www.mediapen.com"
    body = f"<url><loc>{home}/news/view/978113</loc></url><url><loc>{home}/about/20260101</loc></url>"
    text = f"{HEAD}{body}</urlset>"
    (entry,) = parse_sitemap(text, f"{home}/sitemap.xml", sites()["mediapen"], "Asia/Seoul", NOW)
    assert entry.url.endswith("/978113")


def test_other_sites_have_no_say() -> None:
    body = news(1001, "우리", "2026-11-24") + news(1002, "남", "2026-11-24").replace(HOME, "https://evil.example")
    body += news(1003, "하위", "2026-11-24").replace("www.paper", "biz.paper")
    assert {entry.title for entry in read(body)} == {"우리", "하위"}


def test_twins_fold_and_the_cut_off_half_counts() -> None:
    body = news(1001, "기사", "2026-11-24") * 2 + news(1002, "다음", "2026-11-24")
    entries = parse_sitemap(f"{HEAD}{body}<url><loc>{HOME}/news/vi", MAP, None, "Asia/Seoul", NOW)
    assert len(entries) == 2


def test_no_more_than_a_thousand() -> None:
    assert len(read("".join(news(number, "기사", "2026-11-24") for number in range(10_000, 11_200)))) == MOST


@pytest.mark.parametrize("text", ["", "<html><body>없음</body></html>", "{}", "<urlset", "<rss><channel/></rss>"])
def test_what_is_no_sitemap_is_refused(text: str) -> None:
    with pytest.raises(ExtractError):
        parse_sitemap(text, MAP, None, "Asia/Seoul", NOW)
    if "urlset" not in text:
        with pytest.raises(ExtractError):
            child_maps(text, MAP, "Asia/Seoul", None, NOW)


def index(*entries: tuple[str, str]) -> str:
    maps = "".join(
        f"<sitemap><loc>{HOME}/{name}</loc>" + (f"<lastmod>{at}</lastmod>" if at else "") + "</sitemap>"
        for name, at in entries
    )
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}</sitemapindex>'


def maps(text: str, since: datetime | None = None) -> list[str]:
    found = child_maps(text, MAP, "Asia/Seoul", since, NOW)
    assert found is not None
    return [url.removeprefix(f"{HOME}/") for url in found]


def test_a_map_is_no_index() -> None:
    assert child_maps(f"{HEAD}{news(1, '기사', '')}</urlset>", MAP, "Asia/Seoul", None, NOW) is None


def test_maps_that_rested_are_not_read() -> None:
    text = index(("a.xml", "2026-11-24T02:00:00Z"), ("b.xml", "2026-11-22T00:00:00Z"), ("c.xml", "2026-10-01"))
    assert maps(text) == ["a.xml", "b.xml"]
    assert maps(text, NOW - timedelta(hours=2)) == ["a.xml"]
    assert maps(text, NOW) == ["a.xml"]  # an hour of grace: the server's clock need not be ours
    assert maps(text, NOW + timedelta(hours=3)) == []


def test_a_bare_day_lasts_until_its_end() -> None:
    text = index(("today.xml", "2026-11-24"), ("yesterday.xml", "2026-11-23"))
    assert maps(text, NOW - timedelta(minutes=5)) == ["today.xml"]


def test_when_all_have_rested_the_last_two_open_a_source() -> None:
    text = index(("a.xml", "2026-01-01"), ("b.xml", "2026-03-01"), ("c.xml", "2026-02-01"))
    assert maps(text) == ["b.xml", "c.xml"]
    assert maps(text, NOW) == []


def test_undated_maps_are_chosen_by_name_else_from_both_ends() -> None:
    assert maps(index(("pages.xml", ""), ("news.xml", ""))) == ["news.xml"]
    assert maps(index(*((f"m{n}.xml", "") for n in range(9)))) == [f"m{n}.xml" for n in (0, 1, 2, 6, 7, 8)]
    assert len(maps(index(*((f"news{n}.xml", "") for n in range(99))))) == MOST_MAPS


def test_an_index_of_other_sites_is_refused() -> None:
    with pytest.raises(ExtractError):
        child_maps(index(("a.xml", "")).replace(HOME, "https://evil.example"), MAP, "Asia/Seoul", None, NOW)


@given(st.text(alphabet="<>&/;sitemapurlocnew: \"'=!?[]\n0123", max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    for body in (text, f"{HEAD}<url><loc>{HOME}/1234{text}</url></urlset>"):
        try:
            child_maps(body, MAP, "Asia/Seoul", None, NOW)
            entries = parse_sitemap(body, MAP, None, "Asia/Seoul", NOW)
        except ExtractError:
            continue
        assert all(entry.url.startswith(HOME) for entry in entries)
