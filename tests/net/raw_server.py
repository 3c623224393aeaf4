"""Real servers on loopback that say exactly the bytes a test wants, well-formed or not."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import TypeAlias

from monitor.net.client import HttpClient, Limits

LOOPBACK = (IPv4Network("127.0.0.0/8"),)
Talk: TypeAlias = Callable[["Caller"], Awaitable[None]]


@dataclass
class Caller:
    """One connection as the server sees it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    head: str = ""
    body: bytes = b""

    async def request(self) -> bool:
        """Read one request with its body; False when the client has gone."""
        try:
            self.head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except asyncio.IncompleteReadError:
            return False
        length = next(
            (line[15:] for line in self.head.lower().split("\r\n") if line.startswith("content-length:")), "0"
        )
        self.body = await self.reader.readexactly(int(length))
        return True

    async def say(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    @property
    def path(self) -> str:
        return self.head.split(" ")[1]


@dataclass
class RawServer:
    """Where a server listens, how many connections it took, and which requests it read."""

    port: int
    connections: int = 0
    heads: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


async def _converse(caller: Caller, state: RawServer, talk: Talk) -> None:
    with contextlib.suppress(ConnectionError, asyncio.CancelledError):
        while await caller.request():
            state.heads.append(caller.head)
            state.bodies.append(caller.body)
            await talk(caller)


@asynccontextmanager
async def serving(talk: Talk, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> AsyncIterator[RawServer]:
    """Run `talk` for each connection once its first request was read; all of it ends with the block."""
    tasks: set[asyncio.Task[None]] = set()
    state = RawServer(0)

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        state.connections += 1
        try:
            await _converse(Caller(reader, writer), state, talk)
        finally:
            tasks.discard(task)
            writer.transport.abort()

    server = await asyncio.start_server(handle, host, 0, ssl=tls)
    state.port = server.sockets[0].getsockname()[1]
    try:
        yield state
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(server.wait_closed(), 2)


def fixed(response: bytes) -> Talk:
    """Return every request with the same bytes."""

    async def talk(caller: Caller) -> None:
        await caller.say(response)

    return talk


def http(body: bytes = b"", status: str = "200 OK", *headers: str) -> bytes:
    """Make a well-formed response."""
    lines = (f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers)
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def limits(timeout: float = 5.0, max_bytes: int = 1_000_000) -> Limits:
    return Limits(timeout=timeout, max_bytes=max_bytes, user_agent="newsmonitor/1.0", allow_networks=LOOPBACK)


@asynccontextmanager
async def client_of(timeout: float = 5.0, max_bytes: int = 1_000_000) -> AsyncIterator[HttpClient]:  # noqa: ASYNC109 - the client's own limit
    client = HttpClient(limits(timeout, max_bytes))
    try:
        yield client
    finally:
        await client.aclose()
