"""The health of sources: what is remembered, which alarms are up, what was told; one transaction for all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from monitor.model.delivery import Compose
from monitor.model.health import HealthWrite, Notice, Peer
from monitor.model.notification import DecideEvent
from monitor.model.rhythm import Arrivals
from monitor.store.db.database import Database
from monitor.store.db.dialects import UtcDateTime, advisory_lock
from monitor.store.db.inserts import per_dialect
from monitor.store.tables.rows import arrivals_of, storable
from monitor.store.tables.schema import alarm, source_day, source_health, source_state
from monitor.store.write.identity import new_uuid
from monitor.store.write.messages import Announcement, announce

Judge: TypeAlias = Callable[
    [Mapping[str, Any], Mapping[str, Any] | None, Callable[[], Sequence[Peer]], Arrivals | None], HealthWrite
]

ALL_SOURCES = ""
"""The id under which an alarm about all sources at once is kept."""

_MEMORY = select(source_health.c.memory).where(source_health.c.source_id == bindparam("id"))
_ARRIVALS = select(source_state.c.arrivals).where(source_state.c.id == bindparam("id"))
_PEERS = (
    select(source_health.c.polled_at, source_health.c.failing_since, source_health.c.memory)
    .join(source_state, source_state.c.id == source_health.c.source_id)
    .where(source_state.c.enabled, source_health.c.source_id != bindparam("id"), source_health.c.polled_at.is_not(None))
)
_KEEP = per_dialect(
    lambda make: (keep := make(source_health)).on_conflict_do_update(
        index_elements=["source_id"],
        set_={name: keep.excluded[name] for name in ("polled_at", "failing_since", "memory")},
    )
)
_COUNT = per_dialect(
    lambda make: (count := make(source_day)).on_conflict_do_update(
        index_elements=["source_id", "day"],
        set_={name: count.excluded[name] for name in ("seen", "missed")},
    )
)
_CLEAR = (
    update(alarm)
    .where(alarm.c.source_id == bindparam("whose"), alarm.c.problem == bindparam("what"), alarm.c.cleared_at.is_(None))
    .values(cleared_at=bindparam("now"))
)
_FAILING = select(source_health.c.source_id, source_health.c.memory).where(source_health.c.failing_since.is_not(None))
_POLL_NOW = (
    update(source_state)
    .where(
        source_state.c.enabled,
        source_state.c.lease_owner.is_(None),
        source_state.c.next_poll_at > bindparam("now", type_=UtcDateTime()),
        source_state.c.id.in_(bindparam("ids", expanding=True)),
    )
    .values(next_poll_at=bindparam("now", type_=UtcDateTime()), lists_due_at=bindparam("now", type_=UtcDateTime()))
)
_CLEAR_OUTAGE = delete(source_health).where(source_health.c.source_id == ALL_SOURCES)


class HealthStore:
    """What is remembered of the health of sources, and which alarms are up."""

    def __init__(self, db: Database, new_id: Callable[[], str] = new_uuid) -> None:
        """Use `db`; `new_id` makes the ids of messages."""
        self._db = db
        self._new_id = new_id

    async def examine(
        self,
        source_id: str,
        judge: Judge,
        decide: DecideEvent,
        compose: Compose,
    ) -> tuple[tuple[Notice, ...], tuple[str, ...]]:
        """Judge a source and store what follows in ONE transaction; return what is told and the ids of the messages.

        A source that answers again has those polled now that still fail of what may have been the same cause: after hours
        without network, their back-off would keep them away for hours more.
        `judge` gets the source's memory ({} for none), the alarm about all sources (None for none), a way to ask for the other
        enabled sources that were ever polled, and what was learned of the source's rhythm (None for
        nothing). It, `decide` (whom to tell of a notice) and `compose` run inside the transaction, perhaps more than once,
        and must only compute. Raises StoreError, and what they raise: then nothing is stored.
        """

        def job(connection: Connection) -> tuple[tuple[Notice, ...], tuple[str, ...]]:
            advisory_lock(connection, "health")  # two sources must not both begin the same outage
            outage = _memory(connection, ALL_SOURCES)
            memory, learned = _memory(connection, source_id) or {}, _arrivals(connection, source_id)
            judged = judge(memory, outage, lambda: _peers(connection, source_id), learned)
            _keep(connection, source_id, judged)
            if judged.outage != outage:
                _keep_outage(connection, judged.outage)
            if judged.recovered:
                _poll_failing(connection, judged)
            ids: list[str] = []
            for notice in judged.notices:
                _mark(connection, notice)
                ids += announce(connection, notice, Announcement(decide, compose), self._new_id)
            return judged.notices, tuple(ids)

        return await self._db.write(job)


def _poll_failing(connection: Connection, judged: HealthWrite) -> None:
    failing = connection.execute(_FAILING).all()
    ids = [row.source_id for row in failing if _cause(row.memory) in judged.recovered]
    connection.execute(_POLL_NOW, {"now": judged.polled_at, "ids": ids})


def _memory(connection: Connection, source_id: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = connection.execute(_MEMORY, {"id": source_id}).scalar()
    return found


def _arrivals(connection: Connection, source_id: str) -> Arrivals | None:
    return arrivals_of(connection.execute(_ARRIVALS, {"id": source_id}).scalar())


def _peers(connection: Connection, source_id: str) -> tuple[Peer, ...]:
    rows = connection.execute(_PEERS, {"id": source_id}).all()
    return tuple(Peer(row.polled_at, row.failing_since, _cause(row.memory)) for row in rows)


def _cause(memory: object) -> str:
    """Return what a memory says that the source fails of; "" where it says nothing, or is damaged."""
    said = memory.get("cause") if isinstance(memory, dict) else None
    return said if isinstance(said, str) else ""


def _keep(connection: Connection, source_id: str, judged: HealthWrite) -> None:
    values = {"source_id": source_id, "polled_at": judged.polled_at, "failing_since": judged.failing_since}
    connection.execute(_KEEP[connection.dialect.name], {**values, "memory": dict(judged.memory)})
    if judged.day.date:
        day = {"source_id": source_id, "day": judged.day.date, "seen": judged.day.seen, "missed": judged.day.missed}
        connection.execute(_COUNT[connection.dialect.name], day)


def _keep_outage(connection: Connection, outage: Mapping[str, Any] | None) -> None:
    if outage is None:
        connection.execute(_CLEAR_OUTAGE)
    else:
        values = {"source_id": ALL_SOURCES, "polled_at": None, "failing_since": None, "memory": dict(outage)}
        connection.execute(_KEEP[connection.dialect.name], values)


def _mark(connection: Connection, notice: Notice) -> None:
    """Note the alarm as up, or as over."""
    told = notice.alarm
    if not notice.broken:
        wanted = {"whose": notice.source_id, "what": told.problem.value, "now": notice.at}
        connection.execute(_CLEAR, wanted)
        return
    values: dict[str, str | datetime] = {
        "source_id": notice.source_id,
        "problem": told.problem.value,
        "since": told.since,
        "raised_at": notice.at,
        "summary_en": storable(told.summary.en),
        "summary_ko": storable(told.summary.ko),
        "action_en": storable(told.action.en),
        "action_ko": storable(told.action.ko),
    }
    connection.execute(insert(alarm), values)
