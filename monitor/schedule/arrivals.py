"""What a source's lists teach about how often, and at which hours, it publishes. Pure.

Articles are counted under the hour of day at which they came, beside the hours watched; both fade. The mean rate has a
Gamma prior, and so has each hour's factor around it: a source of which little is known is like any other, and an hour of
which little is known is like the others of its day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from monitor.model.article import Entry, ListWrite
from monitor.model.rhythm import HOURS, Arrivals, Reach

HALF_LIFE: Final = 5 * 24.0  # hours
PRIOR_RATE: Final = 10 / 24  # articles an hour
PRIOR_HOURS: Final = 6.0  # of watching that the prior rate is worth
PRIOR_SHAPE: Final = 2.0  # articles that the evenness of a day is worth, at each hour
LONGEST: Final = 7 * 24.0  # hours of the past that one list may speak of
DATED: Final = 5  # entries with a date from which a list tells by itself how far back it goes
RESTING: Final = 0.8  # of these, by age: what lies deeper may be pinned there
LATE: Final = 0.5  # share of new entries from which the turnover counts beside the dates
GROWTH: Final = 2.0  # how much further back a list may be thought to go after each poll, by turnover alone

_SMOOTH: Final = ((-1, 0.25), (0, 0.5), (1, 0.25))  # neighbouring hours are alike


def learn(past: Arrivals | None, fresh: Sequence[Entry], listing: ListWrite, now: datetime, zone: str) -> Arrivals:
    """Return what is known after a list whose entries `fresh` were new; `past` is None before the first.

    An article with a date counts at its date, but not before the last poll, which did not show it yet; one without is
    spread over the time since. The first poll of a source counts as far as its dates are even; of a further URL of
    the same source it teaches only how far that goes back, because two windows cannot be laid over each other.
    """
    reach = _reach(past, fresh, listing, now)
    seen = {**(past.reach if past else {}), **({listing.url: reach} if reach else {})}
    if past is not None:
        past = replace(past, at=min(past.at, now))  # the clock may have run ahead once
    if past is not None and listing.first:
        return replace(past, reach=seen)
    if past is None:
        window = min(reach.seconds if reach else 0.0, LONGEST * 3600)
        past = since = Arrivals(now - timedelta(seconds=window))
        begin = since.at
        fresh = [entry for entry in fresh if entry.published_at is not None and entry.published_at > begin]
    else:
        lost = timedelta(seconds=reach.seconds) if reach and too_late(len(fresh), listing) else timedelta(hours=LONGEST)
        begin = max(min(listing.since or past.at, now), now - lost)
        past = replace(past, at=max(past.at, now - lost))
    aged = watched(past, now, zone)
    counts = [*aged.counts]
    spread = _hours(begin, now, zone)
    for entry in fresh:
        if entry.published_at is None:
            total = sum(spread)
            for hour, part in enumerate(spread):
                counts[hour] += part / total if total else 0.0
        else:
            counts[_hour(min(max(entry.published_at, begin), now), zone)] += 1
    return Arrivals(max(now, aged.at), tuple(counts), aged.spans, seen)


def too_late(new: int, listing: ListWrite) -> bool:
    """Return whether a list showed nothing that was known: what came between may have gone by unseen."""
    return not listing.first and len(listing.entries) >= DATED and new == len(listing.entries)


def watched(past: Arrivals, now: datetime, zone: str) -> Arrivals:
    """Return what is known when nothing more has come until `now`: the past fades, the hours since count as watched."""
    hours = (now - past.at).total_seconds() / 3600
    if hours <= 0:
        return past
    keep = 0.5 ** (hours / HALF_LIFE)
    more = _hours(max(past.at, now - timedelta(hours=LONGEST)), now, zone)
    counts = tuple(count * keep for count in past.counts)
    spans = tuple(span * keep + part for span, part in zip(past.spans, more, strict=True))
    return replace(past, at=now, counts=counts, spans=spans)


def rates(arrivals: Arrivals | None, now: datetime, zone: str) -> tuple[float, ...]:
    """Return how many articles an hour are to be expected at each hour of day in `zone`; all above 0."""
    if arrivals is None:
        return (PRIOR_RATE,) * HOURS
    known = watched(arrivals, now, zone)
    mean = (sum(known.counts) + PRIOR_RATE * PRIOR_HOURS) / (sum(known.spans) + PRIOR_HOURS)
    return tuple(
        mean * (_near(known.counts, hour) + PRIOR_SHAPE) / (_near(known.spans, hour) * mean + PRIOR_SHAPE)
        for hour in range(HOURS)
    )


def rate(arrivals: Arrivals | None, now: datetime, zone: str) -> float:
    """Return how many articles an hour are to be expected at that moment."""
    return rates(arrivals, now, zone)[_hour(now, zone)]


def expected(hourly: Sequence[float], begin: datetime, end: datetime, zone: str) -> float:
    """Return how many articles these rates let come between two moments, at most a week apart."""
    return sum(rate * part for rate, part in zip(hourly, _hours(begin, end, zone), strict=True))


def to_next_hour(moment: datetime, zone: str) -> tuple[int, float]:
    """Return the hour of day in `zone`, and the seconds until it is over."""
    local = moment.astimezone(ZoneInfo(zone))
    return local.hour, 3600 - (local.minute * 60 + local.second + local.microsecond / 1e6)


def _near(values: Sequence[float], hour: int) -> float:
    return sum(weight * values[(hour + step) % HOURS] for step, weight in _SMOOTH)


def _hour(moment: datetime, zone: str) -> int:
    return to_next_hour(moment, zone)[0]


def _hours(begin: datetime, end: datetime, zone: str) -> list[float]:
    """Return how much of each hour of day lies between two moments, in hours; only the last week counts."""
    parts = [0.0] * HOURS
    begin = max(begin, end - timedelta(hours=LONGEST))
    while begin < end:
        hour, left = to_next_hour(begin, zone)
        step = min(left, (end - begin).total_seconds())
        parts[hour] += step / 3600
        begin += timedelta(seconds=max(step, 1e-3))
    return parts


def _reach(past: Arrivals | None, fresh: Sequence[Entry], listing: ListWrite, now: datetime) -> Reach | None:
    """Estimate how far back a list goes: by its dates, and by how much of it changed since the last poll."""
    before = past.reach.get(listing.url) if past else None
    by_date = _by_date(listing.entries, now)
    by_turnover = _by_turnover(fresh, listing, now)
    if by_turnover is not None and by_date is None and before is not None:
        by_turnover = min(by_turnover, GROWTH * before.seconds)
    if by_date is not None and len(fresh) < LATE * len(listing.entries):
        by_turnover = None  # few new ones say little, and the dates say it better
    found = [seconds for seconds in (by_date, by_turnover) if seconds is not None]
    return Reach(max(min(found), 1.0), now) if found else before


def _by_date(entries: Sequence[Entry], now: datetime) -> float | None:
    ages = sorted(
        max((now - entry.published_at).total_seconds(), 0.0) for entry in entries if entry.published_at is not None
    )
    if len(ages) < DATED or 2 * len(ages) < len(entries):
        return None
    return ages[int(RESTING * (len(ages) - 1))]


def _by_turnover(fresh: Sequence[Entry], listing: ListWrite, now: datetime) -> float | None:
    if listing.first or listing.since is None or not fresh or len(listing.entries) < DATED:
        return None
    elapsed = (now - listing.since).total_seconds()
    if elapsed <= 0:
        return None
    return elapsed / 2 if too_late(len(fresh), listing) else elapsed * len(listing.entries) / len(fresh)
