"""More than this hour of this type of day usually brings. Pure.

What is expected comes from the one learner of rhythm; how far counts stray from it, from their own last four weeks. A count
is negative binomial then, Poisson's where it does not stray: pick-ups and busy days widen what counts as usual by themselves.
While less than two weeks are known nothing is told: which hours are busy is not known yet, and each morning would be a spike.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from monitor.model.counting import UsualCounts
from monitor.trend.series import Learned, count_within
from monitor.trend.tail import at_least
from monitor.trend.verdict import LEARNING, RARE, USUAL, CountVerdict

LEAST: Final = 3
"""Stories below which nothing is a spike, however rare they are, unless a rule says otherwise."""


def spike(
    moments: Sequence[datetime],
    now: datetime,
    window: timedelta,
    usual: UsualCounts,
    past: Learned,
    least: int = LEAST,
) -> CountVerdict:
    """Return whether the moments (ascending, UTC) in the window that ends now are more than chance explains.

    `usual` and `past` are what was learned before the window.
    """
    count, due = count_within(moments, now, window), usual.due
    strays = past.strays(due)
    chance = at_least(count, due, strays)
    if past.known < LEARNING:
        return CountVerdict(
            "spike", now, window, count, least, calm=True, expected=due, chance=chance, silent="learning"
        )
    return CountVerdict(
        "spike",
        now,
        window,
        count,
        smallest_spike(due, strays, least),
        alarm=count >= least and chance < RARE,
        calm=chance > USUAL,
        expected=due,
        chance=chance,
    )


def smallest_spike(due: float, strays: float, least: int = LEAST) -> int:
    """Return the smallest count that is a spike where `due` are expected with variance `strays` times that."""
    low, high = least - 1, max(least, 1)
    while at_least(high, due, strays) >= RARE:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if at_least(middle, due, strays) < RARE else (middle, high)
    return high
