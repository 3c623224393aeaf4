"""A service like healthchecks.io on loopback: it notes every ping, and answers as told."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self

from tests.patience import PATIENCE
from tests.replica.mood import Mood, Reply
from tests.replica.receiver import read_request, write_reply

CONFIDENTIAL_PATH = "/6b1f6c1e-7d0b-4f2e-8a59-0c6c5a3f9d11"


class OutsideWatchdog:
    """Listens on 127.0.0.1 while it is entered; `pings` counts the GETs of its confidential path."""

    def __init__(self) -> None:
        self.pings = 0
        self.mood = Mood()
        self._server: asyncio.Server | None = None
        self._news = asyncio.Condition()

    @property
    def url(self) -> str:
        """Return the address to get."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}{CONFIDENTIAL_PATH}"

    def then(self, *replies: Reply) -> None:
        """Answer the next pings like this, in order."""
        self.mood.script.extend(replies)

    async def pinged(self, more: int = 1) -> None:
        """Wait until so many more pings have come. Raises TimeoutError."""
        wanted = self.pings + more
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(lambda: self.pings >= wanted)

    async def __aenter__(self) -> Self:
        """Begin to listen."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""
        assert self._server is not None
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one ping for each connection."""
        try:
            request = await read_request(reader)
            if (request.method, request.path) == ("GET", CONFIDENTIAL_PATH):
                reply = self.mood.next()
                async with self._news:
                    self.pings += 1
                    self._news.notify_all()
            else:
                reply = Reply(404)
            if not reply.drop:
                closing = {"connection": "close", **reply.headers}
                await write_reply(writer, Reply(reply.status, closing, reply.body))
        except (OSError, EOFError, ValueError):
            pass
        finally:
            writer.close()
