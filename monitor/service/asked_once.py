"""A question that many ask at the same time, asked once; its answer holds for some seconds, and a little longer while it is asked anew."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar

from monitor.model.errors import StoreError

T = TypeVar("T")
STALE: Final = 6
"""How many times as long as an answer holds the one before may be shown while a new one is on its way."""


class AskedOnce(Generic[T]):
    """Asks a question for all who want its answer, and again when that is too old. A failure is told, not kept."""

    def __init__(self, ask: Callable[[], Awaitable[T]], seconds: float, monotonic: Callable[[], float]) -> None:
        """Let an answer of `ask` hold for `seconds` of `monotonic`."""
        self._ask = ask
        self._seconds = seconds
        self._monotonic = monotonic
        self._asked: asyncio.Future[T] | None = None
        self._before: asyncio.Future[T] | None = None
        self._asked_at = 0.0

    async def answer(self) -> T:
        """Return the answer: a fresh one, or while that is on its way the one before, if it is no older than STALE times as long.

        Raises whatever asking raises, StoreError when the program stops.
        """
        asked = self.begin()
        if not asked.done() and self._before is not None:
            return self._before.result()
        try:
            return await asyncio.shield(asked)
        except asyncio.CancelledError:
            if asked.cancelled():
                raise StoreError("the program is stopping") from None
            raise

    def begin(self) -> asyncio.Future[T]:
        """Ask, where there is no fresh answer, and wait for nothing; return what will have the answer."""
        age = self._monotonic() - self._asked_at
        if self._asked is None or _failed(self._asked) or (age > self._seconds and self._asked.done()):
            before = None if self._asked is None or _failed(self._asked) else self._asked
            self._before = before if age <= STALE * self._seconds else None
            self._asked_at = self._monotonic()
            self._asked = asyncio.ensure_future(self._ask())
            self._asked.add_done_callback(_failed)  # perhaps nobody wants to know
        return self._asked

    def forget(self) -> None:
        """Ask anew at the next question, because something was just changed."""
        self._asked = self._before = None

    async def aclose(self) -> None:
        """Leave off asking."""
        if self._asked is not None:
            self._asked.cancel()
            await asyncio.gather(self._asked, return_exceptions=True)


def _failed(asked: asyncio.Future[T]) -> bool:
    return asked.done() and (asked.cancelled() or asked.exception() is not None)
