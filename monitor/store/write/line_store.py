"""How the line is doing, read at once, and what the operator is told of it, decided and stored in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Row, Select, bindparam, func, or_, select

from monitor.model.line import LineState, OldestMessage, Pulse, Standing, Topic
from monitor.model.operator import OperatorNotice
from monitor.store.db.database import Database
from monitor.store.db.dialects import advisory_lock
from monitor.store.tables.rows import storable
from monitor.store.tables.schema import (
    SHUT_BY_PLAN,
    UNFINISHED_STATES,
    article,
    channel_state,
    delivery,
    event,
    hit,
    source_health,
    source_state,
)
from monitor.store.write.health_store import ALL_SOURCES
from monitor.store.write.messages import Announcement, announce

DecideLine: TypeAlias = Callable[[Standing | None], OperatorNotice | None]
"""What to tell of a topic, from what was told of it last; None for nothing. Must only compute."""

OVERDUE: Final = timedelta(minutes=10)
"""How long after its moment a poll that has not come says that something hangs."""

APART: Final = timedelta(minutes=2)
"""How far the clocks of two machines may be apart."""

# Of each channel by itself, so that the index of unfinished rows is asked and no history is walked through.
FRONT = (
    select(delivery.c.attempts, delivery.c.created_at, delivery.c.due_at, delivery.c.first_attempt_at)
    .where(delivery.c.channel_id == bindparam("channel_id"), delivery.c.state.in_(UNFINISHED_STATES))
    .order_by(delivery.c.seq)
    .limit(2)
)
_WAITING = select(func.count()).select_from(delivery).where(delivery.c.state.in_(UNFINISHED_STATES))
_OPEN = select(channel_state.c.id).where(channel_state.c.disabled_at.is_(None)).order_by(channel_state.c.id)
_LAST = (
    select(event.c.type, event.c.created_at)
    .where(event.c.type.in_(bindparam("types", expanding=True)), event.c.about.in_(bindparam("abouts", expanding=True)))
    .order_by(event.c.id.desc())
    .limit(1)
)
_SHUT = (
    select(channel_state.c.id)
    .where(channel_state.c.disabled_at.is_not(None), channel_state.c.reason.not_in(SHUT_BY_PLAN))
    .order_by(channel_state.c.id)
)
_UNWELL = (
    select(channel_state.c.id)
    .where(channel_state.c.disabled_at.is_(None), channel_state.c.failing_since.is_not(None))
    .order_by(channel_state.c.id)
)


class LineStore:
    """What the line's own alerts are made from, and the alerts themselves."""

    def __init__(self, db: Database) -> None:
        """Use `db`."""
        self._db = db

    async def last(self, topic: Topic) -> Standing | None:
        """Return the last event that was told of a topic, None before the first. Raises StoreError."""
        return await self._db.read(lambda connection: _last(connection, topic))

    async def tell(self, topic: Topic, decide: DecideLine, announcement: Announcement) -> OperatorNotice | None:
        """Tell what `decide` makes of what was told of the topic last; return it, None for nothing. Raises StoreError.

        Decision, event and messages are one transaction, and of several daemons one at a time decides. While there is
        nothing to tell, nothing is written.
        """
        if await self._db.read(lambda connection: decide(_last(connection, topic))) is None:
            return None

        def job(connection: Connection) -> OperatorNotice | None:
            advisory_lock(connection, "line")
            notice = decide(_last(connection, topic))
            if notice is not None:
                announce(connection, notice, announcement)
            return notice

        return await self._db.write(job)

    async def oldest(self) -> dict[str, OldestMessage | None]:
        """Return for each open channel what has waited longest, None where nothing waits. Raises StoreError."""
        return await self._db.read(_oldest)

    async def pulse(self, since: datetime) -> Pulse:
        """Return what has become of the line since that moment. Raises StoreError."""
        return await self._db.read(lambda connection: _pulse(connection, since))

    async def state(self, now: datetime) -> LineState:
        """Return what may be wrong with the line at this moment. Raises StoreError."""
        return await self._db.read(lambda connection: _state(connection, now))


def _last(connection: Connection, topic: Topic) -> Standing | None:
    abouts = [storable(f"{one}: {topic.about}") for one in topic.types]
    row = connection.execute(_LAST, {"types": list(topic.types), "abouts": abouts}).first()
    return None if row is None else Standing(row.type, row.created_at)


def _oldest(connection: Connection) -> dict[str, OldestMessage | None]:
    found: dict[str, OldestMessage | None] = dict.fromkeys(connection.execute(_OPEN).scalars())
    for channel_id in found:
        # The second counts as well: of a long queue that moves, the head has just been tried.
        rows = connection.execute(FRONT, {"channel_id": channel_id}).all()
        if rows:
            waiting = _count(connection, _WAITING.where(delivery.c.channel_id == channel_id))
            found[channel_id] = OldestMessage(channel_id, min(_waits_since(row) for row in rows), waiting)
    return found


def _waits_since(row: Row[Any, Any, Any, Any]) -> datetime:
    """Return since when a message waits: one that is sent again by hand waits since then, not since it was made."""
    moment: datetime = (row.first_attempt_at if row.attempts else row.due_at) or row.created_at
    return moment


def _count(connection: Connection, query: Select[Any]) -> int:
    return int(connection.execute(query).scalar_one())


def _pulse(connection: Connection, since: datetime) -> Pulse:
    number, enabled = select(func.count()), source_state.c.enabled
    looked_at = source_state.join(source_health, source_health.c.source_id == source_state.c.id)
    return Pulse(
        since=since,
        articles=_count(connection, number.select_from(article).where(article.c.stored_at >= since)),
        hits=_count(connection, number.select_from(hit).where(hit.c.created_at >= since)),
        sources=_count(connection, number.select_from(source_state).where(enabled)),
        polled=_count(connection, number.select_from(looked_at).where(enabled, source_health.c.polled_at >= since)),
        failing=_count(connection, number.select_from(source_state).where(enabled, source_state.c.failures > 0)),
        shut=tuple(connection.execute(_SHUT).scalars()),
        unwell=tuple(connection.execute(_UNWELL).scalars()),
        waiting=_count(connection, _WAITING),
    )


def _state(connection: Connection, now: datetime) -> LineState:
    idle = or_(source_state.c.lease_until.is_(None), source_state.c.lease_until <= now)
    late = source_state.c.next_poll_at < now - OVERDUE
    overdue = select(func.count()).select_from(source_state).where(source_state.c.enabled, late, idle)
    outage = select(func.count()).select_from(source_health).where(source_health.c.source_id == ALL_SOURCES)
    # What is stored as of later than now is of a clock that ran ahead.
    latest = select(func.max(source_health.c.polled_at)).where(source_health.c.polled_at <= now + APART)
    return LineState(
        overdue=_count(connection, overdue),
        polled_at=connection.execute(latest).scalar(),
        outage=_count(connection, outage) > 0,
        shut=tuple(connection.execute(_SHUT).scalars()),
        oldest=tuple(one for one in _oldest(connection).values() if one is not None),
    )
