"""What a rule over counts has counted so far, kept for an hour in the process.

To count twelve weeks costs the database most of a second, the last hour a millisecond: each look asks for what came since the
edge of what is kept alone. What is stored an hour late or later is counted when the history is asked for anew.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from monitor.model.counting import HOUR, HourlyCounts, UsualCounts
from monitor.model.plan import CountRule
from monitor.schedule.counts import CountRhythm, count_rhythm, usual_counts
from monitor.store.write.count_alerts import CountAlerts
from monitor.store.write.count_store import CountStore
from monitor.store.write.watch_store import WatchStore
from monitor.trend.new_term import MEMORY
from monitor.trend.series import Learned, by_hour, hour_of, learned
from monitor.trend.watched import shares, untaught

LEARNED: Final = timedelta(days=84)
"""How much of the past teaches what is usual: of older weeks hardly anything would count."""

SHOWN: Final = 48
"""Hours that an alert shows."""

_BACK: Final = {"frequency": timedelta(), "spike": LEARNED, "flatline": LEARNED, "new_term": MEMORY}
"""How much of the past each type learns from."""


@dataclass(slots=True)
class CountHistory:
    """The past of one rule: `moments` (ascending, UTC) up to `now`; `slots` say when the sources were polled."""

    now: datetime
    moments: Sequence[datetime]
    slots: Mapping[datetime, int]
    past: HourlyCounts
    learned_until: dict[datetime, CountRhythm] = field(default_factory=dict)
    shapes: dict[tuple[datetime, int], Learned] = field(default_factory=dict)

    def usual(self, window: timedelta, zone: str) -> tuple[UsualCounts, Learned]:
        """Return what is usual in the window that ends now, and how unevenly it comes, learned from before the window."""
        until = hour_of(self.now - window)
        rhythm = self.learned_until.get(until)
        if rhythm is None:
            rhythm = self.learned_until[until] = count_rhythm(self.past, until, zone)
        usual, blocks = usual_counts(rhythm, self.past, self.now, window), ceil(window / HOUR)
        shape = self.shapes.get((until, blocks))
        if shape is None:
            shape = self.shapes[until, blocks] = learned(self.past, usual, window)
        return usual, shape

    @property
    def shown(self) -> tuple[datetime, tuple[int, ...]]:
        """Return the hour from which on an alert shows the series, and its counts; the last hour is not over."""
        end = hour_of(self.now) + HOUR
        begin = end - SHOWN * HOUR
        return begin, by_hour(self.moments, begin, end)


@dataclass(slots=True)
class _Kept:
    """What is kept of a rule until its hour is over: moments, their `hours` and what was `watched` from `start` up to the `edge`."""

    rule: CountRule
    hour: datetime
    start: datetime
    edge: datetime
    moments: Sequence[datetime]
    hours: tuple[int, ...]
    slots: Mapping[datetime, int]
    watched: tuple[float, ...]
    told: Sequence[tuple[datetime, datetime | None]]
    learned_until: dict[datetime, CountRhythm] = field(default_factory=dict)
    shapes: dict[tuple[datetime, int], Learned] = field(default_factory=dict)


@dataclass(slots=True)
class CountHistories:
    """The histories of all rules over counts."""

    counts: CountStore
    watch: WatchStore
    alerts: CountAlerts
    _kept: dict[str, _Kept] = field(default_factory=dict)

    async def of(self, rule: CountRule, now: datetime) -> CountHistory:
        """Return the past of a rule as it is now. Raises StoreError."""
        kept = self._kept.get(rule.rule.id)
        if kept is None or kept.rule != rule or kept.hour != hour_of(now):
            kept = self._kept[rule.rule.id] = await self._asked(rule, now)
        fresh = await self.counts.moments(rule.of, rule.unit, kept.edge, now)
        slots = {**kept.slots, **await self.watch.watched(kept.hour - HOUR)}
        moments = (*kept.moments, *fresh)
        watched = (*kept.watched, *shares(slots, kept.edge, now))
        latest_ones = moments[bisect_left(kept.moments, kept.edge) :]
        hours = (*kept.hours, *by_hour(latest_ones, kept.edge, hour_of(now) + HOUR))
        past = HourlyCounts(hour_of(kept.start), hours, watched, untaught(watched, kept.start, kept.told))
        return CountHistory(now, moments, slots, past, kept.learned_until, kept.shapes)

    async def _asked(self, rule: CountRule, now: datetime) -> _Kept:
        """Ask the store for all of a rule's past that is needed."""
        hour, window = hour_of(now), timedelta(seconds=rule.seconds)
        learns = _BACK[rule.type]
        back = max(window, SHOWN * HOUR) + learns
        start, edge = hour - back, hour - HOUR
        moments = await self.counts.moments(rule.of, rule.unit, start, edge)
        slots = await self.watch.watched(start) if learns else {}
        return _Kept(
            rule,
            hour,
            start,
            edge,
            moments,
            by_hour(moments, start, edge),
            slots,
            shares(slots, start, edge)[:-1],
            await self.alerts.incidents(rule.rule.id, rule.type, start) if learns else (),
        )

    def forget(self, known: Sequence[str]) -> None:
        """Drop what is kept of rules that are not among the known ones (ids)."""
        for rule_id in self._kept.keys() - set(known):
            del self._kept[rule_id]


def latest(moments: Sequence[datetime], now: datetime) -> datetime | None:
    """Return the last of the moments (ascending) that is not later than now."""
    place = bisect_right(moments, now)
    return moments[place - 1] if place else None
