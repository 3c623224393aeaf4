"""Messages that a receiver can edit: when one is to be brought up to date, and what its story has become.

A message that told a story first is due when the story grows. That is written by the transaction that stores the article, so
that a process that dies loses no growth; the edit itself is a comfort, and may be lost.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, case, exists, select, update

from monitor.model.delivery import DeliveryState
from monitor.model.escalation import NEW
from monitor.model.story import Story
from monitor.store.db.database import Database
from monitor.store.db.dialects import UtcDateTime
from monitor.store.tables.schema import (
    UNFINISHED_STATES,
    article,
    channel_state,
    delivery,
    hit,
    notification,
    story_alert,
)
from monitor.store.write.stories import story_of

EDITABLE_FOR: Final = timedelta(days=1)
"""How long after a message was made it is edited: who looks further back reads the story's page."""

SETTLE: Final = timedelta(seconds=10)
"""How long after a message was taken it is looked at once: its story may have grown while it was on its way."""

_DONE: Final = DeliveryState.DONE.value
_now = bindparam("now", type_=UtcDateTime())
_other = delivery.alias()
_BUSY = exists(
    select(_other.c.id).where(_other.c.channel_id == delivery.c.channel_id, _other.c.state.in_(UNFINISHED_STATES))
)
# Of an open channel that nothing waits for: messages go first, and one that fails is asked for no comfort.
_DUE = (
    select(delivery.c.id)
    .join(channel_state, channel_state.c.id == delivery.c.channel_id)
    .where(delivery.c.refresh_due_at <= _now, channel_state.c.disabled_at.is_(None), ~_BUSY)
    .order_by(delivery.c.refresh_due_at, delivery.c.id)
    .limit(bindparam("most"))
)
_TOLD_IT = (
    select(notification.c.delivery_id)
    .select_from(story_alert.join(notification, notification.c.id == story_alert.c.notification_id))
    .where(story_alert.c.story_id == bindparam("story"), story_alert.c.level == NEW)
)
_GROWN = (
    update(delivery)
    .where(
        delivery.c.id.in_(_TOLD_IT),
        delivery.c.receipt != "",
        delivery.c.state == _DONE,
        delivery.c.created_at > bindparam("since", type_=UtcDateTime()),
    )
    .values(
        refresh_due_at=case((delivery.c.refresh_after > _now, delivery.c.refresh_after), else_=_now),
    )
)
_CLAIM = (
    update(delivery)
    .where(delivery.c.id == bindparam("row_id"), delivery.c.state == _DONE, delivery.c.refresh_due_at <= _now)
    .values(
        refresh_due_at=bindparam("until", type_=UtcDateTime()),
        refresh_after=bindparam("after", type_=UtcDateTime()),
        refresh_tries=delivery.c.refresh_tries + 1,
    )
    .returning(
        delivery.c.channel_id,
        delivery.c.seq,
        delivery.c.body,
        delivery.c.created_at,
        delivery.c.receipt,
        delivery.c.refresh_tries,
    )
)
_STORY = (
    select(article.c.story_id)
    .select_from(
        notification.join(hit, hit.c.id == notification.c.hit_id).join(article, article.c.id == hit.c.article_id)
    )
    .where(notification.c.delivery_id == bindparam("id"))
    .limit(1)
)
# A receipt is that of one sending: what was sent again meanwhile is another message, with a moment of its own.
_MINE = update(delivery).where(delivery.c.id == bindparam("row_id"), delivery.c.receipt == bindparam("known"))
_SHOWN = _MINE.values(
    refresh_due_at=case(
        (delivery.c.refresh_due_at == bindparam("until", type_=UtcDateTime()), None), else_=delivery.c.refresh_due_at
    ),
    refresh_tries=0,
)
_LEFT = _SHOWN.values(refresh_after=None)
_LATER = _MINE.values(refresh_due_at=bindparam("again", type_=UtcDateTime()), refresh_after=bindparam("again"))
_GIVEN_UP = _MINE.values(
    refresh_due_at=None, refresh_after=bindparam("again"), refresh_tries=0, receipt=bindparam("left")
)
_OVER = (
    update(delivery)
    .where(delivery.c.refresh_due_at <= bindparam("before", type_=UtcDateTime()))
    .values(refresh_due_at=None, refresh_tries=0)
)


def story_grew(connection: Connection, story_id: str, now: datetime) -> None:
    """Have the messages that told a story first brought up to date, as far as their receivers can edit them."""
    connection.execute(_GROWN, {"story": story_id, "now": now, "since": now - EDITABLE_FOR})


@dataclass(frozen=True, slots=True)
class Outdated:
    """A sent message that is to show its `story` as it is now; the edit is this one's until `until` (UTC).

    `body` is the frozen one. `tries` counts the attempts since the last edit that succeeded, from 1. `story` is None where the
    message is too old, or tells of none.
    """

    delivery_id: str
    channel_id: str
    seq: int
    body: bytes = field(repr=False)
    created_at: datetime
    receipt: str
    tries: int
    until: datetime
    story: Story | None


class RefreshStore:
    """Messages to be edited: due, claimed, shown, tried again, given up."""

    def __init__(self, db: Database) -> None:
        """Use `db`."""
        self._db = db

    async def due_refreshes(self, now: datetime, limit: int) -> tuple[str, ...]:
        """Return the ids of messages that are to be edited now, longest due first; of channels that are open and idle."""
        wanted = {"now": now, "most": limit}
        return await self._db.read(lambda connection: tuple(connection.execute(_DUE, wanted).scalars()))

    async def claim(self, delivery_id: str, now: datetime, lease: timedelta, interval: timedelta) -> Outdated | None:
        """Take a message for one edit; None when it is not due. Until `interval` later it is not due again.

        Whoever dies with it leaves it due at the end of `lease`. Growth of the story meanwhile is a matter of the next edit.
        """
        until = now + lease
        values = {"row_id": delivery_id, "now": now, "until": until, "after": max(now + interval, until + SETTLE)}

        def write(connection: Connection) -> Outdated | None:
            row = connection.execute(_CLAIM, values).first()
            if row is None:
                return None
            story_id = connection.execute(_STORY, {"id": delivery_id}).scalar()
            old = story_id is None or row.created_at <= now - EDITABLE_FOR
            return Outdated(
                delivery_id=delivery_id,
                channel_id=row.channel_id,
                seq=row.seq,
                body=bytes(row.body),
                created_at=row.created_at,
                receipt=row.receipt,
                tries=row.refresh_tries,
                until=until,
                story=None if old else story_of(connection, str(story_id)),
            )

        return await self._db.write_soon(write)

    async def shown(self, held: Outdated, now: datetime, *, edited: bool = True) -> None:
        """Write down that a message shows what it should, or is to be left as it is. What has come since is due as it was.

        One that was not `edited` need not wait before its first growth is shown.
        """

        def write(connection: Connection) -> None:
            connection.execute(_SHOWN if edited else _LEFT, _of(held) | {"until": held.until})
            connection.execute(_OVER, {"before": now - EDITABLE_FOR})

        await self._db.write_soon(write)

    async def try_again(self, held: Outdated, at: datetime) -> None:
        """Have the edit tried again at a moment (UTC), and not before, whatever comes meanwhile."""
        await self._db.write_soon(lambda connection: connection.execute(_LATER, _of(held) | {"again": at}).rowcount)

    async def give_up(self, held: Outdated, until: datetime | None) -> None:
        """Leave a message as it stands: for good, or until its story grows, and not before `until` (UTC)."""
        values = _of(held) | {"again": until, "left": "" if until is None else held.receipt}
        await self._db.write_soon(lambda connection: connection.execute(_GIVEN_UP, values).rowcount)


def _of(held: Outdated) -> dict[str, Any]:
    return {"row_id": held.delivery_id, "known": held.receipt}
