"""The polite fetcher over real sockets: one newspaper per test, told what to say."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network

import pytest
import respx

from monitor.fetch.fetcher import PoliteFetcher, max_age, product_token
from monitor.fetch.pace import Pace
from monitor.model.errors import FetchError, FetchReason
from monitor.model.page import Repute, Validators
from monitor.net.client import HttpClient, Limits
from tests.net.raw_server import Caller, RawServer, http, serving

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
HTML = "Content-Type: text/html; charset=utf-8"
BODY = "<html>오픈AI는 5일</html>".encode()


@dataclass
class Newspaper:
    """A server with pages by path; whatever has no page is 404."""

    server: RawServer
    fetcher: PoliteFetcher
    pages: dict[str, bytes]
    now: list[datetime] = field(default_factory=lambda: [NOW])

    @property
    def paths(self) -> list[str]:
        return [head.split(" ")[1] for head in self.server.heads]

    def url(self, path: str = "/") -> str:
        return self.server.url(path)


@asynccontextmanager
async def newspaper(
    pages: dict[str, bytes], interval: float = 0.0, pace: Pace | None = None
) -> AsyncIterator[Newspaper]:
    async def talk(caller: Caller) -> None:
        await caller.say(pages.get(caller.path, http(b"", "404 Not Found")))

    now = [NOW]
    limits = Limits(5.0, 100_000, "NewsMonitor/1.0 (+https://example.org)", (IPv4Network("127.0.0.0/8"),))
    client = HttpClient(limits)
    async with serving(talk) as server:
        fetcher = PoliteFetcher(client, lambda: now[0], per_host_interval=interval, pace=pace)
        try:
            yield Newspaper(server, fetcher, pages, now)
        finally:
            await client.aclose()


async def _refusal(paper: Newspaper, path: str = "/", known: Validators | None = None) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await paper.fetcher.fetch(paper.url(path), known)
    return caught.value


async def test_page_says_all_that_is_known_of_it() -> None:
    response = http(BODY, "200 OK", HTML, 'ETag: "v1"', "Last-Modified: Tue, 24 Nov 2026 00:00:00 GMT")
    async with newspaper({"/list": response}) as paper:
        page = await paper.fetcher.fetch(paper.url("/list"))
    assert page.text == BODY.decode()
    assert (page.url, page.final_url, page.status) == (paper.url("/list"), paper.url("/list"), 200)
    assert (page.charset, page.charset_from, page.content_type) == ("utf-8", "header", "text/html; charset=utf-8")
    assert page.validators == Validators('"v1"', "Tue, 24 Nov 2026 00:00:00 GMT", hashlib.sha256(BODY).hexdigest())
    assert page.fetched_at == NOW
    assert page.elapsed_ms > 0
    assert not page.unchanged
    assert paper.paths == ["/robots.txt", "/list"]


async def test_cp949_page_is_decoded() -> None:
    page_bytes = '<meta charset="euc-kr"><p>똠방각하 카카오</p>'.encode("cp949")
    packed = http(gzip.compress(page_bytes), "200 OK", "Content-Type: text/html", "Content-Encoding: gzip")
    async with newspaper({"/": packed}) as paper:
        page = await paper.fetcher.fetch(paper.url())
    assert "똠방각하 카카오" in page.text
    assert (page.charset, page.charset_from) == ("cp949", "declaration")


async def test_conditional_request_and_304() -> None:
    known = Validators('"v1"', "Tue, 24 Nov 2026 00:00:00 GMT", "old-hash")
    not_modified = b'HTTP/1.1 304 Not Modified\r\nETag: "v2"\r\n\r\n'
    async with newspaper({"/": not_modified}) as paper:
        page = await paper.fetcher.fetch(paper.url(), known)
    assert page.unchanged
    assert (page.text, page.status) == ("", 304)
    assert page.validators == Validators('"v2"', "Tue, 24 Nov 2026 00:00:00 GMT", "old-hash", Repute(run=1))
    asked = paper.server.heads[-1].lower()
    assert 'if-none-match: "v1"\r\n' in asked
    assert "if-modified-since: tue, 24 nov 2026 00:00:00 gmt\r\n" in asked
    assert "if-none-match" not in paper.server.heads[0].lower()


async def test_304_that_nobody_asked_for_is_an_error() -> None:
    async with newspaper({"/": b"HTTP/1.1 304 Not Modified\r\n\r\n"}) as paper:
        error = await _refusal(paper)
    assert (error.reason, error.status) == (FetchReason.STATUS, 304)


async def test_same_body_counts_as_unchanged() -> None:
    async with newspaper({"/": http(BODY, "200 OK", HTML)}) as paper:
        first = await paper.fetcher.fetch(paper.url())
        second = await paper.fetcher.fetch(paper.url(), first.validators)
        paper.pages["/"] = http(BODY + b"!", "200 OK", HTML)
        third = await paper.fetcher.fetch(paper.url(), second.validators)
    assert (first.unchanged, second.unchanged, third.unchanged) == (False, True, False)
    assert (second.text, second.status, second.validators) == ("", 200, first.validators)
    assert third.text.endswith("!")
    assert "if-none-match" not in paper.server.heads[-1].lower()


async def test_strange_validators_are_not_sent_back() -> None:
    response = http(BODY, "200 OK", HTML, "ETag: " + "x" * 600, "Last-Modified: 어제")
    async with newspaper({"/": response}) as paper:
        page = await paper.fetcher.fetch(paper.url())
    assert (page.validators.etag, page.validators.last_modified) == ("", "")


@pytest.mark.parametrize(
    ("status", "transient"),
    [
        *(("400 Bad", False), ("401 No", False), ("403 No", False), ("404 None", False), ("410 Gone", False)),
        *(("408 Slow", True), ("425 Early", True), ("500 Oops", True), ("502 Bad", True), ("504 Slow", True)),
        *(("302 Lost", False), ("451 Law", False), ("503 Busy", True)),
    ],
)
async def test_other_statuses_are_errors(status: str, transient: bool) -> None:  # noqa: FBT001 - test parameter
    async with newspaper({"/": http(b"x", status)}) as paper:
        error = await _refusal(paper)
    assert (error.reason, error.status, error.transient) == (FetchReason.STATUS, int(status[:3]), transient)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        (["Retry-After: 120"], 120.0),
        (["Retry-After: Tue, 24 Nov 2026 03:30:00 GMT"], 1800.0),
        (["Retry-After: 86400"], 86_400.0),
        ([], 60.0),
        (["Retry-After: whenever"], 60.0),
    ],
)
@pytest.mark.parametrize(("status", "reason"), [("429 Slow down", "throttled"), ("503 Busy", "status")])
async def test_host_that_asks_for_rest_gets_it(headers: list[str], seconds: float, status: str, reason: str) -> None:
    async with newspaper({"/": http(b"", status, *headers), "/b": http(BODY, "200 OK", HTML)}) as paper:
        error = await _refusal(paper)
        again = await _refusal(paper, "/b")
    assert (error.reason, error.retry_after, error.transient) == (reason, seconds, True)
    assert again.reason is FetchReason.THROTTLED
    assert again.transient
    assert again.retry_after == pytest.approx(seconds, abs=5)
    assert paper.paths == ["/robots.txt", "/"]


async def test_resting_host_does_not_stop_another() -> None:
    async with newspaper({"/": http(b"", "429 Slow down", "Retry-After: 999")}) as paper:
        await _refusal(paper)
        paper.pages["/"] = http(BODY, "200 OK", HTML)
        other = f"http://localhost:{paper.server.port}/"
        assert (await paper.fetcher.fetch(other)).text == BODY.decode()


@pytest.mark.parametrize(
    "content_type",
    [
        *("text/html", "TEXT/HTML; charset=utf-8", "application/xhtml+xml", "text/xml", "application/xml"),
        *("application/rss+xml; charset=UTF-8", "application/atom+xml", "application/rdf+xml", "application/json"),
        *("text/plain", "", "application/x-unknown+xml", "application/feed+json"),
    ],
)
async def test_readable_types(content_type: str) -> None:
    headers = [f"Content-Type: {content_type}"] if content_type else []
    async with newspaper({"/": http(BODY, "200 OK", *headers)}) as paper:
        assert (await paper.fetcher.fetch(paper.url())).text == BODY.decode()


@pytest.mark.parametrize(
    "content_type", ["image/png", "application/pdf", "video/mp4", "application/octet-stream", "image/svg+xml"]
)
async def test_other_types_are_refused(content_type: str) -> None:
    async with newspaper({"/": http(BODY, "200 OK", f"Content-Type: {content_type}")}) as paper:
        error = await _refusal(paper)
    assert (error.reason, error.transient) == (FetchReason.CONTENT_TYPE, False)
    assert content_type in error.detail


async def test_robots_are_asked_once_and_obeyed() -> None:
    robots = http(b"User-agent: newsmonitor\nDisallow: /private\n\nUser-agent: *\nDisallow: /\n")
    pages = {"/robots.txt": robots, "/a": http(BODY, "200 OK", HTML), "/private/1": http(BODY, "200 OK", HTML)}
    async with newspaper(pages) as paper:
        await paper.fetcher.fetch(paper.url("/a"))
        error = await _refusal(paper, "/private/1")
        await paper.fetcher.fetch(paper.url("/a"))
    assert (error.reason, error.transient) == (FetchReason.ROBOTS, False)
    assert paper.paths == ["/robots.txt", "/a", "/a"]


async def test_failing_robots_close_the_host_for_the_time_being() -> None:
    pages = {"/robots.txt": http(b"", "500 Oops"), "/": http(BODY, "200 OK", HTML)}
    async with newspaper(pages) as paper:
        error = await _refusal(paper)
        assert (error.reason, error.transient, error.status) == (FetchReason.ROBOTS, True, 500)
        assert error.url == paper.url()
        pages["/robots.txt"] = http(b"")
        paper.now[0] += timedelta(seconds=11)
        assert (await paper.fetcher.fetch(paper.url())).status == 200


async def test_robots_of_the_place_a_redirect_leads_to_are_obeyed() -> None:
    async with newspaper(
        {"/robots.txt": http(b"User-agent: *\nDisallow: /x\n"), "/x": http(BODY, "200 OK", HTML)}
    ) as other:
        moved = http(b"", "301 Moved", f"Location: {other.url('/x')}")
        async with newspaper({"/": moved}) as paper:
            error = await _refusal(paper)
        assert error.reason is FetchReason.ROBOTS
        assert error.url == other.url("/x")
        assert other.paths == ["/robots.txt"]  # what is forbidden is not fetched first


async def test_redirected_page_knows_both_urls() -> None:
    pages = {"/old": http(b"", "301 Moved", "Location: /new"), "/new": http(BODY, "200 OK", HTML)}
    async with newspaper(pages) as paper:
        page = await paper.fetcher.fetch(paper.url("/old"))
    assert (page.url, page.final_url) == (paper.url("/old"), paper.url("/new"))


async def test_dead_host_tells_its_own_reason() -> None:
    async with newspaper({}) as paper:
        url = paper.url()
    async with newspaper({}) as alive:
        with pytest.raises(FetchError) as caught:
            await alive.fetcher.fetch(url)
    assert (caught.value.reason, caught.value.url) == (FetchReason.CONNECT, url)
    assert caught.value.transient


async def test_robots_txt_and_each_page_wait_for_their_turn() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    pace = Pace(3.0, monotonic=lambda: 50.0, sleep=sleep)
    robots = http(b"User-agent: *\nCrawl-delay: 8\n")
    async with newspaper({"/robots.txt": robots, "/": http(BODY, "200 OK", HTML)}, pace=pace) as paper:
        await paper.fetcher.fetch(paper.url())
        assert slept == [3.0]  # robots.txt was the first request, and what it asks for holds from then on
        await paper.fetcher.fetch(paper.url())
    assert slept == [3.0, 8.0]


async def test_one_request_at_a_time_per_host() -> None:
    running = 0
    most = 0

    async def talk(caller: Caller) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.005)
        running -= 1
        await caller.say(http(BODY, "200 OK", HTML))

    client = HttpClient(Limits(5.0, 100_000, "newsmonitor/1.0", (IPv4Network("127.0.0.0/8"),)))
    async with serving(talk) as server:
        fetcher = PoliteFetcher(client, lambda: NOW, per_host_interval=0.0)
        pages = await asyncio.gather(*(fetcher.fetch(server.url(f"/{n}")) for n in range(8)))
    await client.aclose()
    assert len(pages) == 8
    assert most == 1


@pytest.mark.parametrize(
    "url", ["", "news.example", "ftp://news.example/", "http://", "http://a:99999/", "http://[::1/"]
)
async def test_bad_urls(url: str) -> None:
    async with newspaper({}) as paper:
        with pytest.raises(FetchError) as caught:
            await paper.fetcher.fetch(url)
    assert (caught.value.reason, caught.value.transient) == (FetchReason.BAD_URL, False)
    assert paper.server.heads == []


@respx.mock
async def test_http_and_https_share_a_turn_and_not_their_robots() -> None:
    for scheme in ("http", "https"):
        respx.get(f"{scheme}://news.example/robots.txt").respond(404)
        respx.get(f"{scheme}://news.example/").respond(429, headers={"Retry-After": "30"})
    client = HttpClient(Limits(5.0, 100_000, "newsmonitor/1.0"))
    fetcher = PoliteFetcher(client, lambda: NOW, per_host_interval=0.0)
    for url in ("http://news.example/", "https://NEWS.example:443/"):
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(url)
        assert caught.value.reason is FetchReason.THROTTLED
    await client.aclose()
    assert len(respx.calls) == 2


@pytest.mark.parametrize(
    ("agent", "token"),
    [("NewsMonitor/1.0 (+https://x)", "NewsMonitor"), ("bot", "bot"), ("  my bot", "my"), ("", "*"), ("/1", "*")],
)
def test_product_token(agent: str, token: str) -> None:
    assert product_token(agent) == token


async def test_a_file_that_is_packed_itself_is_opened() -> None:
    text = "<urlset>오픈AI</urlset>"
    response = http(gzip.compress(text.encode()), "200 OK", "Content-Type: application/x-gzip")
    async with newspaper({"/sitemap.xml.gz": response}) as paper:
        page = await paper.fetcher.fetch(paper.url("/sitemap.xml.gz"))
        again = await paper.fetcher.fetch(paper.url("/sitemap.xml.gz"), page.validators)
    assert (page.text, page.charset) == (text, "utf-8")
    assert again.unchanged


async def test_keys_open_an_interface_that_crawlers_may_not_enter() -> None:
    rules = http(b"User-agent: *\nDisallow: /", "200 OK", "Content-Type: text/plain")
    async with newspaper(
        {"/robots.txt": rules, "/api": http(b"{}", "200 OK", "Content-Type: application/json")}
    ) as paper:
        page = await paper.fetcher.fetch(paper.url("/api"), headers={"x-key": "open-sesame"})
        assert page.text == "{}"
        assert "open-sesame" in paper.server.heads[-1]
        assert (await _refusal(paper, "/api")).reason is FetchReason.ROBOTS


async def test_keys_follow_no_redirect() -> None:
    async with newspaper({}) as other:
        moved = http(b"", "302 Found", f"Location: {other.url('/api')}")
        async with newspaper({"/api": moved}) as paper:
            with pytest.raises(FetchError) as caught:
                await paper.fetcher.fetch(paper.url("/api"), headers={"x-key": "open-sesame"})
        assert (caught.value.reason, caught.value.status) == (FetchReason.STATUS, 302)
        assert other.server.heads == []


@pytest.mark.parametrize(
    ("control", "age", "seconds"),
    [
        ("", "", 0.0),
        ("max-age=300", "", 300.0),
        ("public, Max-Age = 600, must-revalidate", "", 600.0),
        ('max-age="60"', "", 60.0),
        ("max-age=300", "100", 200.0),
        ("max-age=300", "400", 0.0),
        ("max-age=300", "-5", 300.0),
        ("max-age=300", "9" * 400, 300.0),
        ("s-maxage=300", "", 0.0),
        ("no-cache, max-age=300", "", 0.0),
        ("no-store, max-age=300", "", 0.0),
        ("max-age=x", "", 0.0),
    ],
)
def test_how_long_an_answer_is_fresh(control: str, age: str, seconds: float) -> None:
    assert max_age({"cache-control": control, "age": age}) == seconds


async def test_a_page_says_how_long_it_is_fresh_changed_or_not() -> None:
    async with newspaper({"/": http(BODY, "200 OK", HTML, "Cache-Control: max-age=90")}) as paper:
        page = await paper.fetcher.fetch(paper.url())
        again = await paper.fetcher.fetch(paper.url(), page.validators)
    assert (page.max_age, again.unchanged, again.max_age) == (90.0, True, 90.0)
