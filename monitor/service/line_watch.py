"""How the line is just now, for every page: sources, channels, what waits. Asked once for all who look within a few seconds."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from monitor.model.records import ChannelRecord, DeliveryRecord, HitQuery, ScheduleRecord, SourceRecord, TimelinePoint
from monitor.model.rhythm import Rhythm
from monitor.service.asked_once import AskedOnce
from monitor.service.poll_schedule import usual_days
from monitor.service.queries import Queries

SECONDS: Final = 5.0
"""How old an answer may be before it is asked anew; meanwhile the one before is shown (AskedOnce)."""
RATES_SECONDS: Final = 60.0
"""How long it holds how much each rule finds."""
PACES_SECONDS: Final = 30.0
"""How long it holds when sources are polled and how quick their news is."""
TRIED: Final = "tried"
"""The state of a channel that was opened by hand and whose receiver has not answered yet."""
MOST_HELD: Final = 500
HOURS: Final = 24
DAYS: Final = 30
PIECE: Final = timedelta(days=10)
WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class LineSummary:
    """How the line was at `as_of` (UTC): its sources and channels by id, what is wrong with all sources at once ("": nothing)."""

    as_of: datetime
    sources: tuple[SourceRecord, ...]
    channels: tuple[ChannelRecord, ...]
    outage: str = ""

    @property
    def watched(self) -> tuple[SourceRecord, ...]:
        """Return the sources that are to be polled."""
        return tuple(one for one in self.sources if one.enabled and not one.gone)

    @property
    def ill(self) -> tuple[SourceRecord, ...]:
        """Return those of the watched that have an alarm up, were not polled in time, or fail."""
        return tuple(one for one in self.watched if is_ill(one))

    def source(self, source_id: str) -> SourceRecord | None:
        """Return the source of that id, None for none."""
        return next((one for one in self.sources if one.id == source_id), None)

    @property
    def in_use(self) -> tuple[ChannelRecord, ...]:
        """Return the channels that the configuration does not switch off."""
        return tuple(one for one in self.channels if one.state != "off")

    @property
    def closed(self) -> tuple[ChannelRecord, ...]:
        """Return the channels in use that take nothing: shut, failing, or tried and not answered yet."""
        return tuple(one for one in self.in_use if one.state != "open")

    @property
    def waiting(self) -> int:
        """Return how many messages and notifications are still to be sent."""
        return sum(one.waiting + one.held for one in self.channels)

    @property
    def last_look_at(self) -> datetime | None:
        """Return when any source was looked at last with success; None before the first."""
        return max((one.last_success_at for one in self.sources if one.last_success_at), default=None)

    @property
    def last_sent_at(self) -> datetime | None:
        """Return when any channel took a message last; None before the first."""
        return max((one.last_done_at for one in self.channels if one.last_done_at), default=None)

    @property
    def read_today(self) -> int:
        """Return how many articles were read in the last 24 hours."""
        return sum(one.articles_24h for one in self.sources)


def is_ill(source: SourceRecord) -> bool:
    """Return whether a watched source needs a look: an alarm is up, it fails, or it was not polled in time."""
    return bool(source.problem or source.overdue or source.last_error)


@dataclass(frozen=True, slots=True)
class RuleRates:
    """How many hits each rule had: in each of the last HOURS hours, and on each of the last DAYS days of the zone; oldest first.

    `first_day` is the oldest of these days, in the zone.
    """

    hourly: Mapping[str, tuple[int, ...]]
    daily: Mapping[str, tuple[int, ...]]
    first_day: date

    def last_day(self, rule_id: str) -> int:
        """Return the hits of a rule in the last 24 hours."""
        return sum(self.hourly.get(rule_id, ()))

    def usual(self, rule_id: str) -> float:
        """Return the hits of a rule on one of the days before today."""
        before = self.daily.get(rule_id, ())[:-1]
        return sum(before) / len(before) if before else 0.0


@dataclass(frozen=True, slots=True)
class SourcePaces:
    """By id of the source: when it is polled and why, when its articles come, and the record with how quick its news was.

    `usual` is how many articles a day like the last one brings, `week` how many hits the last 7 days had; those of which nothing
    is known, and those without any, are left out.
    """

    schedules: Mapping[str, ScheduleRecord]
    rhythms: Mapping[str, Rhythm]
    measured: Mapping[str, SourceRecord]
    usual: Mapping[str, float] = field(default_factory=dict)
    week: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenedByHand:
    """A channel that a person opens `at` (UTC), untested; `record` is how it fared before, and by `done_at` it was open."""

    at: datetime
    record: ChannelRecord
    done_at: datetime | None = None


def still_tried(record: ChannelRecord, opened: OpenedByHand) -> bool:
    """Return whether a channel that was opened by hand has not been answered yet: only an answer shows that it takes anything."""
    answered = record.last_done_at is not None and record.last_done_at >= opened.at
    return record.state == "open" and record.waiting > 0 and not answered


class LineWatch:
    """Knows how the line is and how much each rule finds; who asks while another one is asking gets the same answer."""

    def __init__(self, queries: Queries, clock: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        """Ask through `queries`; `clock` says when an answer was true, `monotonic` how old it is."""
        self._queries = queries
        self._clock = clock
        self._past: list[TimelinePoint] = []
        self._past_until: datetime | None = None
        self._opened: dict[str, OpenedByHand] = {}
        self._summary = AskedOnce(self._ask_summary, SECONDS, monotonic)
        self._rates = AskedOnce(self._ask_rates, RATES_SECONDS, monotonic)
        self._held = AskedOnce(lambda: queries.deliveries("held", MOST_HELD), SECONDS, monotonic)
        self._paces = AskedOnce(self._ask_paces, PACES_SECONDS, monotonic)

    async def summary(self) -> LineSummary:
        """Return how the line was at its `as_of`; it is asked anew after SECONDS. Raises StoreError."""
        return await self._summary.answer()

    async def rates(self) -> RuleRates:
        """Return how much each rule finds; it is asked anew after RATES_SECONDS. Raises StoreError."""
        return await self._rates.answer()

    async def held(self) -> tuple[DeliveryRecord, ...]:
        """Return what is held, the newest MOST_HELD; it is asked anew after SECONDS. Raises StoreError."""
        return await self._held.answer()

    async def paces(self) -> SourcePaces:
        """Return how the sources are paced; it is asked anew after PACES_SECONDS. Raises StoreError."""
        return await self._paces.answer()

    def warm(self) -> None:
        """Begin to count what each rule found in DAYS days, so that the first who looks does not wait for it."""
        self._rates.begin()

    def forget(self) -> None:
        """Look anew at the next question, because somebody has just changed something."""
        self._summary.forget()
        self._held.forget()

    async def before_opening(self, channel_id: str) -> OpenedByHand | None:
        """Return how a channel that is about to be opened fares; None for one that takes messages. Raises StoreError."""
        self._summary.forget()
        closed = (await self._summary.answer()).closed
        return next(
            (OpenedByHand(self._clock(), one) for one in closed if one.id == channel_id and one.state != TRIED), None
        )

    def opened_untested(self, opened: OpenedByHand) -> None:
        """Show a channel that was just opened as tried until its receiver has answered."""
        self._opened[opened.record.id] = replace(opened, done_at=self._clock())
        self.forget()

    async def aclose(self) -> None:
        """Leave off asking."""
        await self._summary.aclose()
        await self._rates.aclose()
        await self._paces.aclose()
        await self._held.aclose()

    async def _ask_summary(self) -> LineSummary:
        now = self._clock()
        sources = await self._queries.sources(now)
        channels = self._as_tried(await self._queries.channels(now), now)
        return LineSummary(now, sources, channels, await self._queries.outage())

    def _as_tried(self, channels: Sequence[ChannelRecord], asked_at: datetime) -> tuple[ChannelRecord, ...]:
        """Return the channels, those that wait for their first answer as TRIED, since when and why they took nothing before.

        What was asked before a channel was open says nothing of it.
        """
        tried = {one.id for one in channels if one.id in self._opened and still_tried(one, self._opened[one.id])}
        self._opened = {
            name: opened
            for name, opened in self._opened.items()
            if name in tried or (opened.done_at is not None and asked_at < opened.done_at)
        }
        return tuple(
            replace(
                one, state=TRIED, since=self._opened[one.id].record.since, reason=self._opened[one.id].record.reason
            )
            if one.id in tried
            else one
            for one in channels
        )

    async def _ask_paces(self) -> SourcePaces:
        now = self._clock()
        line = await self._summary.answer()
        rhythms = await self._queries.rhythms()
        return SourcePaces(
            schedules={one.id: one for one in await self._queries.schedule(now)},
            rhythms=rhythms,
            measured={one.id: one for one in await self._queries.measured(line.watched, now)},
            usual=usual_days(await self._queries.plan(), rhythms, now),
            week=await self._queries.hits_by_source(now - WEEK, now),
        )

    async def _ask_rates(self) -> RuleRates:
        now = self._clock()
        zone = ZoneInfo((await self._queries.plan()).zone)
        today = now.astimezone(zone).date()
        first = datetime.combine(today - timedelta(days=DAYS - 1), time(), zone)
        midnight = datetime.combine(today, time(), zone)
        if self._past_until != midnight:  # of days that are over nothing changes
            self._past = [point for span in _spans(first, midnight) for point in await self._days(*span, now)]
            self._past_until = midnight
        points = (*self._past, *await self._days(midnight, None, now))
        end = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        hours = await self._queries.timeline(HitQuery(since=end - timedelta(hours=HOURS)), "hour", now)
        return RuleRates(
            hourly=_placed(hours, HOURS, lambda point: HOURS - math.ceil((end - point.begins) / timedelta(hours=1))),
            daily=_placed(points, DAYS, lambda point: (point.begins.astimezone(zone).date() - first.date()).days),
            first_day=first.date(),
        )

    async def _days(self, since: datetime, until: datetime | None, now: datetime) -> tuple[TimelinePoint, ...]:
        bounds = HitQuery(since=since.astimezone(UTC), until=None if until is None else until.astimezone(UTC))
        return await self._queries.timeline(bounds, "day", now)


def _spans(since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield pieces of a time: a question about all of it may take too long while the database has other work."""
    while since < until:
        yield since, min(since + PIECE, until)
        since += PIECE


def _placed(
    points: Sequence[TimelinePoint], pieces: int, place: Callable[[TimelinePoint], int]
) -> Mapping[str, tuple[int, ...]]:
    """Return counts by rule, each in its place of so many pieces of time; what lies outside is left out."""
    found: dict[str, list[int]] = {}
    for point in points:
        if 0 <= (at := place(point)) < pieces:
            found.setdefault(point.rule_id, [0] * pieces)[at] += point.hits
    return {rule: tuple(hits) for rule, hits in found.items()}
