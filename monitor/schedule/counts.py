"""What the one learner of rhythm expects of a rule that is counted hour by hour. Pure.

The hours of a rule's past are laid into the memory that a source's lists fill (rates.py says how it is read): what is two weeks
old counts half, and days are of three types. Half a story is added to what was seen, so that of a rule without any something
is expected and the first stories have a chance. What was learned holds for hours: `count_rhythm` costs milliseconds, `usual_counts`
microseconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from monitor.model.counting import HOUR, HourlyCounts, UsualCounts
from monitor.model.rhythm import SLOTS, Arrivals
from monitor.schedule.hours import slot, stretches
from monitor.schedule.rates import HALF_LIFE, usual_rates

PRIOR: Final = 0.5  # stories
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class CountRhythm:
    """The rates of a rule, an hour: `by_slot` of `zone`, their `mean` of a week, and what they make of each hour learned from."""

    by_slot: tuple[float, ...]
    hourly: tuple[float, ...]
    mean: float
    zone: str


def count_rhythm(past: HourlyCounts, until: datetime, zone: str) -> CountRhythm:
    """Return what the hours of the past that end by `until` teach."""
    learned = min(max((until - past.start) // HOUR, 0), len(past.counts))
    places = [slot(past.start + hour * HOUR, zone) for hour in range(learned)]
    counts, spans = [0.0] * SLOTS, [0.0] * SLOTS
    for hour in range(learned):
        if hour not in past.told:
            weight = 0.5 ** ((learned - hour) / HALF_LIFE)
            counts[places[hour]] += weight * past.counts[hour]
            spans[places[hour]] += weight * past.watched[hour]
    end = past.start + learned * HOUR
    by_slot = usual_rates(Arrivals(end, _with_prior(counts, spans), tuple(spans)), end, zone)
    hourly = tuple(by_slot[place] * watched for place, watched in zip(places, past.watched, strict=False))
    week = sum(by_slot[place] * part for place, part in stretches(end - _WEEK, end, zone))
    return CountRhythm(by_slot, hourly, week * HOUR / _WEEK, zone)


def usual_counts(rhythm: CountRhythm, past: HourlyCounts, now: datetime, window: timedelta) -> UsualCounts:
    """Return what is usual in the window that ends now; of `past` it is asked when the sources were polled."""
    due = [*_window(rhythm, past, now, window)]
    heard = sum(part * share for part, share in due)
    return UsualCounts(rhythm.hourly, sum(part for part, _ in due), heard, rhythm.mean)


def _window(rhythm: CountRhythm, past: HourlyCounts, now: datetime, window: timedelta) -> Iterator[tuple[float, float]]:
    """Yield what is due in each hour of the window, and the share of that hour which was watched."""
    moment = now - window
    for place, part in stretches(moment, now, rhythm.zone, window):
        hour = (moment - past.start) // HOUR
        yield rhythm.by_slot[place] * part, past.watched[hour] if 0 <= hour < len(past.watched) else 1.0
        moment += timedelta(hours=part)


def _with_prior(counts: Sequence[float], spans: Sequence[float]) -> tuple[float, ...]:
    """Return the counts with PRIOR more, where they are, or spread over the hours watched where there are none."""
    seen = sum(counts)
    if seen > 0:
        return tuple(count * (seen + PRIOR) / seen for count in counts)
    total = max(sum(spans), 1.0)
    return tuple(PRIOR * span / total for span in spans)
