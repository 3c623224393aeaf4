"""A question that many ask at the same time, asked once; its answer holds for some seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from monitor.model.errors import StoreError

T = TypeVar("T")


class AskedOnce(Generic[T]):
    """Asks a question for all who want its answer, and again when that is too old. A failure is told, not kept."""

    def __init__(self, ask: Callable[[], Awaitable[T]], seconds: float, monotonic: Callable[[], float]) -> None:
        """Let an answer of `ask` hold for `seconds` of `monotonic`."""
        self._ask = ask
        self._seconds = seconds
        self._monotonic = monotonic
        self._asked: asyncio.Task[T] | None = None
        self._asked_at = 0.0

    async def answer(self) -> T:
        """Return the answer. Raises whatever asking raises, StoreError when the program stops."""
        if self._asked is None or _failed(self._asked) or self._monotonic() - self._asked_at > self._seconds:
            self._asked_at = self._monotonic()
            self._asked = asyncio.ensure_future(self._ask())
        asked = self._asked
        try:
            return await asyncio.shield(asked)
        except asyncio.CancelledError:
            if asked.cancelled():
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


def _failed(asked: asyncio.Future[T]) -> bool:
    return asked.done() and (asked.cancelled() or asked.exception() is not None)
