"""A delivery that is over is made to be sent again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from monitor.model.delivery import DeliveryState, MessageContext
from monitor.store.tables.rows import article_of, clean, hit_of
from monitor.store.tables.schema import article, delivery, delivery_hit, hit
from monitor.store.write.messages import sendable
from monitor.store.write.stories import story_of

_FIND = select(delivery).where(delivery.c.id == bindparam("id")).with_for_update()
_HIT = (
    select(hit, article.c.story_id)
    .select_from(
        delivery_hit.join(hit, hit.c.id == delivery_hit.c.hit_id).join(article, article.c.id == hit.c.article_id)
    )
    .where(delivery_hit.c.delivery_id == bindparam("id"))
)
_ARTICLE = select(article).where(article.c.id == bindparam("id"))
_UPDATE = update(delivery).where(delivery.c.id == bindparam("row_id"))


def replay_one(connection: Connection, row_id: str, render: Callable[[MessageContext], bytes], now: datetime) -> str:
    """Make one row due at `now`; return replayed | released | hurried | sending | unknown (see Outbox.replay)."""
    row = connection.execute(_FIND, {"id": clean(row_id)}).first()
    if row is None:
        return "unknown"
    if row.state == DeliveryState.LEASED:
        return "sending"
    if row.state == DeliveryState.PENDING:
        _change(connection, row_id, {"due_at": now})
        return "hurried"
    if row.state == DeliveryState.SUPPRESSED:
        values = sendable(connection, _context(connection, row), row.channel_id, render)
        _change(connection, row_id, {**values, "reason": "", "due_at": now})
        return "released"
    _change(
        connection,
        row_id,
        {"state": DeliveryState.PENDING.value, "attempts": 0, "first_attempt_at": None, "done_at": None, "due_at": now},
    )
    return "replayed"


def _change(connection: Connection, row_id: str, values: dict[str, Any]) -> None:
    connection.execute(_UPDATE.values(**values), {"row_id": row_id})


def _context(connection: Connection, row: Row[Any]) -> MessageContext:
    """Return what the body is rendered from, as the hit was stored; the story as it is now."""
    found = connection.execute(_HIT, {"id": row.id}).one()
    told = article_of(connection.execute(_ARTICLE, {"id": found.article_id}).one())
    return MessageContext(
        delivery_id=row.id,
        seq=0,
        hit_id=found.id,
        article_id=found.article_id,
        created_at=row.created_at,
        article=replace(told, source_id=found.source_id),
        hit=hit_of(found),
        story=story_of(connection, found.story_id),
    )
