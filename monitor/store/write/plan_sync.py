"""What the store remembers of the plan: its sources and channels; its rules are in rule_store."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from monitor.model.fingerprint import channel_fingerprint, poll_fingerprint
from monitor.model.plan import Plan, Source
from monitor.store.db.dialects import advisory_lock
from monitor.store.tables.plan_summary import summary_of
from monitor.store.tables.rows import arrivals_of, arrivals_values, url_key, urls_of
from monitor.store.tables.schema import (
    LEFT_PLAN,
    NO_URL,
    SHUT_BY_PLAN,
    SWITCHED_OFF,
    channel_state,
    plan,
    source_state,
)
from monitor.store.write.channel_gate import open_again
from monitor.store.write.rule_store import keep_rules

_LATEST = select(plan.c.id, plan.c.version, plan.c.summary).order_by(plan.c.id.desc()).limit(1)
_SET_SOURCE = update(source_state).where(source_state.c.id == bindparam("row_id"))
_SET_CHANNEL = update(channel_state).where(channel_state.c.id == bindparam("row_id"))


def keep_plan(connection: Connection, wanted: Plan, now: datetime) -> tuple[str, ...]:
    """Do what SourceStore.sync_plan says, inside one transaction."""
    advisory_lock(connection, "plan")
    _keep_sources(connection, wanted, now)
    opened = _keep_channels(connection, wanted, now)
    keep_rules(connection, wanted, now)
    _keep_summary(connection, wanted, now)
    return opened


def _keep_summary(connection: Connection, wanted: Plan, now: datetime) -> None:
    """Add a row for another plan. Notes do not change a version, and a newer program remembers more: then the row changes."""
    latest, summary = connection.execute(_LATEST).one_or_none(), summary_of(wanted)
    if latest is None or latest.version != wanted.version:
        connection.execute(insert(plan), {"version": wanted.version, "loaded_at": now, "summary": summary})
    elif latest.summary != summary:
        connection.execute(update(plan).where(plan.c.id == latest.id), {"summary": summary})


def _keep_sources(connection: Connection, wanted: Plan, now: datetime) -> None:
    known = {row.id: row for row in connection.execute(select(source_state).order_by(source_state.c.id))}
    for source in wanted.sources:
        row = known.pop(source.id, None)
        if row is None:
            _add_source(connection, source, now)
        else:
            connection.execute(_SET_SOURCE.values(**_changes(row, source, now)), {"row_id": source.id})
    for row in known.values():
        # No definition: should the source come back as it was, it has still changed and is due at once.
        connection.execute(_SET_SOURCE.values(enabled=False, definition=""), {"row_id": row.id})


def _add_source(connection: Connection, source: Source, now: datetime) -> None:
    values = {"id": source.id, "validators": {}, "failures": 0, "next_poll_at": now, **_said(source)}
    connection.execute(insert(source_state), values)


def _changes(row: Row[Any], source: Source, now: datetime) -> dict[str, Any]:
    values = _said(source)
    stored = urls_of(row.validators)
    # An older program kept them under the whole URL, whatever secret stood in it.
    values["validators"] = {
        key: stored.get(key, stored.get(url)) for url in source.urls if (key := url_key(url)) in stored or url in stored
    }
    if (learned := arrivals_of(row.arrivals)) is not None:
        values["arrivals"] = arrivals_values(learned.moved_to(source.urls, elsewhere=not values["validators"]))
    if row.definition != values["definition"]:
        # A poll that is under way loses its lease, else it would put the old cadence back.
        values |= {"next_poll_at": now, "lists_due_at": None, "lease_owner": None, "lease_until": None}
    return values


def _said(source: Source) -> dict[str, Any]:
    """Return the columns that repeat the plan."""
    told = {"name": source.name, "kind": source.kind, "enabled": source.enabled, "tier": source.tier}
    return told | {"rights": source.rights, "definition": poll_fingerprint(source)}


def _keep_channels(connection: Connection, wanted: Plan, now: datetime) -> tuple[str, ...]:
    """Open and shut channels as the plan says; return those that their receivers had shut and are open now."""
    known = {row.id: row for row in connection.execute(select(channel_state).order_by(channel_state.c.id))}
    opened = []
    for channel in wanted.channels:
        row = known.pop(channel.id, None)
        definition = channel_fingerprint(channel)
        reason = "" if channel.enabled and channel.url else (NO_URL if channel.enabled else SWITCHED_OFF)
        if row is None:
            values = {"id": channel.id, "next_seq": 1, "definition": definition, "reason": reason}
            connection.execute(insert(channel_state), {**values, "disabled_at": now if reason else None})
            continue
        if reason:
            values = {"disabled_at": row.disabled_at or now, "reason": reason}
            connection.execute(_SET_CHANNEL.values(**values, definition=definition), {"row_id": channel.id})
            continue
        by_receiver = row.disabled_at is not None and row.reason not in SHUT_BY_PLAN
        if row.definition != definition or (row.disabled_at is not None and not by_receiver):
            # Another address, or the way back: what failed there says nothing of how it fares here.
            open_again(connection, row, now)
            opened += [channel.id] if by_receiver else []
        connection.execute(_SET_CHANNEL.values(definition=definition), {"row_id": channel.id})
    for row in known.values():
        if row.disabled_at is None or row.reason not in SHUT_BY_PLAN:  # what its receiver said is over as well
            since = row.disabled_at or now
            connection.execute(_SET_CHANNEL.values(disabled_at=since, reason=LEFT_PLAN), {"row_id": row.id})
    return tuple(opened)
