"""Serves newsrooms over HTTP/1.1 on loopback: in the running loop, or in a thread of their own."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Self

from tests.replica.newsroom import Drip, Mode, Newsroom, Refused, Slow, Visit
from tests.replica.responses import Counter, Response

MAX_HEAD = 64 * 1024
BACKLOG = 512


class Connection(asyncio.Protocol):
    """One client: keep-alive, requests without a body, one after the other."""

    def __init__(self, room: Newsroom, counter: Counter, open_ones: set[Connection]) -> None:
        self._room = room
        self._counter = counter
        self._open = open_ones
        self._buffer = b""
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take note of the client."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        self._open.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the client, whatever is still to be written."""
        del exc
        self._open.discard(self)
        if self._timer:
            self._timer.cancel()

    def data_received(self, data: bytes) -> None:
        """Return every complete request that has come."""
        self._buffer += data
        if len(self._buffer) > MAX_HEAD:
            self.cut()
        else:
            self._turn()

    def cut(self) -> None:
        """Drop the client without a word."""
        self._transport.abort()

    def _turn(self) -> None:
        while self._timer is None and (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            first, *lines = self._buffer[:end].decode("latin-1").split("\r\n")
            self._buffer = self._buffer[end + 4 :]
            words = first.split(" ")
            if len(words) != 3 or not words[1].startswith("/"):
                return self.cut()
            pairs = (line.partition(":") for line in lines)
            headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
            response = self._counter.response(words[0], words[1], headers)
            self._room.log.append(Visit(time.time(), words[0], words[1], response.status, headers))
            last = headers.get("connection", "").lower() == "close" or words[0] not in {"GET", "HEAD"}
            self._send(response, last=last)
        return None

    def _send(self, response: Response, *, last: bool) -> None:
        """Send at once, late, or drop by drop, as the site is doing."""
        mode = self._room.mode
        if isinstance(mode, Slow):
            self._later(mode.delay, lambda: self._finish(response.bytes, last=last))
        elif isinstance(mode, Drip):
            self._drip(response.bytes, mode, last=last)
        else:
            self._transport.write(response.bytes)
            if last:
                self._transport.close()

    def _drip(self, rest: bytes, mode: Drip, *, last: bool) -> None:
        if len(rest) <= mode.chunk:
            return self._finish(rest, last=last)
        self._transport.write(rest[: mode.chunk])
        return self._later(mode.pause, lambda: self._drip(rest[mode.chunk :], mode, last=last))

    def _later(self, delay: float, act: Callable[[], None]) -> None:
        self._timer = asyncio.get_running_loop().call_later(delay, act)

    def _finish(self, rest: bytes, *, last: bool) -> None:
        """Write the end of a delayed response and go on with what came meanwhile."""
        self._timer = None
        self._transport.write(rest)
        if last:
            self._transport.close()
        else:
            self._turn()


class Stand:
    """One newsroom on its address: opens, closes and opens again on the same port."""

    def __init__(self, room: Newsroom, port: int) -> None:
        self._room = room
        self._counter = Counter(room)
        self._open: set[Connection] = set()
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._server: asyncio.Server | None = None
        self._starting: asyncio.Task[None] | None = None
        self.port = port

    async def open(self) -> None:
        """Begin to listen, now and whenever the room's mode says so."""
        self._listen()
        self._room.base = f"http://{self._room.host}:{self.port}"
        self._room.switched = self._switched
        if isinstance(self._room.mode, Refused):
            await self._settle()
            self._shut()
        await self._settle()

    async def close(self) -> None:
        """Stop listening and cut every client."""
        self._room.switched = lambda _mode: None
        await self._settle()
        self._shut()

    async def _settle(self) -> None:
        if self._starting is not None:
            await self._starting

    def _switched(self, mode: Mode) -> None:
        """Obey a change of mode before it returns, from whichever thread it comes."""
        if threading.get_ident() == self._thread:
            self._obey(mode)
            return
        done = threading.Event()

        def act() -> None:
            self._obey(mode)
            done.set()

        self._loop.call_soon_threadsafe(act)
        if not done.wait(10):
            raise TimeoutError("the replica's loop does not turn")

    def _obey(self, mode: Mode) -> None:
        if isinstance(mode, Refused):
            self._shut()
        elif self._server is None and (self._starting is None or self._starting.done()):
            self._listen()

    def _listen(self) -> None:
        """Listen at once; the kernel queues clients until the loop accepts them."""
        listener = socket.create_server((self._room.host, self.port), backlog=BACKLOG)
        self.port = listener.getsockname()[1]
        self._starting = self._loop.create_task(self._accept(listener))

    async def _accept(self, listener: socket.socket) -> None:
        loop, room = self._loop, self._room
        self._server = await loop.create_server(lambda: Connection(room, self._counter, self._open), sock=listener)
        if isinstance(room.mode, Refused):
            self._shut()

    def _shut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for connection in list(self._open):
            connection.cut()


class Newspapers:
    """Serves newsrooms while it is entered: `async with` in the running loop, `with ….threaded()` in a thread.

    Port 0 gives each room a free one. Rooms are told apart by their addresses 127.x.y.z.
    """

    def __init__(self, *rooms: Newsroom, port: int = 0) -> None:
        self.rooms = rooms
        self._port = port
        self._stands: list[Stand] = []

    async def __aenter__(self) -> Self:
        """Open every room."""
        for room in self.rooms:
            stand = Stand(room, self._port)
            self._stands.append(stand)
            await stand.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every room."""
        for stand in self._stands:
            await stand.close()
        self._stands.clear()
        await asyncio.sleep(0)  # cut transports report their end in the next turn

    @contextmanager
    def threaded(self, max_seconds: float = 600.0) -> Iterator[Self]:
        """Serve from a thread of its own, `max_seconds` at most; the rooms' `base` is known inside."""
        background = Background(self, max_seconds)
        background.start()
        try:
            yield self
        finally:
            background.stop()


class Background:
    """A thread with a loop of its own that serves newspapers until it is stopped or its time is up."""

    def __init__(self, papers: Newspapers, max_seconds: float) -> None:
        self._papers = papers
        self._max_seconds = max_seconds
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._work, name="newspapers", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._fault: OSError | None = None

    def start(self) -> None:
        """Begin, and wait until every room is open. Raises OSError when an address cannot be had."""
        self._thread.start()
        self._ready.wait(30)
        if self._fault:
            raise self._fault

    def stop(self) -> None:
        """Close every room and wait for the thread's end."""
        if self._loop and self._stop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30)

    def _work(self) -> None:
        try:
            asyncio.run(self._live())
        except OSError as error:
            self._fault = error
        finally:
            self._ready.set()

    async def _live(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        async with self._papers:
            self._ready.set()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), self._max_seconds)
