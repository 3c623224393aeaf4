"""The chore that notes that the sources are polled: rules over counts must know when nobody listened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.model.counting import HOUR, SLOT
from monitor.pipeline.ports import Clock
from monitor.store.write.watch_store import WatchStore


@dataclass(slots=True)
class WatchNotes:
    """The chore `watched`: one small write for every five minutes, and once an hour what is old is dropped."""

    watch_store: WatchStore
    clock: Clock
    _noted: datetime | None = None
    _dropped: datetime | None = None

    async def __call__(self) -> None:
        """Note these five minutes, unless this process has. Raises StoreError."""
        now = self.clock()
        if self._noted is not None and slots_between(self._noted, now) == 0:
            return
        if await self.watch_store.note(now):
            self._noted = now
        if self._dropped is None or abs(now - self._dropped) >= HOUR:
            await self.watch_store.forget(now)
            self._dropped = now


def slots_between(first: datetime, second: datetime) -> int:
    """Return how many slots lie between two moments."""
    return int(second.timestamp() // SLOT.total_seconds() - first.timestamp() // SLOT.total_seconds())
