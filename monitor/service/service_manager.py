"""What systemd is told (sd_notify(3)): ready, reloading, stopping, and still at work, from real progress alone."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

READY: Final = "READY=1"
STOPPING: Final = "STOPPING=1"
ALIVE: Final = "WATCHDOG=1"


class ServiceManager:
    """Tells the service manager that started this process, where there is one, how it goes."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Go by NOTIFY_SOCKET, and by WATCHDOG_USEC where WATCHDOG_PID names this process or nobody."""
        path = environ.get("NOTIFY_SOCKET", "")
        self._address = f"\0{path[1:]}" if path.startswith("@") else path
        mine = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        usec = environ.get("WATCHDOG_USEC", "")
        self._limit = int(usec) / 1_000_000 if mine and usec.isdecimal() else 0.0

    def within(self, seconds: float) -> float:
        """Return how often to say that this process is at work: each so many seconds, or as often as is asked for."""
        return min(seconds, self._limit / 3) if self._limit else seconds

    def say(self, *states: str) -> None:
        """Tell the manager. One that does not listen is no reason to stop."""
        if not self._address:
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as told:
            told.settimeout(1.0)
            told.sendto("\n".join(states).encode("utf-8"), self._address)

    def reloading(self) -> None:
        """Tell that the configuration is read again; READY tells that it has been."""
        self.say("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")
