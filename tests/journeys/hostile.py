"""Servers that mean harm, by name: what each does to whoever asks, and what the daemon is to say of it."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from tests.net.raw_server import Caller, RawServer, Talk, fixed, http, serving
from tests.net.test_hostile import CHUNKED, HEAD, _bomb, forever, then_close

HTML = "Content-Type: text/html; charset=utf-8"


@dataclass(frozen=True)
class Case:
    """`told` stands in the source's last error; "" when the source is read in spite of everything.

    `robots`: the attack is on robots.txt too. `place`: scheme and host; the port is the server's.
    """

    talk: Talk
    told: str
    robots: bool = False
    kind: str = "list"
    place: str = "http://127.0.0.1"


def _page(text: str) -> Talk:
    return fixed(http(text.encode(), "200 OK", HTML))


def _links() -> str:
    lines = (
        f'<li><a href="/news/view/{n}">아무 낱말도 없는 기사 제목 {n} 번입니다</a></li>'
        for n in range(977_100, 977_110)
    )
    return f"<html lang=ko><body><ul>{''.join(lines)}</ul></body></html>"


async def _huge_robots(caller: Caller) -> None:
    """Send a robots.txt without end, an ordinary list, and no articles."""
    if caller.path == "/robots.txt":
        await caller.say(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nUser-agent: *\n")
        while True:
            await caller.say(b"Disallow: /private/\n" * 1000)
            await asyncio.sleep(0)
    await _page(_links())(caller)


async def _mute(_: Caller) -> None:
    await asyncio.sleep(3600)


_LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
_ATTRIBUTES = " ".join(f"a{n}" for n in range(40_000))

CASES: Mapping[str, Case] = {
    "01 body drip": Case(forever(HEAD + b"Content-Length: 100000\r\n\r\n", b"x", 0.05), "timeout"),
    "02 header drip": Case(forever(b"HTTP/1.1 200 OK\r\nX-A: ", b"x", 0.05), "timeout"),
    "03 endless interim answers": Case(forever(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.01), "timeout"),
    "04 chunk extension drip": Case(forever(CHUNKED + b"5;", b"x", 0.05), "timeout"),
    "05 endless body": Case(forever(HEAD + b"\r\n", b"x" * 65536, 0), "too_large"),
    "06 one header of 500 kB": Case(then_close(HEAD + b"X-A: " + b"x" * 500_000 + b"\r\n\r\n"), "protocol"),
    "07 5,000 headers": Case(then_close(HEAD + b"X-A: 1\r\n" * 5000 + b"\r\n"), "protocol"),
    "08 redirect loop": Case(fixed(http(b"", "302 Found", "Location: /list")), "too_many_redirects"),
    "09 redirect to a file": Case(fixed(http(b"", "302 Found", "Location: file:///etc/passwd")), "bad_redirect"),
    "10 redirect to credentials": Case(
        fixed(http(b"", "307 Temporary", "Location: http://169.254.169.254/latest/")), "blocked_address"
    ),
    "11 gzip bomb": Case(fixed(http(_bomb(128), "200 OK", "Content-Encoding: gzip", HTML)), "too_large"),
    "12 gzip bomb within gzip": Case(
        fixed(http(gzip.compress(_bomb(128)), "200 OK", "Content-Encoding: gzip, gzip", HTML)), "too_large"
    ),
    "13 charset that is none": Case(
        fixed(http(_links().encode(), "200 OK", "Content-Type: text/html; charset=zip")), ""
    ),
    "14 body cut short": Case(then_close(HEAD + b"Content-Length: 1000\r\n\r\nshort"), "protocol"),
    "15 gzip that is none": Case(fixed(http(b"plain", "200 OK", "Content-Encoding: gzip", HTML)), "bad_encoding"),
    "16 two lengths": Case(fixed(HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"), "protocol"),
    "17 garbage": Case(then_close(b"\x00\xff\x13garbage\r\n\r\n" * 10), "protocol"),
    "18 elements 400,000 deep": Case(_page("<div>" * 400_000), "reading it takes more than"),
    "19 40,000 attributes": Case(_page(f"<div {_ATTRIBUTES}>" * 3), "reading it takes more than"),
    "20 handshake without end": Case(_mute, "timeout", robots=True, place="https://127.0.0.1"),
    "21 silence": Case(_mute, "timeout", robots=True),
    "22 robots.txt without end": Case(_huge_robots, "", robots=True),
    "23 name without address": Case(_mute, "dns", robots=True, place="http://nobody.invalid"),
    "24 billion laughs": Case(
        fixed(
            http(
                f'<!DOCTYPE rss [<!ENTITY a0 "ha">{_LAUGHS}]><rss><title>&a9;</title></rss>'.encode(),
                "200 OK",
                "Content-Type: application/rss+xml",
            )
        ),
        "the text is no feed",
        kind="feed",
    ),
}


def _sparing_robots(talk: Talk) -> Talk:
    async def spare(caller: Caller) -> None:
        if caller.path == "/robots.txt":
            await caller.say(http(b"", "404 Not Found"))
        else:
            await talk(caller)

    return spare


@asynccontextmanager
async def hostile_servers() -> AsyncIterator[Sequence[tuple[str, str, Case, RawServer]]]:
    """Serve every case; yields (name, list URL, case, server)."""
    async with AsyncExitStack() as stack:
        served = []
        for name, case in CASES.items():
            server = await stack.enter_async_context(serving(case.talk if case.robots else _sparing_robots(case.talk)))
            served.append((name, f"{case.place}:{server.port}/list", case, server))
        yield served
