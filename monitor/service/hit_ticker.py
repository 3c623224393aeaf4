"""Hits as they come, for all who listen at once: one look at the database, however many they are."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

from monitor.model.errors import StoreError
from monitor.service.queries import Queries

EVERY: Final = 0.5
"""Seconds between two looks while anybody listens."""
MOST: Final = 64
"""Who may listen at the same time."""


class HitTicker:
    """Knows the number of the newest hit, and wakes those who wait for a later one."""

    def __init__(self, queries: Queries, every: float = EVERY) -> None:
        """Look through `queries`, each `every` seconds while somebody listens."""
        self._queries = queries
        self._every = every
        self._newest = 0
        self._changed = asyncio.Condition()
        self._looking: asyncio.Task[None] | None = None
        self._listeners = 0
        self.closed = False

    def join(self) -> bool:
        """Begin to listen; return False where too many do, or the program stops."""
        if self.closed or self._listeners >= MOST:
            return False
        self._listeners += 1
        if self._looking is None:
            self._looking = asyncio.get_running_loop().create_task(self._look())
        return True

    def leave(self) -> None:
        """Listen no more."""
        self._listeners -= 1
        if not self._listeners and self._looking is not None:
            self._looking.cancel()
            self._looking = None

    async def later_than(self, hit_id: int, seconds: float) -> int:
        """Return the number of the newest hit as soon as it is later than that one, or what it is after so many seconds.

        At once when the program stops.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(lambda: self.closed or self._newest > hit_id)
        return self._newest

    async def _look(self) -> None:
        while True:
            with suppress(StoreError):  # looked at again in a moment; who listens waits
                newest = await self._queries.last_hit()
                if newest != self._newest:
                    self._newest = newest
                    async with self._changed:
                        self._changed.notify_all()
            await asyncio.sleep(self._every)

    async def aclose(self) -> None:
        """Send everybody home."""
        self.closed = True
        async with self._changed:
            self._changed.notify_all()
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None
