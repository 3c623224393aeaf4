"""What systemd hears, over a real socket."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from monitor.service.service_manager import ALIVE, READY, ServiceManager


@pytest.fixture(params=["file", "abstract"])
def listening(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    """A socket as the manager has it, and its name in NOTIFY_SOCKET."""
    name = str(tmp_path / "notify") if request.param == "file" else f"@monitor-test-{os.getpid()}"
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as one:
        one.bind(f"\0{name[1:]}" if name.startswith("@") else name)
        one.settimeout(5)
        yield one, name


def test_it_hears_each_state(listening: tuple[socket.socket, str]) -> None:
    one, name = listening
    manager = ServiceManager({"NOTIFY_SOCKET": name})
    manager.say(READY)
    manager.say(ALIVE, "STATUS=polls")
    manager.reloading()
    assert one.recv(999) == b"READY=1"
    assert one.recv(999) == b"WATCHDOG=1\nSTATUS=polls"
    assert re.fullmatch(rb"RELOADING=1\nMONOTONIC_USEC=\d+", one.recv(999))


@pytest.mark.parametrize("path", ["", "/nowhere/at/all", "@nobody-listens", "x" * 300])
def test_one_that_does_not_listen_is_no_reason_to_stop(path: str) -> None:
    ServiceManager({"NOTIFY_SOCKET": path}).say(READY)


@pytest.mark.parametrize(
    ("environ", "every"),
    [
        ({}, 5.0),
        ({"WATCHDOG_USEC": "120000000"}, 5.0),
        ({"WATCHDOG_USEC": "3000000"}, 1.0),
        ({"WATCHDOG_USEC": "3000000", "WATCHDOG_PID": str(os.getpid())}, 1.0),
        ({"WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "1"}, 5.0),
        ({"WATCHDOG_USEC": "soon"}, 5.0),
    ],
)
def test_it_is_told_as_often_as_it_asks(environ: dict[str, str], every: float) -> None:
    assert ServiceManager(environ).within(5.0) == every
