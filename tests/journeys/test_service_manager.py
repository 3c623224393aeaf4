"""A service manager that starts the daemon hears when it is ready, reloads, turns, and stops."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.journeys.installation import Installation, until

pytestmark = pytest.mark.slow


class Told(list[str]):
    """The first words of what a service manager heard, as far as it was read."""

    def __init__(self, listening: socket.socket) -> None:
        super().__init__()
        self._listening = listening

    def words(self) -> list[str]:
        """Return them with those that came meanwhile."""
        while True:
            try:
                self.append(self._listening.recv(999).decode("utf-8").splitlines()[0])
            except BlockingIOError:
                return list(self)


@pytest.fixture
def heard(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    """What the manager heard so far; it asks for a sign of life each 1.5 seconds."""
    path = str(installation.folder / "notify")
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as one:
        one.bind(path)
        one.settimeout(0.0)
        monkeypatch.setenv("NOTIFY_SOCKET", path)
        monkeypatch.setenv("WATCHDOG_USEC", "1500000")
        monkeypatch.delenv("WATCHDOG_PID", raising=False)
        yield Told(one)


async def test_it_hears_how_the_daemon_goes(installation: Installation, heard: Told) -> None:
    async with installation.running() as process:
        await until(lambda: "READY=1" in heard.words(), what="the daemon is ready")
        await until(lambda: heard.words().count("WATCHDOG=1") > 2, what="it turns")
        os.kill(process.pid, signal.SIGHUP)
        await until(lambda: "RELOADING=1" in heard.words(), what="it reloads")
        await until(lambda: heard.words().count("READY=1") == 2, what="it has reloaded")
    assert heard.words()[-1] == "STOPPING=1"
