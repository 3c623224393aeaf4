"""What this process has to give back and the database would not take: written again before anything new is begun."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from monitor.model.errors import StoreError
from monitor.store.write.maintenance import Maintenance

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unwritten:
    """Writes that end something: a source given back, an attempt at a message written down. Each may run twice."""

    maintenance: Maintenance
    _writes: deque[Callable[[], Awaitable[object]]] = field(default_factory=deque)

    async def do(self, write: Callable[[], Awaitable[T]]) -> T:
        """Write, and return what came of it; what the database refuses is kept for `again`. Raises StoreError then."""
        try:
            return await write()
        except StoreError:
            self.later(write)
            raise

    def later(self, write: Callable[[], Awaitable[object]]) -> None:
        """Leave a write to the next call of `again`."""
        self._writes.append(write)

    async def again(self) -> None:
        """Write what is kept, in its order. Raises StoreError as long as the database takes nothing.

        What a database that is well refuses twice is dropped, and its error raised: the lease runs out by itself.
        """
        while self._writes:
            write = self._writes[0]
            try:
                await write()
            except StoreError:
                await self.maintenance.check_writable()
                self._writes.popleft()
                await write()
            else:
                self._writes.popleft()
