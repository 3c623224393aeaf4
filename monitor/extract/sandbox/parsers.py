"""Who reads a page: this process, or, where the page is suspicious, one that can be killed."""

from __future__ import annotations

import asyncio
import os
import pickle
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ParamSpec, TypeVar, cast

from monitor.extract.reader import read_content, read_entries, read_maps
from monitor.extract.sandbox.worker import LENGTH, ReplyError, Request, pack, unpack
from monitor.model.article import Entry, PageContent
from monitor.model.errors import ExtractError, SuspectError
from monitor.model.page import Page
from monitor.model.plan import Source

P = ParamSpec("P")
T = TypeVar("T")

START_SECONDS = 30.0  # for a new process to be ready, on a machine that is busy
LARGEST_REPLY = 64 * 1024 * 1024  # bytes
_PASSED_ON = ("PYTHON", "LD_", "LC_", "LANG", "COVERAGE_")  # of the environment; it holds secrets


class InlineParser:
    """pipeline.ports.Parser in this process: suspicious documents are refused."""

    async def entries(self, page: Page, source: Source, now: datetime) -> tuple[Entry, ...]:
        """Return the articles that a list or feed shows. Raises ExtractError."""
        return read_entries(page, source, now)

    async def maps(self, page: Page, source: Source, since: datetime | None, now: datetime) -> tuple[str, ...] | None:
        """Return the documents that an index leads to. Raises ExtractError."""
        return read_maps(page, source, since, now)

    async def content(
        self, page: Page, source: Source, entry: Entry, first_seen_at: datetime, now: datetime
    ) -> PageContent:
        """Return the article of a page, and where it leads. Raises ExtractError."""
        return read_content(page, source, entry, first_seen_at, now)

    async def aclose(self) -> None:
        """Nothing is held."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a suspicious document may cost. `seconds`: to read it; `memory`: bytes of address space of its process.

    `idle`: seconds after which a process without work is ended; `waiting`: documents that may queue.
    """

    seconds: float = 2.5
    memory: int = 768 * 1024 * 1024  # a page of 4 MB that is nothing but tags takes 400 MB
    idle: float = 60.0
    waiting: int = 64


class GuardedParser:
    """pipeline.ports.Parser: what the limits hold back is read by a worker process, one document at a time.

    The worker is started when the first such document comes. One that is over its time is killed, and another takes its
    place when there is work again. It sees nothing of the environment but what Python itself needs.
    """

    def __init__(self, allowance: Allowance | None = None) -> None:
        self._allowance = allowance or Allowance()
        self._turn = asyncio.Lock()
        self._queued = 0
        self._worker: asyncio.subprocess.Process | None = None
        self._rest: asyncio.TimerHandle | None = None
        self._ending: set[asyncio.Task[int]] = set()

    @property
    def worker_pid(self) -> int | None:
        """Return the number of the worker process, None while there is none."""
        return self._worker.pid if self._worker else None

    async def entries(self, page: Page, source: Source, now: datetime) -> tuple[Entry, ...]:
        """Return the articles that a list or feed shows. Raises ExtractError, also for one that takes too long."""
        try:
            return read_entries(page, source, now)
        except SuspectError:
            return await self._apart(page.final_url, read_entries, page, source, now)

    async def maps(self, page: Page, source: Source, since: datetime | None, now: datetime) -> tuple[str, ...] | None:
        """Return the documents that an index leads to. Raises ExtractError, also for one that takes too long."""
        try:
            return read_maps(page, source, since, now)
        except SuspectError:
            return await self._apart(page.final_url, read_maps, page, source, since, now)

    async def content(
        self, page: Page, source: Source, entry: Entry, first_seen_at: datetime, now: datetime
    ) -> PageContent:
        """Return the article of a page, and where it leads. Raises ExtractError, also for one that takes too long."""
        try:
            return read_content(page, source, entry, first_seen_at, now)
        except SuspectError:
            return await self._apart(page.final_url, read_content, page, source, entry, first_seen_at, now)

    async def aclose(self) -> None:
        """End the worker, also a busy one."""
        self._end()
        await asyncio.gather(*self._ending)

    async def _apart(self, url: str, read: Callable[P, T], /, *arguments: P.args, **_: P.kwargs) -> T:
        if self._queued >= self._allowance.waiting:
            raise ExtractError(url, "too many suspicious documents wait for their reader", transient=True)
        self._queued += 1
        try:
            async with self._turn:
                # One second more than here: should this process die now, the other ends by itself.
                request: Request = (self._allowance.seconds + 1.0, read, arguments)
                return cast("T", await self._exchange(url, request))
        finally:
            self._queued -= 1

    async def _exchange(self, url: str, request: Request) -> Any:  # noqa: ANN401 - what the function replies
        """Return what the worker read. Raises ExtractError; whatever goes wrong, the next one meets a fresh worker."""
        worker = await self._ready(url)
        whole = False
        try:
            kind, value = await _within(self._allowance.seconds, _ask(worker, pack(request)))
            whole = True
        except TimeoutError as error:
            raise ExtractError(url, f"reading it takes more than {self._allowance.seconds:g} s") from error
        except (EOFError, OSError, ReplyError, pickle.PicklingError) as error:
            raise ExtractError(url, "reading it broke the reader, or took too much memory") from error
        finally:
            if not whole:
                self._end()
        self._rest = asyncio.get_running_loop().call_later(self._allowance.idle, self._end)
        if kind != "read":
            raise ExtractError(url, str(value))
        return value

    async def _ready(self, url: str) -> asyncio.subprocess.Process:
        """Return a worker that waits for work. Raises ExtractError (transient) when none can be started."""
        if self._rest is not None:
            self._rest.cancel()
        if self._worker is not None and self._worker.returncode is None:
            return self._worker
        try:
            self._worker = await _start(self._allowance.memory)
            await _within(START_SECONDS, _hear(self._worker))
        except (EOFError, OSError, ReplyError) as error:  # TimeoutError is an OSError
            self._end()
            raise ExtractError(url, f"no process could be started to read it: {error}", transient=True) from error
        except BaseException:
            self._end()
            raise
        return self._worker

    def _end(self) -> None:
        """Kill the worker; nobody waits for it here."""
        worker, self._worker = self._worker, None
        if self._rest is not None:
            self._rest.cancel()
        if worker is None:
            return
        if worker.returncode is None:
            worker.kill()
        ending = asyncio.ensure_future(worker.wait())
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)


async def _within(seconds: float, work: Awaitable[T]) -> T:
    async with asyncio.timeout(seconds):
        return await work


async def _start(memory: int) -> asyncio.subprocess.Process:
    """Start a worker: a fresh interpreter, never a fork of a process with threads. Raises OSError."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-P", "-m", "monitor.extract.sandbox.worker", str(memory)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=_environment(os.environ, sys.path),
    )


def _environment(environ: Mapping[str, str], path: list[str]) -> dict[str, str]:
    kept = {name: value for name, value in environ.items() if name.startswith(_PASSED_ON)}
    return kept | {"PYTHONPATH": os.pathsep.join(entry or os.curdir for entry in path)}


async def _ask(worker: asyncio.subprocess.Process, request: bytes) -> tuple[str, Any]:
    """Raises EOFError or OSError when the worker dies, ReplyError for a reply that is none."""
    assert worker.stdin is not None  # noqa: S101 - both are pipes
    worker.stdin.write(request)
    await worker.stdin.drain()
    return await _hear(worker)


async def _hear(worker: asyncio.subprocess.Process) -> tuple[str, Any]:
    assert worker.stdout is not None  # noqa: S101 - both are pipes
    (length,) = LENGTH.unpack(await worker.stdout.readexactly(LENGTH.size))
    if length > LARGEST_REPLY:
        raise ReplyError(f"a reply of {length} bytes")
    return unpack(await worker.stdout.readexactly(length))
