"""One process per data folder."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.model.errors import LockHeldError

NAME = "monitor.lock"


@contextmanager
def hold(data_dir: Path) -> Iterator[Path]:
    """Hold the folder's lock for the length of the block; the kernel frees it however the process ends.

    The file carries the holder's pid, and `beat` keeps its modification time fresh. Raises LockHeldError.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / NAME
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockHeldError(str(path)) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        beat(path)
        yield path
    finally:
        os.close(descriptor)


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
        text = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
        return int(text) if text.isdigit() else None
    else:
        return None
    finally:
        os.close(descriptor)


def age(data_dir: Path) -> float:
    """Return how many seconds ago the holder last said that it turns."""
    return max(0.0, time.time() - (data_dir / NAME).stat().st_mtime)
