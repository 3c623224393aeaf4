"""Is the present silence longer than the source's rhythm explains? Pure.

The rhythm is learned elsewhere (schedule/) and comes in as a value; what is summed here is how many articles it let expect
since the last one, over the hours in which the source answered. Articles come in bursts, so a silence is judged by a negative
binomial count: with A articles expected, and variance D times the mean, none at all has probability
exp(-A ln D / (D - 1)) (exp(-A) for D = 1, the Poisson case).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from math import log
from typing import Final

from monitor.health.memory import SourceSilence
from monitor.model.rhythm import LONGEST_STEP, UsualRhythm

SILENCE: Final = 9.2  # -ln of the probability below which silence is no chance: one in ten thousand
HISTORY: Final = 14 * 24.0  # hours of watching without which nothing is judged
_EVEN: Final = 1.05  # variance over mean below which arrivals count as Poisson


def remember(
    silence: SourceSilence, rhythm: UsualRhythm, since: datetime | None, now: datetime, new: int
) -> SourceSilence:
    """Take a good poll into the memory: `new` articles came since the good poll at `since` (None: there was none)."""
    hours = (now - since).total_seconds() / 3600 if since else 0.0
    heard = 0 < hours <= LONGEST_STEP
    known = min(silence.known_hours + hours, HISTORY) if heard else silence.known_hours
    if new:
        return SourceSilence(known, 0.0, now)
    return replace(silence, known_hours=known, expected=silence.expected + (rhythm.due if heard else 0.0))


def silent(silence: SourceSilence, rhythm: UsualRhythm) -> bool:
    """Return whether nothing new has come for longer than the source's rhythm explains."""
    return silence.known_hours >= HISTORY and surprise(silence, rhythm) >= SILENCE


def surprise(silence: SourceSilence, rhythm: UsualRhythm) -> float:
    """Return minus the natural logarithm of the probability of the present silence."""
    spread = rhythm.spread
    return silence.expected * (log(spread) / (spread - 1) if spread > _EVEN else 1.0)
