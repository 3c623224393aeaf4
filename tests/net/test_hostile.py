"""Servers that mean harm: each attack ends by its deadline, with the right reason, while another host is served."""

from __future__ import annotations

import asyncio
import gzip
import time
import zlib
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # no stubs are published
import pytest

from monitor.model.errors import FetchError, FetchReason
from monitor.net.client import HttpClient
from tests.net.raw_server import Caller, Talk, client_of, fixed, http, limits, serving

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def forever(first: bytes, again: bytes, pause: float) -> Talk:
    """Say something and then the same thing without end."""

    async def talk(caller: Caller) -> None:
        await caller.say(first)
        while True:
            await caller.say(again)
            await asyncio.sleep(pause)

    return talk


def then_close(response: bytes) -> Talk:
    async def talk(caller: Caller) -> None:
        await caller.say(response)
        caller.writer.close()

    return talk


def _bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1 << 20)
    return b"".join([packer.compress(block) for _ in range(megabytes)]) + packer.flush()


def _brotli_bomb(megabytes: int) -> bytes:
    packer = brotli.Compressor(quality=4)
    block = bytes(1 << 20)
    return b"".join([packer.process(block) for _ in range(megabytes)]) + bytes(packer.finish())


ATTACKS: dict[str, tuple[Talk, FetchReason]] = {
    "body drip": (forever(HEAD + b"Content-Length: 100000\r\n\r\n", b"x", 0.05), FetchReason.TIMEOUT),
    "header drip": (forever(b"HTTP/1.1 200 OK\r\nX-A: ", b"x", 0.05), FetchReason.TIMEOUT),
    "silence": (forever(b"", b"", 0.5), FetchReason.TIMEOUT),
    "endless 1xx, slowly": (forever(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.05), FetchReason.TIMEOUT),
    "endless 1xx, flooding": (forever(b"", b"HTTP/1.1 103 E\r\n\r\n" * 1000, 0), FetchReason.PROTOCOL),
    "chunk extension drip": (forever(CHUNKED + b"5;", b"x", 0.05), FetchReason.TIMEOUT),
    "one-byte chunks": (forever(CHUNKED, b"1\r\nx\r\n" * 1000, 0), FetchReason.TOO_LARGE),
    "endless body": (forever(HEAD + b"\r\n", b"x" * 65536, 0), FetchReason.TOO_LARGE),
    "announced too large": (fixed(HEAD + b"Content-Length: 999999999999\r\n\r\n"), FetchReason.TOO_LARGE),
    "500 kB header": (then_close(HEAD + b"X-A: " + b"x" * 500_000 + b"\r\n\r\n"), FetchReason.PROTOCOL),
    "5000 headers": (then_close(HEAD + b"X-A: 1\r\n" * 5000 + b"\r\n"), FetchReason.PROTOCOL),
    "short body": (then_close(HEAD + b"Content-Length: 1000\r\n\r\nshort"), FetchReason.PROTOCOL),
    "short chunk": (then_close(CHUNKED + b"ff\r\nshort"), FetchReason.PROTOCOL),
    "garbage": (then_close(b"\x00\xff\x13garbage\r\n\r\n" * 10), FetchReason.PROTOCOL),
    "nothing": (then_close(b""), FetchReason.PROTOCOL),
    "two lengths": (fixed(HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"), FetchReason.PROTOCOL),
    "three codings": (
        fixed(http(gzip.compress(gzip.compress(b"x")), "200 OK", "Content-Encoding: gzip, br, gzip")),
        FetchReason.BAD_ENCODING,
    ),
    "bomb within gzip": (
        fixed(http(gzip.compress(_bomb(64)), "200 OK", "Content-Encoding: gzip, gzip")),
        FetchReason.TOO_LARGE,
    ),
    "gzip within a bomb": (
        fixed(http(_bomb(64), "200 OK", "Content-Encoding: gzip, gzip")),
        FetchReason.BAD_ENCODING,
    ),
    "gzip and gzip": (
        fixed(http(b"x", "200 OK", "Content-Encoding: gzip", "Content-Encoding: gzip")),
        FetchReason.BAD_ENCODING,
    ),
    "unknown encoding": (fixed(http(b"x", "200 OK", "Content-Encoding: zstd")), FetchReason.BAD_ENCODING),
    "not gzip": (fixed(http(b"plain", "200 OK", "Content-Encoding: gzip")), FetchReason.BAD_ENCODING),
    "half a gzip": (
        fixed(http(gzip.compress(b"x" * 999)[:-6], "200 OK", "Content-Encoding: gzip")),
        FetchReason.BAD_ENCODING,
    ),
    "gzip bomb": (fixed(http(_bomb(64), "200 OK", "Content-Encoding: gzip")), FetchReason.TOO_LARGE),
    "brotli bomb": (fixed(http(_brotli_bomb(64), "200 OK", "Content-Encoding: br")), FetchReason.TOO_LARGE),
    "redirect loop": (fixed(http(b"", "302 Found", "Location: /again")), FetchReason.TOO_MANY_REDIRECTS),
    "redirect to a file": (fixed(http(b"", "302 Found", "Location: file:///etc/passwd")), FetchReason.BAD_REDIRECT),
    "redirect to nowhere": (fixed(http(b"", "302 Found", "Location: http://[")), FetchReason.BAD_REDIRECT),
    "redirect to a private host": (
        fixed(http(b"", "302 Found", "Location: http://10.0.0.1/")),
        FetchReason.BLOCKED_ADDRESS,
    ),
    "redirect to metadata": (
        fixed(http(b"", "307 Temporary Redirect", "Location: http://169.254.169.254/latest/")),
        FetchReason.BLOCKED_ADDRESS,
    ),
}


@pytest.mark.parametrize("attack", list(ATTACKS))
async def test_attack_ends_in_time_and_others_are_served(attack: str) -> None:
    talk, reason = ATTACKS[attack]
    seconds = 0.6 if reason is FetchReason.TIMEOUT else 20.0  # the others end by themselves
    async with (
        serving(talk) as hostile,
        serving(fixed(http(b"fine"))) as friendly,
        client_of(seconds, 100_000) as client,
    ):
        attacked = asyncio.create_task(client.get(hostile.url()))
        served = 0
        async with asyncio.timeout(40):  # far beyond the deadline: only a hang ends the test here
            while not attacked.done():
                response = await client.get(friendly.url())
                served += response.body == b"fine"
                await asyncio.sleep(0.01)
        with pytest.raises(FetchError) as caught:
            await attacked
    assert caught.value.reason is reason
    assert served > 0
    assert hostile.url() in str(caught.value)


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096


@pytest.mark.parametrize("encoding", ["gzip", "br", "gzip, gzip"])
async def test_bomb_does_not_fill_memory(encoding: str) -> None:
    bomb = _bomb(256) if encoding.startswith("gzip") else _brotli_bomb(1024)
    bomb = gzip.compress(bomb) if encoding == "gzip, gzip" else bomb
    peak = 0

    async def watch() -> None:
        nonlocal peak
        while True:
            peak = max(peak, _resident())
            await asyncio.sleep(0.005)

    async with serving(fixed(http(bomb, "200 OK", f"Content-Encoding: {encoding}"))) as server:
        client = HttpClient(limits(20.0, 5_000_000))
        before = _resident()
        watcher = asyncio.create_task(watch())
        with pytest.raises(FetchError) as caught:
            await client.get(server.url())
        watcher.cancel()
        grown = max(peak, _resident()) - before
        await client.aclose()
    assert caught.value.reason is FetchReason.TOO_LARGE
    assert grown < 64 * 2**20


POST_ATTACKS: dict[str, Talk] = {
    "endless body": forever(HEAD + b"\r\n", b"x" * 65536, 0),
    "drip": forever(HEAD + b"Content-Length: 100000\r\n\r\n", b"x", 0.05),
    "no body at all": fixed(HEAD + b"Content-Length: 5\r\n\r\n"),
    "gzip bomb": fixed(http(_bomb(64), "200 OK", "Content-Encoding: gzip")),
    "short body": then_close(HEAD + b"Content-Length: 1000\r\n\r\nshort"),
}


@pytest.mark.parametrize("attack", list(POST_ATTACKS))
async def test_post_keeps_the_status_whatever_the_body_does(attack: str) -> None:
    async with serving(POST_ATTACKS[attack]) as server, client_of(1.0) as client, asyncio.timeout(10):
        response = await client.post(server.url("/hook"), b"{}")
    assert response.status == 200
    assert len(response.body) <= 16_384


async def test_post_that_is_never_answered_times_out() -> None:
    async with serving(forever(b"", b"", 0.5)) as server, client_of(0.3) as client:
        with pytest.raises(FetchError) as caught:
            await client.post(server.url("/secret-path"), b"{}")
    assert caught.value.reason is FetchReason.TIMEOUT
    assert caught.value.transient
    assert "secret-path" not in str(caught.value)


async def test_reader_that_never_takes_the_request_times_out() -> None:
    async def stubborn(_: Caller) -> None:
        await asyncio.sleep(60)

    async with serving(stubborn) as server, client_of(0.4) as client:
        with pytest.raises(FetchError) as caught:
            await client.post(server.url(), bytes(50_000_000))
    assert caught.value.reason is FetchReason.TIMEOUT


async def test_error_status_counts_whatever_its_body_does() -> None:
    endless = forever(b"HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Encoding: gzip\r\n\r\n", b"x" * 65536, 0)
    async with serving(endless) as server, client_of() as client:
        response = await client.get(server.url())
    assert (response.status, response.headers["retry-after"]) == (503, "7")


async def test_many_hanging_hosts_do_not_delay_one_that_answers() -> None:
    hanging = forever(b"", b"", 0.5)
    async with serving(hanging) as hostile, serving(fixed(http(b"fine"))) as friendly, client_of(1.5) as client:
        stuck = [asyncio.create_task(client.get(hostile.url())) for _ in range(30)]
        await asyncio.sleep(0.05)
        answers = [await client.get(friendly.url()) for _ in range(20)]
        still_stuck = [task for task in stuck if not task.done()]
        results = await asyncio.gather(*stuck, return_exceptions=True)
    assert [response.body for response in answers] == [b"fine"] * 20
    assert len(still_stuck) == 30
    assert {result.reason for result in results if isinstance(result, FetchError)} == {FetchReason.TIMEOUT}


async def test_cancelling_a_fetch_cancels_it() -> None:
    async with serving(forever(b"", b"", 0.5)) as server, client_of(30) as client:
        task = asyncio.create_task(client.get(server.url()))
        await asyncio.sleep(0.05)
        started = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert time.monotonic() - started < 20
