"""What a cadence comes to: how long an article waits, how many requests a day it takes, and why. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from monitor.model.plan import Adaptive, Cron, Interval, Source
from monitor.model.records import ScheduleRecord
from monitor.model.rhythm import Burst
from monitor.schedule.adaptive import DAY, Demand, bursting, mean_delay, reason, requests_a_day
from monitor.schedule.cadence import next_poll
from monitor.schedule.hours import to_next_hour

WEEK: Final = timedelta(days=7)
MOST_FIRES: Final = 400  # of a cron expression that are polled


def fixed(source: Source, every: Interval | Cron, now: datetime) -> ScheduleRecord:
    """Return what a duration or a cron expression comes to, over a week at most."""
    cost = max(len(source.urls), 1)
    if isinstance(every, Interval):
        return _record(source, "fixed", (every.seconds, every.seconds / 2, cost * DAY / every.seconds))
    gaps: list[float] = []
    moment = next_poll(every, now, source.zone)
    begin = moment
    while len(gaps) < MOST_FIRES and (moment - begin < WEEK or not gaps):
        following = next_poll(every, moment, source.zone)
        gaps.append((following - moment).total_seconds())
        moment = following
    span = sum(gaps)
    delay = sum(gap * gap for gap in gaps) / 2 / span
    return _record(source, "cron", (gaps[0], delay, cost * DAY * len(gaps) / span))


def adapted(source: Source, asked: Demand, k: float, burst: Burst | None, now: datetime) -> ScheduleRecord:
    """Return what an adaptive cadence comes to at present; delay and requests are of a whole day without bursts."""
    hour, _ = to_next_hour(now, source.zone)
    quick = bursting(burst, now)
    interval = asked.least if quick else asked.interval(k, hour)
    figures = (interval, mean_delay(asked, k), requests_a_day(asked, k))
    return _record(source, "burst" if quick else reason(asked, k, hour), figures, sum(asked.rates))


def _record(
    source: Source, why: str, figures: tuple[float, float, float], articles: float | None = None
) -> ScheduleRecord:
    every = source.every
    match every:
        case Interval():
            said = f"{every.seconds:g}s"
        case Cron():
            said = f'cron "{every.expression}"'
        case Adaptive():
            said = "adaptive"
    interval, delay, requests = (round(figure, 1) for figure in figures)
    rate = None if articles is None else round(articles, 1)
    return ScheduleRecord(source.id, source.name, said, interval, delay, requests, why, rate)
