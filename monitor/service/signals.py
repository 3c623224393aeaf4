"""SIGTERM and SIGINT end the program, SIGHUP reloads its plan."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable

ECHO = 1.0
"""Seconds in which a second signal is the first one again: `make`, shells and service managers signal whole groups."""


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
