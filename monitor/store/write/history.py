"""What was told before, as a decision may ask it of the transaction that it is part of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, func, or_, select

from monitor.model.notification import NotificationState, OpenGroup, Silence, Told
from monitor.store.db.dialects import UtcDateTime, unindexed
from monitor.store.tables.rows import silence_of
from monitor.store.tables.schema import HELD, delivery, hit, notification, silence
from monitor.store.write.escalations import outlets_of, told_of_story

_LOOKED_AT = 200
"""Messages of a channel among which the last one of a group is looked for."""

# The newest first, as far as it is asked for: an hour of a busy channel is at the end of a history of years.
_LATEST = (
    select(delivery.c.created_at)
    .where(delivery.c.channel_id == bindparam("channel_id"))
    .order_by(delivery.c.seq.desc())
    .limit(bindparam("most"))
)
_RECENT = (
    select(delivery.c.id, delivery.c.created_at)
    .where(delivery.c.channel_id == bindparam("channel_id"))
    .order_by(delivery.c.seq.desc())
    .limit(_LOOKED_AT)
    .subquery()
)
_OF_GROUP = select(func.max(_RECENT.c.created_at)).where(
    _RECENT.c.created_at >= bindparam("since", type_=UtcDateTime()),
    exists(
        select(notification.c.id).where(
            notification.c.delivery_id == _RECENT.c.id, notification.c.group_key == bindparam("key")
        )
    ),
)
_FIRED = (
    select(notification.c.id)
    .select_from(hit.join(notification, notification.c.hit_id == hit.c.id))
    .where(
        unindexed(hit.c.rule_id) == bindparam("rule_id"),  # of a history of years the last minutes are wanted
        hit.c.created_at >= bindparam("since", type_=UtcDateTime()),
        notification.c.channel_id == bindparam("channel_id"),
        notification.c.state != NotificationState.SUPPRESSED.value,
    )
    .limit(bindparam("most"))
    .subquery()
)
_NOTIFIED = select(func.count()).select_from(_FIRED)
_GROUPS = (
    select(
        notification.c.group_key,
        func.min(notification.c.created_at).label("since"),
        func.min(notification.c.not_before).label("flush_at"),
        func.count().label("size"),
    )
    .where(HELD, notification.c.channel_id == bindparam("channel_id"))
    .group_by(notification.c.group_key)
    .order_by(func.min(notification.c.not_before), notification.c.group_key)
)
_SILENCES = (
    select(silence)
    .where(
        silence.c.ends_at > bindparam("now", type_=UtcDateTime()),
        silence.c.ended_at.is_(None),
        or_(silence.c.source_id == "", silence.c.source_id == bindparam("source_id")),
    )
    .order_by(silence.c.id)
)


class StoredHistory:
    """Implements monitor.model.notification.History for one source's article, or for an event about the source."""

    def __init__(self, connection: Connection, source_id: str, now: datetime, *, story_id: str = "") -> None:
        """Ask `connection`; an event has no story."""
        self._connection = connection
        self._source_id = source_id
        self._now = now
        self._story_id = story_id
        self._outlets: Mapping[str, datetime] | None = None

    def outlets(self) -> Mapping[str, datetime]:
        """Return the sources that tell the story; asked once, whatever the number of rules and channels."""
        if self._outlets is None:
            self._outlets = outlets_of(self._connection, self._story_id) if self._story_id else {}
        return self._outlets

    def told_of_story(self, rule_id: str, channel_id: str) -> Told:
        """Return what the rule has told the channel of the story."""
        return told_of_story(self._connection, self._story_id, rule_id, channel_id)

    def notified_since(self, rule_id: str, channel_id: str, since: datetime, most: int) -> int:
        """Return how many notifications of the rule's hits the channel has had, counted as far as `most`."""
        wanted = {"rule_id": rule_id, "channel_id": channel_id, "since": since, "most": most}
        return int(self._connection.execute(_NOTIFIED, wanted).scalar_one())

    def latest_messages(self, channel_id: str, most: int) -> tuple[datetime, ...]:
        """Return when the channel's latest messages were made."""
        return tuple(self._connection.execute(_LATEST, {"channel_id": channel_id, "most": most}).scalars())

    def last_of_group(self, channel_id: str, key: str, since: datetime) -> datetime | None:
        """Return when the channel's last message of the group was made, among its latest _LOOKED_AT."""
        wanted = {"channel_id": channel_id, "key": key, "since": since}
        return self._connection.execute(_OF_GROUP, wanted).scalar()

    def open_groups(self, channel_id: str) -> tuple[OpenGroup, ...]:
        """Return the channel's groups that wait."""
        rows = self._connection.execute(_GROUPS, {"channel_id": channel_id}).all()
        return tuple(OpenGroup(row.group_key, row.since, row.flush_at, row.size) for row in rows)

    def silences(self) -> tuple[Silence, ...]:
        """Return the silences in force that may concern the source."""
        rows = self._connection.execute(_SILENCES, {"now": self._now, "source_id": self._source_id}).all()
        return tuple(silence_of(row) for row in rows)
