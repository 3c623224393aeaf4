"""Deliveries: due, leased, completed, replayed. First in, first out per channel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    ScalarSelect,
    Text,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from monitor.model.delivery import AttemptResult, Completion, Compose, Delivery, DeliveryState, NextClaim, Opening
from monitor.model.operator import OperatorNotice
from monitor.store.db.database import Database
from monitor.store.db.dialects import UtcDateTime, advisory_lock, unindexed
from monitor.store.tables.rows import storable, streak_of, streak_values
from monitor.store.tables.schema import SHUT_BY_PLAN, UNFINISHED_STATES, attempt, channel_state, delivery, notification
from monitor.store.write.channel_gate import open_again, revive
from monitor.store.write.messages import Announcement, MessageMaker, announce, tell
from monitor.store.write.refresh_store import SETTLE

Enabled: TypeAlias = Callable[[int], OperatorNotice]
"""What the operator is told of a channel that was opened, with so many messages that wait."""

_waiting = delivery.alias()
_each = channel_state.alias()
_now = bindparam("now", type_=UtcDateTime())


def _first(channel_id: ColumnElement[str]) -> ScalarSelect[str]:
    """Return the query for the id of a channel's first unfinished message."""
    return (
        select(_waiting.c.id)
        .where(_waiting.c.channel_id == channel_id, _waiting.c.state.in_(UNFINISHED_STATES))
        .order_by(_waiting.c.seq)
        .limit(1)
        .scalar_subquery()
    )


# The ids of heads come first, one seek for each channel: without statistics SQLite would walk through all that waits.
_HEAD_OF_EACH = select(_first(_each.c.id)).select_from(_each).where(_each.c.disabled_at.is_(None))
_READY = (
    select(delivery)
    .select_from(delivery.join(channel_state, channel_state.c.id == delivery.c.channel_id))
    .where(
        channel_state.c.disabled_at.is_(None),
        or_(
            and_(unindexed(delivery.c.state) == DeliveryState.PENDING.value, delivery.c.due_at <= _now),
            and_(unindexed(delivery.c.state) == DeliveryState.LEASED.value, delivery.c.lease_until <= _now),
        ),
    )
)
_HEADS = _READY.where(delivery.c.id.in_(_HEAD_OF_EACH))
_HEAD = _READY.where(delivery.c.id == _first(bindparam("channel_id", type_=Text())))
_DUE = _HEADS.with_only_columns(delivery.c.id).order_by(delivery.c.due_at, delivery.c.id).limit(bindparam("most"))
_STREAK = (
    channel_state.c.failing_since,
    channel_state.c.refused,
    channel_state.c.refused_from,
    channel_state.c.refused_status,
    channel_state.c.refused_since,
)
_FOLLOWED = exists(
    select(_waiting.c.id).where(
        _waiting.c.channel_id == delivery.c.channel_id,
        _waiting.c.seq > delivery.c.seq,
        _waiting.c.state.in_(UNFINISHED_STATES),
    )
).label("followed")
_CLAIMED = (*_STREAK, _FOLLOWED)
_CLAIM_ONE = (
    _READY.add_columns(*_CLAIMED)
    .where(delivery.c.id == bindparam("id"), delivery.c.id == _first(delivery.c.channel_id))
    .with_for_update(of=delivery, skip_locked=True)
)
_CLAIM_NEXT = _HEAD.add_columns(*_CLAIMED).with_for_update(of=delivery, skip_locked=True)
_NEXT = _HEAD.with_only_columns(delivery.c.id)
_LEASE = (
    update(delivery)
    .where(delivery.c.id == bindparam("row_id"))
    .values(
        state=DeliveryState.LEASED.value,
        attempts=bindparam("n"),
        lease_owner=bindparam("owner"),
        lease_until=bindparam("until"),
        first_attempt_at=func.coalesce(delivery.c.first_attempt_at, _now),
    )
)
_MINE = update(delivery).where(
    delivery.c.id == bindparam("row_id"),
    delivery.c.state == DeliveryState.LEASED.value,
    delivery.c.lease_owner == bindparam("owner"),
    delivery.c.attempts == bindparam("n"),  # one owner may claim a row again after its own lease ran out
)
_RELEASE = (
    update(delivery)
    .where(delivery.c.state == DeliveryState.LEASED.value, delivery.c.lease_owner == bindparam("owner"))
    .values(
        state=DeliveryState.PENDING.value,
        lease_owner=None,
        lease_until=None,
        attempts=delivery.c.attempts - 1,  # it was none
        first_attempt_at=case((delivery.c.attempts > 1, delivery.c.first_attempt_at)),
    )
)
_WRITTEN = select(attempt.c.id).where(
    attempt.c.delivery_id == bindparam("id"),
    attempt.c.n == bindparam("n"),
    attempt.c.at == bindparam("at", type_=UtcDateTime()),
    attempt.c.state == bindparam("state"),
)
_SHUT = (
    update(channel_state)
    .where(channel_state.c.id == bindparam("row_id"), channel_state.c.disabled_at.is_(None))
    .values(disabled_at=_now, reason=bindparam("why"))
)
_FARES = update(channel_state).where(channel_state.c.id == bindparam("row_id"))
_CHANNEL = select(channel_state).where(channel_state.c.id == bindparam("id")).with_for_update()


class Outbox:
    """Deliveries: due, leased, completed, replayed. First in, first out for each channel."""

    def __init__(self, db: Database) -> None:
        """Use `db`."""
        self._db = db

    async def due_deliveries(self, now: datetime, limit: int) -> tuple[str, ...]:
        """Return the id of each channel's head delivery that is due (or whose lease has run out), longest due first.

        Channels that are switched off are passed over; their rows wait.
        """
        wanted = {"now": now, "most": limit}
        return await self._db.read(lambda connection: tuple(connection.execute(_DUE, wanted).scalars()))

    async def claim_delivery(self, delivery_id: str, owner: str, now: datetime, lease: timedelta) -> Delivery | None:
        """Take a delivery for one attempt; None when it is not due, not the head of its channel, or held.

        The attempt counts from here on: a process that dies with it has made it.
        """

        def write(connection: Connection) -> Delivery | None:
            row = connection.execute(_CLAIM_ONE, {"id": delivery_id, "now": now}).first()
            return None if row is None else _take(connection, row, NextClaim(owner, now + lease), now)

        return await self._db.write_soon(write)  # a claim that a power cut undoes is claimed again

    async def release_claim(self, owner: str) -> None:
        """Give back what was claimed under a name and not tried, so that it is due at once; nothing where nothing was."""
        await self._db.write(lambda connection: connection.execute(_RELEASE, {"owner": owner}).rowcount)

    async def complete_delivery(
        self,
        delivery: Delivery,
        result: AttemptResult,
        now: datetime,
        announcement: Announcement,
        then: NextClaim | None = None,
    ) -> Completion:
        """Write down an attempt and its meaning; when it shuts the channel, tell the operator in the same transaction.

        With `then` the channel's next message is claimed along with it, which saves the COMMIT of a claim for each
        message of a queue. Does nothing when the lease was lost to another owner, or to a later claim, meanwhile.
        """

        def write(connection: Connection) -> Completion:
            completion = _complete(connection, delivery, result, now, announcement)
            if completion.lost or completion.following is None or then is None:
                return completion
            row = connection.execute(_CLAIM_NEXT, {"channel_id": delivery.channel_id, "now": now}).first()
            return completion if row is None else replace(completion, claimed=_take(connection, row, then, now))

        return await self._db.write(write)

    async def open_channel(
        self, channel_id: str, enabled: Enabled, now: datetime, announcement: Announcement
    ) -> Opening:
        """Open a channel that its receiver had shut: what waits goes out from now on, in order.

        `enabled` makes what the operator is told of it. A channel that is open and fails is asked at once.
        """
        return await self._db.write(lambda connection: _open(connection, channel_id, enabled, now, announcement))

    async def announce(self, notice: OperatorNotice, announcement: Announcement) -> tuple[str, ...]:
        """Store an event and whom to tell of it, in one transaction; return the ids of the messages made."""
        return await self._db.write(lambda connection: announce(connection, notice, announcement))

    async def waiting(self, channel_id: str) -> int:
        """Return how many messages of a channel are still to be sent."""
        wanted = {"channel_id": channel_id}
        return int(await self._db.read(lambda connection: connection.execute(_WAITING, wanted).scalar_one()))

    async def replay(self, ids: Sequence[str], compose: Compose, now: datetime) -> tuple[tuple[str, str], ...]:
        """Send again what is over: return (id, outcome) in the order asked. An id is that of a message or a notification.

        `replayed`: a done or dead message is due now with its old id, seq and bytes, and its attempts count anew.
        `released`: of a suppressed or held notification a message was made, with its id, the next seq of its channel and a
        body by `compose`. `hurried`: it was waiting for its next try and is due now. `behind`: it waits behind another of its
        channel, which is due now. `shut`: its channel is shut, nothing was changed. `sending`: it is being sent at this
        moment. `unknown`: there is none. Raises StoreError, and what `compose` raises; those before that one stay replayed.
        """
        maker = MessageMaker(compose, now)
        return tuple([(row_id, await self._replay(row_id, maker)) for row_id in ids])

    async def _replay(self, row_id: str, maker: MessageMaker) -> str:
        return await self._db.write(lambda connection: _replay(connection, row_id, maker))


def claim_made(
    connection: Connection, ids: Sequence[str], claim: NextClaim | None, now: datetime
) -> tuple[Delivery, ...]:
    """Claim those of messages that were just made which nothing stands before: whoever made them sends them at once."""
    if claim is None:
        return ()
    rows = (connection.execute(_CLAIM_ONE, {"id": made, "now": now}).first() for made in ids)
    return tuple(_take(connection, row, claim, now) for row in rows if row is not None)


def _take(connection: Connection, row: Row[Any], claim: NextClaim, now: datetime) -> Delivery:
    """Lease a row of `_CLAIM_ONE` or `_CLAIM_NEXT`; the attempt counts from here on."""
    number = row.attempts + 1
    values = {"row_id": row.id, "n": number, "owner": claim.owner, "until": claim.until, "now": now}
    connection.execute(_LEASE, values)
    return Delivery(
        id=row.id,
        channel_id=row.channel_id,
        seq=row.seq,
        body=bytes(row.body),
        attempt=number,
        owner=claim.owner,
        created_at=row.created_at,
        first_attempt_at=row.first_attempt_at,
        streak=streak_of(row),
        followed=bool(row.followed),
        failed=row.attempts > 0 and bool(row.last_error),
    )


def _complete(
    connection: Connection, held: Delivery, result: AttemptResult, now: datetime, announcement: Announcement
) -> Completion:
    done = result.state == DeliveryState.DONE
    opened = not done and not _fares_as_claimed(connection, held)
    if opened:
        due = result.due_at or now
        result = replace(result, state=DeliveryState.PENDING, due_at=due, streak=held.streak, revive=None, shut=None)
    detail = storable(result.detail)
    mine = _MINE.values(
        **(_receipt_values(result.receipt, now) if done else {}),
        state=result.state.value,
        due_at=result.due_at,
        lease_owner=None,
        lease_until=None,
        done_at=now if done else None,
        last_status=result.status,
        last_error="" if done else detail,
    )
    guard = {"row_id": held.id, "owner": held.owner, "n": held.attempt}
    if connection.execute(mine, guard).rowcount != 1:
        # The answer to a COMMIT may be lost: what was written at this very moment was written by us.
        written = {"id": held.id, "n": held.attempt, "at": now, "state": result.state.value}
        if connection.execute(_WRITTEN, written).first() is None:
            return Completion(lost=True)
        return Completion(lost=False, following=_following(connection, held, now))
    connection.execute(
        insert(attempt),
        {
            "delivery_id": held.id,
            "n": held.attempt,
            "at": now,
            "state": result.state.value,
            "status": result.status,
            "detail": detail,
            "elapsed_ms": result.elapsed_ms,
            "retry_after": result.retry_after,
        },
    )
    if result.streak != held.streak:
        connection.execute(_FARES.values(**streak_values(result.streak)), {"row_id": held.channel_id})
    if result.revive is not None:
        revive(connection, held.channel_id, result.revive, result.due_at or now)
    told: tuple[str, ...] = ()
    if result.shut is not None:
        shut = connection.execute(_SHUT, {"row_id": held.channel_id, "now": now, "why": detail})
        told = announce(connection, result.shut, announcement) if shut.rowcount else ()
    return Completion(lost=False, following=_following(connection, held, now), told=told, opened=opened)


def _receipt_values(receipt: str, now: datetime) -> dict[str, Any]:
    """Return under which name the receiver keeps a message, and when that is looked at first; a message of many things is not."""
    if not receipt:
        return {"receipt": "", "refresh_due_at": None, "refresh_after": None, "refresh_tries": 0}
    editable = delivery.c.type == "hit.created"
    return {
        "receipt": case((editable, receipt), else_=""),
        "refresh_due_at": case((editable, literal(now + SETTLE, UtcDateTime()))),
        "refresh_after": None,
        "refresh_tries": 0,
    }


def _fares_as_claimed(connection: Connection, held: Delivery) -> bool:
    """Return whether nobody opened the channel while the attempt was under way: what failed before says nothing since."""
    row = connection.execute(_CHANNEL, {"id": held.channel_id}).first()
    return row is None or streak_of(row) == held.streak


def _following(connection: Connection, held: Delivery, now: datetime) -> str | None:
    """Return the message that is now due at the head of the channel."""
    found = connection.execute(_NEXT, {"channel_id": held.channel_id, "now": now}).scalar()
    return None if found is None else str(found)


def _open(
    connection: Connection, channel_id: str, enabled: Enabled, now: datetime, announcement: Announcement
) -> Opening:
    row = connection.execute(_CHANNEL, {"id": storable(channel_id)}).first()
    if row is None:
        return Opening.UNKNOWN
    if row.disabled_at is not None and row.reason in SHUT_BY_PLAN:
        return Opening.BY_PLAN
    open_again(connection, row, now)
    if row.disabled_at is None:
        return Opening.OPEN
    waiting = int(connection.execute(_WAITING, {"channel_id": channel_id}).scalar_one())
    announce(connection, enabled(waiting), announcement)
    return Opening.OPENED


_WAITING = (
    select(func.count())
    .select_from(delivery)
    .where(delivery.c.channel_id == bindparam("channel_id"), delivery.c.state.in_(UNFINISHED_STATES))
)
_FIND = select(delivery.c.state, delivery.c.channel_id, delivery.c.seq).where(delivery.c.id == bindparam("id"))
_IS_SHUT = select(channel_state.c.id).where(
    channel_state.c.id == bindparam("id"), channel_state.c.disabled_at.is_not(None)
)
_FIRST = select(_first(bindparam("channel_id", type_=Text())))
_NOTIFICATION = (
    select(notification.c.channel_id, notification.c.delivery_id)
    .where(notification.c.id == bindparam("id"))
    .with_for_update()
)
_UPDATE = update(delivery).where(delivery.c.id == bindparam("row_id"))
_HURRY = _UPDATE.where(delivery.c.state == DeliveryState.PENDING.value).values(due_at=_now)


def _replay(connection: Connection, row_id: str, maker: MessageMaker) -> str:
    """Make one row due now; return replayed | released | hurried | behind | shut | sending | unknown (see Outbox.replay)."""
    row_id = storable(row_id)
    # As an article's transaction does, and in its order: both note what is told of a story, and take a seq.
    advisory_lock(connection, "stories")
    told = connection.execute(_NOTIFICATION, {"id": row_id}).first()
    if told is not None and told.delivery_id is None:
        if _is_shut(connection, told.channel_id):
            return "shut"
        tell(connection, told.channel_id, [row_id], maker)
        return "released"
    return _replay_message(connection, row_id if told is None else str(told.delivery_id), maker.now)


def _replay_message(connection: Connection, message: str, now: datetime) -> str:
    found = connection.execute(_FIND.with_for_update(), {"id": message}).first()
    if found is None:
        return "unknown"
    if found.state == DeliveryState.LEASED:
        return "sending"
    if _is_shut(connection, found.channel_id):
        return "shut"
    if found.state == DeliveryState.PENDING:
        head = str(connection.execute(_FIRST, {"channel_id": found.channel_id}).scalar_one())
        connection.execute(_HURRY, {"row_id": head, "now": now})
        return "hurried" if head == message else "behind"
    pending = {"state": DeliveryState.PENDING.value, "attempts": 0, "first_attempt_at": None, "done_at": None}
    connection.execute(_UPDATE.values(**pending, due_at=now), {"row_id": message})
    return "replayed"


def _is_shut(connection: Connection, channel_id: str) -> bool:
    return connection.execute(_IS_SHUT, {"id": channel_id}).first() is not None
