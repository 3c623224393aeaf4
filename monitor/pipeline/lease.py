"""The lease of a source: taken for a poll, renewed while that takes longer, and given back with what came of it.

It is short, so that a process that dies, or cannot write for a while, keeps nobody from the source for long.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from time import perf_counter
from typing import Final

from monitor.model.errors import StoreError
from monitor.pipeline.ports import Clock
from monitor.pipeline.unwritten import Unwritten
from monitor.store.write.source_store import SourceState, SourceStore

LEASE: Final = timedelta(seconds=60)
RENEWALS: Final = 4
"""How often in the time of a lease it is renewed: a write may fail twice."""

_number = count(1)


@dataclass(slots=True)
class HeldSource:
    """A source that is polled now, begun at `started` (of the process's own clock, in seconds).

    `lost` becomes true when somebody else has it: another process, or a new definition of the source; `returned` once
    the poll is completed.
    """

    state: SourceState
    lists_due: bool
    started: float
    lost: bool = False
    returned: bool = False

    @property
    def elapsed_ms(self) -> float:
        """Return how long it has been held."""
        return (perf_counter() - self.started) * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLeases:
    """Takes sources for `owner`, one name for each process."""

    source_store: SourceStore
    clock: Clock
    owner: str
    unwritten: Unwritten
    lease: timedelta = LEASE

    @asynccontextmanager
    async def held(self, source_id: str) -> AsyncIterator[HeldSource | None]:
        """Hold a source as long as the block takes; None when it is held already, or not in the plan.

        Who completes the poll gives it back. Where that did not come to pass it is given back as it was at the next good
        write, and polled again. Raises StoreError.
        """
        now = self.clock()
        # Each claim has a name of its own: a poll that outlived its lease must not give back the next one's.
        owner = f"{self.owner}:{next(_number)}"

        async def give_back() -> None:
            await self.source_store.release_source(source_id, owner)

        try:
            state = await self.source_store.claim_source(source_id, owner, now, self.lease)
        except StoreError:
            self.unwritten.later(give_back)  # a claim whose answer was lost may have been written
            raise
        if state is None:
            yield None
            return
        held = HeldSource(state, state.lists_due_at is None or state.lists_due_at <= now, perf_counter())
        renewing = asyncio.create_task(self._renew(held), name=f"lease of {source_id}")
        try:
            yield held
        finally:
            renewing.cancel()
            if not held.returned:
                self.unwritten.later(give_back)

    async def _renew(self, held: HeldSource) -> None:
        while not held.lost:
            await asyncio.sleep(self.lease.total_seconds() / RENEWALS)
            with suppress(StoreError):  # what cannot be written now may be in a moment
                until = self.clock() + self.lease
                held.lost = not await self.source_store.renew_lease(held.state.id, held.state.owner, until)
