"""Feeds of hits are read by others' readers, and by ours, as what they say; nothing in a headline acts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree.ElementTree import fromstring

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.hit import Match
from monitor.model.records import ArticleRecord, HitRecord
from monitor.present.feeds import FORMS, HitFeed, feed_items
from tests.bench.adapters import parse_feed

AT = datetime(2026, 11, 5, 2, 32, 16, tzinfo=UTC)
ADDRESS = "https://desk.example/feeds/hits.atom?rule=openai&tag=a%20b"


def hit(number: int, article: int, **changes: Any) -> HitRecord:  # noqa: ANN401 - any field of an article
    """Return a hit on an article."""
    told = ArticleRecord(
        id=article,
        url=f"https://news.example/{article}",
        title=f"기사 {article}",
        source="herald",
        author="김기자",
        published_at=AT,
        first_seen_at=AT,
        source_name="한빛일보",
    )
    match = Match("OpenAI", "오픈AI", "title", 0, 4, "오픈AI", "bare")
    at = AT + timedelta(minutes=number)
    return HitRecord(
        number, at, f"r{number}", f"규칙 {number}", replace(told, **changes), (match,), "…오픈AI는…", "sent"
    )


def feed(*hits: HitRecord) -> HitFeed:
    """Return a feed of hits."""
    return HitFeed("monitor · OpenAI", ADDRESS, feed_items(hits, 50))


def test_an_article_is_one_item_and_its_id_stays() -> None:
    some = feed(hit(3, 2), hit(2, 2), hit(1, 1))
    assert [(item.title, item.rules) for item in some.items] == [
        ("기사 2", ("규칙 3", "규칙 2")),
        ("기사 1", ("규칙 1",)),
    ]
    assert some.items[0].id == feed(hit(9, 2)).items[0].id
    assert some.items[0].updated == AT + timedelta(minutes=3)
    assert feed_items([hit(3, 2), hit(2, 2), hit(1, 1)], 1) == some.items[:1]


@pytest.mark.parametrize("form", list(FORMS))
def test_our_own_reader_reads_it(form: str) -> None:
    kind, write = FORMS[form]
    rows = parse_feed(write(feed(hit(2, 2), hit(1, 1))), ADDRESS, kind)
    assert [row["title"] for row in rows] == ["기사 2", "기사 1"]
    assert [row["link"] for row in rows] == ["https://news.example/2", "https://news.example/1"]
    assert rows[0]["published_at"] == "2026-11-05T02:32:16+00:00"
    assert "오픈AI" in str(rows[0]["summary"])


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_feedparser_reads_it(form: str) -> None:
    some = feed(hit(2, 2), hit(1, 1))
    read = feedparser.parse(FORMS[form][1](some))
    assert not read.bozo
    assert read.version == {"atom": "atom10", "rss": "rss20"}[form]
    assert [(entry.title, entry.link, entry.id) for entry in read.entries] == [
        (item.title, item.url, item.id) for item in some.items
    ]
    assert [tag.term for tag in read.entries[0].tags] == ["규칙 2"]
    assert read.entries[0].author == "김기자"


HOSTILE = st.text(max_size=60) | st.sampled_from(
    ["<script>alert(1)</script>", "]]><x/>", "\x00\x1b[31m", "\u202egnp.exe", "&amp;", "가" * 240, "👩‍👩‍👧‍👦", "\ufffe"]
)


@given(HOSTILE, HOSTILE, HOSTILE)
def test_whatever_a_headline_holds_is_text(title: str, outlet: str, excerpt: str) -> None:
    some = feed(replace(hit(1, 1, title=title, source_name=outlet), excerpt=excerpt))
    for form in ("atom", "rss"):
        root = fromstring(FORMS[form][1](some))  # noqa: S314 - our own document
        assert {node.tag.rpartition("}")[2] for node in root.iter()} <= {
            *("feed", "id", "title", "updated", "link", "author", "name", "entry", "published", "summary", "category"),
            *("rss", "channel", "description", "lastBuildDate", "item", "guid", "pubDate", "creator"),
        }
    titles = [node.text or "" for node in fromstring(FORMS["atom"][1](some)).iter("{http://www.w3.org/2005/Atom}title")]  # noqa: S314
    assert len(titles) == 2
    if title.isprintable():
        assert titles[1] == title
    document = json.loads(FORMS["json"][1](some))
    assert [item["url"] for item in document["items"]] == ["https://news.example/1"]


def test_an_empty_feed_is_one() -> None:
    for form in ("atom", "rss"):
        assert not feedparser.parse(FORMS[form][1](feed())).bozo
    assert json.loads(FORMS["json"][1](feed()))["items"] == []
