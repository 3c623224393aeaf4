"""Every family reads its replica to the letter: over a real socket, from the list, from the feed, and the page itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network
from operator import attrgetter

import pytest

from monitor.extract.reader import read_article, read_entries
from monitor.fetch.fetcher import PoliteFetcher
from monitor.model.article import Article, Entry
from monitor.model.page import Page
from monitor.model.plan import Interval, Source
from monitor.net.client import HttpClient, Limits
from tests.replica.family import EDITED_AFTER, MACHINE, SECTIONS, Family
from tests.replica.mediapen import body_lines
from tests.replica.newspapers import Drift, NdSoft, Newspapers, Newsroom, Piece, Writer, mediapen
from tests.replica.printed import PRINTED
from tests.replica.scripted import SCRIPTED

MOMENT = {
    "hankook_2025": datetime(2025, 5, 15, 7, 33, tzinfo=UTC),
    "hankook_2026": datetime(2026, 1, 29, 7, 33, tzinfo=UTC),
}
USUAL = datetime(2026, 7, 12, 7, 33, tzinfo=UTC)
LATER = USUAL + timedelta(hours=2)
LISTED = [family for family in (*PRINTED, *SCRIPTED) if family.site != "nextjs"]  # that family knows no article URLs
LIMITS = Limits(10.0, 2_000_000, "monitor-test/1", (IPv4Network("127.0.0.0/8"),))


def moment(family: Family) -> datetime:
    return MOMENT.get(family.kind, USUAL)


def pieces(last: datetime, count: int = 6) -> list[Piece]:
    """Articles with everything a page can show, quotes and ampersands in the headline included."""
    written = Writer(11, rate=0.3).day(count, last)
    return [replace(piece, title=f"{piece.title} & '둘째' <속보>") for piece in written]


@asynccontextmanager
async def reading(room: Newsroom) -> AsyncIterator[PoliteFetcher]:
    """Serve a newspaper and answer what fetches from it."""
    client = HttpClient(LIMITS)
    async with Newspapers(room):
        try:
            yield PoliteFetcher(client, lambda: USUAL, per_host_interval=0.0)
        finally:
            await client.aclose()


def source(room: Newsroom, kind: str, site: str) -> Source:
    return Source("paper", "paper", kind, tuple(room.lists if kind == "list" else room.feeds), Interval(60), site)


async def first(fetcher: PoliteFetcher, told: Source, now: datetime) -> tuple[Article, tuple[Entry, ...]]:
    """Read the source's page and the article that stands first on it."""
    entries = read_entries(await fetcher.fetch(told.urls[0]), told, now)
    page: Page = await fetcher.fetch(entries[0].url)
    return read_article(page, told, Entry(entries[0].key, entries[0].url), now, now), entries


def expected(family: Family, piece: Piece) -> dict[str, object]:
    told = {
        "title": piece.title,
        "subtitle": piece.subtitle,
        "body": "\n".join(family.lines(piece)),
        "captions": (piece.caption,),
        "authors": (piece.reporter,),
        "section": SECTIONS[piece.section],
        "published_at": piece.published_at.replace(second=0),
        "modified_at": (piece.published_at + EDITED_AFTER).replace(second=0),
    }
    return {key: value for key, value in told.items() if key not in family.lacks}


def read(article: Article, family: Family) -> dict[str, object]:
    """The same fields as they were read; times to the minute."""
    keys = expected(family, pieces(USUAL, 1)[0])
    found = {key: getattr(article, key) for key in keys}
    if family.site == "newspim":
        found["captions"] = tuple(text.removeprefix("▲ ").removesuffix("/사진=제공") for text in article.captions)
    return {key: value.replace(second=0) if isinstance(value, datetime) else value for key, value in found.items()}


@pytest.mark.parametrize("kind", ["list", "feed"])
@pytest.mark.parametrize("family", LISTED, ids=attrgetter("kind"))
async def test_the_text_is_exact(family: Family, kind: str) -> None:
    printed = pieces(moment(family))
    room = Newsroom(family, "127.0.1.61", pieces=printed, size=3_000)
    async with reading(room) as fetcher:
        article, entries = await first(fetcher, source(room, kind, family.site), moment(family) + timedelta(hours=2))
    assert [entry.title for entry in entries] == [piece.title for piece in reversed(printed)]
    assert read(article, family) == expected(family, printed[-1])
    assert article.field_sources["body"] == "site"
    assert "check" not in article.field_sources
    assert MACHINE not in article.title + article.subtitle + article.body + " ".join(article.captions)


async def test_the_family_reads_a_paper_that_has_no_definition_of_its_own() -> None:
    (family,) = (family for family in SCRIPTED if family.site == "nextjs")
    (piece,) = pieces(USUAL, 1)
    room = Newsroom(family, "127.0.1.62", pieces=[piece])
    async with reading(room) as fetcher:
        page = await fetcher.fetch(room.url(piece.number))
        article = read_article(page, source(room, "feed", "nextjs"), Entry("k", page.url), LATER, LATER)
    assert read(article, family) == expected(family, piece)
    assert set(article.field_sources.values()) <= {"site", "meta"}


async def test_old_pages_are_read_by_the_layout_of_their_day_when_todays_finds_nothing() -> None:
    (family,) = (family for family in PRINTED if family.kind == "hankook_2025")
    (piece,) = pieces(MOMENT["hankook_2025"], 1)
    room = Newsroom(family, "127.0.1.63", pieces=[piece])
    async with reading(room) as fetcher:
        page = await fetcher.fetch(room.url(piece.number))
        entry = Entry("k", page.url)
        article = read_article(page, source(room, "feed", family.site), entry, USUAL, USUAL)
    assert read(article, family) == expected(family, piece)


async def check_own(room: Newsroom, site: str, lines: Callable[[Piece], list[str]]) -> None:
    """Read the newest listed article and compare it with what its newsroom holds."""
    async with reading(room) as fetcher:
        article, entries = await first(fetcher, source(room, "list", site), LATER)
    (piece,) = (piece for number, piece in room.shelf.pieces.items() if str(number) in entries[0].url)
    assert (article.title, article.subtitle) == (piece.title, piece.subtitle)
    assert article.captions == (f"▲ {piece.caption}",)
    assert article.authors == (piece.reporter,)
    assert article.published_at == piece.published_at
    assert article.body.splitlines() == lines(piece)
    assert "check" not in article.field_sources


async def test_mediapen_is_exact_too() -> None:
    room = mediapen(Writer(11, rate=0.3).day(6, USUAL), "127.0.1.64")
    await check_own(room, "mediapen", lambda piece: body_lines(piece)[:-1])  # the last line is the byline


async def test_ndsoft_is_exact_too() -> None:
    paper = NdSoft()
    room = Newsroom(paper, "127.0.1.65", pieces=Writer(11, rate=0.3).day(6, USUAL))
    await check_own(room, "ndsoft", paper.body_lines)


@pytest.mark.parametrize("family", LISTED, ids=attrgetter("kind"))
async def test_a_renamed_container_is_told_by_the_way(family: Family) -> None:
    names = (
        "news-contents",
        "story-news",
        "news_cnt_detail_wrap",
        "dic_area",
        "newsct_article",
        "entry-content",
        "end-body",
    )
    (piece,) = pieces(moment(family), 1)
    room = Newsroom(family, "127.0.1.66", pieces=[piece])
    room.drift = Drift(renamed={one: f"new-{one}" for one in names})
    async with reading(room) as fetcher:
        page = await fetcher.fetch(room.url(piece.number))
        article = read_article(page, source(room, "feed", family.site), Entry("k", page.url), USUAL, USUAL)
    assert (article.field_sources["body"] == "site") is (family in SCRIPTED)
    assert article.field_sources["body"] == "site" or "confidence" in article.field_sources
