"""How the channels fare: open, failing, shut; what waits, behind what, until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, select

from monitor.model.delivery import DeliveryState
from monitor.model.records import ChannelRecord, DeliveryRecord
from monitor.store.db.dialects import unindexed
from monitor.store.tables.schema import HELD, SHUT_BY_PLAN, UNFINISHED_STATES, channel_state, delivery, notification

_of_channel = delivery.alias()
_HEAD_SEQ = (
    select(func.min(_of_channel.c.seq))
    .where(_of_channel.c.channel_id == channel_state.c.id, _of_channel.c.state.in_(UNFINISHED_STATES))
    .scalar_subquery()
)
_HEADS = select(
    channel_state.c.id,
    channel_state.c.disabled_at,
    channel_state.c.reason,
    channel_state.c.failing_since,
    delivery.c.seq,
    delivery.c.due_at,
    delivery.c.lease_until,
    delivery.c.attempts,
    delivery.c.last_error,
).select_from(
    channel_state.outerjoin(delivery, and_(delivery.c.channel_id == channel_state.c.id, delivery.c.seq == _HEAD_SEQ))
)
_HEADS_OF = _HEADS.where(channel_state.c.id.in_(bindparam("ids", expanding=True)))
_CHANNEL = unindexed(delivery.c.channel_id)
_COUNTS = (
    select(_CHANNEL.label("channel_id"), delivery.c.state, func.count().label("number"))
    .where(
        delivery.c.state.in_(
            [state.value for state in (DeliveryState.PENDING, DeliveryState.LEASED, DeliveryState.DEAD)]
        )
    )
    .group_by(_CHANNEL, delivery.c.state)
)
_HELD = select(notification.c.channel_id, func.count().label("number")).where(HELD).group_by(notification.c.channel_id)
_LAST = (
    select(delivery.c.done_at)
    .where(delivery.c.channel_id == bindparam("id"), delivery.c.state == DeliveryState.DONE.value)
    .order_by(delivery.c.seq.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class _Head:
    seq: int
    due_at: datetime | None
    shut: str


def channel_records(connection: Connection, kinds: Mapping[str, str]) -> tuple[ChannelRecord, ...]:
    """Return how each channel of the plan fares, and each other one for which something waits, by id.

    `kinds` has the kind of each channel of the plan.
    """
    counts: dict[tuple[str, str], int] = {
        (row.channel_id, row.state): row.number for row in connection.execute(_COUNTS)
    }
    held: dict[str, int] = {row.channel_id: row.number for row in connection.execute(_HELD)}
    found = []
    for row in connection.execute(_HEADS.order_by(channel_state.c.id)).all():
        waiting = sum(counts.get((row.id, state.value), 0) for state in (DeliveryState.PENDING, DeliveryState.LEASED))
        if row.id not in kinds and not waiting and not held.get(row.id):
            continue
        state, since, reason = _state(row)
        found.append(
            ChannelRecord(
                id=row.id,
                kind=kinds.get(row.id, ""),
                state=state,
                since=since,
                reason=reason,
                waiting=waiting,
                held=held.get(row.id, 0),
                dead=counts.get((row.id, DeliveryState.DEAD.value), 0),
                head=row.seq,
                next_try_at=None if row.disabled_at else row.due_at,
                last_done_at=connection.execute(_LAST, {"id": row.id}).scalar(),
            )
        )
    return tuple(found)


def waiting_since(connection: Connection, heads: Mapping[str, int]) -> Mapping[str, datetime]:
    """Return by channel when the message was made that has that seq there; a channel without it is left out."""
    found = {}
    for channel_id, seq in heads.items():
        made = select(delivery.c.created_at).where(delivery.c.channel_id == channel_id, delivery.c.seq == seq)
        if moment := connection.execute(made).scalar():
            found[channel_id] = moment
    return found


def placed_in_line(connection: Connection, records: Iterable[DeliveryRecord]) -> tuple[DeliveryRecord, ...]:
    """Return the records, those that are pending with what stands before them."""
    listed = tuple(records)
    ids = {record.channel_id for record in listed if record.state == DeliveryState.PENDING}
    rows = connection.execute(_HEADS_OF, {"ids": sorted(ids)}).all() if ids else ()
    heads = {
        row.id: _Head(row.seq, row.due_at, row.reason if row.disabled_at else "") for row in rows if row.seq is not None
    }
    return tuple(_placed(record, heads.get(record.channel_id)) for record in listed)


def _placed(record: DeliveryRecord, head: _Head | None) -> DeliveryRecord:
    if record.state != DeliveryState.PENDING or head is None:
        return record
    behind = None if head.seq == record.seq else head.seq
    return replace(record, behind=behind, next_try_at=None if head.shut else head.due_at, shut=head.shut)


def _state(row: Row[*tuple[Any, ...]]) -> tuple[str, datetime | None, str]:
    if row.disabled_at is not None:
        return ("off" if row.reason in SHUT_BY_PLAN else "shut"), row.disabled_at, row.reason
    if row.failing_since is not None:
        return "failing", row.failing_since, row.last_error or ""
    return "open", None, ""
