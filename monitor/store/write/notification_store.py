"""Groups of held notifications: which are due, and the message that one of them becomes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from monitor.model.delivery import Compose
from monitor.model.notification import NotificationState
from monitor.store.db.database import Database
from monitor.store.db.dialects import UtcDateTime
from monitor.store.tables.schema import notification
from monitor.store.write.identity import new_uuid
from monitor.store.write.messages import Outlet, tell

MOST = 20
"""Notifications in one message; what more of a group waits becomes the next."""

AT_ONCE = 10 * MOST
"""Notifications in one transaction; what more of a group waits is due at once."""

_now = bindparam("now", type_=UtcDateTime())
_HELD = notification.c.state == NotificationState.HELD.value
_soonest = func.min(notification.c.not_before)
_DUE = (
    select(notification.c.channel_id, notification.c.group_key)
    .where(_HELD)
    .group_by(notification.c.channel_id, notification.c.group_key)
    .having(_soonest <= _now)
    .order_by(_soonest, notification.c.channel_id, notification.c.group_key)
    .limit(bindparam("most"))
)
# A group goes as a whole once one of it is due: who joined last was told to wait for the same moment.
_GROUP = (
    select(notification.c.id, notification.c.not_before)
    .where(
        _HELD,
        notification.c.channel_id == bindparam("channel_id"),
        notification.c.group_key == bindparam("group_key"),
    )
    .order_by(notification.c.id)
    .limit(AT_ONCE)
    .with_for_update()
)


class NotificationStore:
    """Notifications that wait for the message they will be part of."""

    def __init__(self, db: Database, new_id: Callable[[], str] = new_uuid) -> None:
        """Use `db`; `new_id` makes the ids of messages."""
        self._db = db
        self._new_id = new_id

    async def due_groups(self, now: datetime, limit: int) -> tuple[tuple[str, str], ...]:
        """Return (channel, group key) of the groups of which one notification may go now, longest due first."""
        rows = await self._db.read(lambda connection: connection.execute(_DUE, {"now": now, "most": limit}).all())
        return tuple((row.channel_id, row.group_key) for row in rows)

    async def flush(self, channel_id: str, group_key: str, compose: Compose, now: datetime) -> tuple[str, ...]:
        """Make the messages of a group that is due, in ONE transaction; return their ids. One that is not due makes none.

        Of more than MOST notifications several messages are made. Raises StoreError, and what `compose` raises: then
        all of them wait on.
        """
        outlet = Outlet(compose, self._new_id, now)
        return await self._db.write(lambda connection: _flush(connection, channel_id, group_key, outlet))


def _flush(connection: Connection, channel_id: str, group_key: str, outlet: Outlet) -> tuple[str, ...]:
    rows = connection.execute(_GROUP, {"channel_id": channel_id, "group_key": group_key}).all()
    if not any(row.not_before <= outlet.now for row in rows):
        return ()
    made = []
    for start in range(0, len(rows), MOST):
        ids = [row.id for row in rows[start : start + MOST]]
        identity = ids[0] if len(ids) == 1 else outlet.new_id()
        tell(connection, identity, channel_id, ids, outlet)
        made.append(identity)
    return tuple(made)
