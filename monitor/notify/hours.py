"""Quiet hours: is it quiet now, and until when? Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from monitor.model.policy import QuietHours

LONGEST: Final = timedelta(days=31)
"""Beyond this nothing is held, whatever the hours say: somebody who wants no messages at all switches the channel off."""

_NEXT: Final = timedelta(days=1)


def quiet_until(
    moment: datetime, quiet: QuietHours, zone: str, is_holiday: Callable[[str, date], bool]
) -> datetime | None:
    """Return when the quiet time ends in which `moment` (UTC) lies, UTC; None when it is not quiet then.

    Quiet times that meet are one. It ends at LONGEST at the latest.
    """
    there, until = ZoneInfo(zone), moment
    while until - moment < LONGEST:
        further = _end(until.astimezone(there), quiet, there, is_holiday)
        if further is None:
            break
        until = further
    return min(until, moment + LONGEST) if until > moment else None


def _end(
    local: datetime, quiet: QuietHours, zone: ZoneInfo, is_holiday: Callable[[str, date], bool]
) -> datetime | None:
    """Return the end of the quiet day or the quiet part of a day that a local moment lies in, None outside of any."""
    today = local.date()
    if today.weekday() in quiet.days or (quiet.holidays and is_holiday(quiet.holidays, today)):
        return _at(today + _NEXT, 0, zone)
    if quiet.start is None or quiet.end is None:
        return None
    now, start, end = local.hour * 60 + local.minute, quiet.start, quiet.end
    if start < end:
        return _at(today, end, zone) if start <= now < end else None
    if now >= start:
        return _at(today + _NEXT, end, zone)
    return _at(today, end, zone) if now < end else None


def _at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return midnight.replace(hour=minute // 60, minute=minute % 60).astimezone(UTC)
