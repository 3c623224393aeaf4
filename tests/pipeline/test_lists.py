"""Lists: from the URL of a source to its entries, through indexes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.extract.sandbox.parsers import InlineParser
from monitor.model.errors import ExtractError, FetchError, FetchReason
from monitor.model.page import Validators
from monitor.model.plan import Interval, Source
from monitor.pipeline.lists import MOST_MAPS, ListReader, ListResult
from tests.pipeline.app import START, Clock, Press

HOME = "https://paper.example"
INDEX = f"{HOME}/sitemap.xml"
SOURCE = Source("paper", "예시일보", "sitemap", (INDEX,), Interval(300))
EARLIER = Validators()


def index(**maps: str) -> str:
    entries = "".join(
        f"<sitemap><loc>{HOME}/{name}.xml</loc><lastmod>{at}</lastmod></sitemap>" for name, at in maps.items()
    )
    return f"<sitemapindex>{entries}</sitemapindex>"


def urlset(*numbers: int) -> str:
    entries = "".join(
        f"<url><loc>{HOME}/news/{number}</loc><news:news><news:title>기사 {number}</news:title></news:news></url>"
        for number in numbers
    )
    return f"<urlset>{entries}</urlset>"


@pytest.fixture
def press() -> Press:
    return Press(Clock())


async def read(press: Press, known: Validators | None = None, source: Source = SOURCE, hours: float = 1) -> ListResult:
    list_reader = ListReader(press, InlineParser(), lambda: START)
    since = None if known is None else START - timedelta(hours=hours)
    return await list_reader.read(source.urls[0], source, known, since)


async def test_a_plain_map_is_read_as_it_is(press: Press) -> None:
    press.pages[INDEX] = urlset(1001, 1002)
    seen = await read(press)
    assert [entry.title for entry in seen.entries] == ["기사 1001", "기사 1002"]
    assert seen.validators.body_hash
    again = await read(press, seen.validators)
    assert again == ListResult((), seen.validators, unchanged=True)


def feed(numbers: range) -> str:
    items = "".join(f"<item><title>기사 {n}</title><link>{HOME}/news/{n}</link></item>" for n in numbers)
    return f"<rss version='2.0'><channel><title>예시</title>{items}</channel></rss>"


def anchors(numbers: range) -> str:
    return "".join(f"<p><a href='/news/2025/{n}'>오늘의 기사 제목 {n}번</a></p>" for n in numbers)


def document(kind: str, numbers: range) -> str:
    if kind == "sitemap":
        return urlset(*numbers)
    return feed(numbers) if kind == "feed" else anchors(numbers)


@pytest.mark.parametrize(("kind", "most"), [("list", 2_000), ("page", 2_000), ("feed", 2_000), ("sitemap", 1_000)])
async def test_a_list_that_is_longer_than_what_is_taken_of_one_says_so(press: Press, kind: str, most: int) -> None:
    source = replace(SOURCE, kind=kind)
    for count, cut in ((most - 1, False), (most, True), (most + 700, True)):
        press.pages[INDEX] = document(kind, range(10_001, 10_001 + count))
        seen = await read(press, source=source)
        assert (len(seen.entries), seen.cut) == (min(count, most), cut)


async def test_a_long_map_of_an_index_says_so(press: Press) -> None:
    press.pages |= {INDEX: index(a="2025-02-05"), f"{HOME}/a.xml": urlset(*range(10_001, 11_500))}
    assert (await read(press)).cut


async def test_an_index_leads_to_maps_and_is_always_read_again(press: Press) -> None:
    press.pages |= {
        INDEX: index(a="2025-02-05", b="2025-02-05"),
        f"{HOME}/a.xml": urlset(1001),
        f"{HOME}/b.xml": urlset(1001, 1002),
    }
    seen = await read(press)
    assert {entry.title for entry in seen.entries} == {"기사 1001", "기사 1002"}
    assert len(seen.entries) == 2
    assert seen.validators == Validators()
    press.pages[f"{HOME}/a.xml"] = urlset(1003)
    assert "기사 1003" in {entry.title for entry in (await read(press, seen.validators)).entries}


async def test_maps_that_rested_cost_no_request_and_silence_is_then_well(press: Press) -> None:
    press.pages[INDEX] = index(a="2025-01-20T00:00:00Z")
    assert await read(press, EARLIER) == ListResult((), Validators())
    assert press.asked == [INDEX]


async def test_an_index_of_indexes_ends_at_the_second_level(press: Press) -> None:
    press.pages |= {INDEX: index(a="2025-02-05"), f"{HOME}/a.xml": index(b="2025-02-05"), f"{HOME}/b.xml": urlset(1001)}
    assert len((await read(press)).entries) == 1
    press.pages[f"{HOME}/b.xml"] = index(a="2025-02-05")
    with pytest.raises(ExtractError, match="no recent article"):
        await read(press)
    assert len(press.asked) == 6


async def test_no_poll_reads_more_than_its_share(press: Press) -> None:
    names = [f"m{number}" for number in range(10)]
    press.pages[INDEX] = index(**dict.fromkeys(names, "2025-02-05"))
    for name in names:
        press.pages[f"{HOME}/{name}.xml"] = index(**{f"{name}x{number}": "2025-02-05" for number in range(10)})
        for number in range(10):
            press.pages[f"{HOME}/{name}x{number}.xml"] = urlset(1000 + number)
    assert (await read(press)).entries
    assert len(press.asked) == 1 + MOST_MAPS


async def test_a_map_that_fails_is_told_and_the_others_count(press: Press) -> None:
    press.pages |= {INDEX: index(a="2025-02-05", b="2025-02-05"), f"{HOME}/a.xml": urlset(1001)}
    seen = await read(press, EARLIER)
    assert len(seen.entries) == 1
    assert "b.xml" in seen.errors[0]
    with pytest.raises(FetchError):
        await read(press)  # the first poll has to be whole
    del press.pages[f"{HOME}/a.xml"]
    with pytest.raises(FetchError) as caught:
        await read(press, EARLIER)
    assert caught.value.reason is FetchReason.STATUS


async def test_an_archive_alone_is_a_failure(press: Press) -> None:
    press.pages[INDEX] = urlset(1001).replace(
        "<news:title>", "<news:publication_date>2020-01-01</news:publication_date><news:title>"
    )
    with pytest.raises(ExtractError, match="no recent article"):
        await read(press, EARLIER)


async def test_a_search_that_finds_nothing_is_well_and_its_keys_go_along(press: Press) -> None:
    url = "https://api.example/search?query=x"
    source = replace(SOURCE, kind="naver", urls=(url,), headers=(("x-key", "k"),))
    press.pages[url] = '{"items": []}'
    assert (await read(press, source=source)).entries == ()
    assert press.headers[url] == {"x-key": "k"}


async def test_a_watched_page_shows_every_link_of_its_host(press: Press) -> None:
    page = replace(SOURCE, kind="page")
    press.pages[INDEX] = (
        '<a href="/x">공지</a><a href="/file.pdf">자료</a><a href="https://other.example/1">남</a><a href="#top">위</a>'
    )
    assert [entry.title for entry in (await read(press, source=page)).entries] == ["공지", "자료"]
