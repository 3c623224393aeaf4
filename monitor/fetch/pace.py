"""One request at a time per host, with a pause between, and none at all while a host asked to be left alone.

Hosts never wait for each other. Waiting is an await like any other: cancelling it gives the turn to the next.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import islice

from monitor.model.errors import FetchReason

MAX_HOSTS = 4096
MAX_CRAWL_DELAY = 30.0  # seconds; a robots.txt that asks for more would stop a source for good
MAX_COOL_DOWN = 7 * 86_400.0  # seconds; a longer Retry-After is a mistake or a trap
BREAK_AFTER = 5  # failures in a row
BREAK_SECONDS = 60.0
LONGEST_BREAK = 1800.0
_SWEEP = 8


@dataclass(frozen=True, slots=True)
class HostFailure:
    """Why a host is left alone: what the request that led to it came to, with the `status` where there was one."""

    reason: FetchReason
    detail: str
    status: int | None = None


@dataclass(slots=True)
class _Host:
    """What is remembered of a host; times are of the monotonic clock."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    free_at: float = 0.0  # the pause after the last request ends
    cool_until: float = 0.0
    failures: int = 0  # in a row
    last: HostFailure | None = None


class Pace:
    """Turns per host.

    `interval`: seconds between the end of one request and the start of the next. `monotonic` and `sleep` are the clock
    to wait by. `max_hosts` bounds the memory: hosts whose pauses are over are forgotten first.
    """

    def __init__(
        self,
        interval: float,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        max_hosts: int = MAX_HOSTS,
    ) -> None:
        self._interval = interval
        self._monotonic = monotonic
        self._sleep = sleep
        self._max_hosts = max_hosts
        self._hosts: OrderedDict[str, _Host] = OrderedDict()

    def __len__(self) -> int:
        """Count the remembered hosts."""
        return len(self._hosts)

    @asynccontextmanager
    async def turn(self, host: str, crawl_delay: float | None = None) -> AsyncIterator[float]:
        """Hold the host for one request; yields the seconds for which it must be left alone (0 = go ahead).

        The pause is the longer of the interval and the crawl delay, which is capped at 30 s.
        """
        entry = self._enter(host)
        try:
            async with entry.lock:
                pause = entry.free_at - self._monotonic()
                if pause > 0 and self.cooling(host) <= 0:
                    await self._sleep(pause)
                try:
                    yield self.cooling(host)
                finally:
                    entry.free_at = self._monotonic() + max(self._interval, min(crawl_delay or 0.0, MAX_CRAWL_DELAY))
        finally:
            entry.users -= 1

    def cooling(self, host: str) -> float:
        """Return for how many seconds the host must still be left alone."""
        entry = self._hosts.get(host)
        return max(0.0, entry.cool_until - self._monotonic()) if entry else 0.0

    def last_failure(self, host: str) -> HostFailure | None:
        """Return what the host failed of last; None while it does well, or where nobody said."""
        entry = self._hosts.get(host)
        return entry.last if entry else None

    def cool_down(self, host: str, seconds: float) -> None:
        """Leave a host alone; a shorter wish never shortens a longer one."""
        entry = self._enter(host)
        entry.users -= 1
        entry.cool_until = max(entry.cool_until, self._monotonic() + min(seconds, MAX_COOL_DOWN))

    def note(self, host: str, *, well: bool, failure: HostFailure | None = None) -> None:
        """Hear how a request to the host went, and what it failed of.

        After five failures in a row it is left alone, a minute at first, twice as long after each further failure, half
        an hour at most. As a host serves one request at a time, the first one after that is the probe that decides.
        """
        entry = self._hosts.get(host)
        if entry is None:
            return
        entry.failures = 0 if well else entry.failures + 1
        entry.last = None if well else failure
        if entry.failures >= BREAK_AFTER:
            rounds = min(entry.failures - BREAK_AFTER, 10)
            self.cool_down(host, min(BREAK_SECONDS * 2**rounds, LONGEST_BREAK))

    def _enter(self, host: str) -> _Host:
        entry = self._hosts.get(host)
        if entry is None:
            self._forget()
            entry = self._hosts[host] = _Host()
        else:
            self._hosts.move_to_end(host)
        entry.users += 1
        return entry

    def _forget(self) -> None:
        """Drop old hosts that owe nothing; when the table is full, also the oldest that nobody holds."""
        now = self._monotonic()
        full = len(self._hosts) >= self._max_hosts
        for host, entry in list(islice(self._hosts.items(), _SWEEP)):
            if entry.users == 0 and (full or (max(entry.free_at, entry.cool_until) <= now and not entry.failures)):
                del self._hosts[host]
                full = False
