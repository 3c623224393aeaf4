"""Moments as people and programs write and read them. Pure: the present moment and the zone come in."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

from monitor.model.errors import InvalidValueError

_AGO = re.compile(r"(\d{1,9})\s*([smhdw])", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_STEPS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
FORMS = "2h (ago; s, m, h, d, w), 2026-11-01, 2026-11-01T09:00, 2026-11-01T09:00+09:00"


def parse_moment(text: str, now: datetime, zone: tzinfo) -> datetime:
    """Read a point in time: an age (`2h`), a date (its first moment) or ISO 8601; without an offset it is in `zone`.

    Returns UTC. Raises InvalidValueError with words for the user.
    """
    stated = text.strip()
    try:
        if age := _AGO.fullmatch(stated):
            return now - timedelta(**{_UNITS[age[2]]: int(age[1])})
        read = datetime.fromisoformat(stated)
        return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidValueError(f"{text!r} is not a time; write {FORMS}") from None


def clock(when: datetime, now: datetime, zone: tzinfo) -> str:
    """Write a moment in the reader's zone, as short as it stays clear: 14:05, 11-23 14:05 or 2025-11-23 14:05."""
    local, today = when.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    return f"{local:%m-%d %H:%M}" if local.year == today.year else f"{local:%Y-%m-%d %H:%M}"


def distance(when: datetime, now: datetime) -> str:
    """Write how far away a moment is, rounded down: `3 min ago`, `in 2 h`, `now`."""
    seconds = int(abs((when - now).total_seconds()))
    for size, unit in _STEPS:
        if seconds >= size:
            amount = f"{seconds // size} {unit}"
            return f"{amount} ago" if when < now else f"in {amount}"
    return "now"


def clock_and_distance(when: datetime | None, now: datetime, zone: tzinfo) -> str:
    """Write a moment and its distance: `14:05 (3 min ago)`; `never` for None."""
    return "never" if when is None else f"{clock(when, now, zone)} ({distance(when, now)})"
