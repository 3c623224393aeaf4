"""Real proxies on loopback: an HTTP one (CONNECT, and whole URLs for http) and a SOCKS5 one."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import urlsplit

Handler: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
HOME = "127.0.0.1"


@dataclass
class LoopbackProxy:
    """What a proxy was asked for, by whom; every name and address leads to loopback. `status` other than 200 is its own answer."""

    port: int = 0
    asked: list[str] = field(default_factory=list)
    credentials: list[str] = field(default_factory=list)
    connections: int = 0
    open: int = 0
    password: str = ""
    status: int = 200

    async def through(self, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry bytes both ways until either side ends."""
        there, back = await asyncio.open_connection(HOME, port)
        try:
            await asyncio.wait(
                [asyncio.create_task(_carry(reader, back)), asyncio.create_task(_carry(there, writer))],
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            back.transport.abort()


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await source.read(65_536):
            target.write(data)
            await target.drain()


@asynccontextmanager
async def listening(state: LoopbackProxy, handle: Handler) -> AsyncIterator[LoopbackProxy]:
    """Run `handle` for each connection; all of it ends with the block."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        state.connections += 1
        state.open += 1
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await handle(reader, writer)
        finally:
            state.open -= 1
            tasks.discard(task)
            writer.transport.abort()

    server = await asyncio.start_server(serve, HOME, 0)
    state.port = server.sockets[0].getsockname()[1]
    try:
        yield state
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@dataclass
class _Http:
    """One HTTP proxy at work."""

    state: LoopbackProxy

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            line, *headers = head.strip().split("\r\n")
            method, target, _ = line.split(" ")
            self.state.asked.append(f"{method} {target}")
            if (code := self._refusal(headers)) != 200:
                writer.write(f"HTTP/1.1 {code} No\r\nContent-Length: 2\r\n\r\nno".encode())
            elif method == "CONNECT":
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                port = target.rpartition(":")[2]
                await self.state.through(int(port), reader, writer)
                return
            else:
                writer.write(await _asked(method, target, headers, await reader.readexactly(_length(headers))))
            await writer.drain()

    def _refusal(self, headers: list[str]) -> int:
        given = next((one[27:] for one in headers if one.lower().startswith("proxy-authorization: basic ")), "")
        self.state.credentials.append(base64.b64decode(given).decode())
        wanted = f"desk:{self.state.password}" if self.state.password else ""
        return self.state.status if self.state.status != 200 or self.state.credentials[-1] == wanted else 407


async def _asked(method: str, target: str, headers: list[str], body: bytes) -> bytes:
    """Ask the server for a whole URL and return its response."""
    parts = urlsplit(target)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    kept = [one for one in headers if not one.lower().startswith("proxy-")]
    there, back = await asyncio.open_connection(HOME, parts.port or 80)
    try:
        back.write("\r\n".join((f"{method} {path} HTTP/1.1", *kept, "", "")).encode("latin-1") + body)
        answer = await there.readuntil(b"\r\n\r\n")
        return answer + await there.readexactly(_length(answer.decode("latin-1").split("\r\n")))
    finally:
        back.transport.abort()


def _length(headers: list[str]) -> int:
    return next((int(one[16:]) for one in headers if one.lower().startswith("content-length: ")), 0)


@asynccontextmanager
async def http_proxy(password: str = "", status: int = 200) -> AsyncIterator[LoopbackProxy]:
    """Run an HTTP proxy; with a password it lets only `desk:password` through."""
    state = LoopbackProxy(password=password, status=status)
    async with listening(state, _Http(state)):
        yield state


@dataclass
class _Socks:
    """One SOCKS5 proxy at work; `pieces` sends each answer byte by byte."""

    state: LoopbackProxy
    reply: int
    pieces: bool

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not await self._known(reader, writer):
            await reader.read(1)
            return
        host = await _told(reader)
        port = int.from_bytes(await reader.readexactly(2), "big")
        self.state.asked.append(f"{host}:{port}")
        await self._say(writer, bytes((5, self.reply, 0, 1, 0, 0, 0, 0, 0, 0)))
        if self.reply:
            await reader.read(1)
        else:
            await self.state.through(port, reader, writer)

    async def _known(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        methods = await reader.readexactly((await reader.readexactly(2))[1])
        password = self.state.password
        method = 2 if password else 0
        if method not in methods:
            await self._say(writer, b"\x05\xff")
            return False
        await self._say(writer, bytes((5, method)))
        if not password:
            return True
        await reader.readexactly(1)
        user, word = (await _text(reader), await _text(reader))
        self.state.credentials.append(f"{user}:{word}")
        await self._say(writer, b"\x01\x00" if word == password else b"\x01\x01")
        return word == password

    async def _say(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        for piece in [data[n : n + 1] for n in range(len(data))] if self.pieces else [data]:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.002 if self.pieces else 0)


async def _told(reader: asyncio.StreamReader) -> str:
    kind = (await reader.readexactly(4))[3]
    if kind == 3:
        return await _text(reader)
    size, family = (4, socket.AF_INET) if kind == 1 else (16, socket.AF_INET6)
    return socket.inet_ntop(family, await reader.readexactly(size))


async def _text(reader: asyncio.StreamReader) -> str:
    return (await reader.readexactly((await reader.readexactly(1))[0])).decode()


@asynccontextmanager
async def socks_proxy(password: str = "", reply: int = 0, *, pieces: bool = False) -> AsyncIterator[LoopbackProxy]:
    """Run a SOCKS5 proxy; `reply` other than 0 is its refusal."""
    state = LoopbackProxy(password=password)
    async with listening(state, _Socks(state, reply, pieces)):
        yield state
