"""Groups of held notifications: which are due, and the message that one of them becomes."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, or_, select, update

from monitor.model.delivery import Compose
from monitor.store.db.database import Database
from monitor.store.db.dialects import UtcDateTime
from monitor.store.tables.schema import HELD, delivery, notification
from monitor.store.write.messages import MessageMaker, tell

AT_ONCE = 500
"""Notifications in one transaction; what more of a group waits is due at once."""

APART = timedelta(minutes=2)
"""How far the clocks of two daemons may be apart."""

_now = bindparam("now", type_=UtcDateTime())
_soonest = func.min(notification.c.not_before)
_DUE = (
    select(notification.c.channel_id, notification.c.group_key)
    .where(HELD)
    .group_by(notification.c.channel_id, notification.c.group_key)
    .having(_soonest <= _now)
    .order_by(_soonest, notification.c.channel_id, notification.c.group_key)
    .limit(bindparam("most"))
)
_OF_GROUP = (
    HELD,
    notification.c.channel_id == bindparam("channel_id"),
    notification.c.group_key == bindparam("group_key"),
)
# A group goes as a whole once one of it is due, however many they are.
_SOONEST = select(func.min(notification.c.not_before)).where(*_OF_GROUP)
_GROUP = select(notification.c.id).where(*_OF_GROUP).order_by(notification.c.id).limit(AT_ONCE).with_for_update()
_LATEST = (
    select(delivery.c.created_at)
    .where(delivery.c.channel_id == bindparam("channel_id"))
    .order_by(delivery.c.seq.desc())
    .limit(1)
)
_ANY_HELD = (
    select(notification.c.id)
    .where(
        HELD,
        notification.c.channel_id == bindparam("channel_id"),
        or_(notification.c.not_before <= _now, notification.c.created_at <= bindparam("moment", type_=UtcDateTime())),
    )
    .limit(1)
)
_REST = (
    update(notification)
    .where(HELD, notification.c.channel_id == bindparam("whose"), notification.c.group_key == bindparam("key"))
    .values(not_before=_now)
)


class NotificationStore:
    """Notifications that wait for the message they will be part of."""

    def __init__(self, db: Database) -> None:
        """Use `db`."""
        self._db = db

    async def due_groups(self, now: datetime, limit: int) -> tuple[tuple[str, str], ...]:
        """Return (channel, group key) of the groups of which one notification may go now, longest due first."""
        rows = await self._db.read(lambda connection: connection.execute(_DUE, {"now": now, "most": limit}).all())
        return tuple((row.channel_id, row.group_key) for row in rows)

    async def told_since(self, channel_id: str, moment: datetime, until: datetime) -> bool:
        """Return whether a message was made for the channel since the moment, or is still to be made of what there is.

        That is what was held before the moment, for whatever later one, or goes by `until`. Raises StoreError.
        """
        wanted = {"channel_id": channel_id, "now": until, "moment": moment}

        def ask(connection: Connection) -> bool:
            latest = connection.execute(_LATEST, wanted).scalar()
            # One of the future was made under a clock that has been set back since.
            return (latest is not None and moment <= latest <= until + APART) or connection.execute(
                _ANY_HELD, wanted
            ).first() is not None

        return await self._db.read(ask)

    async def flush(
        self, channel_id: str, group_key: str, most: int, compose: Compose, now: datetime
    ) -> tuple[str, ...]:
        """Make the messages of a group that is due, in ONE transaction; return their ids. One that is not due makes none.

        Of more than `most` notifications several messages are made; what is more than AT_ONCE is due again at once. Raises
        StoreError, and what `compose` raises: then all of them wait on.
        """
        maker = MessageMaker(compose, now)
        return await self._db.write(lambda connection: _flush(connection, channel_id, group_key, most, maker))


def _flush(connection: Connection, channel_id: str, group_key: str, most: int, maker: MessageMaker) -> tuple[str, ...]:
    wanted = {"channel_id": channel_id, "group_key": group_key}
    soonest = connection.execute(_SOONEST, wanted).scalar()
    if soonest is None or soonest > maker.now:
        return ()
    ids = connection.execute(_GROUP, wanted).scalars().all()
    parts = [ids[start : start + most] for start in range(0, len(ids), most)]
    for part in parts:
        tell(connection, channel_id, part, maker)
    if len(ids) == AT_ONCE:
        connection.execute(_REST, {"whose": channel_id, "key": group_key, "now": maker.now})
    return tuple(part[0] for part in parts)
