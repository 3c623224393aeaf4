"""What a poll sees of its source's health, and what is made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from monitor.channels.words.compose import compose
from monitor.channels.words.visible import visible_line
from monitor.health.judge import judge
from monitor.health.memory import pack, pack_alarm, unpack, unpack_alarm
from monitor.model.article import ListWrite
from monitor.model.errors import EmptyError, ExtractError, FetchError, FetchReason
from monitor.model.event import SourceBroken, SourceRecovered
from monitor.model.fingerprint import health_fingerprint
from monitor.model.health import HealthWrite, ListCheck, Notice, Peer, PollReport, SourceProblem
from monitor.model.plan import Plan, Source
from monitor.model.rhythm import Arrivals
from monitor.notify.policy import decide_event
from monitor.pipeline.articles import Postponed, ReadResult
from monitor.pipeline.ports import Clock, Observer
from monitor.schedule.arrivals import too_late
from monitor.schedule.rates import usual
from monitor.store.write.health_store import HealthStore, Judge

SHORT = 60  # of the reason why a page could not be read
DETAIL = 300
REPLACEMENT = "\ufffd"  # what stands for bytes that could not be decoded


@dataclass(slots=True)
class ReportBuilder:
    """Gathers what one poll saw."""

    lists: list[ListCheck] = field(default_factory=list)
    articles: list[Mapping[str, str]] = field(default_factory=list)

    def unchanged(self, url: str) -> None:
        """A list is the one of the last poll."""
        self.lists.append(ListCheck(url, unchanged=True))

    def showed(self, listing: ListWrite, new: int, charset: str) -> ListCheck:
        """A list showed entries, `new` of them for the first time; return what that says of it."""
        entries = listing.entries
        garbled = sum(REPLACEMENT in entry.title for entry in entries) / len(entries) if entries else 0.0
        check = ListCheck(
            listing.url,
            first=listing.first,
            entries=tuple(entry.key for entry in entries),
            new=new,
            overrun=too_late(new, listing),
            charset=charset,
            garbled=garbled,
        )
        self.lists.append(check)
        return check

    def failed(self, url: str, error: Exception) -> None:
        """A list could not be read."""
        self.lists.append(ListCheck(url, problem_of(error), visible_line(str(error), DETAIL)))

    def read(self, result: ReadResult | Postponed) -> None:
        """An article was tried."""
        if result.failure is not None:
            self.articles.append({"page": "!" + visible_line(f"{result.failure}: {result.detail}", SHORT)})
        elif isinstance(result, ReadResult):
            missed = result.article.field_sources.get("check", "")
            check = "!" + visible_line(missed, SHORT) if missed else "passed"
            self.articles.append({**result.article.field_sources, "page": "read", "check": check})


def problem_of(error: Exception) -> SourceProblem:
    """Return what the failure of a list says of its source."""
    if isinstance(error, FetchError):
        return SourceProblem.ROBOTS if error.reason is FetchReason.ROBOTS else SourceProblem.UNREACHABLE
    if not isinstance(error, ExtractError) or error.transient:
        return SourceProblem.UNREACHABLE
    return SourceProblem.EMPTY if isinstance(error, EmptyError) else SourceProblem.NO_ENTRIES


@dataclass(frozen=True, slots=True)
class HealthReporter:
    """Has the report of a poll judged, stores what follows, and reports it."""

    health_store: HealthStore
    observer: Observer
    clock: Clock

    async def __call__(self, source: Source, plan: Plan, builder: ReportBuilder) -> tuple[str, ...]:
        """Return the ids of messages that are to be sent."""
        if not builder.lists and not builder.articles:
            return ()
        report = PollReport(
            source.id,
            source.name,
            self.clock(),
            health_fingerprint(source),
            tuple(builder.lists),
            tuple(builder.articles),
        )
        notices, deliveries = await self.health_store.examine(
            source.id, _judging(report, source.zone), partial(decide_event, plan=plan), compose
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
