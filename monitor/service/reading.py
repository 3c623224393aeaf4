"""Questions to the database for those who must not hold up the daemon: own threads, own connections, bounded time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from monitor.model.errors import ReadLimitError, StoreError
from monitor.store.read.queries import SqlReader

T = TypeVar("T")

THREADS: Final = 4
WAITING: Final = 32
"""Questions that may wait for a thread; more are refused at once, for their askers would be gone before their turn."""
SECONDS: Final = 5.0
_GRACE: Final = 1.0  # seconds beyond the limit, in which a database stops by itself


class Reading:
    """Asks the database in threads of its own, each with a read-only connection of its own."""

    def __init__(self, url: str, *, threads: int = THREADS, waiting: int = WAITING, seconds: float = SECONDS) -> None:
        """Ask the database at `url`, which is opened at the first question; one may take so many `seconds`."""
        self._url = url
        self._most = threads + waiting
        self._seconds = seconds
        self._asked = 0
        self._closed = False
        self._own = threading.local()
        self._opened: list[SqlReader] = []
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="reading")

    async def ask(self, question: Callable[[SqlReader], T]) -> T:
        """Return the answer. Raises StoreError, ReadLimitError when it takes too long or too many others wait."""
        if self._closed:
            raise StoreError("the program is stopping")
        if self._asked >= self._most:
            raise ReadLimitError("too many questions at once; ask again in a moment")
        gone = threading.Event()
        self._asked += 1
        work = asyncio.get_running_loop().run_in_executor(self._threads, self._answer, question, gone)
        work.add_done_callback(self._answered)
        try:
            # A database that does not answer at all is not stopped by a limit on its statements.
            return await asyncio.wait_for(asyncio.shield(work), self._longest())
        except TimeoutError:
            raise ReadLimitError("the database did not answer in time") from None
        finally:
            gone.set()

    def _longest(self) -> float:
        """Return the seconds that an answer may take, with those in which the question waits for its turn."""
        return 2 * self._seconds + _GRACE

    def _answered(self, work: asyncio.Future[T]) -> None:
        self._asked -= 1
        if not work.cancelled():
            work.exception()  # nobody may be left to hear of it

    def _answer(self, question: Callable[[SqlReader], T], gone: threading.Event) -> T:
        if gone.is_set() or self._closed:
            raise ReadLimitError("nobody waits for the answer any more")
        reader: SqlReader | None = getattr(self._own, "reader", None)
        if reader is None:
            reader = self._own.reader = SqlReader(self._url)
            self._opened.append(reader)
        with reader.limited(self._seconds, lambda: self._closed or gone.is_set()):
            return question(reader)

    async def aclose(self) -> None:
        """Stop what is asked, and close every connection."""
        self._closed = True
        await asyncio.to_thread(self._threads.shutdown, wait=True, cancel_futures=True)
        for reader in self._opened:
            reader.close()
