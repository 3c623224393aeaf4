"""What is under way at rules over counts, and what is told of it: decided and stored in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from monitor.model.count_notice import CountNotice, DecideCount
from monitor.model.counting import QUIET, CountType, Incident
from monitor.model.delivery import Compose
from monitor.model.notification import Notification
from monitor.store.db.database import Database
from monitor.store.db.dialects import UtcDateTime, advisory_lock
from monitor.store.tables.rows import count_notice_of
from monitor.store.tables.schema import count_incident, event
from monitor.store.write.history import StoredHistory
from monitor.store.write.messages import MessageMaker, about_count, add_event, add_notifications

SEEN_EVERY: Final = timedelta(minutes=15)
"""How exactly it is known when an incident was last looked at."""

_OF_RULE: Final = (count_incident.c.rule_id == bindparam("rule"), count_incident.c.type == bindparam("kind"))
_UNDER_WAY: Final = select(count_incident).where(*_OF_RULE, count_incident.c.over_at.is_(None))
_SINCE: Final = bindparam("since", type_=UtcDateTime())
_TOLD: Final = (
    select(event.c.data)
    .where(event.c.type == bindparam("type"), event.c.about == bindparam("about"), event.c.created_at > _SINCE)
    .order_by(event.c.id)
)
_INCIDENTS: Final = (
    select(count_incident.c.since, count_incident.c.over_at)
    .where(*_OF_RULE, or_(count_incident.c.over_at.is_(None), count_incident.c.over_at > _SINCE))
    .order_by(count_incident.c.since)
)
_CHANGE: Final = update(count_incident).where(count_incident.c.id == bindparam("row"))


@dataclass(frozen=True, slots=True)
class CountStanding:
    """What is known of a rule: its incident, when that was last looked at (UTC), and what was told of late."""

    incident: Incident = QUIET
    seen_at: datetime | None = None
    told: tuple[CountNotice, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """What a look came to: what is told, to whom, and the ids of messages made of it. Nothing of all that: all empty."""

    notice: CountNotice | None = None
    notifications: Sequence[Notification] = ()
    deliveries: Sequence[str] = ()


Judge: TypeAlias = Callable[[CountStanding], tuple[Incident, CountNotice | None]]
"""What becomes of the incident, and what is told now. Must only compute."""


class CountAlerts:
    """Alerts of rules over counts, and the incidents that they tell of."""

    def __init__(self, db: Database) -> None:
        """Use `db`."""
        self._db = db

    async def look(self, topic: CountTopic, judge: Judge, decide: DecideCount, compose: Compose) -> Counted:
        """Store what `judge` makes of what is known of a rule, and tell what is to be told. Raises StoreError.

        Judgement, event and messages are one transaction, and of several daemons one at a time judges. While nothing
        changes, nothing is written.
        """
        before = await self._db.read(lambda connection: _standing(connection, topic))
        if _is_same(before, *judge(before), topic.now):
            return Counted()

        def job(connection: Connection) -> Counted:
            advisory_lock(connection, f"count {topic.rule_id}")
            standing = _standing(connection, topic)
            incident, notice = judge(standing)
            _keep(connection, topic, standing, incident)
            return Counted() if notice is None else _tell(connection, notice, decide, compose)

        return await self._db.write(job)

    async def incidents(
        self, rule_id: str, kind: CountType, since: datetime
    ) -> Sequence[tuple[datetime, datetime | None]]:
        """Return from when to when something was under way at a rule, as far as it was since then. Raises StoreError."""
        wanted = {"rule": rule_id, "kind": kind, "since": since}
        rows = await self._db.read(lambda connection: connection.execute(_INCIDENTS, wanted).all())
        return [(row.since, row.over_at) for row in rows]


@dataclass(frozen=True, slots=True)
class CountTopic:
    """The rule that is looked at, at `now` (UTC); what it told since `told_since` is asked for."""

    rule_id: str
    kind: CountType
    now: datetime
    told_since: datetime


def _standing(connection: Connection, topic: CountTopic) -> CountStanding:
    row = connection.execute(_UNDER_WAY, {"rule": topic.rule_id, "kind": topic.kind}).first()
    wanted = {
        "type": f"count.{topic.kind}",
        "about": about_count(topic.kind, topic.rule_id),
        "since": topic.told_since,
    }
    told = tuple(count_notice_of(data) for data in connection.execute(_TOLD, wanted).scalars())
    return (
        CountStanding(told=told)
        if row is None
        else CountStanding(Incident(row.since, row.calm_since), row.seen_at, told)
    )


def _is_same(before: CountStanding, incident: Incident, notice: CountNotice | None, now: datetime) -> bool:
    """Return whether there is nothing to write: an open incident is stamped from time to time."""
    if notice is not None or incident != before.incident:
        return False
    return before.seen_at is None or abs(now - before.seen_at) < SEEN_EVERY


def _keep(connection: Connection, topic: CountTopic, before: CountStanding, incident: Incident) -> None:
    """Store the incident: the one that was under way goes on, or is over, and another one may begin."""
    if before.incident.since is not None:
        row = connection.execute(_UNDER_WAY, {"rule": topic.rule_id, "kind": topic.kind}).one()
        if incident.since == before.incident.since:
            values = {"calm_since": incident.calm_since, "seen_at": topic.now}
        else:
            values = {"over_at": before.incident.calm_since or before.seen_at or topic.now}
        connection.execute(_CHANGE.values(**values), {"row": row.id})
    if incident.since is not None and incident.since != before.incident.since:
        begun = {"since": incident.since, "calm_since": incident.calm_since, "seen_at": topic.now}
        connection.execute(insert(count_incident).values(rule_id=topic.rule_id, type=topic.kind, **begun))


def _tell(connection: Connection, notice: CountNotice, decide: DecideCount, compose: Compose) -> Counted:
    """Store an alert and whom to tell of it."""
    subject = add_event(connection, notice)
    decided = decide(StoredHistory(connection, "", notice.at), notice.at)
    made = add_notifications(connection, [(subject, one) for one in decided], MessageMaker(compose, notice.at))
    return Counted(notice, decided, made)
