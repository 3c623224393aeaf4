from __future__ import annotations

import asyncio
import ssl

import httpx
import pytest

from monitor.net.guard import GuardedBackend, SystemResolver
from monitor.net.hosts import PerHostTransport
from tests.net.raw_server import LOOPBACK, Caller, fixed, http, serving


class Ticks:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def _transport(clock: Ticks, max_hosts: int = 512) -> PerHostTransport:
    def context() -> ssl.SSLContext:
        raise AssertionError("no https host was asked for")

    backend = GuardedBackend(LOOPBACK, SystemResolver(1))
    return PerHostTransport(backend, context, max_hosts=max_hosts, monotonic=clock)


async def _read(transport: PerHostTransport, url: str) -> bytes:
    response = await transport.handle_async_request(httpx.Request("GET", url))
    try:
        return b"".join([piece async for piece in response.stream])  # type: ignore[union-attr]  # an async transport
    finally:
        await response.aclose()


async def test_a_host_keeps_its_connection_and_its_pool() -> None:
    transport = _transport(Ticks())
    async with serving(fixed(http(b"x"))) as one, serving(fixed(http(b"y"))) as two:
        for _ in range(3):
            assert await _read(transport, one.url()) == b"x"
            assert await _read(transport, two.url()) == b"y"
        assert len(transport) == 2
        assert (one.connections, two.connections) == (1, 1)
        await transport.aclose()
    assert len(transport) == 0


async def test_idle_hosts_are_let_go() -> None:
    clock = Ticks()
    transport = _transport(clock)
    async with serving(fixed(http(b"x"))) as one, serving(fixed(http(b"y"))) as two:
        await _read(transport, one.url())
        clock.now = 31.0
        await _read(transport, two.url())
        assert len(transport) == 1
        await _read(transport, one.url())
        assert one.connections == 2
        await transport.aclose()


async def test_the_number_of_pools_is_bounded() -> None:
    transport = _transport(Ticks(), max_hosts=4)
    async with serving(fixed(http(b"x")), host="0.0.0.0") as server:  # noqa: S104 - all of loopback, for a moment
        for n in range(1, 30):
            await _read(transport, server.url(host=f"127.0.5.{n}"))
            assert len(transport) <= 5
        await transport.aclose()


async def test_hosts_in_use_are_not_swept() -> None:
    clock = Ticks()
    gate = asyncio.Event()

    async def slow(caller: Caller) -> None:
        await gate.wait()
        await caller.say(http(b"late"))

    transport = _transport(clock, max_hosts=1)
    async with serving(slow) as busy, serving(fixed(http(b"x"))) as other:
        waiting = asyncio.create_task(_read(transport, busy.url()))
        await asyncio.sleep(0.05)
        clock.now = 1000.0
        await _read(transport, other.url())
        gate.set()
        assert await waiting == b"late"
        await transport.aclose()


async def test_unread_answer_gives_the_connection_up() -> None:
    transport = _transport(Ticks())
    async with serving(fixed(http(b"x" * 100_000))) as server:
        response = await transport.handle_async_request(httpx.Request("GET", server.url()))
        await response.aclose()
        await response.aclose()
        assert len(transport) == 0
        await _read(transport, server.url())
        assert server.connections == 2
        await transport.aclose()


async def test_failed_request_leaves_nothing_behind() -> None:
    async def refuse(caller: Caller) -> None:
        caller.writer.transport.abort()

    transport = _transport(Ticks())
    async with serving(refuse) as server:
        for _ in range(3):
            with pytest.raises(Exception, match=r".*"):
                await _read(transport, server.url())
        assert len(transport) == 0
        assert server.connections == 3


async def test_cancelled_request_leaves_nothing_behind() -> None:
    async def silent(_: Caller) -> None:
        await asyncio.sleep(60)

    transport = _transport(Ticks())
    async with serving(silent) as server:
        task = asyncio.create_task(_read(transport, server.url()))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len(transport) == 0


async def test_at_most_two_connections_per_host() -> None:
    open_now = 0
    most = 0

    async def counted(caller: Caller) -> None:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        await asyncio.sleep(0.01)
        open_now -= 1
        await caller.say(http(b"x"))

    transport = _transport(Ticks())
    async with serving(counted) as server:
        await asyncio.gather(*(_read(transport, server.url()) for _ in range(10)))
        await transport.aclose()
    assert most == 2


async def test_what_is_under_way_when_all_is_closed_leaves_no_connection() -> None:
    async def silent(_: Caller) -> None:
        await asyncio.sleep(60)

    transport = _transport(Ticks())
    async with serving(silent) as server:
        tasks = [asyncio.create_task(_read(transport, server.url())) for _ in range(3)]
        await asyncio.sleep(0.05)
        assert server.connections == 2
        await transport.aclose()
        tasks[2].cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(end, BaseException) for end in ends)
        assert len(transport) == 0
        assert server.connections == 2
