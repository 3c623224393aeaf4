"""Durations, sizes and addresses as people write them. Pure."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from monitor.model.errors import InvalidValueError

UNITS = {"ms": Decimal("0.001"), "s": Decimal(1), "m": Decimal(60), "h": Decimal(3600), "d": Decimal(86400)}  # seconds
SIZES = {"B": 1, "KB": 1024, "MB": 1024**2, "GB": 1024**3}  # bytes; powers of two, as memory is counted

_DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?)(ms|s|m|h|d)", re.ASCII)
_SIZE = re.compile(r"([0-9]{1,9})(B|KB|MB|GB)", re.ASCII)
_LISTEN = re.compile(
    r"(?:\[(?P<v6>[0-9A-Fa-f:.%]{2,64})\]|(?P<name>[A-Za-z0-9._-]{1,253})):(?P<port>[0-9]{1,5})", re.ASCII
)

MAX_PORT = 65535


def duration(text: str) -> float:
    """Return the seconds of a number with a unit: `0s`, `500ms`, `1.5s`, `5m`, `2h`, `1d`.

    Raises InvalidValueError for anything else; the message never quotes the text.
    """
    found = _DURATION.fullmatch(text)
    if found is None:
        raise InvalidValueError("must be a duration: a number and one of ms, s, m, h, d, as in 30s or 5m")
    return float(Decimal(found[1]) * UNITS[found[2]])


def size(text: str) -> int:
    """Return the bytes of a whole number with a unit: `800B`, `512KB`, `4MB`, `1GB` (1 KB is 1024 bytes).

    Raises InvalidValueError for anything else; the message never quotes the text.
    """
    found = _SIZE.fullmatch(text)
    if found is None:
        raise InvalidValueError("must be a size: a whole number and one of B, KB, MB, GB, as in 512KB or 4MB")
    return int(found[1]) * SIZES[found[2]]


def duration_text(seconds: float) -> str:
    """Return seconds as `duration` reads them, in the largest unit that they are a whole number of."""
    exact = Decimal(str(seconds))
    for unit, length in sorted(UNITS.items(), key=lambda one: one[1], reverse=True):
        if exact and exact % length == 0:
            return f"{exact // length:f}{unit}"
    return f"{exact.normalize():f}s"


def size_text(count: int) -> str:
    """Return bytes as `size` reads them, in the largest unit that they are a whole number of."""
    unit = next(
        (name for name, length in sorted(SIZES.items(), key=lambda one: -one[1]) if count and count % length == 0), "B"
    )
    return f"{count // SIZES[unit]}{unit}"


def listen(text: str) -> tuple[str, int]:
    """Return host and port of `127.0.0.1:8765`, `localhost:8765` or `[::1]:8765`; port 0 lets the system choose.

    Raises InvalidValueError for anything else.
    """
    found = _LISTEN.fullmatch(text)
    if found is None or int(found["port"]) > MAX_PORT:
        raise InvalidValueError("must be a host and a port, as in 127.0.0.1:8765 or [::1]:8765")
    return found["v6"] or found["name"], int(found["port"])


def clock_time(text: str) -> int:
    """Return the minutes from midnight of a time of day, 00:00 to 23:59. Raises InvalidValueError."""
    found = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", text.strip())
    if found is None:
        raise InvalidValueError('must be a time of day in quotation marks, as in "22:00"')
    return int(found[1]) * 60 + int(found[2])


_DAYS: Final = {
    name: number
    for number, names in enumerate(
        (("mon", "월"), ("tue", "화"), ("wed", "수"), ("thu", "목"), ("fri", "금"), ("sat", "토"), ("sun", "일"))
    )
    for name in names
}


def weekday(text: str) -> int:
    """Return a day of the week, mon to sun or 월 to 일, counted from Monday = 0. Raises InvalidValueError."""
    number = _DAYS.get(text.strip().lower())
    if number is None:
        raise InvalidValueError("must be mon, tue, wed, thu, fri, sat or sun")
    return number
