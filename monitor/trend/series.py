"""Moments -> counts: in sliding windows, in hours, and how unevenly the hours are filled. Pure.

Windows are half-open: what came exactly one window ago is not in it any more, what comes this moment is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil, sqrt
from statistics import fmean
from typing import Final

from monitor.model.counting import HOUR, HourlyCounts, UsualCounts

MEASURED: Final = 28 * 24
"""Hours of the past over which unevenness is measured."""

_KEPT: Final = 0.995  # beyond this quantile a deviation counts as that quantile: one old spike must not excuse the next
_SURE: Final = 3.0  # standard errors that are taken off a slope
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
    """What a past teaches beside its rates: how many hours of it were watched, and how far their counts stray.

    The variance of a count over what is due is `spread` + `gain` x due: what comes in bursts widens all hours alike
    (`spread`), busy and slack days widen the busy hours most (`gain`). `bulk` is what it is on average of the stories due.
    """

    known: float
    spread: float
    gain: float
    bulk: float

    def strays(self, due: float) -> float:
        """Return the variance of counts over their mean where `due` are expected."""
        return self.spread + self.gain * due


def learned(past: HourlyCounts, usual: UsualCounts, window: timedelta) -> Learned:
    """Return what the past before a window teaches; it holds as long as `usual.hourly` does."""
    strays, due = _blocks(past, usual, window)
    if not strays:
        return Learned(past.known, 1.0, 0.0, 1.0)
    spread, gain = _line(due, strays)
    return Learned(past.known, spread, gain, max(fmean(strays, weights=due), 1.0))


def _line(due: Sequence[float], strays: Sequence[float]) -> tuple[float, float]:
    """Return how far counts stray where nothing is due (at least 1), and how much farther for each story that is.

    The slope is that of least squares less _SURE standard errors: one that chance explains would excuse the busiest hours of
    a past whose bursts are the same at all hours.
    """
    level, where = fmean(strays), fmean(due)
    wide = sum((one - where) ** 2 for one in due)
    if len(due) <= 2 or wide <= 0:  # noqa: PLR2004 - two points lie on a line without an error
        return max(level, 1.0), 0.0
    slope = sum((one - where) * stray for one, stray in zip(due, strays, strict=True)) / wide
    left = sum((stray - level - slope * (one - where)) ** 2 for one, stray in zip(due, strays, strict=True))
    gain = max(slope - _SURE * sqrt(left / (len(due) - 2) / wide), 0.0)
    return max(level - gain * where, 1.0), gain


def _blocks(past: HourlyCounts, usual: UsualCounts, window: timedelta) -> tuple[list[float], list[float]]:
    """Return how far the counts of the last four weeks stray (squared deviation over what was due), and what was due.

    They are taken by blocks of the window's own length, a whole number of hours up to a day: what comes in bursts of three
    hours is more uneven by the day than by the hour. The greatest count as their quantile _KEPT.
    """
    size = min(max(ceil(window / HOUR), 1), 24)
    strays: list[float] = []
    expected: list[float] = []
    latest = len(usual.hourly)
    for end in range(latest, max(latest - MEASURED, 0) + size - 1, -size):
        here = slice(end - size, end)
        if sum(past.watched[here]) < size or not past.told.isdisjoint(range(end - size, end)):
            continue
        due = max(sum(usual.hourly[here]), _LEAST)
        strays.append((sum(past.counts[here]) - due) ** 2 / due)
        expected.append(due)
    most = sorted(strays)[min(ceil(_KEPT * len(strays)), len(strays)) - 1] if strays else 0.0
    return [min(stray, most) for stray in strays], expected
