"""What people and programs ask of a database, whoever carries the question: a command with one reader, or the web with several."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar  # noqa: TID251 - the reader is imported late, its type is named
from zoneinfo import ZoneInfo

from monitor.model.access import TokenRecord
from monitor.model.confidential import hide
from monitor.model.errors import InvalidValueError
from monitor.model.explained import AttemptRecord
from monitor.model.feedback import Feedback
from monitor.model.handling import UNHANDLED, Handling, HandlingSubject
from monitor.model.latency import Quantiles
from monitor.model.plan import Plan
from monitor.model.precision import Precision
from monitor.model.records import (
    ArticleHistory,
    ArticleRecord,
    ChannelRecord,
    DeliveryQuery,
    DeliveryRecord,
    HitPage,
    HitQuery,
    HitRecord,
    LatestArticle,
    NotificationQuery,
    NotificationRecord,
    ScheduleRecord,
    SilenceRecord,
    SourceRecord,
    StorageRecord,
    TimelinePoint,
    TimelineUnit,
)
from monitor.model.rhythm import Rhythm
from monitor.model.sql_answer import SqlAnswer, SqlQuestion
from monitor.model.story_records import StoryCourse, StoryPage, StoryQuery, StoryRecord
from monitor.service.hit_filters import has_whole_hours, narrowed, timeline
from monitor.service.named import Named, unplanned

if TYPE_CHECKING:
    from monitor.store.db.sessions import DaemonSession
    from monitor.store.read.queries import SqlReader

T = TypeVar("T")


class Queries(ABC):
    """Questions to one installation's database. All raise StoreError, and ConfigError where the files leave it unknown."""

    @abstractmethod
    async def ask(self, question: Callable[[SqlReader], T]) -> T:
        """Return the answer of a reader, while the event loop goes on."""

    @abstractmethod
    async def plan(self) -> Plan:
        """Return the plan that questions go by."""

    @abstractmethod
    def running_since(self) -> datetime | None:
        """Return since when a daemon runs; None while none does, or where it would is not known."""

    async def insist_on(self, named: Named) -> None:
        """Refuse a name that neither the plan has nor anything stored: a filter of it would find nothing, and say so of all.

        Raises UnknownNameError.
        """
        for fault in unplanned(await self.plan(), named):
            kind, given = fault.kind, fault.given
            if not await self.ask(lambda reader, kind=kind, given=given: reader.is_stored(kind, given)):  # type: ignore[misc]  # bound now
                raise fault

    async def hits(self, query: HitQuery) -> tuple[HitRecord, ...]:
        """Return the stored hits that the query asks for, newest first."""
        return await self.ask(lambda reader: reader.hits(query))

    async def hit_page(self, query: HitQuery, *, tag: str = "", severity: str = "") -> HitPage:
        """Return a page of hits, the newest articles first, of rules with that tag and severity."""
        wanted = narrowed(query, await self.plan(), tag, severity)
        return await self.ask(lambda reader: reader.hit_page(wanted))

    async def count_hits(self, query: HitQuery, most: int, *, tag: str = "", severity: str = "") -> int:
        """Return how many hits there are, counted up to `most`."""
        wanted = narrowed(query, await self.plan(), tag, severity)
        return await self.ask(lambda reader: reader.count_hits(wanted, most))

    async def hits_since(self, query: HitQuery, hit_id: int, *, tag: str = "", severity: str = "") -> HitPage:
        """Return the hits stored after the one of that number, oldest first."""
        wanted = narrowed(query, await self.plan(), tag, severity)
        return await self.ask(lambda reader: reader.hits_since(wanted, hit_id))

    async def last_hit(self) -> int:
        """Return the number of the hit that was stored last, 0 before the first."""
        return await self.ask(lambda reader: reader.last_hit())

    async def marks(self) -> str:
        """Return a text that changes when anything is stored that lists show."""
        return await self.ask(lambda reader: reader.marks())

    async def hits_by_rule(self, now: datetime) -> Mapping[str, tuple[int, int]]:
        """Return by rule how many hits were stored in the last 24 hours and in the last 30 days; rules without any are left out."""
        day, month = (HitQuery(since=now - timedelta(days=days)) for days in (1, 30))
        found: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        for place, query in enumerate((day, month)):
            counts = await self.ask(lambda reader, query=query: reader.hit_counts(query, 60))  # type: ignore[misc]  # bound now
            for (_, rule_id), hits in counts.items():
                found[rule_id][place] += hits
        return {rule_id: (counted[0], counted[1]) for rule_id, counted in found.items()}

    async def timeline(
        self, query: HitQuery, unit: TimelineUnit, now: datetime, *, tag: str = "", severity: str = ""
    ) -> tuple[TimelinePoint, ...]:
        """Return how many hits came in each hour or day of the configured zone, by rule."""
        plan = await self.plan()
        zone, wanted = ZoneInfo(plan.zone), narrowed(query, plan, tag, severity)
        minutes = 60 if has_whole_hours(zone, now) else 15
        return timeline(await self.ask(lambda reader: reader.hit_counts(wanted, minutes)), unit, zone)

    async def sql(self, question: SqlQuestion) -> SqlAnswer:
        """Return what the database answers to SQL. Raises SqlMistakeError, ReadLimitError."""
        return await self.ask(lambda reader: reader.sql(question))

    async def stories(self, query: StoryQuery, now: datetime) -> tuple[StoryRecord, ...]:
        """Return the stories with hits that the query asks for, each with all its acts."""
        return await self.ask(lambda reader: reader.stories(query, now))

    async def story_page(self, query: StoryQuery, now: datetime) -> StoryPage:
        """Return a page of the stories that the query asks for, and where the next begins."""
        return await self.ask(lambda reader: reader.story_page(query, now))

    async def story(self, story_id: str, query: StoryQuery, now: datetime) -> StoryRecord | None:
        """Return the story that an act belongs to; None where there is none."""
        return await self.ask(lambda reader: reader.story(story_id, query, now))

    async def story_course(self, story_id: str, most: int) -> StoryCourse:
        """Return the first so many articles of the story that an act belongs to, and the last so many levels told of it."""
        return await self.ask(lambda reader: reader.story_course(story_id, most))

    async def outlet_counts(self, ids: Collection[str]) -> Mapping[str, int]:
        """Return how many outlets tell each story of those ids, each act by itself."""
        return await self.ask(lambda reader: reader.outlet_counts(ids))

    async def stories_of_hits(self, hits: Collection[int]) -> tuple[str, ...]:
        """Return the ids of the stories that hits of those numbers tell, each once; numbers of no hit are left out."""
        return await self.ask(lambda reader: reader.stories_of_hits(hits))

    async def story_ids(self, ending: str) -> tuple[str, ...]:
        """Return the ids of stories that end so, at most two."""
        return await self.ask(lambda reader: reader.story_ids(ending))

    async def story_called(self, ending: str) -> str:
        """Return the id of the only story that ends so. Raises InvalidValueError for none, and for several."""
        found = await self.story_ids(ending.lower())
        if len(found) == 1:
            return found[0]
        fault = "ends the ids of several stories; write more of it" if found else "ends the id of no story"
        raise InvalidValueError(f"{ending!r} {fault}; `monitor stories` shows them")

    async def history(self, hit_id: int) -> ArticleHistory | None:
        """Return what the article of a hit has said; None where there is no such hit."""
        return await self.ask(lambda reader: reader.history(hit_id))

    async def article_by_number(self, number: int) -> tuple[ArticleRecord, ArticleHistory] | None:
        """Return an article and what it has said; None where there is none of that number."""
        return await self.ask(lambda reader: reader.article(number))

    async def notifications(self, query: NotificationQuery) -> tuple[NotificationRecord, ...]:
        """Return that hits and events concern channels, newest first."""
        return await self.ask(lambda reader: reader.notifications(query))

    async def handlings(self, subject: HandlingSubject) -> tuple[Handling, ...]:
        """Return what was said of a hit (of itself and its story) or of a story, oldest first."""
        return await self.ask(lambda reader: reader.handlings(subject))

    async def handling_of(self, subject: HandlingSubject) -> Handling:
        """Return what people have made of a hit or a story by now."""
        said = await self.handlings(subject)
        return said[-1] if said else UNHANDLED

    async def feedback(self, hit_id: int) -> tuple[Feedback, ...]:
        """Return what was said of whether a hit was meant, oldest first; the last word holds."""
        return await self.ask(lambda reader: reader.feedback(hit_id))

    async def precision(self, since: datetime) -> Mapping[str, Precision]:
        """Return by rule how many of its hits stored since then were meant, of those that somebody said so of; others are left out."""
        return await self.ask(lambda reader: reader.precision(since))

    async def deliveries(
        self, state: str, limit: int, query: DeliveryQuery | None = None
    ) -> tuple[DeliveryRecord, ...]:
        """Return deliveries in that state ("": whatever was meant to be sent) that the query asks for, newest first."""
        wanted = query or DeliveryQuery()
        before, channel = wanted.before, wanted.channel
        if wanted != DeliveryQuery(before=before, channel=channel):
            return await self.ask(lambda reader: reader.chosen_deliveries(wanted, state, limit, suppressed=False))
        return await self.ask(
            lambda reader: reader.deliveries(state, limit, suppressed=False, before=before, channel=channel)
        )

    async def deliveries_called(self, ids: Sequence[str]) -> tuple[DeliveryRecord, ...]:
        """Return the deliveries of those ids, and notifications of which none was made, newest first."""
        return await self.ask(lambda reader: reader.deliveries_called(ids))

    async def delivery(self, given: str) -> tuple[DeliveryRecord, tuple[AttemptRecord, ...], str | None] | None:
        """Return a delivery by its id or the end of it, with every attempt and what is sent; secrets in it are masked.

        None where there is none, or several end so.
        """
        ids = await self.ask(lambda reader: reader.delivery_ids(given.lower()))
        found = await self.ask(lambda reader: reader.delivery(ids[0])) if len(ids) == 1 else None
        if found is None:
            return None
        record, attempts, body = found
        masked = tuple(replace(one, detail=hide(one.detail)) for one in attempts)
        return record, masked, None if body is None else hide(body.decode("utf-8", "replace"))

    async def channels(self, now: datetime) -> tuple[ChannelRecord, ...]:
        """Return how every channel fares, by id."""
        kinds = {channel.id: channel.kind for channel in (await self.plan()).channels}
        records = await self.ask(lambda reader: reader.channels(kinds))
        heads = {one.id: one.head for one in records}
        taken = await self.ask(lambda reader: reader.channel_latencies(heads, now))
        return tuple(
            replace(
                one,
                reason=hide(one.reason),
                made_to_sent_p50_ms=taken[one.id].p50,
                made_to_sent_p95_ms=taken[one.id].p95,
            )
            for one in records
        )

    async def waiting_since(self, records: Sequence[ChannelRecord]) -> Mapping[str, datetime]:
        """Return by channel when the first of the messages that wait was made; those without any are left out."""
        heads = {one.id: one.head for one in records if one.head is not None and one.waiting}
        return await self.ask(lambda reader: reader.waiting_since(heads)) if heads else {}

    async def sources(self, now: datetime) -> tuple[SourceRecord, ...]:
        """Return how every source is doing, by id."""
        plan = await self.plan()
        return await self.ask(lambda reader: self.source_records(reader, plan, now))

    async def measured(self, records: Sequence[SourceRecord], now: datetime) -> tuple[SourceRecord, ...]:
        """Return the records with how long their news was on the way; the fewer there are, the more of each is looked at."""
        ids = [one.id for one in records]
        found = await self.ask(lambda reader: reader.source_latencies(ids, now))
        return tuple(_measured(one, *found[one.id]) for one in records)

    async def outage(self) -> str:
        """Return what is wrong with all sources at once; "" while nothing is."""
        return await self.ask(lambda reader: reader.outage())

    async def schedule(self, now: datetime) -> tuple[ScheduleRecord, ...]:
        """Return when each source that is switched on is polled, and why."""
        from monitor.service.poll_schedule import outlooks  # noqa: PLC0415 - `monitor hits` does without

        return outlooks(await self.plan(), await self.rhythms(), now)

    async def hits_by_source(self, since: datetime, until: datetime) -> Mapping[str, int]:
        """Return how many hits each source had after `since`, up to `until`; those without any are left out."""
        return await self.ask(lambda reader: reader.hits_by_source(since, until))

    async def storage(self, url: str) -> StorageRecord:
        """Return where the database at `url`, which is the one that is asked, is kept, and how large it is."""
        return await self.ask(lambda reader: reader.storage(url))

    async def rhythms(self) -> Mapping[str, Rhythm]:
        """Return what is remembered of when the articles of each source come, by id."""
        return await self.ask(lambda reader: reader.rhythms())

    async def latest_articles(self, source_id: str, most: int) -> tuple[LatestArticle, ...]:
        """Return the articles of a source that were stored last, as they were read, the newest first."""
        return await self.ask(lambda reader: reader.latest_articles(source_id, most))

    async def daemons(self) -> tuple[DaemonSession, ...]:
        """Return the daemons that run on a PostgreSQL database; () on SQLite."""
        return await self.ask(lambda reader: reader.daemons())

    async def tokens(self) -> tuple[TokenRecord, ...]:
        """Return every token there ever was, the newest first."""
        return await self.ask(lambda reader: reader.tokens())

    async def silences(self) -> tuple[SilenceRecord, ...]:
        """Return every silence there ever was, the one that began last first."""
        return await self.ask(lambda reader: reader.silences())

    async def plan_in_force(self) -> Plan:
        """Return the plan last put in force, as far as the database remembers it."""
        return await self.ask(lambda reader: reader.plan_in_force())

    def source_records(self, reader: SqlReader, plan: Plan, now: datetime) -> tuple[SourceRecord, ...]:
        """Return how every source of a plan is doing, by id, as a reader has it."""
        from monitor.service.overdue import annotated  # noqa: PLC0415 - `monitor hits` does without

        found = annotated(reader.sources(now), plan, now, self.running_since())
        return tuple(map(_hidden, found))


def _hidden(record: SourceRecord) -> SourceRecord:
    """Return a record without the secrets that an address in its texts may hold."""
    return replace(
        record,
        last_error=hide(record.last_error),
        summary=hide(record.summary),
        action=hide(record.action),
        summary_ko=hide(record.summary_ko),
        action_ko=hide(record.action_ko),
    )


def _measured(record: SourceRecord, seen: Quantiles, sent: Quantiles) -> SourceRecord:
    """Return the record with how long its news was on the way until it was seen, and from then until it was sent."""
    return replace(
        record,
        published_to_seen_p50_ms=seen.p50,
        published_to_seen_p95_ms=seen.p95,
        seen_to_sent_p50_ms=sent.p50,
        seen_to_sent_p95_ms=sent.p95,
    )
