"""The hours of a source's clock, and the types of its days. Pure.

A day is a workday, a Saturday, or a day of rest: a Sunday, or a public holiday where the source is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from monitor.model.rhythm import HOURS
from monitor.schedule.calendar import country_of, is_holiday

WORKDAY, SATURDAY, REST = range(3)
LONGEST: Final = 7 * 24.0  # hours of the past that are looked at one by one


def day_type(day: date, zone: str) -> int:
    """Return which type of day a date is for newspapers that keep an IANA zone's time."""
    country = country_of(zone)
    return REST if country and is_holiday(country, day) else max(day.weekday() - 4, WORKDAY)


def slot(moment: datetime, zone: str) -> int:
    """Return the slot of a moment: the type of its day, and its hour of day, in `zone`."""
    local = moment.astimezone(ZoneInfo(zone))
    return day_type(local.date(), zone) * HOURS + local.hour


def to_next_hour(moment: datetime, zone: str) -> tuple[int, float]:
    """Return the hour of day in `zone`, and the seconds until it is over."""
    local = moment.astimezone(ZoneInfo(zone))
    return local.hour, 3600 - (local.minute * 60 + local.second + local.microsecond / 1e6)


def stretches(
    begin: datetime, end: datetime, zone: str, longest: timedelta = timedelta(hours=LONGEST)
) -> Iterator[tuple[int, float]]:
    """Yield (slot, hours) from one moment to another, hour by hour of the clock; only the `longest` end of it counts."""
    begin = max(begin, end - longest)
    while begin < end:
        step = min(to_next_hour(begin, zone)[1], (end - begin).total_seconds())
        yield slot(begin, zone), step / 3600
        begin += timedelta(seconds=max(step, 1e-3))


def coming(now: datetime, zone: str) -> tuple[int, ...]:
    """Return the slot of each hour of day as it comes next: what is over today is tomorrow's."""
    local = now.astimezone(ZoneInfo(zone))
    today, tomorrow = day_type(local.date(), zone), day_type(local.date() + timedelta(days=1), zone)
    return tuple((today if hour >= local.hour else tomorrow) * HOURS + hour for hour in range(HOURS))
