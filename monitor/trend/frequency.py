"""So many in a window: a count against a number that somebody chose. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from monitor.trend.incident import CALM
from monitor.trend.series import count_within
from monitor.trend.verdict import CountVerdict


def frequency(moments: Sequence[datetime], now: datetime, window: timedelta, threshold: int) -> CountVerdict:
    """Return whether `threshold` or more of the moments (ascending, UTC) lie in the window that ends now."""
    count = count_within(moments, now, window)
    return CountVerdict("frequency", now, window, count, threshold, alarm=count >= threshold, calm=count < threshold)


def incidents(moments: Sequence[datetime], window: timedelta, threshold: int) -> int:
    """Return how many incidents there were in the moments (ascending): each is over when the count was below for CALM."""
    return len(incident_starts(moments, window, threshold))


def incident_starts(moments: Sequence[datetime], window: timedelta, threshold: int) -> list[datetime]:
    """Return when each of these incidents began: with the moment that reached the threshold."""
    found: list[datetime] = []
    quiet_from = datetime.min.replace(tzinfo=UTC)
    for place in range(threshold - 1, len(moments)):
        if moments[place] - moments[place - threshold + 1] >= window:
            continue
        if moments[place] >= quiet_from:
            found.append(moments[place])
        quiet_from = moments[place - threshold + 1] + window + CALM
    return found
