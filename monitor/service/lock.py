"""One process per data folder, and one daemon per database file."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from monitor.model.errors import LockHeldError, MonitorError

NAME = "monitor.lock"
ID = "monitor.id"
FRESH = 30.0
"""Seconds since the holder's last beat within which it is alive."""


@dataclass(frozen=True, slots=True)
class HeldLock:
    """A lock that this process holds: its file, as it was opened, and its folder as it was then (device, inode)."""

    path: Path
    descriptor: int
    folder: tuple[int, int]

    def is_moved(self) -> bool:
        """Return whether the folder is gone from its path, or another one stands there."""
        try:
            return _identity(self.path.parent.stat()) != self.folder
        except OSError:
            return True

    def beat(self) -> None:
        """Say that the holder still turns. Raises OSError where the file is gone."""
        beat(self.path)

    def is_lost(self) -> bool:
        """Return whether the file is gone from its path, or is another one: a second process could hold that."""
        try:
            return _identity(self.path.stat()) != _identity(os.fstat(self.descriptor))
        except OSError:
            return True


def _identity(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino


@contextmanager
def hold(data_dir: Path) -> Iterator[HeldLock]:
    """Hold the folder's lock for the length of the block; the kernel frees it however the process ends.

    The file carries the holder's pid and when it began, and `beat` keeps its modification time fresh. Raises LockHeldError,
    and MonitorError for a folder that cannot be made or written.
    """
    with _holding(data_dir / NAME, "`data_dir` in monitor.yaml, MONITOR_DATA_DIR") as held:
        if held is None:
            raise LockHeldError(str(data_dir / NAME), _who(holder(data_dir), None))
        os.pwrite(held.descriptor, f"{os.getpid()}\n{time.time():.0f}\n".encode(), 0)
        held.beat()
        yield held


@contextmanager
def hold_file(database: Path | None, data_dir: Path) -> Iterator[HeldLock | None]:
    """Hold the lock of a database file for the length of the block, whatever data folder its daemon has.

    It lies beside the file, so that it is one for everybody who writes there, and names the holder's pid and data folder.
    None, a database on a server, needs none: processes that share one agree by leases. Raises LockHeldError, MonitorError.
    """
    if database is None:
        yield None
        return
    path = _beside(database)
    with _holding(path, "`database` in monitor.yaml, MONITOR_DATABASE_URL") as held:
        if held is None:
            raise LockHeldError(str(path), _who(*(database_holder(database) or (None, None))), database=str(database))
        os.pwrite(held.descriptor, f"{os.getpid()}\n{data_dir.absolute()}\n".encode("utf-8", "surrogateescape"), 0)
        yield held


@contextmanager
def _holding(path: Path, named_by: str) -> Iterator[HeldLock | None]:
    """Hold the lock of that file, emptied, its folder made; yield None when another process does."""
    try:
        path.parent.mkdir(0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        mend = f"make it one that this account may write, or name another: {named_by}"
        raise MonitorError(f"the folder {path.parent} cannot be used: {error.strerror}; {mend}") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        os.ftruncate(descriptor, 0)
        yield HeldLock(path, descriptor, _identity(path.parent.stat()))
    finally:
        os.close(descriptor)


def _who(pid: int | None, folder: Path | None) -> str:
    """Return how people call a holder: its pid and its data folder, as far as they are known."""
    known = (f"pid {pid}" if pid else "", f"data folder {folder}" if folder else "")
    return ", ".join(filter(None, known))


def _beside(database: Path) -> Path:
    """Return the lock file of a database file, the same by whatever link the file is reached."""
    real = database.resolve()
    return real.with_name(f"{real.name}.lock")


def database_holder(database: Path) -> tuple[int, Path] | None:
    """Return pid and data folder of the daemon that writes to a database file; None while none does."""
    text = _read_if_held(_beside(database))
    pid, _, folder = (text or "").partition("\n")
    return (int(pid), Path(folder.rstrip("\n"))) if pid.isdecimal() else None


def folder_id(data_dir: Path) -> str:
    """Return the name of a data folder, made at random when it is first asked for and kept there.

    Neither its path nor the machine names it: a container gets another host name each time, and two machines may have one
    path.
    """
    if known := known_id(data_dir):
        return known
    path = data_dir / ID
    made = secrets.token_hex(8)
    data_dir.mkdir(0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(f"{made}\n", "ascii")
    fresh.replace(path)
    return made


def known_id(data_dir: Path) -> str:
    """Return the name that a data folder has already, "" where it has none yet."""
    try:
        known = (data_dir / ID).read_text("ascii").strip()
    except (OSError, ValueError):
        return ""
    return known if re.fullmatch(r"[0-9a-f]{16}", known) else ""


def beat(path: Path) -> None:
    """Say that the holder still turns, by the clock that `age` reads: a file system may go by another one."""
    now = time.time()
    os.utime(path, (now, now))


def holder(data_dir: Path) -> int | None:
    """Return the pid of the process that holds the folder's lock, or None when nobody does."""
    text = _read_if_held(data_dir / NAME)
    return None if text is None else (_numbers(text) or (None,))[0]


def running_since(data_dir: Path) -> datetime | None:
    """Return when the process began that holds the folder's lock; None when nobody does, or its heart stands still."""
    if holder(data_dir) is None or age(data_dir) > FRESH:
        return None
    try:
        began = _numbers((data_dir / NAME).read_text("ascii", "replace"))[1:]
    except FileNotFoundError:
        return None  # it ended meanwhile, and its folder is gone
    return datetime.fromtimestamp(began[0] if began else 0, UTC)


def _read_if_held(path: Path) -> str | None:
    """Return what the holder of a lock file wrote there; None when nobody holds it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.pread(descriptor, 5_000, 0).decode("utf-8", "surrogateescape")
    else:
        return None
    finally:
        os.close(descriptor)


def _numbers(text: str) -> tuple[int, ...]:
    """Return what the holder of a folder wrote: its pid, and the second at which it began."""
    words = text.split()
    return tuple(int(word) for word in words) if all(word.isdecimal() for word in words) else ()


def age(data_dir: Path) -> float:
    """Return how many seconds ago the holder last said that it turns."""
    return max(0.0, time.time() - (data_dir / NAME).stat().st_mtime)
