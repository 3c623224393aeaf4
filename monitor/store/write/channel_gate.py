"""A channel that opens: its failures are forgotten, what waited or was refused meanwhile is due."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, exists, func, select, update

from monitor.model.delivery import DeliveryState, FailureStreak, Revival
from monitor.store.db.dialects import UtcDateTime
from monitor.store.tables.rows import streak_of, streak_values
from monitor.store.tables.schema import attempt, channel_state, delivery

_WAITS: Final = {"state": DeliveryState.PENDING.value, "done_at": None}
_REVIVE = (
    update(delivery)
    .where(
        delivery.c.channel_id == bindparam("whose"),
        delivery.c.seq >= bindparam("first"),
        delivery.c.state == DeliveryState.DEAD.value,
        exists(
            select(attempt.c.id).where(
                attempt.c.delivery_id == delivery.c.id, attempt.c.at >= bindparam("since", type_=UtcDateTime())
            )
        ),
    )
    .values(**_WAITS, due_at=bindparam("due", type_=UtcDateTime()))
)
_GIVEN_UP = (
    select(func.count())
    .select_from(attempt)
    .where(
        attempt.c.delivery_id == delivery.c.id,
        attempt.c.state == DeliveryState.DEAD.value,
        attempt.c.at >= delivery.c.first_attempt_at,
    )
    .scalar_subquery()
)
_REVIVE_ONCE = _REVIVE.where(_GIVEN_UP <= 1)
_OPEN = update(channel_state).where(channel_state.c.id == bindparam("row_id"))
_HASTEN = (
    update(delivery)
    .where(
        delivery.c.channel_id == bindparam("whose"),
        delivery.c.state == DeliveryState.PENDING.value,
        delivery.c.due_at > bindparam("now", type_=UtcDateTime()),
    )
    .values(due_at=bindparam("now", type_=UtcDateTime()))
)
_ANEW = (
    update(delivery)
    .where(
        delivery.c.channel_id == bindparam("whose"),
        delivery.c.state == DeliveryState.PENDING.value,
        delivery.c.attempts > 0,
    )
    .values(attempts=0, first_attempt_at=None)
)


def revive(connection: Connection, channel_id: str, which: Revival, due: datetime) -> None:
    """Have messages that were given up wait again until `due`, under their old ids and numbers."""
    wanted = {"whose": channel_id, "first": which.first, "since": which.since, "due": due}
    connection.execute(_REVIVE_ONCE if which.once else _REVIVE, wanted)


def open_again(connection: Connection, row: Row[Any], now: datetime) -> None:
    """Open the channel of a row of `channel_state` and forget its failures: all that waits, refused or not, is due now.

    Attempts count anew, else one refusal more would set a message aside that was tried often before.
    """
    streak = streak_of(row)
    if streak.refused and streak.since is not None:
        revive(connection, row.id, Revival(streak.refused_from, streak.since), now)
    connection.execute(_ANEW, {"whose": row.id})
    connection.execute(_HASTEN, {"whose": row.id, "now": now})
    values = {"disabled_at": None, "reason": "", **streak_values(FailureStreak())}
    connection.execute(_OPEN.values(**values), {"row_id": row.id})
