"""Moments -> counts: in sliding windows, in hours, and how unevenly the hours are filled. Pure.

Windows are half-open: what came exactly one window ago is not in it any more, what comes this moment is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Final

from monitor.model.counting import HOUR, HourlyCounts, UsualCounts

MEASURED: Final = 28 * 24
"""Hours of the past over which unevenness is measured."""

_KEPT: Final = 0.995  # beyond this quantile a deviation counts as that quantile: one old spike must not excuse the next
_LEAST: Final = 0.05  # expected in a block; below it a single story would be a deviation beyond measure


def count_within(moments: Sequence[datetime], now: datetime, window: timedelta) -> int:
    """Return how many of the moments (ascending) lie in the window that ends now."""
    return max(bisect_right(moments, now) - bisect_right(moments, now - window), 0)


def hour_of(moment: datetime) -> datetime:
    """Return the beginning of the hour that a moment lies in, in UTC."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def by_hour(moments: Sequence[datetime], begin: datetime, end: datetime) -> tuple[int, ...]:
    """Return how many moments lie in each whole hour from that of `begin` up to, not with, that of `end`."""
    start = hour_of(begin)
    counts = [0] * max((hour_of(end) - start) // HOUR, 0)
    for moment in moments:
        place = (moment - start) // HOUR
        if 0 <= place < len(counts):
            counts[place] += 1
    return tuple(counts)


@dataclass(frozen=True, slots=True)
class Learned:
    """What a past teaches beside its rates: how many hours of it were watched, and the variance of counts over their mean.

    `spread` is that of hours of any kind, `bulk` that of those in which something is due.
    """

    known: float
    spread: float
    bulk: float


def learned(past: HourlyCounts, usual: UsualCounts, window: timedelta) -> Learned:
    """Return what the past before a window teaches; it holds as long as `usual.hourly` does."""
    blocks = _blocks(past, usual, window)
    return Learned(past.known, _mean([(stray, 1.0) for stray, _ in blocks]), _mean(blocks))


def _blocks(past: HourlyCounts, usual: UsualCounts, window: timedelta) -> list[tuple[float, float]]:
    """Return how far the counts of the last four weeks stray, (squared deviation over what was due, what was due).

    They are taken by blocks of the window's own length, a whole number of hours up to a day: what comes in bursts of three
    hours is more uneven by the day than by the hour.
    """
    size = min(max(ceil(window / HOUR), 1), 24)
    blocks: list[tuple[float, float]] = []
    latest = len(usual.hourly)
    for end in range(latest, max(latest - MEASURED, 0) + size - 1, -size):
        here = slice(end - size, end)
        if sum(past.watched[here]) < size or not past.told.isdisjoint(range(end - size, end)):
            continue
        due = max(sum(usual.hourly[here]), _LEAST)
        blocks.append(((sum(past.counts[here]) - due) ** 2 / due, due))
    return blocks


def _mean(blocks: Sequence[tuple[float, float]]) -> float:
    """Return the mean of deviations by their weights, at least 1; the greatest count as their quantile _KEPT."""
    if not blocks:
        return 1.0
    ranked = sorted(stray for stray, _ in blocks)
    most = ranked[min(ceil(_KEPT * len(ranked)), len(ranked)) - 1]
    return max(sum(min(stray, most) * weight for stray, weight in blocks) / sum(weight for _, weight in blocks), 1.0)
