"""How often a source publishes at each hour of each type of day, by what its lists have taught. Pure.

Articles are counted beside the hours watched; both fade. The mean rate has a Gamma prior, and so has each factor around
it: an hour of which little is known is like the others of its day, a type of day is like the others, and an hour of one type
of day is what its hour and its type of day let expect. Two readings of the same memory: `rates` for polling, which must
not starve a source of which little is known, and `usual` for judging a silence, which must not take the prior for news.

One half-life serves both: with five days a source of two articles a day is called silent after ten days instead of five, and
a steady source is called silent without reason more often (python -m tests.bench.silence); with four weeks instead
of two, silences are told hardly sooner, and a source that changes its ways is learned anew half as fast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from monitor.model.rhythm import DAY_TYPES, HOURS, SLOTS, Arrivals, UsualRhythm
from monitor.schedule.hours import coming, slot, stretches

HALF_LIFE: Final = 14 * 24.0  # hours
PRIOR_RATE: Final = 10 / 24  # articles an hour
PRIOR_HOURS: Final = 6.0  # of watching that the prior rate is worth
PRIOR_HOUR: Final = 2.0  # articles that the evenness of a day is worth, at each hour
PRIOR_TYPE: Final = 4.0  # articles that the likeness of all days is worth, for each type
PRIOR_SLOT: Final = 6.0  # articles that the likeness of their hours is worth, at each hour of a type of day

_SMOOTH: Final = ((-1, 0.25), (0, 0.5), (1, 0.25))  # neighbouring hours are alike


def watched(past: Arrivals, now: datetime, zone: str) -> Arrivals:
    """Return what is known when nothing more has come until `now`: the past fades, the hours since count as watched."""
    hours = (now - past.at).total_seconds() / 3600
    if hours <= 0:
        return past
    keep = 0.5 ** (hours / HALF_LIFE)
    spans = [span * keep for span in past.spans]
    for place, part in stretches(past.at, now, zone):
        spans[place] += part
    return replace(past, at=now, counts=tuple(count * keep for count in past.counts), spans=tuple(spans))


def rates(arrivals: Arrivals | None, now: datetime, zone: str) -> tuple[float, ...]:
    """Return how many articles an hour are to be expected in each slot in `zone`; all above 0."""
    if arrivals is None:
        return (PRIOR_RATE,) * SLOTS
    known = watched(arrivals, now, zone)
    return _by_slot(known, (sum(known.counts) + PRIOR_RATE * PRIOR_HOURS) / (sum(known.spans) + PRIOR_HOURS))


def usual_rates(arrivals: Arrivals, now: datetime, zone: str) -> tuple[float, ...]:
    """Return how many articles an hour came in each slot in `zone`: no more than was seen, 0 where nothing was."""
    known = watched(arrivals, now, zone)
    return _by_slot(known, sum(known.counts) / max(sum(known.spans), 1.0))


def next_day(by_slot: Sequence[float], now: datetime, zone: str) -> tuple[float, ...]:
    """Return the rates of the next 24 hours, by hour of day."""
    return tuple(by_slot[place] for place in coming(now, zone))


def expected(by_slot: Sequence[float], begin: datetime, end: datetime, zone: str) -> float:
    """Return how many articles these rates let come between two moments, at most a week apart."""
    return sum(by_slot[place] * part for place, part in stretches(begin, end, zone))


def usual(arrivals: Arrivals | None, since: datetime | None, now: datetime, zone: str) -> UsualRhythm:
    """Return what is usual of a source now; `since` is its last good poll, None before the first."""
    if arrivals is None:
        return UsualRhythm()
    found = usual_rates(arrivals, now, zone)
    due = expected(found, since, now, zone) if since is not None else 0.0
    return UsualRhythm(found[slot(now, zone)], due, arrivals.chi / arrivals.blocks if arrivals.blocks else 1.0)


def _by_slot(known: Arrivals, mean: float) -> tuple[float, ...]:
    """Return the rate of each slot around the mean rate."""
    counts, spans = ([sum(values[hour::HOURS]) for hour in range(HOURS)] for values in (known.counts, known.spans))
    hourly = [mean * _factor(counts, [span * mean for span in spans], hour, PRIOR_HOUR) for hour in range(HOURS)]
    found: list[float] = []
    for kind in range(DAY_TYPES):
        here = slice(kind * HOURS, (kind + 1) * HOURS)
        came = known.counts[here]
        due = [span * rate for span, rate in zip(known.spans[here], hourly, strict=True)]
        level = (sum(came) + PRIOR_TYPE) / (sum(due) + PRIOR_TYPE)
        due = [level * one for one in due]
        found += [hourly[hour] * level * _factor(came, due, hour, PRIOR_SLOT) for hour in range(HOURS)]
    return tuple(found)


def _factor(came: Sequence[float], due: Sequence[float], hour: int, prior: float) -> float:
    """Return how many came for one that was due around that hour; as if `prior` of both had been seen before."""
    return (_near(came, hour) + prior) / (_near(due, hour) + prior)


def _near(values: Sequence[float], hour: int) -> float:
    return sum(weight * values[(hour + step) % HOURS] for step, weight in _SMOOTH)
