"""One process per data folder."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from monitor.model.errors import LockHeldError

NAME = "monitor.lock"
ID = "monitor.id"
FRESH = 30.0
"""Seconds since the holder's last beat within which it is alive."""


@contextmanager
def hold(data_dir: Path) -> Iterator[Path]:
    """Hold the folder's lock for the length of the block; the kernel frees it however the process ends.

    The file carries the holder's pid and when it began, and `beat` keeps its modification time fresh. Raises LockHeldError.
    """
    data_dir.mkdir(0o700, parents=True, exist_ok=True)
    path = data_dir / NAME
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockHeldError(str(path)) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n{time.time():.0f}\n".encode(), 0)
        beat(path)
        yield path
    finally:
        os.close(descriptor)


def folder_id(data_dir: Path) -> str:
    """Return the name of a data folder, made at random when it is first asked for and kept there.

    Neither its path nor the machine names it: a container gets another host name each time, and two machines may have one
    path.
    """
    path = data_dir / ID
    try:
        known = path.read_text("ascii").strip()
    except (OSError, ValueError):
        known = ""
    if re.fullmatch(r"[0-9a-f]{16}", known):
        return known
    made = secrets.token_hex(8)
    data_dir.mkdir(0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(f"{made}\n", "ascii")
    fresh.replace(path)
    return made


def beat(path: Path) -> None:
    """Say that the holder still turns, by the clock that `age` reads: a file system may go by another one."""
    now = time.time()
    os.utime(path, (now, now))


def holder(data_dir: Path) -> int | None:
    """Return the pid of the process that holds the folder's lock, or None when nobody does."""
    path = data_dir / NAME
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return (_numbers(descriptor) or (None,))[0]
    else:
        return None
    finally:
        os.close(descriptor)


def running_since(data_dir: Path) -> datetime | None:
    """Return when the process began that holds the folder's lock; None when nobody does, or its heart stands still."""
    if holder(data_dir) is None or age(data_dir) > FRESH:
        return None
    descriptor = os.open(data_dir / NAME, os.O_RDONLY | os.O_CLOEXEC)
    try:
        began = _numbers(descriptor)[1:]
    finally:
        os.close(descriptor)
    return datetime.fromtimestamp(began[0] if began else 0, UTC)


def _numbers(descriptor: int) -> tuple[int, ...]:
    """Return what the holder wrote: its pid, and the second at which it began."""
    words = os.pread(descriptor, 64, 0).decode("ascii", "replace").split()
    return tuple(int(word) for word in words) if all(word.isdigit() for word in words) else ()


def age(data_dir: Path) -> float:
    """Return how many seconds ago the holder last said that it turns."""
    return max(0.0, time.time() - (data_dir / NAME).stat().st_mtime)
