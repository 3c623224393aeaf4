"""Notifications: that a hit or an event concerns a channel, and what became of that."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, column, or_, select, table

from monitor.model.records import NotificationQuery, NotificationRecord
from monitor.store.db.dialects import UtcDateTime
from monitor.store.tables.schema import event, notification

_TEXTS: Final = ("reason", "group_key", "rule_id", "rule_name", "source_id", "title", "url", "levels")
_view: Final = table(
    "v_notifications",
    *(
        column(name)
        for name in ("id", "type", "channel_id", "state", "hit_id", "delivery_id", "delivery_state", "silence_id")
    ),
    *(column(name) for name in _TEXTS),
    *(column(name, UtcDateTime()) for name in ("not_before", "created_at")),
)
_BY_ID: Final = select(_view).where(_view.c.id.in_(bindparam("ids", expanding=True))).order_by(_view.c.id.desc())


def notification_records(connection: Connection, query: NotificationQuery) -> tuple[NotificationRecord, ...]:
    """Return the notifications that the query asks for, newest first."""
    columns = notification.c
    # The view joins much: the newest are found in the table.
    newest = select(columns.id).order_by(columns.id.desc()).limit(query.limit)
    for owner, wanted in (
        (columns.channel_id, query.channel),
        (columns.state, query.state),
        (columns.reason, query.reason),
    ):
        if wanted:
            newest = newest.where(owner == wanted)
    if query.hit is not None:
        again = select(event.c.id).where(event.c.hit_id == query.hit)
        newest = newest.where(or_(columns.hit_id == query.hit, columns.event_id.in_(again)))
    ids = list(connection.execute(newest).scalars())
    rows = connection.execute(_BY_ID, {"ids": ids}).mappings().all() if ids else ()
    return tuple(NotificationRecord(**{**row, **{name: row[name] or "" for name in _TEXTS}}) for row in rows)
