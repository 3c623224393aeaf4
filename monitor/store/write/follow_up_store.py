"""Articles that somebody was told of: when they are looked at again, and what became of them.

A change is decided where an article is rewritten (article_store), by whatever reading: in one transaction with the new text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, exists, func, or_, select, update

from monitor.model.article import Article, Entry
from monitor.model.delivery import Compose
from monitor.model.follow import DecideFollowed
from monitor.model.page import Validators
from monitor.store.db.database import Database
from monitor.store.db.dialects import UtcDateTime, advisory_lock
from monitor.store.db.inserts import per_dialect
from monitor.store.tables.rows import article_of, entry_of, storable, validators_of, validators_values
from monitor.store.tables.schema import article, entry, follow_up, source_state
from monitor.store.write.identity import new_uuid
from monitor.store.write.messages import MessageMaker, add_notifications
from monitor.store.write.told_hits import Fate, decide_fate, told_hits

MOST_A_DAY = 300
"""Articles of one source that are followed within a day: what looks at them may cost is bounded by it."""

LEASE = timedelta(minutes=5)
"""Longer than reading an article takes. Where it does take longer another look may begin: neither tells what the other did."""

PATIENT = timedelta(minutes=10)
"""How long a look waits for a moment in which its source has nothing to poll."""

FOLLOWED = timedelta(days=32)
"""Longer than any article is followed: 30 days at most, and the day after its last moment."""

_DAY = timedelta(days=1)
_AT_ONCE = 200  # rows among which those of different sources are looked for

_now = bindparam("now", type_=UtcDateTime())
_FREE = or_(follow_up.c.lease_until.is_(None), follow_up.c.lease_until <= _now)
_other = follow_up.alias("other")
_BUSY = exists().where(
    _other.c.source_id == follow_up.c.source_id, _other.c.due_at.is_not(None), _other.c.lease_until > _now
)
_IDLE = and_(  # new articles go first
    source_state.c.next_poll_at > _now,
    or_(source_state.c.lease_until.is_(None), source_state.c.lease_until <= _now),
)
_DUE = (
    select(follow_up.c.article_id, follow_up.c.source_id)
    .join(source_state, source_state.c.id == follow_up.c.source_id)
    .where(
        follow_up.c.due_at <= _now,
        ~_BUSY,
        source_state.c.enabled,
        source_state.c.failures == 0,
        or_(_IDLE, follow_up.c.due_at <= bindparam("late", type_=UtcDateTime())),
    )
    .order_by(follow_up.c.due_at, follow_up.c.article_id)
    .limit(_AT_ONCE)
)
_CLAIM = (
    update(follow_up)
    .where(follow_up.c.article_id == bindparam("row_id"), follow_up.c.due_at <= _now, _FREE)
    .values(lease_owner=bindparam("owner"), lease_until=bindparam("until"))
    .returning(follow_up)
)
_MINE = (
    follow_up.c.article_id == bindparam("row_id"),
    follow_up.c.lease_owner == bindparam("owner"),
    follow_up.c.due_at.is_not(None),
)
_COMPLETE = update(follow_up).where(*_MINE)
_IS_MINE = select(follow_up.c.article_id).where(*_MINE).with_for_update()
_ARTICLE = select(article).where(article.c.id == bindparam("id"))
_ENTRY = (
    select(entry)
    .where(entry.c.article_id == bindparam("id"), entry.c.source_id == bindparam("source_id"))
    .order_by(entry.c.id.desc())
    .limit(1)
)
_LATELY = (
    follow_up.c.source_id == bindparam("source_id"),
    follow_up.c.article_id != bindparam("id"),
    follow_up.c.started_at >= bindparam("begun", type_=UtcDateTime()),  # what began before was looked at last before
)
_GONE = select(func.count()).where(*_LATELY, follow_up.c.gone_at >= bindparam("since", type_=UtcDateTime()))
_THERE = select(func.count()).where(
    *_LATELY, follow_up.c.looked_at >= bindparam("since", type_=UtcDateTime()), follow_up.c.gone_at.is_(None)
)
# What a list alone said of an article is no sign that the site's pages are well.
_FRESH = (
    select(article.c.id)
    .where(
        article.c.source_id == bindparam("source_id"),
        article.c.stored_at >= bindparam("since", type_=UtcDateTime()),
        func.coalesce(article.c.field_sources["body"].as_string(), "entry") != "entry",
    )
    .limit(1)
)
_STARTED = (
    select(follow_up.c.article_id)
    .where(
        follow_up.c.source_id == bindparam("source_id"),
        follow_up.c.started_at >= bindparam("since", type_=UtcDateTime()),
    )
    .limit(MOST_A_DAY)
    .subquery()
)
_COUNT = select(func.count()).select_from(_STARTED)
_START = per_dialect(lambda make: make(follow_up).on_conflict_do_nothing(index_elements=["article_id"]))
_GIVE_UP = (
    update(follow_up)
    .where(follow_up.c.due_at <= bindparam("before", type_=UtcDateTime()), _FREE)
    .values(due_at=None, lease_owner=None, lease_until=None, outcome="not looked at in time")
)
_TOGETHER = timedelta(hours=6)
"""What was found gone within this time of each other may have one cause."""


def start_follow_up(connection: Connection, article_id: int, source_id: str, now: datetime, due_at: datetime) -> None:
    """Have an article looked at again, unless it is already, or its source has too many of a day."""
    started = int(connection.execute(_COUNT, {"source_id": source_id, "since": now - _DAY}).scalar_one())
    row: dict[str, Any] = {"article_id": article_id, "source_id": source_id, "started_at": now, "due_at": due_at}
    if started >= MOST_A_DAY:
        row |= {"due_at": None, "outcome": f"its source had {MOST_A_DAY} others within a day"}
    connection.execute(_START[connection.dialect.name], row)


@dataclass(frozen=True, slots=True)
class Claimed:
    """An article that is looked at now, by `owner`. `entry` is what its list showed, as it was last.

    `gone_at` is when it was found gone first, None while it was there. Of the source's other articles that are followed `gone`
    were found gone about then, and `there` were there since; `fresh`: new articles of it were stored since.
    """

    article_id: int
    source_id: str
    owner: str
    started_at: datetime
    article: Article
    entry: Entry
    validators: Validators
    failures: int = 0
    gone_at: datetime | None = None
    gone: int = 0
    there: int = 0
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """How a look ended: the next one is at `due_at` (UTC), or none is and `outcome` says why.

    `there`: the page was there. `gone_at`, `failures` and `validators` are as they are now; None for `validators` leaves them.
    """

    due_at: datetime | None
    outcome: str = ""
    there: bool = False
    gone_at: datetime | None = None
    failures: int = 0
    validators: Validators | None = None


class FollowUpStore:
    """When articles that somebody was told of are looked at again."""

    def __init__(self, db: Database, new_id: Callable[[], str] = new_uuid) -> None:
        """Use `db`; `new_id` makes the ids of messages."""
        self._db = db
        self._new_id = new_id

    async def due_follow_ups(self, now: datetime, limit: int) -> tuple[int, ...]:
        """Return articles that are to be looked at, one of each source, longest due first. Raises StoreError.

        Only of sources that are in the plan, are well, have nothing to poll, and of which none is being looked at. One that has
        waited for PATIENT is looked at while its source is polled: some are all the time.
        """
        rows = await self._db.read(
            lambda connection: connection.execute(_DUE, {"now": now, "late": now - PATIENT}).all()
        )
        first: dict[str, int] = {}
        for row in rows:
            first.setdefault(row.source_id, row.article_id)
        return tuple(first.values())[:limit]

    async def claim(self, article_id: int, owner: str, now: datetime) -> Claimed | None:
        """Take an article that is due for LEASE; None when it is not, or somebody has it. Raises StoreError."""
        wanted = {"row_id": article_id, "owner": owner, "now": now, "until": now + LEASE}

        def job(connection: Connection) -> Claimed | None:
            row = connection.execute(_CLAIM, wanted).first()
            return None if row is None else _claimed(connection, row, now)

        return await self._db.write(job)

    async def complete(self, claimed: Claimed, look: Look, now: datetime) -> bool:
        """Write down how a look ended; return False when somebody else has the article by now. Raises StoreError."""
        wanted = {"row_id": claimed.article_id, "owner": claimed.owner}
        values: dict[str, Any] = {
            "due_at": look.due_at,
            "outcome": storable(look.outcome),
            "gone_at": look.gone_at,
            "failures": look.failures,
            "lease_owner": None,
            "lease_until": None,
        }
        if look.there:
            values["looked_at"] = now
        if look.validators is not None:
            values["validators"] = validators_values(look.validators)
        statement = _COMPLETE.values(**values)
        return await self._db.write(lambda connection: connection.execute(statement, wanted).rowcount == 1)

    async def remove(
        self, claimed: Claimed, decide: DecideFollowed, compose: Compose, now: datetime
    ) -> tuple[str, ...]:
        """Write down that an article was removed, and tell it, in ONE transaction; return the ids of the messages made.

        Nothing happens when somebody else has the article by now. Raises StoreError, and what `decide` and `compose` raise:
        both run inside the transaction, perhaps more than once.
        """
        maker = MessageMaker(compose, now, self._new_id)
        wanted = {"row_id": claimed.article_id, "owner": claimed.owner}

        def job(connection: Connection) -> tuple[str, ...]:
            advisory_lock(connection, "stories")  # as whoever rewrites an article
            if connection.execute(_IS_MINE, wanted).first() is None:
                return ()
            over = {"due_at": None, "outcome": "removed", "lease_owner": None, "lease_until": None}
            connection.execute(_COMPLETE.values(**over, gone_at=claimed.gone_at or now), wanted)
            stored = article_of(connection.execute(_ARTICLE, {"id": claimed.article_id}).one())
            hits = told_hits(connection, claimed.article_id)
            told = decide_fate(connection, claimed.article_id, stored, None, hits, Fate(decide, now))
            return add_notifications(connection, told, maker)

        return await self._db.write(job)

    async def give_up(self, before: datetime) -> int:
        """Leave off what was due before that moment and could not be looked at; return how many. Raises StoreError."""
        return await self._db.write(
            lambda connection: connection.execute(_GIVE_UP, {"before": before, "now": before}).rowcount
        )


def _claimed(connection: Connection, row: Row[Any], now: datetime) -> Claimed:
    stored = article_of(connection.execute(_ARTICLE, {"id": row.article_id}).one())
    since = row.gone_at or now
    wanted = {"id": row.article_id, "source_id": row.source_id, "since": since, "begun": since - FOLLOWED}
    listed = connection.execute(_ENTRY, wanted).first()
    return Claimed(
        article_id=row.article_id,
        source_id=row.source_id,
        owner=row.lease_owner,
        started_at=row.started_at,
        article=stored,
        entry=Entry(stored.key, stored.url, stored.title) if listed is None else entry_of(listed),
        validators=validators_of({"": row.validators}).get("", Validators()),
        failures=row.failures,
        gone_at=row.gone_at,
        gone=int(connection.execute(_GONE, {**wanted, "since": since - _TOGETHER}).scalar_one()),
        there=int(connection.execute(_THERE, wanted).scalar_one()),
        fresh=connection.execute(_FRESH, wanted).first() is not None,
    )
