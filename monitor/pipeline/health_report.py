"""What a poll showed of its source's health: judged, stored, told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from monitor.channels.words.compose import compose
from monitor.health.judge import judge
from monitor.health.memory import pack, pack_alarm, unpack, unpack_alarm
from monitor.model.event import SourceBroken, SourceRecovered
from monitor.model.fingerprint import health_fingerprint
from monitor.model.health import HealthWrite, Notice, Peer, PollReport
from monitor.model.plan import Plan, Source
from monitor.model.rhythm import Arrivals
from monitor.notify.policy import decide_event
from monitor.pipeline.outcome import PollOutcome
from monitor.pipeline.ports import Clock, Observer
from monitor.schedule.calendar import CALENDAR
from monitor.schedule.rates import usual
from monitor.store.write.health_store import HealthStore, Judge


@dataclass(frozen=True, slots=True)
class HealthReporter:
    """Has the report of a poll judged, stores what follows, and reports it."""

    health_store: HealthStore
    observer: Observer
    clock: Clock

    async def __call__(self, source: Source, plan: Plan, outcome: PollOutcome) -> tuple[str, ...]:
        """Return the ids of messages that are to be sent."""
        lists = tuple(done.check for done in outcome.lists)
        articles = tuple(done.ways for done in outcome.articles if done.ways)
        if not lists and not articles:
            return ()
        report = PollReport(
            source.id,
            source.name,
            self.clock(),
            health_fingerprint(source),
            lists,
            articles,
        )
        notices, deliveries = await self.health_store.examine(
            source.id, _judging(report, source.zone), partial(decide_event, plan=plan, calendar=CALENDAR), compose
        )
        for notice in notices:
            self.observer.report(_event(notice))
        return deliveries


def _judging(report: PollReport, zone: str) -> Judge:
    """Return the judgement of this poll, between plain data and plain data."""

    def judging(
        memory: Mapping[str, Any],
        outage: Mapping[str, Any] | None,
        peers: Callable[[], Sequence[Peer]],
        arrivals: Arrivals | None,
    ) -> HealthWrite:
        known = unpack(memory)
        rhythm = usual(arrivals, known.polled_at, report.at, zone)
        found = judge(known, report, unpack_alarm(outage), peers, rhythm)
        after = found.memory
        packed = None if found.outage is None else pack_alarm(found.outage)
        polled = report.at if report.lists else after.polled_at
        return HealthWrite(
            pack(after), packed, polled, after.failing_since, found.notices, found.day, recovered=found.recovered
        )

    return judging


def _event(notice: Notice) -> SourceBroken | SourceRecovered:
    alarm = notice.alarm
    if notice.broken:
        return SourceBroken(notice.source_id, alarm.problem.value, alarm.summary.en, alarm.action.en, notice.sources)
    lasted = (notice.at - alarm.since).total_seconds()
    return SourceRecovered(notice.source_id, alarm.problem.value, lasted)
