"""What commands ask: hits, sources, deliveries; read-only, synchronous, and imported without the writing half."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime, timedelta
from typing import Any, Self, TypeVar

from sqlalchemy import (
    Connection,
    Row,
    bindparam,
    column,
    func,
    select,
    table,
)
from sqlalchemy.exc import SQLAlchemyError

from monitor.model.access import SessionRecord, TokenRecord
from monitor.model.bulk import ArticleQuery, ArticleRow, HitRow
from monitor.model.counting import CountUnit
from monitor.model.errors import StoreError
from monitor.model.explained import AttemptRecord, EarlierMessage, StoredTrail
from monitor.model.feedback import Feedback
from monitor.model.handling import Handling, HandlingSubject
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
    SilenceRecord,
    SourceRecord,
    StorageRecord,
)
from monitor.model.rhythm import Rhythm
from monitor.model.sql_answer import SqlAnswer, SqlQuestion
from monitor.model.story import Member, Signature
from monitor.model.story_records import StoryCourse, StoryPage, StoryQuery, StoryRecord
from monitor.store.db.batch import refused
from monitor.store.db.dialects import UtcDateTime
from monitor.store.db.engines import open_reader, read_url
from monitor.store.db.migrate import schema_revision
from monitor.store.db.sessions import DaemonSession, daemon_sessions
from monitor.store.db.time_limit import time_limit
from monitor.store.read.channels import channel_records, placed_in_line, waiting_since
from monitor.store.read.chosen_deliveries import newest_deliveries
from monitor.store.read.export import article_rows, hit_rows
from monitor.store.read.feedback import feedback_history, said_by_rule
from monitor.store.read.figures import DatabaseFigures, database_figures
from monitor.store.read.free_sql import sql_answer
from monitor.store.read.handlings import handling_history
from monitor.store.read.hits import count_hits, hit_page, hits_since, last_hit
from monitor.store.read.latencies import channel_latencies, source_latencies
from monitor.store.read.latest_articles import latest_articles
from monitor.store.read.marks import stored_marks
from monitor.store.read.named import is_stored
from monitor.store.read.notifications import notification_records
from monitor.store.read.one_article import one_article
from monitor.store.read.one_delivery import attempts_of, body_of
from monitor.store.read.revisions import article_history
from monitor.store.read.storage import storage_record
from monitor.store.read.stored_articles import StoredArticles
from monitor.store.read.stories import one_story, outlet_counts, stories_of_hits, story_page
from monitor.store.read.story_course import story_course
from monitor.store.read.timeline import hit_counts
from monitor.store.read.trail import plans_then, stored_trail, told_of_story
from monitor.store.read.unmet import KnownRule, MetArticle, known_rules, newest_articles, without_hits
from monitor.store.tables.access_rows import all_tokens, session_of, token_of
from monitor.store.tables.counted_moments import counted_moments
from monitor.store.tables.near_members import members_near
from monitor.store.tables.plan_summary import remembered_plan
from monitor.store.tables.rows import rhythm_of
from monitor.store.tables.schema import (
    SHUT_BY_PLAN,
    alarm,
    article,
    channel_state,
    delivery,
    event,
    hit,
    notification,
    plan,
    silence,
    source_day,
    source_state,
    story,
)

T = TypeVar("T")

_deliveries = table(
    "v_deliveries",
    *(column(name) for name in ("id", "channel_id", "seq", "rule_id", "title", "url", "state", "reason", "attempts")),
    *(column(name, UtcDateTime()) for name in ("created_at", "due_at", "done_at")),
    *(column(name) for name in ("last_status", "last_error", "hit_id", "source_id", "rule_name")),
    *(column(name) for name in ("silence_id", "silence_author", "silence_why")),
    column("silence_ends_at", UtcDateTime()),
)
_DELIVERIES = (
    select(_deliveries, source_state.c.name.label("source_name"), notification.c.group_key)
    .select_from(
        _deliveries.outerjoin(source_state, source_state.c.id == _deliveries.c.source_id).outerjoin(
            notification, notification.c.id == _deliveries.c.id
        )
    )
    .where(_deliveries.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(_deliveries.c.id.desc())
)
_NAMES = ("rule_id", "rule_name", "url", "source_id", "silence_author", "silence_why", "group_key")
_ENDING = 6
"""Letters at least of the end of an id that stands for it."""
_WHOLE_ID = 36  # letters
_ENDS = re.compile(r"[0-9a-f-]+")
_UP = select(alarm).where(alarm.c.cleared_at.is_(None)).order_by(alarm.c.since, alarm.c.id)
_DAY = select(source_day.c.source_id, source_day.c.missed).where(source_day.c.day == bindparam("day"))


class SqlReader:
    """Reads what is asked about a database that a daemon may be writing to meanwhile; opened for reading only."""

    def __init__(self, url: str) -> None:
        """Open the database. Raises StoreError when there is none."""
        self._engine = open_reader(read_url(url), 1)
        self._until: float | None = None
        self._given_up: Callable[[], bool] = lambda: False

    def hits(self, query: HitQuery) -> tuple[HitRecord, ...]:
        """Return the hits that the query asks for, of the newest articles first. Raises StoreError.

        `text` is looked for as a phrase: see monitor.store.tables.fulltext for what counts as the same. A text without a letter
        or digit finds nothing.
        """
        return self.hit_page(query).hits

    def hit_page(self, query: HitQuery) -> HitPage:
        """Return a page of the hits that the query asks for, and where the next begins. Raises StoreError."""
        return self._ask(lambda connection: hit_page(connection, query))

    def hits_since(self, query: HitQuery, hit_id: int) -> HitPage:
        """Return the hits that came after one of that number, in the order of storing. Raises StoreError."""
        return self._ask(lambda connection: hits_since(connection, query, hit_id))

    def handlings(self, subject: HandlingSubject) -> tuple[Handling, ...]:
        """Return what was said of a hit (of itself and its story) or of a story, oldest first. Raises StoreError."""
        return self._ask(lambda connection: handling_history(connection, subject))

    def feedback(self, hit_id: int) -> tuple[Feedback, ...]:
        """Return what was said of whether a hit was meant, oldest first. Raises StoreError."""
        return self._ask(lambda connection: feedback_history(connection, hit_id))

    def precision(self, since: datetime) -> Mapping[str, Precision]:
        """Return by rule how many of its hits stored since then (UTC) were meant, as people said. Raises StoreError."""
        return self._ask(lambda connection: said_by_rule(connection, since))

    def last_hit(self) -> int:
        """Return the number of the hit that was stored last, 0 before the first. Raises StoreError."""
        return self._ask(last_hit)

    def marks(self) -> str:
        """Return a text that changes when anything is stored that lists show. Raises StoreError."""
        return self._ask(stored_marks)

    def count_hits(self, query: HitQuery, most: int) -> int:
        """Return how many hits the query asks for, counted up to `most`. Raises StoreError."""
        return self._ask(lambda connection: count_hits(connection, query, most))

    def hit_counts(self, query: HitQuery, minutes: int) -> Mapping[tuple[datetime, str], int]:
        """Return how many hits were stored in each hour, or quarter of one, by rule: see `hit_counts`. Raises StoreError."""
        return self._ask(lambda connection: hit_counts(connection, query, minutes))

    def hit_rows(self, query: HitQuery) -> Iterator[list[HitRow]]:
        """Yield the hits that the query asks for in bulk, the newest articles first. Raises StoreError."""
        return hit_rows(self._ask, query)

    def article_rows(self, query: ArticleQuery) -> Iterator[list[ArticleRow]]:
        """Yield stored articles in bulk, the newest first. Raises StoreError."""
        return article_rows(self._ask, query)

    def stories(self, query: StoryQuery, now: datetime) -> tuple[StoryRecord, ...]:
        """Return the stories with hits that the query asks for, each with all its acts. Raises StoreError."""
        return self.story_page(query, now).stories

    def story_page(self, query: StoryQuery, now: datetime) -> StoryPage:
        """Return a page of the stories that the query asks for, and where the next begins. Raises StoreError."""
        return self._ask(lambda connection: story_page(connection, query, now))

    def story(self, story_id: str, query: StoryQuery, now: datetime) -> StoryRecord | None:
        """Return the story that an act belongs to; None where there is none of that id. Raises StoreError."""
        return self._ask(lambda connection: one_story(connection, story_id, query, now))

    def story_course(self, story_id: str, most: int) -> StoryCourse:
        """Return the first so many articles of a story, and the last so many levels that were told of it. Raises StoreError."""
        return self._ask(lambda connection: story_course(connection, story_id, most))

    def is_stored(self, kind: str, name: str) -> bool:
        """Return whether anything stored is of the rule, source or channel of that id. Raises StoreError."""
        return self._ask(lambda connection: is_stored(connection, kind, name))

    def counted_moments(self, rule_id: str, unit: CountUnit, since: datetime, until: datetime) -> Sequence[datetime]:
        """Return when stories or articles that met a rule came: see `counted_moments`. Raises StoreError."""
        return self._ask(lambda connection: counted_moments(connection, rule_id, unit, since, until))

    def outlet_counts(self, ids: Collection[str]) -> dict[str, int]:
        """Return how many outlets tell each story of those ids, each act by itself. Raises StoreError."""
        return self._ask(lambda connection: outlet_counts(connection, ids))

    def stories_of_hits(self, hits: Collection[int]) -> tuple[str, ...]:
        """Return the ids of the stories that hits of those numbers tell, each once. Raises StoreError."""
        return self._ask(lambda connection: stories_of_hits(connection, hits))

    def story_ids(self, ending: str) -> tuple[str, ...]:
        """Return the ids of stories that end so, at most two: one is meant, or nobody knows which. Raises StoreError.

        Less than six letters, or what no id holds, ends none.
        """
        if len(ending) < _ENDING or not _ENDS.fullmatch(ending):
            return ()
        query = select(story.c.id).where(story.c.id.like(f"%{ending}")).order_by(story.c.id.desc()).limit(2)
        return tuple(self._ask(lambda connection: connection.execute(query).scalars().all()))

    def history(self, hit_id: int) -> ArticleHistory | None:
        """Return what the article of a hit has said; None where there is no such hit. Raises StoreError."""
        return self._ask(lambda connection: article_history(connection, hit_id))

    def article(self, number: int) -> tuple[ArticleRecord, ArticleHistory] | None:
        """Return an article and what it has said; None where there is none of that number. Raises StoreError."""
        return self._ask(lambda connection: one_article(connection, number))

    def latest_articles(self, source_id: str, most: int) -> tuple[LatestArticle, ...]:
        """Return the articles of a source that were stored last, the newest first. Raises StoreError."""
        return self._ask(lambda connection: latest_articles(connection, source_id, most))

    def notifications(self, query: NotificationQuery) -> tuple[NotificationRecord, ...]:
        """Return the notifications that the query asks for, newest first. Raises StoreError."""
        return self._ask(lambda connection: notification_records(connection, query))

    def trail(self, keys: Collection[str], hit_id: int | None, now: datetime) -> StoredTrail | None:
        """Return what is known of an address by its keys, or of a hit's article; None for no such hit. Raises StoreError."""
        return self._ask(lambda connection: stored_trail(connection, keys, hit_id, now, _delivery_records))

    def told_of_story(self, story_id: str) -> Mapping[tuple[str, str], EarlierMessage]:
        """Return by channel and rule what told of a story first. Raises StoreError."""
        return self._ask(lambda connection: told_of_story(connection, story_id))

    def members_near(self, signature: Signature, seen: datetime, window: timedelta) -> list[Member]:
        """Return the members of the stories that an article may belong to, seen (UTC) within `window` of it. Raises StoreError."""
        return self._ask(lambda connection: members_near(connection, signature, seen, window))

    def plans_then(self, versions: Collection[str], moment: datetime) -> tuple[Mapping[str, Plan], Plan]:
        """Return the plans of those versions, and the one in force at that moment (UTC). Raises StoreError."""
        return self._ask(lambda connection: plans_then(connection, versions, moment))

    def sources(self, now: datetime) -> tuple[SourceRecord, ...]:
        """Return how every source is doing, by id; the counts are of the 24 hours before `now`. Raises StoreError."""
        since = now - timedelta(hours=24)
        articles = _count_since(article.c.source_id, article.c.stored_at, since, now)
        hits = _count_since(hit.c.source_id, hit.c.created_at, since, now)
        statement = select(source_state, articles.label("articles_24h"), hits.label("hits_24h")).order_by(
            source_state.c.id
        )
        rows, alarms, missed = self._ask(
            lambda connection: (connection.execute(statement).all(), _alarms(connection), _missed(connection, now))
        )
        return tuple(
            SourceRecord(
                id=row.id,
                name=row.name,
                kind=row.kind,
                enabled=row.enabled,
                last_success_at=row.last_success_at,
                last_error=row.last_error,
                failures=row.failures,
                next_poll_at=row.next_poll_at if row.enabled else None,
                articles_24h=row.articles_24h,
                hits_24h=row.hits_24h,
                missed_today=missed.get(row.id, 0),
                polling=row.lease_until is not None and row.lease_until > now,
                **alarms.get(row.id, {}),
            )
            for row in rows
        )

    def hits_by_source(self, since: datetime, until: datetime) -> dict[str, int]:
        """Return how many hits each source had after `since`, up to `until` (UTC); those without any are left out. Raises StoreError."""
        counted = _count_since(hit.c.source_id, hit.c.created_at, since, until).label("hits")
        rows = self._ask(lambda connection: connection.execute(select(source_state.c.id, counted)).all())
        return {row.id: row.hits for row in rows if row.hits}

    def rhythms(self) -> dict[str, Rhythm]:
        """Return what is remembered of every source that decides when to poll. Raises StoreError."""
        query = select(source_state.c.id, source_state.c.arrivals, source_state.c.burst)
        return {row.id: rhythm_of(row) for row in self._ask(lambda connection: connection.execute(query).all())}

    def outage(self) -> str:
        """Return what is wrong with all sources at once, and what to do; "" while nothing is. Raises StoreError."""
        found = self._ask(_alarms).get("")
        return f"{found['summary']} -> {found['action']}" if found else ""

    def deliveries(
        self, state: str = "", limit: int = 50, *, suppressed: bool = True, before: str = "", channel: str = ""
    ) -> tuple[DeliveryRecord, ...]:
        """Return messages, and notifications of which none was made, newest first. Raises StoreError.

        `state` "" means every state; `suppressed` False leaves out what is suppressed, unless `state` asks for it. Only what is
        older than the one of the id `before`, and of that channel, is returned, where they are given.
        """
        return self.chosen_deliveries(
            DeliveryQuery(channel=channel, before=before), state, limit, suppressed=suppressed
        )

    def chosen_deliveries(
        self, query: DeliveryQuery, state: str = "", limit: int = 50, *, suppressed: bool = True
    ) -> tuple[DeliveryRecord, ...]:
        """Return the deliveries that the query asks for, newest first; the rest as in `deliveries`. Raises StoreError."""

        def ask(connection: Connection) -> tuple[DeliveryRecord, ...]:
            newest = newest_deliveries(connection, query, state, limit, suppressed=suppressed)
            return _delivery_records(connection, newest)

        return self._ask(ask)

    def deliveries_called(self, ids: Sequence[str]) -> tuple[DeliveryRecord, ...]:
        """Return the deliveries of those ids, and notifications of which none was made, newest first. Raises StoreError."""
        return self._ask(lambda connection: _delivery_records(connection, ids))

    def delivery(self, delivery_id: str) -> tuple[DeliveryRecord, tuple[AttemptRecord, ...], bytes | None] | None:
        """Return a delivery with every attempt at it and what is sent, None for what has no message. Raises StoreError.

        None where there is no delivery of that id.
        """

        def ask(connection: Connection) -> tuple[DeliveryRecord, tuple[AttemptRecord, ...], bytes | None] | None:
            found = _delivery_records(connection, [delivery_id])
            if not found:
                return None
            return found[0], attempts_of(connection, delivery_id), body_of(connection, delivery_id)

        return self._ask(ask)

    def channels(self, kinds: Mapping[str, str]) -> tuple[ChannelRecord, ...]:
        """Return how the channels fare, by id; `kinds` has the kind of each that is in the plan. Raises StoreError."""
        return self._ask(lambda connection: channel_records(connection, kinds))

    def waiting_since(self, heads: Mapping[str, int]) -> Mapping[str, datetime]:
        """Return by channel when its message of that seq was made; those without it are left out. Raises StoreError."""
        return self._ask(lambda connection: waiting_since(connection, heads))

    def source_latencies(self, source_ids: Collection[str], now: datetime) -> Mapping[str, tuple[Quantiles, Quantiles]]:
        """Return how long news of each source took until it was seen, and from then until it was sent. Raises StoreError.

        Measured on the newest of the 24 hours before `now`.
        """
        return self._ask(lambda connection: source_latencies(connection, source_ids, now))

    def channel_latencies(self, heads: Mapping[str, int | None], now: datetime) -> Mapping[str, Quantiles]:
        """Return how long messages of each channel were on their way; `heads` has the seq of its head. Raises StoreError."""
        return self._ask(lambda connection: channel_latencies(connection, heads, now))

    def delivery_ids(self, ending: str) -> tuple[str, ...]:
        """Return the ids of deliveries that end so, at most two: one is meant, or nobody knows which. Raises StoreError.

        Less than six letters, or what no id holds, ends none.
        """
        if len(ending) < _ENDING or not _ENDS.fullmatch(ending):
            return ()
        owners = (delivery.c.id, notification.c.id)
        # A whole id is in an index; its end is looked for in every row.
        whole = len(ending) == _WHOLE_ID
        queries = [
            select(owner).where(owner == ending if whole else owner.like(f"%{ending}")).order_by(owner.desc()).limit(2)
            for owner in owners
        ]

        def ask(connection: Connection) -> set[str]:
            return {row_id for query in queries for row_id in connection.execute(query).scalars()}

        return tuple(sorted(self._ask(ask))[:2])

    def silences(self) -> tuple[SilenceRecord, ...]:
        """Return every silence there ever was, the one that began last first. Raises StoreError."""
        query = select(silence).order_by(silence.c.id.desc())
        return tuple(SilenceRecord(**row) for row in self._ask(lambda asked: asked.execute(query).mappings().all()))

    def last_event(self, event_type: str) -> datetime | None:
        """Return when an event of that type was told last (UTC), None before the first. Raises StoreError."""
        query = select(event.c.created_at).where(event.c.type == event_type).order_by(event.c.id.desc()).limit(1)
        return self._ask(lambda connection: connection.execute(query).scalar())

    def closed_channels(self) -> dict[str, str]:
        """Return the channels that are shut because of what their receivers said, with that. Raises StoreError."""
        shut = (channel_state.c.disabled_at.is_not(None), channel_state.c.reason.not_in(SHUT_BY_PLAN))
        query = select(channel_state.c.id, channel_state.c.reason).where(*shut)
        return {row.id: row.reason for row in self._ask(lambda connection: connection.execute(query).all())}

    def daemons(self) -> tuple[DaemonSession, ...]:
        """Return the daemons that run on a PostgreSQL database, () on SQLite. Raises StoreError."""
        return self._ask(daemon_sessions)

    def known_rules(self) -> dict[tuple[str, str], KnownRule]:
        """Return what is known of rules, by id and definition. Raises StoreError."""
        return self._ask(known_rules)

    def newest_articles(self, before: int, most: int) -> tuple[MetArticle, ...]:
        """Return at most so many articles with smaller numbers than `before`, the newest first. Raises StoreError."""
        return self._ask(lambda connection: newest_articles(connection, before, most))

    @property
    def stored(self) -> StoredArticles:
        """Return the stored articles, one after the other as rules are held against them; its questions raise StoreError."""
        return StoredArticles(self._ask)

    def without_hits(self, rule_ids: Collection[str]) -> tuple[str, ...]:
        """Return the rules that have no hit although articles are stored. Raises StoreError."""
        return self._ask(lambda connection: without_hits(connection, rule_ids))

    def plan_version(self) -> str:
        """Return the version of the plan last put in force, "" before the first. Raises StoreError."""
        statement = select(plan.c.version).order_by(plan.c.id.desc()).limit(1)
        return self._ask(lambda connection: connection.execute(statement).scalar()) or ""

    def plan_in_force(self) -> Plan:
        """Return the plan last put in force as far as it is remembered: no URL of a channel, no secret. Raises StoreError.

        Before the first, and where what is remembered is damaged, a plan of nothing with the version "".
        """
        statement = select(plan.c.version, plan.c.summary).order_by(plan.c.id.desc()).limit(1)
        row = self._ask(lambda connection: connection.execute(statement).one_or_none())
        return (row and remembered_plan(row.version, row.summary)) or Plan("")

    def summary_in_force(self) -> Mapping[str, Any]:
        """Return what is remembered of the plan last put in force, {} before the first or damaged. Raises StoreError."""
        statement = select(plan.c.summary).order_by(plan.c.id.desc()).limit(1)
        found: Any = self._ask(lambda connection: connection.execute(statement).scalar())
        return found if remembered_plan("", found) else {}

    @contextmanager
    def limited(self, seconds: float, given_up: Callable[[], bool]) -> Iterator[None]:
        """Let all that is asked in the block take so many seconds together, then raise ReadLimitError.

        `given_up` returns whether nobody waits for the answers any more.
        """
        self._until, self._given_up = time.monotonic() + seconds, given_up
        try:
            yield
        finally:
            self._until = None

    def figures(self, url: str, after: str | None, delivery_ids: Sequence[str]) -> DatabaseFigures:
        """Return what /metrics shows of the database, in one snapshot (monitor.store.read.figures). Raises StoreError."""
        return self._ask(lambda connection: database_figures(connection, url, after, delivery_ids))

    def tokens(self) -> tuple[TokenRecord, ...]:
        """Return every token there ever was, the newest first. Raises StoreError."""
        return self._ask(all_tokens)

    def token(self, digest: str) -> TokenRecord | None:
        """Return the token that is kept under a digest. Raises StoreError."""
        return self._ask(lambda connection: token_of(connection, digest))

    def session(self, digest: str) -> SessionRecord | None:
        """Return the session that is kept under a digest. Raises StoreError."""
        return self._ask(lambda connection: session_of(connection, digest))

    def storage(self, url: str) -> StorageRecord:
        """Return where the database at `url`, which this is, is kept, and how large it is. Raises StoreError."""
        return self._ask(lambda connection: storage_record(connection, url))

    def revision(self) -> str:
        """Return the revision of the schema, "" where there is none yet. Raises StoreError."""
        return self._ask(schema_revision)

    def __enter__(self) -> Self:
        """Return this reader; leaving the block closes it."""
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def sql(self, question: SqlQuestion) -> SqlAnswer:
        """Return what the database answers to SQL. Raises SqlMistakeError, ReadLimitError."""
        return self._ask(lambda connection: sql_answer(connection, question))

    def close(self) -> None:
        """Close the connection."""
        self._engine.dispose()

    def _ask(self, fn: Callable[[Connection], T]) -> T:
        try:
            with self._engine.connect() as connection, connection.begin(), self._limit(connection):
                return fn(connection)
        except SQLAlchemyError as error:
            if _is_schema_missing(error):
                raise StoreError("the database has no current schema; `monitor db upgrade` makes it") from error
            raise refused(error) from error

    def _limit(self, connection: Connection) -> AbstractContextManager[None]:
        """Return what bounds the statements of a transaction, by what is left of the time for all."""
        if self._until is None:
            return nullcontext()
        return time_limit(connection, self._until - time.monotonic(), self._given_up)


def _is_schema_missing(error: SQLAlchemyError) -> bool:
    """Return whether a table or column is not there: the database is empty, or an older program wrote it."""
    name = type(getattr(error, "orig", error)).__name__
    return (
        name in {"UndefinedTable", "UndefinedColumn"} or "no such table" in str(error) or "no such column" in str(error)
    )


def _alarms(connection: Connection) -> dict[str, dict[str, Any]]:
    """Return the alarms that are up, by source, as the columns of SourceRecord; "" stands for all."""
    found: dict[str, dict[str, Any]] = {}
    for row in connection.execute(_UP):
        known = found.setdefault(
            row.source_id,
            {
                "problem": "",
                "since": row.since,
                "summary": row.summary_en,
                "action": row.action_en,
                "summary_ko": row.summary_ko,
                "action_ko": row.action_ko,
            },
        )
        known["problem"] = ", ".join(filter(None, (known["problem"], row.problem)))
    return found


def _missed(connection: Connection, now: datetime) -> dict[str, int]:
    today = (now + timedelta(hours=9)).date().isoformat()  # Korean days, as in the views
    return {row.source_id: row.missed for row in connection.execute(_DAY, {"day": today})}


def _delivery_records(connection: Connection, ids: Sequence[str]) -> tuple[DeliveryRecord, ...]:
    rows = connection.execute(_DELIVERIES, {"ids": ids}).all() if ids else ()
    return placed_in_line(connection, map(_delivery_record, rows))


def _delivery_record(row: Row[Any]) -> DeliveryRecord:
    known = row._mapping  # noqa: SLF001 - SQLAlchemy's public name
    empty = {name: known[name] or "" for name in _NAMES}
    return DeliveryRecord(**{**known, **empty, "source_name": row.source_name or row.source_id or ""})


def _count_since(owner: Any, moment: Any, since: datetime, now: datetime) -> Any:  # noqa: ANN401 - columns of any table
    counted = select(func.count()).where(owner == source_state.c.id, moment > since, moment <= now)
    return counted.correlate(source_state).scalar_subquery()
