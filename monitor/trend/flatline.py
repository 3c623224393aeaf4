"""Less than usual, or nothing: a silence, judged as that of a source is. Pure.

A silence is counted over what was due while the sources were polled: nobody hears anything while nobody listens. Where a window
lets too few be expected, not even nothing at all in it would be rare, and a rule could never tell anything: `smallest_window`
says which one would do. Stories are taken to come in bursts as large as their unevenness allows, where something is due: how a night or a
Sunday on which nothing comes strays from the little that is still expected there says nothing of a working day. A rule without a window of its own is judged by the time since its last story.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil, log
from typing import Final

from monitor.model.counting import HOUR, UsualCounts
from monitor.trend.series import Learned, count_within
from monitor.trend.tail import at_most_in_bursts
from monitor.trend.verdict import LEARNING, RARE, CountVerdict

SILENCE: Final = -log(RARE)
"""Stories that must be expected, where they come by chance, for none at all to be rare: 9.2."""


def flatline(
    moments: Sequence[datetime],
    now: datetime,
    window: timedelta,
    usual: UsualCounts,
    past: Learned,
    least: int = 1,
) -> CountVerdict:
    """Return whether fewer than `least` of the moments (ascending, UTC) lie in the window that ends now, and rarely so few.

    `usual` and `past` are what was learned before the window.
    """
    count, due = count_within(moments, now, window), usual.heard
    chance = min(at_most_in_bursts(count, due, past.bulk) * _chances(due * HOUR / window, past.bulk), 1.0)
    silent = "learning" if past.known < LEARNING else ""
    return CountVerdict(
        "flatline",
        now,
        window,
        count,
        least,
        alarm=not silent and count < least and chance < RARE,
        calm=count >= least,
        expected=due,
        chance=chance,
        silent=silent,
    )


def smallest_window(rate: float, strays: float, least: int = 1) -> timedelta:
    """Return the smallest window, in whole hours, in which fewer than `least` can be rare, at `rate` an hour.

    SILENCE times `strays` (variance over mean) must be due in it, and more where more than one is asked for; timedelta.max at
    no rate at all.
    """
    due, chances = SILENCE * max(strays, 1.0) * (1 + 1e-6), _chances(rate, strays)
    while at_most_in_bursts(least - 1, due, strays) * chances >= RARE:
        due *= 1.02
    try:
        return timedelta(hours=ceil(round(due / rate, 9)))
    except (OverflowError, ZeroDivisionError):
        return timedelta.max


def _chances(rate: float, strays: float) -> float:
    """Return how many silences begin in an hour: one behind each burst. Each of them may be the one in ten thousand."""
    return max(rate / max(strays, 1.0), 1.0)
