"""How the line is just now, for every page: sources, channels, what waits. Asked once for all who look within a few seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from monitor.model.errors import StoreError
from monitor.model.records import ChannelRecord, SourceRecord
from monitor.service.queries import Queries

SECONDS: Final = 5.0
"""How long an answer holds."""


@dataclass(frozen=True, slots=True)
class LineSummary:
    """How the line was at `as_of` (UTC): its sources and channels by id, what is wrong with all sources at once ("": nothing)."""

    as_of: datetime
    sources: tuple[SourceRecord, ...]
    channels: tuple[ChannelRecord, ...]
    outage: str = ""

    @property
    def watched(self) -> tuple[SourceRecord, ...]:
        """Return the sources that are to be polled."""
        return tuple(one for one in self.sources if one.enabled and not one.gone)

    @property
    def ill(self) -> tuple[SourceRecord, ...]:
        """Return those of the watched that have an alarm up, were not polled in time, or fail."""
        return tuple(one for one in self.watched if is_ill(one))

    @property
    def in_use(self) -> tuple[ChannelRecord, ...]:
        """Return the channels that the configuration does not switch off."""
        return tuple(one for one in self.channels if one.state != "off")

    @property
    def closed(self) -> tuple[ChannelRecord, ...]:
        """Return the channels in use that take nothing: shut, or failing."""
        return tuple(one for one in self.in_use if one.state != "open")

    @property
    def waiting(self) -> int:
        """Return how many messages and notifications are still to be sent."""
        return sum(one.waiting + one.held for one in self.channels)

    @property
    def last_look_at(self) -> datetime | None:
        """Return when any source was looked at last with success; None before the first."""
        return max((one.last_success_at for one in self.sources if one.last_success_at), default=None)

    @property
    def last_sent_at(self) -> datetime | None:
        """Return when any channel took a message last; None before the first."""
        return max((one.last_done_at for one in self.channels if one.last_done_at), default=None)

    @property
    def read_today(self) -> int:
        """Return how many articles were read in the last 24 hours."""
        return sum(one.articles_24h for one in self.sources)


def is_ill(source: SourceRecord) -> bool:
    """Return whether a watched source needs a look: an alarm is up, it fails, or it was not polled in time."""
    return bool(source.problem or source.overdue or source.last_error)


class LineWatch:
    """Knows how the line is; who asks while another one is asking gets the same answer."""

    def __init__(self, queries: Queries, clock: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        """Ask through `queries`; `clock` says when an answer was true, `monotonic` how old it is."""
        self._queries = queries
        self._clock = clock
        self._monotonic = monotonic
        self._asked: asyncio.Task[LineSummary] | None = None
        self._asked_at = 0.0

    async def state(self) -> LineSummary:
        """Return how the line is, or was at most SECONDS ago. Raises StoreError."""
        if self._asked is None or self._monotonic() - self._asked_at > SECONDS or _failed(self._asked):
            self._asked_at = self._monotonic()
            self._asked = asyncio.create_task(self._ask())
        try:
            return await asyncio.shield(self._asked)
        except asyncio.CancelledError:
            if self._asked.cancelled():
                raise StoreError("the program is stopping") from None
            raise

    def forget(self) -> None:
        """Ask anew at the next question, because something was just changed."""
        self._asked = None

    async def aclose(self) -> None:
        """Leave off asking."""
        if self._asked is not None:
            self._asked.cancel()
            await asyncio.gather(self._asked, return_exceptions=True)

    async def _ask(self) -> LineSummary:
        now = self._clock()
        sources = await self._queries.sources(now)
        channels = await self._queries.channels(now)
        return LineSummary(now, sources, channels, await self._queries.outage())


def _failed(asked: asyncio.Task[LineSummary]) -> bool:
    return asked.done() and (asked.cancelled() or asked.exception() is not None)
