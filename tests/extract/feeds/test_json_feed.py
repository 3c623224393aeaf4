from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.feeds.apart import told_apart
from monitor.extract.feeds.json_feed import is_json, parse_json_feed, parse_search
from monitor.model.errors import ExtractError

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
FEED = "https://paper.example/feed.json"


def feed(*items: object, version: str = "1.1") -> str:
    return json.dumps({"version": f"https://jsonfeed.org/version/{version}", "title": "예시", "items": list(items)})


def test_an_item_of_version_1_1() -> None:
    item = {
        "id": "1",
        "url": "/news/1001",
        "title": "오픈AI &amp; 한국",
        "summary": "요약",
        "content_html": "<p>요약 그리고 본문</p>",
        "date_published": "2026-11-24T09:00:00+09:00",
        "authors": [{"name": "김하나"}, {"name": "이두리"}],
    }
    (entry,) = parse_json_feed("\ufeff" + feed(item), FEED, "Asia/Seoul", NOW)
    assert (entry.url, entry.title, entry.summary) == ("https://paper.example/news/1001", "오픈AI & 한국", "요약")
    assert entry.content == "요약 그리고 본문"
    assert entry.author == "김하나, 이두리"
    assert entry.published_at == datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


def test_an_item_of_version_1_0_with_one_author_and_content_alone() -> None:
    item = {"id": "https://paper.example/news/7", "content_text": "본문", "author": {"name": "Jane Doe"}}
    (entry,) = parse_json_feed(feed(item, version="1"), FEED, "Asia/Seoul", NOW)
    assert (entry.url, entry.summary, entry.author, entry.published_at) == (
        "https://paper.example/news/7",
        "본문",
        "Jane Doe",
        None,
    )


def test_a_time_of_change_stands_in() -> None:
    item = {"url": "https://paper.example/1", "date_modified": "2026-11-24 10:00"}
    (entry,) = parse_json_feed(feed(item), FEED, "Asia/Seoul", NOW)
    assert entry.published_at == datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def test_what_says_nothing_and_twins_are_left_out() -> None:
    items = ({"id": "urn:x"}, {"url": "https://paper.example/1"}, {"url": "https://paper.example/1#top"}, 5)
    assert len(told_apart(parse_json_feed(feed(*items), FEED, "Asia/Seoul", NOW), FEED)) == 1


def test_a_feed_may_have_no_items_yet() -> None:
    assert parse_json_feed(feed(), FEED, "Asia/Seoul", NOW) == ()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"items": 5}', '{"items": []}', "[" * 100_000])
def test_what_is_no_feed_is_refused(text: str) -> None:
    with pytest.raises(ExtractError):
        parse_json_feed(text, FEED, "Asia/Seoul", NOW)


def search(*items: dict[str, str]) -> str:
    return json.dumps({"lastBuildDate": "Tue, 24 Nov 2026 12:00:00 +0900", "total": len(items), "items": list(items)})


def test_a_search_result_leads_to_the_paper_itself() -> None:
    item = {
        "title": "<b>오픈AI</b> &quot;한국&quot; 진출",
        "originallink": "https://www.mediapen.com/news/view/978113",
        "link": "https://n.news.naver.com/mnews/article/001/0000001",
        "description": "<b>오픈AI</b>는 5일 …",
        "pubDate": "Tue, 24 Nov 2026 11:30:00 +0900",
    }
    other = {**item, "originallink": ""}
    first, second = parse_search(search(item, other), "https://api.example/", "Asia/Seoul", NOW)
    assert (first.url, second.url) == (item["originallink"], item["link"])
    assert (first.title, first.summary) == ('오픈AI "한국" 진출', "오픈AI는 5일 …")
    assert first.published_at == datetime(2026, 11, 24, 2, 30, tzinfo=UTC)


def test_nothing_found_is_an_answer_but_an_error_is_none() -> None:
    assert parse_search(search(), "https://api.example/", "Asia/Seoul", NOW) == ()
    with pytest.raises(ExtractError):
        parse_search('{"errorCode": "024"}', "https://api.example/", "Asia/Seoul", NOW)


def test_json_is_told_from_xml() -> None:
    assert is_json(' \ufeff\n{"version": ""}')
    assert not is_json("<rss/>")


_JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["items", "url", "title", "authors", "name", "date_published"]), inner)
    ),
    max_leaves=8,
)


@given(st.lists(_JSON, max_size=5))
def test_any_items_are_read_or_refused(items: list[object]) -> None:
    for parse in (parse_json_feed, parse_search):
        try:
            entries = parse(json.dumps({"items": items}), FEED, "Asia/Seoul", NOW)
        except ExtractError:
            continue
        assert all(entry.url.startswith("http") for entry in told_apart(entries, FEED))
