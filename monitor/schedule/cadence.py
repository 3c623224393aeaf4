"""When to look at a source next."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from monitor.model.plan import Cadence, Cron, Interval

LONGEST_BACKOFF = timedelta(hours=6)
SHORTEST_BACKOFF = timedelta(seconds=30)
JITTER = 0.1
CRON_FIELDS = 5

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_DAY_PART = re.compile(r"(?P<first>\*|[0-7]|[a-z]{3})(?:-(?P<last>[0-7]|[a-z]{3}))?(?:/(?P<step>[1-9]))?")


def next_look(cadence: Cadence, after: datetime, zone: str) -> datetime:
    """Answer the next moment later than `after` (UTC, as `after`), reading cron fields in the IANA `zone`.

    A cron time that a change to summer time skips is passed over; one that comes twice is taken once. Raises ValueError
    for an expression that `check_cron` refuses or that never comes.
    """
    if isinstance(cadence, Interval):
        return after + timedelta(seconds=cadence.seconds)
    # APScheduler answers a moment that is exactly due; we want the one after it.
    due = _trigger(cadence, zone).get_next_fire_time(None, after + timedelta(microseconds=1))
    if due is None:
        raise ValueError(f"cron {cadence.expression!r} never comes")
    moment: datetime = due.astimezone(after.tzinfo)
    return moment


def after_failure(
    cadence: Cadence, failures: int, now: datetime, zone: str, chance: float, retry_after: float | None = None
) -> datetime:
    """Answer when to try a failing source again: each failure in a row doubles the wait, up to six hours.

    `failures` counts this one (from 1); `chance` in [0, 1) spreads the moment by a tenth either way. Never earlier than
    the host asked (`retry_after` seconds), and never earlier than the source's own next look.
    """
    regular = next_look(cadence, now, zone)
    base = max(regular - now, SHORTEST_BACKOFF) if isinstance(cadence, Interval) else timedelta(minutes=5)
    doubled = base * math.ldexp(1.0, min(failures - 1, 20))
    wait = min(doubled, max(base, LONGEST_BACKOFF)) * (1 + JITTER * (2 * chance - 1))
    due = max(now + wait, regular) if isinstance(cadence, Interval) else now + wait
    return max(due, now + timedelta(seconds=retry_after or 0.0))


def check_cron(expression: str) -> str | None:
    """Answer what is wrong with a five-field crontab expression, or None when it can be used."""
    fields = len(expression.split())
    if fields != CRON_FIELDS:
        return f"cron takes five fields (minute hour day month weekday), got {fields}"
    try:
        _trigger(Cron(expression), "UTC")
    except ValueError as error:
        return f"cron {expression!r}: {error}"
    return None


def _trigger(cadence: Cron, zone: str) -> CronTrigger:
    minute, hour, day, month, weekday = cadence.expression.split()
    return CronTrigger(
        minute=minute, hour=hour, day=day, month=month, day_of_week=_weekdays(weekday), timezone=ZoneInfo(zone)
    )


def _weekdays(field: str) -> str:
    """Spell weekdays as names: crontab counts from Sunday (0 and 7), APScheduler from Monday."""
    if field == "*":
        return field
    days: set[int] = set()
    for part in field.lower().split(","):
        found = _DAY_PART.fullmatch(part)
        if found is None:
            raise ValueError(f"no weekday {part!r}")
        first = 0 if found["first"] == "*" else _day(found["first"])
        last = _last_day(found["first"], found["last"], stepped=found["step"] is not None, first=first)
        if last < first:
            raise ValueError(f"weekdays run backwards in {part!r}")
        days.update(day % 7 for day in range(first, last + 1, int(found["step"] or 1)))
    return ",".join(_DAYS[day] for day in sorted(days))


def _last_day(start: str, last: str | None, *, stepped: bool, first: int) -> int:
    if last is not None:
        return _day(last)
    return 6 if start == "*" or stepped else first


def _day(text: str) -> int:
    if text.isdigit():
        return int(text)
    if text not in _DAYS:
        raise ValueError(f"no weekday {text!r}")
    return _DAYS.index(text)
