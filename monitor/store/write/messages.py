"""The rows of the outbox as they come to be: a seq without gaps, a body that is never rendered again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from monitor.model.delivery import DeliveryState, MessageContext, Notification
from monitor.model.health import Notice
from monitor.store.db.dialects import per_dialect
from monitor.store.tables.rows import storable
from monitor.store.tables.schema import channel_state, delivery, delivery_hit

_TAKE_SEQ = per_dialect(
    lambda insert: (
        insert(channel_state)
        .on_conflict_do_update(index_elements=["id"], set_={"next_seq": channel_state.c.next_seq + 1})
        .returning(channel_state.c.next_seq)
    )
)
_ADD_DELIVERY = delivery.insert()
_ADD_LINK = delivery_hit.insert()


def add_deliveries(
    connection: Connection,
    hits: Sequence[tuple[MessageContext, Sequence[Notification]]],
    render: Callable[[MessageContext], bytes],
    new_id: Callable[[], str],
) -> tuple[str, ...]:
    """Insert one row per hit and channel; return the ids of those to be sent, in the order of the hits.

    Each context is complete but for `delivery_id` and `seq`.
    """
    pairs = [
        (context, notification) for context, notifications in hits for notification in _one_per_channel(notifications)
    ]
    ids: dict[int, str] = {}
    # Every transaction takes the channels in one order, so that two of them never wait for each other.
    for place, (context, notification) in sorted(enumerate(pairs), key=lambda pair: pair[1][1].channel_id):
        identity = new_id()
        if notification.suppressed is None:
            ids[place] = identity
            values = sendable(connection, replace(context, delivery_id=identity), notification.channel_id, render)
        else:
            values = {"state": DeliveryState.SUPPRESSED, "reason": notification.suppressed.value}
        connection.execute(
            _ADD_DELIVERY,
            {
                "id": identity,
                "channel_id": notification.channel_id,
                "created_at": context.created_at,
                "reason": "",
                **values,
            },
        )
        connection.execute(
            _ADD_LINK,
            {"hit_id": context.hit_id, "channel_id": notification.channel_id, "delivery_id": identity},
        )
    return tuple(ids[place] for place in sorted(ids))


def add_notice(
    connection: Connection,
    notice: Notice,
    channels: Sequence[str],
    render: Callable[[Notice, int], bytes],
    new_id: Callable[[], str],
) -> tuple[str, ...]:
    """Insert one row per channel for a message about a source, due at once; return their ids.

    `channels` exist and can be sent to; no id stands twice. They are taken in order of id, as those of hits are.
    """
    ids = []
    for channel_id in sorted(channels):
        seq = _next_seq(connection, channel_id)
        row = {
            "id": new_id(),
            "channel_id": channel_id,
            "state": DeliveryState.PENDING,
            "seq": seq,
            "body": render(notice, seq),
            "created_at": notice.at,
            "due_at": notice.at,
            "type": notice.type,
            "about": storable(f"{notice.type}: {notice.source_name or 'network'}: {notice.alarm.problem.value}"),
        }
        connection.execute(_ADD_DELIVERY, row)
        ids.append(str(row["id"]))
    return tuple(ids)


def sendable(
    connection: Connection, context: MessageContext, channel_id: str, render: Callable[[MessageContext], bytes]
) -> dict[str, Any]:
    """Take the channel's next seq, freeze the body, and return the columns of a row that is due at once.

    The channel's row stays locked until the COMMIT: seqs become visible in their order, a rollback gives its seq back.
    """
    seq = _next_seq(connection, channel_id)
    return {
        "state": DeliveryState.PENDING,
        "seq": seq,
        "body": render(replace(context, seq=seq)),
        "due_at": context.created_at,
    }


def _one_per_channel(notifications: Sequence[Notification]) -> list[Notification]:
    return list({notification.channel_id: notification for notification in reversed(notifications)}.values())[::-1]


def _next_seq(connection: Connection, channel_id: str) -> int:
    taken = connection.execute(_TAKE_SEQ[connection.dialect.name], {"id": channel_id, "next_seq": 2})
    return int(taken.scalar_one()) - 1
