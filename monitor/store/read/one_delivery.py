"""One delivery: every attempt at it, and the exact bytes that are sent."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, select

from monitor.model.explained import AttemptRecord
from monitor.store.tables.schema import attempt, delivery

_ATTEMPTS: Final = select(attempt).where(attempt.c.delivery_id == bindparam("wanted")).order_by(attempt.c.id)
_BODY: Final = select(delivery.c.body).where(delivery.c.id == bindparam("wanted"))


def attempts_of(connection: Connection, delivery_id: str) -> tuple[AttemptRecord, ...]:
    """Return every attempt at a delivery, oldest first."""
    rows = connection.execute(_ATTEMPTS, {"wanted": delivery_id})
    return tuple(AttemptRecord(row.n, row.at, row.state, row.status, row.detail, row.elapsed_ms) for row in rows)


def body_of(connection: Connection, delivery_id: str) -> bytes | None:
    """Return what is sent; None of a notification of which no message was made."""
    found: bytes | None = connection.execute(_BODY, {"wanted": delivery_id}).scalar()
    return found
