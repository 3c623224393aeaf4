"""uvicorn on the daemon's loop: the socket, the limits, the end."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import Final

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from monitor.config.settings import WebSettings
from monitor.service.desk import Desk
from monitor.web.app import make_app
from monitor.web.guard import MOST_HEAD

CONNECTIONS: Final = 200
HEAD_SECONDS: Final = 10.0
"""Seconds in which the head of a request has to be here, from the connection or the last answer on."""
KEEP_ALIVE: Final = 15  # seconds
BACKLOG: Final = 128


class PunctualProtocol(H11Protocol):
    """HTTP/1.1 for which whoever sends a head byte by byte does not keep a connection."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to wait for a head."""
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Take what came; a head that is whole is waited for no more."""
        if self._late is None and not self._busy():
            self._await_head()
        super().data_received(data)
        if self._busy():
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """End with the connection."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _busy(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle  # none before the first request
        return cycle is not None and not cycle.response_complete

    def _await_head(self) -> None:
        self._late = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _give_up(self) -> None:
        self._late = None
        if not self._busy():
            self.transport.abort()


class UvicornServer:
    """The WebServer of the daemon."""

    def __init__(self, desk: Desk) -> None:
        """Serve `desk` once it is started."""
        self._settings = desk.settings
        config = uvicorn.Config(
            make_app(desk),
            http=PunctualProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",  # what goes wrong in the application is told by monitor.web.problems
            access_log=False,
            proxy_headers=False,  # monitor.web.asker reads them, from configured networks alone
            server_header=False,
            limit_concurrency=CONNECTIONS,
            backlog=BACKLOG,
            timeout_keep_alive=KEEP_ALIVE,
            h11_max_incomplete_event_size=MOST_HEAD,
        )
        config.load()
        self._server = uvicorn.Server(config)
        self._server.lifespan = config.lifespan_class(config)
        self._work: asyncio.Task[None] | None = None

    async def start(self) -> str:
        """Begin to listen; return the URL by which this machine reaches it. Raises OSError when it cannot listen."""
        sockets = await asyncio.to_thread(listening_sockets, self._settings)
        await self._server.startup(sockets=sockets)
        self._work = asyncio.create_task(self._turn(sockets))
        return local_url(self._settings, sockets[0].getsockname()[1])

    async def _turn(self, sockets: list[socket.socket]) -> None:
        # Not `serve`, which takes the signals to itself: those are the daemon's.
        await self._server.main_loop()
        await self._server.shutdown(sockets=sockets)

    async def stop(self, seconds: float) -> None:
        """Listen no more, and give requests under way so many seconds to end."""
        if self._work is None:
            return
        self._server.config.timeout_graceful_shutdown = max(1, round(seconds))
        self._server.should_exit = True
        done, _ = await asyncio.wait((self._work,), timeout=seconds + 2)
        if not done:
            self._work.cancel()
            with suppress(asyncio.CancelledError):
                await self._work


def listening_sockets(settings: WebSettings) -> list[socket.socket]:
    """Return sockets bound to every address of the configured host; with port 0 all get the same. Raises OSError."""
    found = socket.getaddrinfo(
        settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE | socket.AI_NUMERICSERV
    )
    sockets: list[socket.socket] = []
    port = settings.port
    try:
        for family, kind, protocol, _, address in dict.fromkeys(found):
            one = socket.socket(family, kind, protocol)
            sockets.append(one)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind((address[0], port, *address[2:]))
            one.setblocking(False)  # noqa: FBT003 - as the library has it
            one.listen(BACKLOG)
            port = one.getsockname()[1]
    except OSError:
        for one in sockets:
            one.close()
        raise
    return sockets


def local_url(settings: WebSettings, port: int) -> str:
    """Return the URL by which this machine reaches the server; "all addresses" is no address."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - compared, not bound
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
