"""So many in a window: a count against a number that somebody chose. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.trend.series import count_within
from monitor.trend.verdict import CountVerdict


def frequency(moments: Sequence[datetime], now: datetime, window: timedelta, threshold: int) -> CountVerdict:
    """Return whether `threshold` or more of the moments (ascending, UTC) lie in the window that ends now."""
    count = count_within(moments, now, window)
    return CountVerdict("frequency", now, window, count, threshold, alarm=count >= threshold, calm=count < threshold)
