"""How often does something new come, and is the present silence longer than that explains? Pure.

Rates are learned by hour of day and by day type, and multiplied: an hour's rate is the hour's own mean times how much
workdays or weekends differ from the mean. Articles come in bursts, so a silence is judged by a negative binomial count:
with A articles expected since the last one, and variance D times the mean, none at all has probability
exp(-A ln D / (D - 1)) (exp(-A) for D = 1, the Poisson case).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from math import log
from typing import Final

from monitor.health.memory import ArrivalMemory

KST: Final = timezone(timedelta(hours=9))
SILENCE: Final = 9.2  # -ln of the probability below which silence is no chance: one in ten thousand
HISTORY: Final = 14 * 24.0  # hours of watching without which nothing is judged
LONGEST_STEP: Final = 3.0  # hours; a longer pause between two polls teaches nothing of the hour of day
HALF_LIFE: Final = 28 * 24.0  # hours of watching
BLOCK: Final = 1.0  # hours over which bursts are measured
_PRIOR: Final = 3.0  # hours that an hour of day counts as having gone by at the overall rate
_LEAST_SPAN: Final = 1.0  # hours: an article in the first seconds is no rate of thousands an hour
_SATURDAY: Final = 5
_EVEN: Final = 1.05  # variance over mean below which arrivals count as Poisson


def remember(rhythm: ArrivalMemory, since: datetime | None, now: datetime, new: int) -> ArrivalMemory:
    """Take a good poll into the memory: `new` articles came since the good poll at `since` (None: there was none)."""
    hours = (now - since).total_seconds() / 3600 if since else 0.0
    if not 0 < hours <= LONGEST_STEP:
        return replace(rhythm, expected=0.0, last_new=now) if new else rhythm
    due = rate(rhythm, now) * hours
    rhythm = _burst(_learn(rhythm, now, hours, new), due, hours, new)
    if new:
        return replace(rhythm, expected=0.0, last_new=now)
    return replace(rhythm, expected=rhythm.expected + due)


def rate(rhythm: ArrivalMemory, now: datetime) -> float:
    """Return how many articles an hour are usual at this time of day and week; 0 before anything is known."""
    span = sum(rhythm.hour_span)
    if span <= 0:
        return 0.0
    mean = sum(rhythm.hour_count) / max(span, _LEAST_SPAN)
    local = now.astimezone(KST)
    hour = (rhythm.hour_count[local.hour] + _PRIOR * mean) / (rhythm.hour_span[local.hour] + _PRIOR)
    kind = _type(local)
    level = (rhythm.type_count[kind] + _PRIOR * mean) / (rhythm.type_span[kind] + _PRIOR)
    return hour * level / mean if mean > 0 else 0.0


def silent(rhythm: ArrivalMemory) -> bool:
    """Return whether nothing new has come for longer than the source's rhythm explains."""
    return rhythm.known_hours >= HISTORY and surprise(rhythm) >= SILENCE


def surprise(rhythm: ArrivalMemory) -> float:
    """Return minus the natural logarithm of the probability of the present silence."""
    spread = rhythm.chi / rhythm.blocks if rhythm.blocks else 1.0
    return rhythm.expected * (log(spread) / (spread - 1) if spread > _EVEN else 1.0)


def _type(local: datetime) -> int:
    return int(local.weekday() >= _SATURDAY)


def _learn(rhythm: ArrivalMemory, now: datetime, hours: float, new: int) -> ArrivalMemory:
    """Count an interval under its hour of day and its day type; the past fades."""
    keep = 0.5 ** (hours / HALF_LIFE)
    local = now.astimezone(KST)

    def add(values: tuple[float, ...], place: int, more: float) -> tuple[float, ...]:
        return tuple(value * keep + (more if index == place else 0.0) for index, value in enumerate(values))

    kind = _type(local)
    return replace(
        rhythm,
        hour_count=add(rhythm.hour_count, local.hour, new),
        hour_span=add(rhythm.hour_span, local.hour, hours),
        type_count=add(rhythm.type_count, kind, new),
        type_span=add(rhythm.type_span, kind, hours),
        known_hours=min(rhythm.known_hours + hours, 2 * HISTORY),
    )


def _burst(rhythm: ArrivalMemory, due: float, hours: float, new: int) -> ArrivalMemory:
    """Measure bursts: Pearson's statistic of the counts of whole blocks, once rates are known for some days."""
    count, expected = rhythm.block_count + new, rhythm.block_expected + due
    span = rhythm.block_hours + hours
    if span < BLOCK:
        return replace(rhythm, block_count=count, block_expected=expected, block_hours=span)
    keep = 0.5 ** (span / HALF_LIFE)
    taught = expected > 0 and rhythm.known_hours > HISTORY / 4
    return replace(
        rhythm,
        chi=rhythm.chi * keep + ((count - expected) ** 2 / max(expected, 0.05) if taught else 0.0),
        blocks=rhythm.blocks * keep + (1.0 if taught else 0.0),
        block_count=0.0,
        block_expected=0.0,
        block_hours=0.0,
    )
