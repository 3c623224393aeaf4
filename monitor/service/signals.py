"""SIGTERM and SIGINT end the program, SIGHUP reloads its plan."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

ECHO = 1.0
"""Seconds in which a second signal is the first one again: `make`, shells and service managers signal whole groups."""


class Held:
    """What was asked for while the program starts: to end, or to read the files again once it runs."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with nothing asked for; `clock` gives seconds that never run backwards."""
        self._clock = clock
        self._asked: float | None = None
        self.reload = False

    @property
    def stop(self) -> bool:
        """Return whether somebody asked for the end."""
        return self._asked is not None

    def take(self, number: int, _frame: object = None) -> None:
        """Take note of a signal; one to end that comes again, later than ECHO, ends the process at once."""
        if number == signal.SIGHUP:
            self.reload = True
        elif self._asked is None:
            self._asked = self._clock()
        elif self._clock() - self._asked > ECHO:
            os._exit(1)


@contextmanager
def held() -> Iterator[Held]:
    """Hold SIGTERM, SIGINT and SIGHUP for the block, until `listen` takes them over: a start is never cut in the middle."""
    waiting = Held()
    before = {number: signal.signal(number, waiting.take) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    try:
        yield waiting
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def listen(stop: Callable[[], None], reload: Callable[[], None]) -> None:
    """Install the handlers on the running loop. A second SIGTERM or SIGINT, later than ECHO, ends the process at once.

    Ending at once is safe: whatever is not committed is due again at the next start.
    """
    loop = asyncio.get_running_loop()
    asked: float | None = None

    def end() -> None:
        nonlocal asked
        if asked is None:
            asked = loop.time()
            stop()
        elif loop.time() - asked > ECHO:
            os._exit(1)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    loop.add_signal_handler(signal.SIGHUP, reload)
