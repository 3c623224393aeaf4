"""What a rule has told a channel of a story: noted with each decision, and read again for the words of the next message."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Table, bindparam, func, or_, select

from monitor.model.delivery import DeliveryState, MessageContext
from monitor.model.escalation import NEW, Escalation, Outlet
from monitor.model.notification import NotificationState, Told
from monitor.store.db.inserts import Inserting, per_dialect
from monitor.store.tables.schema import article, delivery, notification, source_state, story_alert

MOST_OUTLETS: Final = 20
"""Outlets that a message names."""

_KEY = ("story_id", "channel_id", "rule_id", "level")
_NOTED = ("notification_id", "decided_at", "articles", "outlets")
_WHOSE = tuple(story_alert.c[name] == bindparam(name) for name in _KEY[:3])
# Told, or about to be: neither what was kept back since, nor what its receiver never took.
_TOLD = (
    select(story_alert.c.level, story_alert.c.decided_at)
    .select_from(
        story_alert.join(notification, notification.c.id == story_alert.c.notification_id).outerjoin(
            delivery, delivery.c.id == notification.c.delivery_id
        )
    )
    .where(
        *_WHOSE,
        notification.c.state != NotificationState.SUPPRESSED.value,
        or_(delivery.c.state.is_(None), delivery.c.state != DeliveryState.DEAD.value),
    )
)


def _note(make: Callable[[Table], Inserting]) -> Inserting:
    """A level that is told anew had been told to nobody."""
    insert = make(story_alert)
    return insert.on_conflict_do_update(index_elements=_KEY, set_={name: insert.excluded[name] for name in _NOTED})


_NOTE = per_dialect(_note)
_ALERTS = (
    select(story_alert.c.level, *(story_alert.c[name] for name in _NOTED))
    .where(*_WHOSE)
    .order_by(story_alert.c.decided_at, story_alert.c.notification_id)
)
_SINCE = func.min(article.c.stored_at).label("since")
_OUTLETS = (
    select(article.c.source_id, _SINCE)
    .where(article.c.story_id == bindparam("story_id"))
    .group_by(article.c.source_id)
    .order_by(_SINCE, article.c.source_id)
)
_NAMES = select(source_state.c.id, source_state.c.name).where(source_state.c.id.in_(bindparam("ids", expanding=True)))


def told_of_story(connection: Connection, story_id: str, rule_id: str, channel_id: str) -> Told:
    """Return which levels of a story a rule has told a channel, or is about to."""
    wanted = {"story_id": story_id, "rule_id": rule_id, "channel_id": channel_id}
    rows = connection.execute(_TOLD, wanted).all()
    return Told(frozenset(row.level for row in rows), max((row.decided_at for row in rows), default=None))


def outlets_of(connection: Connection, story_id: str) -> Mapping[str, datetime]:
    """Return the sources that tell a story, in the order in which they began to, each with when its first was stored."""
    return {row.source_id: row.since for row in connection.execute(_OUTLETS, {"story_id": story_id})}


def note_levels(
    connection: Connection, context: MessageContext, channel_id: str, notification_id: str, levels: Sequence[str]
) -> None:
    """Note what a notification that was just stored tells of its hit's story."""
    story = context.story
    row = {
        "story_id": story.id,
        "channel_id": channel_id,
        "rule_id": context.hit.rule_id,
        "notification_id": notification_id,
        "decided_at": context.created_at,
        "articles": story.articles,
        "outlets": story.outlets,
    }
    for level in levels:
        connection.execute(_NOTE[connection.dialect.name], row | {"level": level})


def escalation(
    connection: Connection, context: MessageContext, channel_id: str, notification_id: str, levels: Sequence[str] = ()
) -> Escalation | None:
    """Return why a notification of a hit tells its story again; None when it tells it for the first time.

    `levels` are those of one that is not stored yet.
    """
    if NEW in levels:
        return None
    wanted = {"story_id": context.story.id, "channel_id": channel_id, "rule_id": context.hit.rule_id}
    rows = connection.execute(_ALERTS, wanted).all()
    own = [row for row in rows if row.notification_id == notification_id]
    before = [row for row in rows if row.notification_id != notification_id]
    if own and not levels:
        before = [row for row in before if row.decided_at <= own[0].decided_at]
    why = tuple(levels) or tuple(row.level for row in own)
    if not why or NEW in why or not before:
        return None
    last = before[-1]
    outlets = outlets_of(connection, context.story.id)
    since_then = [name for name, since in outlets.items() if since > last.decided_at]
    joined = since_then[:MOST_OUTLETS]
    shown = [*joined, *list(outlets)[:1]]
    names = {row.id: row.name for row in connection.execute(_NAMES, {"ids": shown})}
    told = [Outlet(one, names.get(one, ""), outlets[one]) for one in shown]
    return Escalation(
        why,
        first_at=before[0].decided_at,
        last_at=last.decided_at,
        articles=last.articles,
        outlets=last.outlets,
        joined=tuple(told[: len(joined)]),
        joined_total=len(since_then),
        first=told[-1] if told else None,
    )
