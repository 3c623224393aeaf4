"""A file of the configuration written anew: all of it or nothing, one writer at a time, and only over what its writer has read."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from monitor.model.errors import MonitorError

NEW_FILE_MODE = 0o644


class FileChangedError(MonitorError):
    """A file is not what it was when it was read: somebody else has changed it since."""


def digest(data: bytes | None) -> str:
    """Return the name of what a file holds; "" for one that is not there."""
    return "" if data is None else hashlib.sha256(data).hexdigest()[:32]


def present(file: Path) -> bytes | None:
    """Return what a file holds, None where there is none. Raises OSError."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None


def writable(file: Path) -> bool:
    """Return whether a file can be written in one step: its folder takes new files, and it is no link to somewhere else."""
    folder = file.parent if file.parent.exists() else file.parent.parent
    is_free = not file.is_symlink() and (not file.exists() or os.access(file, os.W_OK))
    return is_free and folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def write(file: Path, data: bytes, expected: str, check: Callable[[], None] = lambda: None) -> None:
    """Write a file that holds what `expected` names, once `check` has passed; at every moment it is whole, old or new.

    Raises FileChangedError where it holds something else by now, OSError, and what `check` raises.
    """
    file.parent.mkdir(exist_ok=True)
    with _alone(file.parent):
        if digest(present(file)) != expected:
            raise FileChangedError(f"{file.name} was changed since it was read")
        check()
        mode = file.stat().st_mode & 0o7777 if file.exists() else NEW_FILE_MODE
        descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".new", dir=file.parent)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                os.fchmod(stream.fileno(), mode)
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).replace(file)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
        _settle(file.parent)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let no other process or thread write in a folder meanwhile; the lock goes with whoever holds it, and leaves no file."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _settle(folder: Path) -> None:
    """Have the new name outlast a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
