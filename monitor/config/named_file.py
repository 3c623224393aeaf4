"""A file that the configuration names: a secret, certificates. Small, or refused."""

from __future__ import annotations

from pathlib import Path

from monitor.model.errors import InvalidValueError


def named_file(path: Path, most: int) -> bytes:
    """Return what a file that the configuration names holds.

    Raises InvalidValueError with a message for people: no such file, not a regular one, unreadable, more than `most` bytes.
    """
    try:
        if not path.is_file():
            raise InvalidValueError("is not a file" if path.exists() else "does not exist")
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise InvalidValueError(f"cannot be read: {error.strerror}") from None
    if len(data) > most:
        amount = f"{most >> 20} MB" if most >> 20 else f"{most >> 10} KB"
        raise InvalidValueError(f"is larger than {amount}")
    return data
