"""The connections to one origin: so many at most, and a line for who must wait.

httpcore's pool serves any number of origins and pays for it: locks, a thread lock, and a walk over everything it holds
at the start and the end of each request. One origin needs a short list.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from typing import Final

import httpcore

MOST: Final = 2
KEEPALIVE_SECONDS = 15.0


class Connections:
    """Sends requests to one origin.

    `context`: TLS settings of an https origin; HTTP/2 is spoken where it is offered, many requests on one connection.
    There are `most` connections at the same time; half of them, rounded down, are kept idle. One that was idle for 15 s is
    not used again.
    """

    def __init__(
        self,
        origin: httpcore.Origin,
        context: ssl.SSLContext | None,
        backend: httpcore.AsyncNetworkBackend,
        most: int = MOST,
    ) -> None:
        self._origin = origin
        self._context = context
        self._backend = backend
        self._most = most
        self._open: list[httpcore.AsyncHTTPConnection] = []
        self._line: deque[asyncio.Future[None]] = deque()

    async def send(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request as soon as a connection can take it; the response's body is not read yet.

        Whoever calls this calls `freed` afterwards: when the response's body is closed, or at once when this raised.
        """
        while True:
            connection = await self._pick()
            if connection is None:
                await self._wait()
                continue
            try:
                return await connection.handle_async_request(request)
            except httpcore.ConnectionNotAvailable:
                continue  # another request was faster, or the server chose HTTP/1.1; nothing has been sent

    async def freed(self) -> None:
        """Note that a request has ended: those in line look again, an idle connection too many is closed."""
        if (
            len(self._open) > self._most // 2
            and not self._line
            and all(connection.is_idle() for connection in self._open)
        ):
            await self._drop(self._open[-1])
        while self._line:
            turn = self._line.popleft()
            if not turn.done():
                turn.set_result(None)

    async def aclose(self) -> None:
        """Close every connection, also those in use."""
        while self._open:
            await self._drop(self._open[-1])

    async def _pick(self) -> httpcore.AsyncHTTPConnection | None:
        """Return a connection that may take a request, a new one if need be; None when all are busy."""
        for connection in tuple(self._open):
            if connection.is_closed() or connection.has_expired():
                await self._drop(connection)
            elif connection.is_available():
                return connection
        if len(self._open) >= self._most:
            return None
        connection = httpcore.AsyncHTTPConnection(
            self._origin,
            ssl_context=self._context,
            keepalive_expiry=KEEPALIVE_SECONDS,
            http2=self._context is not None,
            network_backend=self._backend,
        )
        self._open.append(connection)
        return connection

    async def _drop(self, connection: httpcore.AsyncHTTPConnection) -> None:
        if connection in self._open:
            self._open.remove(connection)
        await connection.aclose()

    async def _wait(self) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._line.append(turn)
        await turn
