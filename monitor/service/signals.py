"""SIGTERM and SIGINT end the house, SIGHUP reloads its plan."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable


def listen(stop: Callable[[], None], reload: Callable[[], None]) -> None:
    """Install the handlers on the running loop. A second SIGTERM or SIGINT ends the process at once.

    Ending at once is safe: whatever is not committed is due again at the next start.
    """
    loop = asyncio.get_running_loop()
    asked = False

    def end() -> None:
        nonlocal asked
        if asked:
            os._exit(1)
        asked = True
        stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    loop.add_signal_handler(signal.SIGHUP, reload)
