"""What a source's lists teach of how often, and at which hours of which days, it publishes. Pure.

The one learner of a source's rhythm: polling and the judgement of a silence read the same memory (rates.py says how). A
poll whose lists did not change teaches nothing here; its hours count as watched when the memory is next read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from monitor.model.article import Entry, ListWrite
from monitor.model.rhythm import LONGEST_STEP, Arrivals, BurstBlock, Reach
from monitor.schedule.hours import LONGEST, slot, stretches
from monitor.schedule.rates import HALF_LIFE, expected, usual_rates, watched

DATED: Final = 5  # entries with a date from which a list tells by itself how far back it goes
RESTING: Final = 0.8  # of these, by age: what lies deeper may be pinned there
LATE: Final = 0.5  # share of new entries from which the turnover counts beside the dates
GROWTH: Final = 2.0  # how much further back a list may be thought to go after each poll, by turnover alone
BLOCK: Final = 1.0  # hours over which bursts are measured
RATES_KNOWN: Final = 84.0  # hours of watching, as far as they have not faded, from which bursts can be told from rates
_LEAST_EXPECTED: Final = 0.05  # articles; below it one article would be a burst beyond measure


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
        past = Arrivals(now - timedelta(seconds=window))
        begin = past.at
        fresh = [entry for entry in fresh if entry.published_at is not None and entry.published_at > begin]
    else:
        lost = timedelta(seconds=reach.seconds) if reach and too_late(len(fresh), listing) else timedelta(hours=LONGEST)
        begin = max(min(listing.since or past.at, now), now - lost)
        past = replace(past, at=max(past.at, now - lost))
        past = _taught(past, begin, now, len(fresh), zone)
    aged = watched(past, now, zone)
    counts = [*aged.counts]
    spread = [*stretches(begin, now, zone)]
    total = sum(part for _, part in spread)
    for entry in fresh:
        if entry.published_at is None:
            for place, part in spread:
                counts[place] += part / total if total else 0.0
        else:
            counts[slot(min(max(entry.published_at, begin), now), zone)] += 1
    return replace(aged, at=max(now, aged.at), counts=tuple(counts), reach=seen)


def too_late(new: int, listing: ListWrite) -> bool:
    """Return whether a list showed nothing that was known: what came between may have gone by unseen."""
    return not listing.first and len(listing.entries) >= DATED and new == len(listing.entries)


def _taught(past: Arrivals, begin: datetime, now: datetime, new: int, zone: str) -> Arrivals:
    """Measure bursts: Pearson's statistic of the counts of whole blocks; `new` came after the last good poll at `begin`."""
    begin = max(begin, past.at)
    if (now - begin).total_seconds() / 3600 > LONGEST_STEP:
        return replace(past, block=BurstBlock())
    by_slot = usual_rates(past, past.at, zone)
    for place, part in stretches(past.at, begin, zone):  # polls that showed nothing new
        left = part
        while left > 0:
            step = min(left, BLOCK - past.block.hours)
            past = _counted(past, 0, by_slot[place] * step, step)
            left -= step
    due = expected(by_slot, begin, now, zone)
    return _counted(past, new, due, (now - begin).total_seconds() / 3600)


def _counted(past: Arrivals, new: int, due: float, hours: float) -> Arrivals:
    """Take a stretch into the present block, and end it when it is long enough."""
    block = BurstBlock(past.block.count + new, past.block.expected + due, past.block.hours + hours)
    if block.hours < BLOCK:
        return replace(past, block=block)
    if block.expected <= 0 or sum(past.spans) < RATES_KNOWN:
        return replace(past, block=BurstBlock())
    keep = 0.5 ** (block.hours / HALF_LIFE)
    chi = (block.count - block.expected) ** 2 / max(block.expected, _LEAST_EXPECTED)
    return replace(past, chi=past.chi * keep + chi, blocks=past.blocks * keep + 1, block=BurstBlock())


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
