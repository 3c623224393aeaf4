from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpcore
import pytest

from monitor.net import connections
from monitor.net.connections import Connections
from monitor.net.failure import Failure
from monitor.net.guard import GuardedBackend, SystemResolver
from tests.net.raw_server import LOOPBACK, Caller, RawServer, Talk, fixed, http, serving

CERTS = Path(__file__).parent / "tls"


class Held:
    """A server whose answers wait until the test lets them go, one by one."""

    def __init__(self) -> None:
        self.gate = asyncio.Semaphore(0)

    async def __call__(self, caller: Caller) -> None:
        await self.gate.acquire()
        await caller.say(http(caller.path.encode()))


@asynccontextmanager
async def _served(talk: Talk, tls: ssl.SSLContext | None = None) -> AsyncIterator[tuple[RawServer, Connections]]:
    scheme = b"https" if tls else b"http"
    context = ssl.create_default_context(cafile=CERTS / "ca.pem") if tls else None
    if context is not None:
        context.check_hostname = False
    async with serving(talk, tls) as server:
        origin = httpcore.Origin(scheme, b"127.0.0.1", server.port)
        ours = Connections(origin, context, GuardedBackend(LOOPBACK, SystemResolver(1)))
        try:
            yield server, ours
        finally:
            await ours.aclose()


async def _get(server: RawServer, ours: Connections, path: str = "/", scheme: str = "http") -> bytes:
    request = httpcore.Request("GET", server.url(path, scheme=scheme), headers=[("Host", "x")])
    try:
        response = await ours.send(request)
        assert isinstance(response.stream, AsyncIterable)
        body = b"".join([piece async for piece in response.stream])
        await response.aclose()
    finally:
        await ours.freed()
    return body


async def _until(condition: object) -> None:
    """Give the server its turns until it has seen what the test waits for."""
    assert callable(condition)
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.001)


async def test_one_connection_serves_one_request_after_the_other() -> None:
    async with _served(fixed(http(b"x"))) as (server, ours):
        assert [await _get(server, ours) for _ in range(4)] == [b"x"] * 4
        assert server.connections == 1


async def test_only_one_connection_is_kept_idle() -> None:
    held = Held()
    async with _served(held) as (server, ours):
        both = [asyncio.create_task(_get(server, ours)) for _ in range(2)]
        await _until(lambda: len(server.heads) == 2)
        held.gate.release()
        held.gate.release()
        await asyncio.gather(*both)
        held.gate.release()
        await _get(server, ours)
        assert server.connections == 2
        both = [asyncio.create_task(_get(server, ours)) for _ in range(2)]
        await _until(lambda: len(server.heads) == 5)
        assert server.connections == 3
        held.gate.release()
        held.gate.release()
        await asyncio.gather(*both)


async def test_who_must_wait_is_served_in_order() -> None:
    held = Held()
    async with _served(held) as (server, ours):
        waiting = [asyncio.create_task(_get(server, ours, f"/{n}")) for n in range(6)]
        for seen in range(2, 7):
            await _until(lambda seen=seen: len(server.heads) == min(seen, 6))
            held.gate.release()
        held.gate.release()
        assert await asyncio.gather(*waiting) == [f"/{n}".encode() for n in range(6)]
        assert [head.split(" ")[1] for head in server.heads[2:]] == ["/2", "/3", "/4", "/5"]
        assert server.connections == 2


async def test_who_stops_waiting_takes_nobody_elses_turn() -> None:
    held = Held()
    async with _served(held) as (server, ours):
        busy = [asyncio.create_task(_get(server, ours)) for _ in range(2)]
        await _until(lambda: len(server.heads) == 2)
        impatient, patient = (asyncio.create_task(_get(server, ours, path)) for path in ("/left", "/stayed"))
        await asyncio.sleep(0)
        impatient.cancel()
        for _ in range(3):
            held.gate.release()
        assert await patient == b"/stayed"
        await asyncio.gather(*busy)
        assert impatient.cancelled()
        assert "/left" not in "".join(server.heads)


async def test_failed_requests_make_room() -> None:
    async def broken(caller: Caller) -> None:
        if caller.path == "/broken":
            caller.writer.transport.abort()
        else:
            await caller.say(http(b"x"))

    async with _served(broken) as (server, ours):
        paths = ["/broken", "/broken", "/broken", "/fine"]
        results = await asyncio.gather(*(_get(server, ours, path) for path in paths), return_exceptions=True)
        assert [isinstance(result, httpcore.NetworkError | httpcore.ProtocolError) for result in results[:3]] == [
            True
        ] * 3
        assert results[3] == b"x"
        assert server.connections == 4


async def test_nobody_listens_yet() -> None:
    async with _served(fixed(http(b"x"))) as (server, _):
        port = server.port
    ours = Connections(httpcore.Origin(b"http", b"127.0.0.1", port), None, GuardedBackend(LOOPBACK, SystemResolver(1)))
    for _ in range(3):
        with pytest.raises(Failure, match="connect"):
            await _get(server, ours)


async def test_connection_that_the_server_closed_is_replaced() -> None:
    async def once(caller: Caller) -> None:
        await caller.say(http(b"x"))
        caller.writer.transport.abort()

    async with _served(once) as (server, ours):
        for round_ in range(1, 4):
            assert await _get(server, ours) == b"x"
            await asyncio.sleep(0.02)
            assert server.connections == round_


async def test_connection_that_idled_too_long_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "KEEPALIVE_SECONDS", 0.0)
    async with _served(fixed(http(b"x"))) as (server, ours):
        for round_ in range(1, 4):
            assert await _get(server, ours) == b"x"
            await asyncio.sleep(0.01)
            assert server.connections == round_


async def test_tls_server_without_http2_gets_no_more_than_two() -> None:
    """All of them hope for HTTP/2 on the first connection; when it is none, they spread and wait."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTS / "good.pem")
    async with _served(fixed(http(b"safe")), context) as (server, ours):
        answers = await asyncio.gather(*(_get(server, ours, scheme="https") for _ in range(8)))
        assert answers == [b"safe"] * 8
        assert len(server.heads) == 8
        assert server.connections <= 2


async def test_closing_ends_what_is_under_way() -> None:
    async with _served(Held()) as (server, ours):
        task = asyncio.create_task(_get(server, ours))
        await _until(lambda: len(server.heads) == 1)
        await ours.aclose()
        with pytest.raises((httpcore.NetworkError, httpcore.ProtocolError)):
            await task
