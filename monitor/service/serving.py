"""The daemon's web server: started beside the engine, tried again when its address is taken, stopped in the drain."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from monitor.service import telemetry
from monitor.service.desk import Desk
from monitor.service.web_file import WebState, forget_state, keep_state

AGAIN: Final = 30.0
"""Seconds until an address that was taken is tried again."""
CLOSED: Final = 6.0
"""Seconds in which what is asked of the database has to end; its own limit is below that."""
STOPPED: Final = 5.0
"""Seconds that requests under way have at the stop."""


class WebServer(Protocol):
    """A server on the running loop."""

    async def start(self) -> str:
        """Begin to listen; return the URL by which this machine reaches it. Raises OSError when it cannot listen."""
        ...

    async def stop(self, seconds: float) -> None:
        """Listen no more, and give requests under way so many seconds to end."""
        ...


MakeServer: TypeAlias = Callable[[Desk], WebServer]


class Serving:
    """Keeps the web server up; that it cannot be is said and never keeps the daemon from its work."""

    def __init__(self, desk: Desk, make: MakeServer, data_dir: Path) -> None:
        """Serve `desk` by what `make` returns; what becomes of it is kept in `data_dir`."""
        self._desk = desk
        self._make = make
        self._data_dir = data_dir
        self._server: WebServer | None = None
        self._trying: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to listen, as soon as the address is free."""
        self._trying = asyncio.get_running_loop().create_task(self._try())

    async def _try(self) -> None:
        fault = ""
        while self._server is None:
            server = self._make(self._desk)
            try:
                address = await server.start()
            except OSError as error:
                if error.strerror != fault:
                    fault = error.strerror or str(error)
                    self._say(fault)
                await asyncio.sleep(AGAIN)
            else:
                self._server = server
                self._desk.line.warm()
                keep_state(self._data_dir, WebState(address=address))
                telemetry.say("web.listening", address=address, listen=self._listen())

    def _listen(self) -> str:
        settings = self._desk.settings
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        return f"{host}:{settings.port}"

    def _say(self, fault: str) -> None:
        problem = f"the web server cannot listen on {self._listen()}: {fault}"
        action = f"free the address, or name another in `web.listen` of monitor.yaml and start again; tried again every {AGAIN:g} s, alerts go on"
        keep_state(self._data_dir, WebState(fault=problem))
        telemetry.fail("web.not_listening", problem=problem, action=action)

    async def stop(self) -> None:
        """Listen no more; requests under way have a few seconds to end."""
        if self._trying is not None:
            self._trying.cancel()
            with suppress(asyncio.CancelledError):
                await self._trying
        await self._desk.ticker.aclose()  # whoever listens for ever would be waited for
        if self._server is not None:
            await self._server.stop(STOPPED)
        forget_state(self._data_dir)
        with suppress(TimeoutError):  # a server that does not answer at all would be waited for
            async with asyncio.timeout(CLOSED):
                await self._desk.aclose()
