"""Per-source memory: when to poll, what was seen, what is still to be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, func, or_, select, update

from monitor.model.article import Entry, ListWrite
from monitor.model.page import Validators
from monitor.model.plan import Plan
from monitor.model.rhythm import Burst, Rhythm
from monitor.store.db.database import Database
from monitor.store.db.dialects import UtcDateTime
from monitor.store.tables.rows import (
    burst_values,
    entry_of,
    rhythm_of,
    storable,
    url_key,
    urls_of,
    validators_of,
    validators_values,
)
from monitor.store.tables.schema import article, entry, source_state
from monitor.store.write.list_entries import Learn, NewEntries, commit_list
from monitor.store.write.plan_sync import keep_plan

_now = bindparam("now", type_=UtcDateTime())
_FREE = (source_state.c.enabled, or_(source_state.c.lease_until.is_(None), source_state.c.lease_until <= _now))
_DUE = (
    select(source_state.c.id)
    .where(*_FREE, source_state.c.next_poll_at <= _now)
    .order_by(source_state.c.next_poll_at, source_state.c.id)
    .limit(bindparam("most"))
)
_CLAIM = (
    update(source_state)
    .where(source_state.c.id == bindparam("row_id"), *_FREE)
    .values(lease_owner=bindparam("owner"), lease_until=bindparam("until"))
    .returning(
        source_state.c.id,
        source_state.c.validators,
        source_state.c.failures,
        source_state.c.last_success_at,
        source_state.c.lists_due_at,
    )
)
_RENEW = (
    update(source_state)
    .where(source_state.c.id == bindparam("row_id"), source_state.c.lease_owner == bindparam("owner"))
    .values(lease_until=bindparam("until"))
)
_RELEASE = (
    update(source_state)
    .where(source_state.c.id == bindparam("row_id"), source_state.c.lease_owner == bindparam("owner"))
    .values(lease_owner=None, lease_until=None)
)
_RHYTHMS = select(source_state.c.id, source_state.c.arrivals, source_state.c.burst)
_ARRANGED = select(source_state.c.id, source_state.c.failures, source_state.c.lists_due_at).where(
    *_FREE, source_state.c.lists_due_at > _now
)
_POLL_NOW = (
    update(source_state)
    .where(source_state.c.id == bindparam("row_id"), *_FREE)
    .values(next_poll_at=_now, lists_due_at=_now)
)
_LED_TO = func.coalesce(
    entry.c.article_id, select(article.c.id).where(article.c.key == entry.c.key).scalar_subquery(), type_=BigInteger
)
_PENDING = (
    select(entry, _LED_TO.label("led_to"))
    .where(entry.c.source_id == bindparam("source_id"), entry.c.state == "pending", entry.c.next_attempt_at <= _now)
    .order_by(entry.c.first_seen_at, func.coalesce(entry.c.published_at, entry.c.first_seen_at), entry.c.id)
    .limit(bindparam("most"))
)
_POSTPONE = (
    update(entry)
    .where(entry.c.id == bindparam("entry_id"), entry.c.state == "pending")
    .values(attempts=entry.c.attempts + 1, next_attempt_at=bindparam("until"), last_error=bindparam("why"))
)
_SOONEST = select(func.min(entry.c.next_attempt_at)).where(
    entry.c.source_id == bindparam("source_id"), entry.c.state == "pending"
)
_LISTS_DUE = select(source_state.c.lists_due_at).where(source_state.c.id == bindparam("id"))
_VALIDATORS = select(source_state.c.validators).where(source_state.c.id == bindparam("id")).with_for_update()
_FAILURES = select(source_state.c.failures).where(source_state.c.id == bindparam("id"))


@dataclass(frozen=True, slots=True)
class SourceState:
    """A claimed source: what its URLs answered last time, and how it has been doing.

    `validators` has an entry only for a URL that was read at least once, under its name in the store (`known` knows it): a
    URL without one is on its first run.
    `lists_due_at` is when its lists are due (None: now); before that it was claimed for its waiting entries alone.
    """

    id: str
    owner: str
    validators: Mapping[str, Validators] = field(default_factory=dict)
    failures: int = 0
    last_success_at: datetime | None = None
    lists_due_at: datetime | None = None

    def known(self, url: str) -> Validators | None:
        """Return what a URL answered last time, None where it was never read."""
        return self.validators.get(url_key(url))


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """An entry whose article is still to be read. `baseline`: its hits are stored and not alerted.

    `article_id`: its article is stored already, brought by another source or by an earlier reading. `again`: the list shows
    another headline or time than when it was read, so that it is to be read once more.
    """

    id: int
    source_id: str
    entry: Entry
    first_seen_at: datetime
    baseline: bool
    attempts: int
    article_id: int | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class PollResult:
    """How a poll ended. `error` is "" for success; `partial`: some of the source's URLs answered well.

    `next_poll_at` is when to poll again, None when the lists were not polled. A `burst` replaces the one that is
    remembered, and so do the validators `learned` of URLs whose lists are unchanged.
    """

    source_id: str
    owner: str
    next_poll_at: datetime | None
    error: str = ""
    elapsed_ms: float = 0.0
    partial: bool = False
    burst: Burst | None = None
    learned: Mapping[str, Validators] = field(default_factory=dict)


class SourceStore:
    """What is remembered of each source: when it is polled, what its lists showed, what is still to be read."""

    def __init__(self, db: Database) -> None:
        """Use `db`."""
        self._db = db

    async def sync_plan(self, plan: Plan, now: datetime) -> tuple[str, ...]:
        """Make the sources, channels and rules of the store those of the plan, and note its version.

        Return the channels that their receivers had shut and that are open now.

        A source that is new or whose definition changed is due at once; one that left the plan is disabled. Validators
        of URLs that left a source are forgotten: should such a URL come back, it is on its first run. A channel is shut
        while the plan has none of that id, or switches it off, or gives it no URL; one that a receiver shut opens
        when its definition changes, and what waited is due. A rule that is new, changed or back has stored articles before it (RuleStore).
        To be called before the plan is put in force. Harmless when repeated. Raises StoreError.
        """
        return await self._db.write(lambda connection: keep_plan(connection, plan, now))

    async def due_sources(self, now: datetime, limit: int) -> tuple[str, ...]:
        """Return the ids of enabled sources whose time has come and that nobody holds, longest due first."""
        wanted = {"now": now, "most": limit}
        return await self._db.read(lambda connection: tuple(connection.execute(_DUE, wanted).scalars()))

    async def claim_source(self, source_id: str, owner: str, now: datetime, lease: timedelta) -> SourceState | None:
        """Take a source for the length of the lease; None when a lease still runs or it is not in the plan.

        A running lease keeps everybody out, its own owner too: one source is never polled twice at a time.
        """
        wanted = {"row_id": source_id, "owner": owner, "now": now, "until": now + lease}
        row = await self._db.write(lambda connection: connection.execute(_CLAIM, wanted).first())
        if row is None:
            return None
        known = validators_of(row.validators)
        return SourceState(row.id, owner, known, row.failures, row.last_success_at, row.lists_due_at)

    async def commit_list(
        self,
        listing: ListWrite,
        now: datetime,
        *,
        baseline: bool,
        ignore: bool,
        learn: Learn | None = None,
    ) -> int:
        """Store unseen entries and the URL's validators in one transaction; return how many entries were new.

        Known entries stay as they are, but one whose headline changed, or whose time was put forward, is to be read again
        (`list_entries` says within which bounds). `baseline` marks new entries so that their hits are not alerted; `ignore` stores
        them as already done. An entry is known by source and key: what another source showed is new here.
        `learn` makes of what is known of the source's rhythm, and of the new entries, what is known now: stored with
        them. It may run more than once and must only compute.
        """
        treated = NewEntries("ignored" if ignore else "pending", baseline)
        return await self._db.write(lambda connection: commit_list(connection, listing, now, learn, treated))

    async def rhythms(self, source_ids: Sequence[str]) -> Mapping[str, Rhythm]:
        """Return what is remembered of these sources that decides when to poll."""
        query = _RHYTHMS.where(source_state.c.id.in_(source_ids))
        rows = await self._db.read(lambda connection: connection.execute(query).all())
        return {row.id: rhythm_of(row) for row in rows}

    async def bring_back(self, latest: Callable[[str, bool], datetime | None], now: datetime) -> int:
        """Have sources polled now whose next poll is further away than it can be; return how many.

        Such a poll was arranged while the clock ran ahead. `latest` returns, for a source's id and whether it is
        failing, the furthest moment that its cadence allows (None: leave it).
        """
        return await self._db.write(lambda connection: _bring_back(connection, latest, now))

    async def pending_entries(self, source_id: str, now: datetime, limit: int) -> tuple[PendingEntry, ...]:
        """Return entries of the source whose articles are to be read now, oldest first."""
        wanted = {"source_id": source_id, "now": now, "most": limit}
        rows = await self._db.read(lambda connection: connection.execute(_PENDING, wanted).all())
        return tuple(
            PendingEntry(
                row.id,
                row.source_id,
                entry_of(row),
                row.first_seen_at,
                row.baseline,
                row.attempts,
                row.led_to,
                row.readings > 0,
            )
            for row in rows
        )

    async def postpone_entry(self, entry_id: int, error: str, until: datetime) -> None:
        """Count a failed attempt at an entry and try it again at `until`; a finished entry stays as it is."""
        wanted = {"entry_id": entry_id, "until": until, "why": storable(error)}
        await self._db.write(lambda connection: connection.execute(_POSTPONE, wanted).rowcount)

    async def renew_lease(self, source_id: str, owner: str, until: datetime) -> bool:
        """Hold a source longer; return False when the lease was lost to another owner, or to a new definition."""
        wanted = {"row_id": source_id, "owner": owner, "until": until}
        return await self._db.write(lambda connection: connection.execute(_RENEW, wanted).rowcount == 1)

    async def release_source(self, source_id: str, owner: str) -> None:
        """Give a source back as it was claimed, so that it is due at once; nothing happens when another owner has it."""
        wanted = {"row_id": source_id, "owner": owner}
        await self._db.write(lambda connection: connection.execute(_RELEASE, wanted).rowcount)

    async def complete_poll(self, result: PollResult, now: datetime) -> int | None:
        """Give the source back with the outcome of the poll; return its failures in a row.

        After a success the next poll is also no later than the next try at a waiting entry.
        Does nothing, and returns None, when the lease was lost to another owner, or to a new definition of the source,
        meanwhile.
        """
        return await self._db.write(lambda connection: _complete(connection, result, now))


def _bring_back(connection: Connection, latest: Callable[[str, bool], datetime | None], now: datetime) -> int:
    far = [
        row.id
        for row in connection.execute(_ARRANGED, {"now": now}).all()
        if (most := latest(row.id, row.failures > 0)) is not None and row.lists_due_at > most
    ]
    for source_id in far:
        connection.execute(_POLL_NOW, {"row_id": source_id, "now": now})
    return len(far)


def _dates(connection: Connection, result: PollResult) -> dict[str, datetime | None]:
    """Return when the lists are due, and when the source is: no later than an entry of it is to be tried again.

    After a failure the back-off alone counts: the entries that still wait may be what fails.
    """
    lists_due_at = result.next_poll_at
    if lists_due_at is None:
        lists_due_at = connection.execute(_LISTS_DUE, {"id": result.source_id}).scalar()
    elif result.error and not result.partial:
        return {"lists_due_at": lists_due_at, "next_poll_at": lists_due_at}
    soonest = connection.execute(_SOONEST, {"source_id": result.source_id}).scalar()
    return {
        "lists_due_at": lists_due_at,
        "next_poll_at": min((date for date in (lists_due_at, soonest) if date), default=None),
    }


def _health(result: PollResult, now: datetime) -> dict[str, Any]:
    """Return what a poll of the lists says of the source; one that left the lists alone says nothing."""
    if result.next_poll_at is None:
        return {}
    failed = bool(result.error) and not result.partial
    return {
        "failures": source_state.c.failures + 1 if failed else 0,
        "last_error": storable(result.error),
        "last_success_at": source_state.c.last_success_at if failed else now,
        "last_elapsed_ms": result.elapsed_ms,
    }


def _with_learned(connection: Connection, result: PollResult) -> dict[str, Any]:
    """Return what is kept of the source's URLs, with what was learned of those that it still has."""
    stored = urls_of(connection.execute(_VALIDATORS, {"id": result.source_id}).scalar())
    learned = {
        key: validators_values(known) for url, known in result.learned.items() if (key := url_key(url)) in stored
    }
    return stored | {key: {**urls_of(stored[key]), **values} for key, values in learned.items()}


def _complete(connection: Connection, result: PollResult, now: datetime) -> int | None:
    more: dict[str, Any] = {} if result.burst is None else {"burst": burst_values(result.burst)}
    if result.learned:
        more["validators"] = _with_learned(connection, result)
    statement = (
        update(source_state)
        .where(source_state.c.id == result.source_id, source_state.c.lease_owner == result.owner)
        .values(**_dates(connection, result), **_health(result, now), lease_owner=None, lease_until=None, **more)
    )
    if connection.execute(statement).rowcount != 1:
        return None
    return int(connection.execute(_FAILURES, {"id": result.source_id}).scalar() or 0)
