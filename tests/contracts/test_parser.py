"""Every Parser reads the same pages alike, and survives the same hostile ones."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.extract.sandbox.parsers import Allowance, GuardedParser, InlineParser
from monitor.model.article import Entry
from monitor.model.errors import ExtractError
from monitor.model.page import Onward, Page, Validators
from monitor.model.plan import Interval, Source
from monitor.pipeline.ports import Parser

NOW = datetime(2025, 2, 5, 6, 0, tzinfo=UTC)
URL = "https://paper.example/news/view/1001"
ENTRY = Entry(URL, URL, "오픈AI, 서울에 사무소")
LIST = Source("paper", "신문", "list", ("https://paper.example/list",), Interval(300.0))
FEED = replace(LIST, kind="feed")
DATE = "2025-02-05T14:30:00+09:00"
TEXT = "".join(f"<p>시험을 위하여 지어낸 문장 {n}이 이어지고, 오픈AI는 그 가운데에 있다.</p>" for n in range(12))


def article_page(extra: str = "") -> str:
    head = f'<title>오픈AI, 서울에 사무소</title><meta property="article:published_time" content="{DATE}">'
    return f"<html lang=ko><head>{head}</head><body><article><h1>오픈AI, 서울에 사무소</h1>{TEXT}</article>{extra}</body></html>"


def list_page(extra: str = "") -> str:
    links = "".join(
        f'<li><a href="/news/view/{1000 + n}">기사 번호 {n} 의 충분히 긴 제목입니다</a></li>' for n in range(8)
    )
    return f"<html lang=ko><body><ul>{links}</ul>{extra}</body></html>"


def feed_page(items: int = 3) -> str:
    item = "<item><title>제목 {n}</title><link>https://paper.example/news/view/{n}</link><pubDate>{d}</pubDate></item>"
    body = "".join(item.format(n=1000 + n, d="Wed, 05 Feb 2025 14:30:00 +0900") for n in range(items))
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>신문</title>{body}</channel></rss>'


def page(text: str) -> Page:
    return Page(URL, URL, 200, text, "text/html", "utf-8", "header", Validators(), NOW, 1.0)


@pytest.fixture(params=["inline", "guarded"])
async def parser(request: pytest.FixtureRequest) -> AsyncIterator[Parser]:
    made: InlineParser | GuardedParser
    made = InlineParser() if request.param == "inline" else GuardedParser(Allowance(seconds=0.5))
    yield made
    await made.aclose()


async def test_an_ordinary_list_gives_its_entries(parser: Parser) -> None:
    entries = await parser.entries(page(list_page()), LIST, NOW)
    assert [entry.url[-4:] for entry in entries] == [f"{1000 + n}" for n in range(8)]


async def test_an_ordinary_feed_gives_its_entries(parser: Parser) -> None:
    entries = await parser.entries(page(feed_page()), FEED, NOW)
    assert [entry.title for entry in entries] == ["제목 1000", "제목 1001", "제목 1002"]
    assert entries[0].published_at == datetime(2025, 2, 5, 5, 30, tzinfo=UTC)


async def test_an_ordinary_page_gives_its_article(parser: Parser) -> None:
    content = await parser.content(page(article_page()), LIST, ENTRY, NOW, NOW)
    article = content.article
    assert article is not None
    assert content.onward == Onward()
    assert article.title == "오픈AI, 서울에 사무소"
    assert "문장 11이" in article.body
    assert article.published_at == datetime(2025, 2, 5, 5, 30, tzinfo=UTC)


async def test_a_page_that_only_sends_on_gives_no_article(parser: Parser) -> None:
    text = '<meta http-equiv="refresh" content="0;url=/news/9"><p>이동 중</p>'
    content = await parser.content(page(text), LIST, ENTRY, NOW, NOW)
    assert (content.article, content.onward.further) == (None, "")
    assert content.onward.forward.endswith("/news/9")


@pytest.mark.parametrize(
    ("text", "source"),
    [("<html><body>점검 중</body></html>", LIST), ("", LIST), ("<rss></rss>", FEED), ("x" * 4_500_000, LIST)],
)
async def test_a_page_without_entries_is_refused(parser: Parser, text: str, source: Source) -> None:
    with pytest.raises(ExtractError) as caught:
        await parser.entries(page(text), source, NOW)
    assert caught.value.url == URL
    assert not caught.value.transient


HOSTILE = {
    "deep": "<div>" * 200_000,
    "attributes": "<div " + " ".join(f"a{n}" for n in range(120_000)) + ">",
    "formatting": "<a><b><i><u>" * 20_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", list(HOSTILE))
async def test_a_hostile_page_is_refused_and_the_next_one_read(parser: Parser, name: str) -> None:
    with pytest.raises(ExtractError):
        await parser.content(page(article_page(HOSTILE[name])), LIST, ENTRY, NOW, NOW)
    assert len(await parser.entries(page(list_page()), LIST, NOW)) == 8
