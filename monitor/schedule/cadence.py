"""When to poll a source again. Pure: the time and the chance come in as arguments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from monitor.model.errors import InvalidValueError
from monitor.model.plan import Adaptive, Cadence, Cron, Interval
from monitor.schedule.backoff import MAX_ASKED, MAX_RETRY_AFTER, asked, gently, jittered
from monitor.schedule.crontab import Crontab, parse

MAX_FAILURE_WAIT: Final = 6 * 3600.0  # seconds
FAILURE_WAIT: Final = 1800.0  # seconds: a poll each half hour harms no host, and a busy list forgets in two hours
MIN_CRON_WAIT: Final = 60.0  # seconds; the finest step of cron
LATE_WAITS: Final = 3
LEAST_LATE: Final = timedelta(minutes=2)  # a tick, a lease that runs out, and the turn of a busy host
MOST_LATE: Final = timedelta(minutes=15)  # however seldom a source is polled, the daemon keeps its time
_DOUBLINGS: Final = 20  # beyond these every wait is the longest one anyway


def check_cron(expression: str) -> str | None:
    """Return what is wrong with a five-field crontab expression, or None when it is right."""
    try:
        parse(expression)
    except InvalidValueError as error:
        return str(error)
    return None


def next_poll(cadence: Interval | Cron, after: datetime, zone: str) -> datetime:
    """Return the first moment later than `after` at which the cadence asks for a poll, in UTC.

    `after` is aware. `zone` is the IANA zone of cron expressions. Where the clock goes back, times that come twice are
    polled twice; a time that it skips is polled as if it had not been set forward, once. Raises InvalidValueError for a
    cron expression that check_cron refuses.
    """
    if isinstance(cadence, Interval):
        return after.astimezone(UTC) + timedelta(seconds=cadence.seconds)
    start = after.astimezone(UTC) + timedelta(microseconds=1)
    fires = [
        trigger.get_next_fire_time(None, start.astimezone(ZoneInfo(zone)))
        for trigger in _triggers(cadence.expression, zone)
    ]
    found: list[datetime] = [fire.astimezone(UTC) for fire in fires if fire is not None]
    if not found:
        raise InvalidValueError("the cron expression names no time to come")
    return min(found)


def last_moment(expression: str, now: datetime, zone: str, within: timedelta) -> datetime | None:
    """Return the last moment up to `now`, and later than `within` before it, that a cron expression names; None without one.

    In UTC. Raises InvalidValueError for an expression that check_cron refuses.
    """
    found, after = None, now - within
    while (moment := next_poll(Cron(expression), after, zone)) <= now:  # a step of a minute at least
        found = after = moment
    return found


def next_cron(expression: str, after: datetime, zone: str) -> datetime:
    """Return the first moment later than `after` that a crontab expression names, as `next_poll` does for one, in UTC."""
    return next_poll(Cron(expression), after, zone)


def furthest(cadence: Cadence, now: datetime, zone: str, *, failing: bool) -> datetime:
    """Return the latest moment for which a poll may have been arranged by now; a failing server may ask for a day."""
    if isinstance(cadence, Adaptive):
        cadence = Interval(gently(cadence.most, 1.0) + MAX_ASKED)
    latest = next_poll(cadence, now, zone)
    return max(latest, now + timedelta(seconds=MAX_RETRY_AFTER)) if failing else latest


def overdue_at(cadence: Cadence, due: datetime, zone: str) -> datetime:
    """Return the moment after which a poll that was due at `due`, and has not come, is overdue.

    That is LATE_WAITS of the source's own waits, for an adaptive one the longest that it can have; at least LEAST_LATE and at
    most MOST_LATE.
    """
    waits = LATE_WAITS * (furthest(cadence, due, zone, failing=False) - due)
    return due + min(max(waits, LEAST_LATE), MOST_LATE)


def after_failure(
    cadence: Interval | Cron, failures: int, now: datetime, zone: str, chance: float, retry_after: float | None
) -> datetime:
    """Return when to poll again after `failures` (at least 1) failed polls in a row, in UTC.

    The first failure waits one cadence, each further one twice as long, within ±20 % by `chance` (uniform in [0, 1)),
    and at most half an hour, or one cadence where that is longer, up to six hours. For cron the unit is the time to the
    next poll, at least a minute: a failing source is tried between the times asked for rather than lost until next week.
    `retry_after` (seconds) is kept in full up to a day: the poll never comes earlier.
    """
    if isinstance(cadence, Interval):
        unit = cadence.seconds
    else:
        unit = max((next_poll(cadence, now, zone) - now).total_seconds(), MIN_CRON_WAIT)
    longest = min(max(unit, FAILURE_WAIT), MAX_FAILURE_WAIT)
    wait = min(jittered(min(unit * 2.0 ** min(max(failures - 1, 0), _DOUBLINGS), longest), chance), MAX_FAILURE_WAIT)
    return now.astimezone(UTC) + timedelta(seconds=max(wait, asked(retry_after, MAX_RETRY_AFTER)))


@lru_cache(maxsize=256)
def _triggers(expression: str, zone: str) -> tuple[CronTrigger, ...]:
    """Return calculators whose earliest answer is the next poll."""
    cron = parse(expression)
    if not cron.either_day:
        return (_trigger(cron, zone, cron.days, cron.weekdays),)
    by_day = _trigger(cron, zone, cron.days, ())
    by_weekday = _trigger(cron, zone, (), cron.weekdays)
    return (by_day, by_weekday)


def _trigger(cron: Crontab, zone: str, days: tuple[int, ...], weekdays: tuple[int, ...]) -> CronTrigger:
    """Return one calculator; empty `days` or `weekdays` mean any."""
    return CronTrigger(
        minute=_listed(cron.minutes),
        hour=_listed(cron.hours),
        day=_listed(days),
        month=_listed(cron.months),
        day_of_week=_listed(weekdays),
        timezone=ZoneInfo(zone),
    )


def _listed(numbers: tuple[int, ...]) -> str:
    return ",".join(map(str, numbers)) or "*"
