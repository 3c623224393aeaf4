from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch.robots import MAX_BYTES, RobotsCache, allows, parse
from monitor.model.errors import FetchError, FetchReason
from monitor.model.page import Response
from tests.evidence import DATA, rows
from tests.patience import PATIENCE

NOW = datetime(2026, 11, 24, tzinfo=UTC)
ORIGIN = "https://news.example"
CLOSED = b"User-agent: *\nDisallow: /\n"


def test_oracle() -> None:
    """All decisions and crawl delays agree; there is nothing to explain away. test_robots_suite.py asks for more."""
    wrong = []
    decided = 0
    for case in rows("robots/decisions.jsonl"):
        rules = parse((DATA / "robots/files" / case["host"]).read_bytes(), case["ua"])
        wrong += [(case, rules.crawl_delay)] if rules.crawl_delay != case["crawl_delay"] else []
        for path, allowed in [
            *((path, True) for path in case["allowed"]),
            *((path, False) for path in case["refused"]),
        ]:
            decided += 1
            wrong += [(case, path)] if rules.allows(f"https://{case['host']}{path}") is not allowed else []
    assert decided == 3592
    assert wrong == []


@pytest.mark.parametrize(
    ("robots_txt", "path", "allowed"),
    [
        (b"", "/", True),
        (CLOSED, "/", False),
        (CLOSED, "/robots.txt", True),
        (b"User-agent: *\nDisallow:\n", "/x", True),
        (b"User-agent: *\nDisallow: /\nAllow: /news/\n", "/news/1", True),
        (b"User-agent: *\nDisallow: /*.pdf$\n", "/a.pdf", False),
        (b"User-agent: *\nDisallow: /*.pdf$\n", "/a.pdf?x", True),
        (b"User-agent: newsmonitor\nDisallow: /a\n\nUser-agent: *\nDisallow: /\n", "/b", True),
        (b"User-agent: newsmonitor\nDisallow: /a\n\nUser-agent: *\nDisallow: /\n", "/a", False),
        (b"user-agent: NEWSMONITOR\ndisallow: /a", "/a", False),
        (b"User-agent: other\nDisallow: /\n", "/", True),
        ("User-agent: *\nDisallow: /뉴스\n".encode(), "/%EB%89%B4%EC%8A%A4/1", False),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n", "/x", False),
        (b"User-agent: *\rDisallow: /\r", "/x", False),
        (b"<html><body>User-agent: * Disallow: /</body></html>", "/x", True),
        (b"\xff\xfe\x00garbage\x00", "/x", True),
    ],
)
def test_rules(robots_txt: bytes, path: str, allowed: bool) -> None:  # noqa: FBT001 - test parameter
    assert allows(robots_txt, "newsmonitor", ORIGIN + path) is allowed


def test_crawl_delay_is_told() -> None:
    assert parse(b"User-agent: *\nCrawl-delay: 2.5\n", "newsmonitor").crawl_delay == 2.5
    assert parse(b"User-agent: *\nCrawl-delay: never\n", "newsmonitor").crawl_delay is None
    assert parse(b"", "newsmonitor").crawl_delay is None


def test_what_lies_beyond_the_cap_is_not_read() -> None:
    late = b"User-agent: *\n" + b"# filler\n" * (MAX_BYTES // 9) + b"Disallow: /\n"
    assert len(late) > MAX_BYTES
    assert allows(late, "newsmonitor", f"{ORIGIN}/x")


def test_thousands_of_agents_are_read_in_no_time() -> None:
    agents = b"".join(b"User-agent: a%d\n" % n for n in range(17_000))
    bomb = agents + b"User-agent: newsmonitor\n" + b"".join(b"Disallow: /%d\n" % n for n in range(14_000))
    rules = parse(bomb, "newsmonitor")
    assert not rules.allows(f"{ORIGIN}/77")
    assert rules.allows(f"{ORIGIN}/x")
    assert len(rules.parsed._user_agents) <= 2


def test_thinning_out_keeps_the_groups_apart() -> None:
    crowd = "".join(f"User-agent: robot{n}\n" for n in range(300))
    text = f"{crowd}Disallow: /\n\nUser-agent: newsmonitor\nDisallow: /a\n\n{crowd}Disallow: /b\n\nUser-agent: *\nDisallow: /c\n"
    for path, allowed in (("/", True), ("/a", False), ("/b", True), ("/c", True)):
        assert allows(text.encode(), "newsmonitor", ORIGIN + path) is allowed
    for path, allowed in (("/a", True), ("/b", True), ("/c", False)):
        assert allows(text.encode(), "somebody", ORIGIN + path) is allowed


@given(st.binary(max_size=300), st.text(max_size=30))
def test_any_bytes_are_read(robots_txt: bytes, path: str) -> None:
    assert allows(robots_txt, "newsmonitor", f"{ORIGIN}/{path}") in {True, False}


class Web:
    """Answers robots.txt as told, and counts."""

    def __init__(self, *answers: Response | FetchError) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        self.keeps: list[int | None] = []

    async def get(self, url: str, headers: Mapping[str, str] | None = None, *, keep: int | None = None) -> Response:
        assert not headers
        self.asked.append(url)
        self.keeps.append(keep)
        await asyncio.sleep(0)
        response = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(response, FetchError):
            raise response
        return response


def _response(status: int, body: bytes = CLOSED) -> Response:
    return Response(f"{ORIGIN}/robots.txt", status, {}, body, 1.0)


DOWN = FetchError(f"{ORIGIN}/robots.txt", FetchReason.CONNECT, "refused")


@pytest.mark.parametrize(("status", "allowed"), [(200, False), (206, False), (304, True), (404, True), (401, True)])
async def test_status_classes(status: int, allowed: bool) -> None:  # noqa: FBT001 - test parameter
    web = Web(_response(status))
    rules = await RobotsCache(web, "newsmonitor").rules(ORIGIN, NOW)
    assert rules.allows(f"{ORIGIN}/x") is allowed
    assert web.asked == [f"{ORIGIN}/robots.txt"]
    assert web.keeps == [MAX_BYTES]


@pytest.mark.parametrize("reason", [FetchReason.TOO_MANY_REDIRECTS, FetchReason.BAD_REDIRECT])
async def test_too_many_redirects_count_as_no_file(reason: FetchReason) -> None:
    rules = await RobotsCache(Web(FetchError(ORIGIN, reason)), "newsmonitor").rules(ORIGIN, NOW)
    assert rules.allows(f"{ORIGIN}/x")


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (_response(500), FetchReason.ROBOTS),
        (_response(503), FetchReason.ROBOTS),
        (DOWN, FetchReason.CONNECT),
        (FetchError(ORIGIN, FetchReason.BLOCKED_ADDRESS, transient=False), FetchReason.BLOCKED_ADDRESS),
    ],
)
async def test_unreachable_without_a_copy_closes_the_host(response: Response | FetchError, reason: FetchReason) -> None:
    cache = RobotsCache(Web(response), "newsmonitor")
    for _ in range(2):
        with pytest.raises(FetchError) as caught:
            await cache.rules(ORIGIN, NOW)
        assert caught.value.reason is reason


async def test_unreachable_host_is_asked_again_after_a_while() -> None:
    web = Web(_response(500), _response(404))
    cache = RobotsCache(web, "newsmonitor")
    for seconds in (0, 5, 9):
        with pytest.raises(FetchError):
            await cache.rules(ORIGIN, NOW + timedelta(seconds=seconds))
    assert len(web.asked) == 1
    await cache.rules(ORIGIN, NOW + timedelta(seconds=11))
    assert len(web.asked) == 2


async def test_good_copy_serves_for_a_day_and_no_longer() -> None:
    web = Web(_response(200, b"User-agent: *\nDisallow: /a\n"), DOWN)
    cache = RobotsCache(web, "newsmonitor")
    await cache.rules(ORIGIN, NOW)
    for hours in (1, 11.9, 13, 23.9):
        rules = await cache.rules(ORIGIN, NOW + timedelta(hours=hours))
        assert not rules.allows(f"{ORIGIN}/a")
    with pytest.raises(FetchError) as caught:
        await cache.rules(ORIGIN, NOW + timedelta(hours=24.1))
    assert caught.value.reason is FetchReason.CONNECT


async def test_copy_is_renewed_in_time() -> None:
    web = Web(_response(404), _response(200))
    cache = RobotsCache(web, "newsmonitor")
    assert (await cache.rules(ORIGIN, NOW)).allows(f"{ORIGIN}/x")
    assert (await cache.rules(ORIGIN, NOW + timedelta(hours=11))).allows(f"{ORIGIN}/x")
    assert len(web.asked) == 1
    assert not (await cache.rules(ORIGIN, NOW + timedelta(hours=13))).allows(f"{ORIGIN}/x")
    assert len(web.asked) == 2


async def test_many_ask_one_is_sent() -> None:
    web = Web(_response(200))
    cache = RobotsCache(web, "newsmonitor")
    found = await asyncio.gather(*(cache.rules(ORIGIN, NOW) for _ in range(20)))
    assert len(web.asked) == 1
    assert all(rules is found[0] for rules in found)


async def test_cancelling_the_one_who_asks_does_not_strand_the_others() -> None:
    gate = asyncio.Event()

    class Slow(Web):
        async def get(self, url: str, headers: Mapping[str, str] | None = None, *, keep: int | None = None) -> Response:
            await gate.wait()
            return await super().get(url, headers, keep=keep)

    web = Slow(_response(404))
    cache = RobotsCache(web, "newsmonitor")
    first = asyncio.create_task(cache.rules(ORIGIN, NOW))
    await asyncio.sleep(0.01)
    second = asyncio.create_task(cache.rules(ORIGIN, NOW))
    await asyncio.sleep(0.01)
    first.cancel()
    gate.set()
    assert (await asyncio.wait_for(second, PATIENCE)).allows(f"{ORIGIN}/x")
    assert len(web.asked) == 1


async def test_memory_is_bounded() -> None:
    cache = RobotsCache(Web(_response(404)), "newsmonitor", max_hosts=10)
    for n in range(100):
        await cache.rules(f"https://host{n}.kr", NOW)
    assert len(cache) == 10
