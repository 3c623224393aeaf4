"""The figures of the database that /metrics shows: what waits, what was decided, how long news was on its way, how large it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, select, text

from monitor.store.db.dialects import unindexed
from monitor.store.db.engines import database_file
from monitor.store.tables.schema import HELD, UNFINISHED_STATES, article, delivery, hit, notification

_CHANNEL = unindexed(delivery.c.channel_id)
_OUTBOX = (
    select(_CHANNEL.label("channel_id"), func.count().label("depth"), func.min(delivery.c.created_at).label("oldest"))
    .where(delivery.c.state.in_(UNFINISHED_STATES))
    .group_by(_CHANNEL)
)
_HELD = select(notification.c.channel_id, func.count().label("held")).where(HELD).group_by(notification.c.channel_id)
_DECIDED = select(
    notification.c.channel_id,
    notification.c.state,
    notification.c.reason,
    func.count().label("times"),
    func.max(notification.c.id).label("last"),
).group_by(notification.c.channel_id, notification.c.state, notification.c.reason)
_LATEST = select(func.max(notification.c.id))
_WAYS = (
    select(delivery.c.channel_id, article.c.published_at, article.c.first_seen_at, hit.c.created_at, delivery.c.done_at)
    .select_from(
        delivery.join(notification, notification.c.delivery_id == delivery.c.id)
        .join(hit, hit.c.id == notification.c.hit_id)
        .join(article, article.c.id == hit.c.article_id)
    )
    .where(delivery.c.done_at.is_not(None))
)


@dataclass(frozen=True, slots=True)
class ChannelQueue:
    """What waits for a channel: messages, since when the oldest (UTC, None without), and notifications that are held."""

    channel_id: str
    depth: int
    oldest: datetime | None
    held: int


@dataclass(frozen=True, slots=True)
class Decided:
    """How often it was decided so of a channel; `last` is the id of the newest of these notifications."""

    channel_id: str
    state: str
    reason: str
    times: int
    last: str


@dataclass(frozen=True, slots=True)
class Way:
    """When news was published (None: not said), seen, matched and taken by the receiver of a channel, in UTC."""

    channel_id: str
    published_at: datetime | None
    seen_at: datetime
    matched_at: datetime
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class DatabaseFigures:
    """What the database says at one moment. `after` is the id of the newest notification, `sizes` are bytes by part."""

    after: str
    decided: tuple[Decided, ...]
    waiting: tuple[ChannelQueue, ...]
    ways: tuple[Way, ...]
    sizes: Mapping[str, int]


def database_figures(
    connection: Connection, url: str, after: str | None, delivery_ids: Sequence[str]
) -> DatabaseFigures:
    """Return what the database at `url` says, in one snapshot.

    Decided is what came after the notification `after`, nothing without one; the ways are those of the deliveries.
    """
    decided = () if after is None else _decided(connection, after)
    newest = _newest(connection) if after is None else max((after, *(one.last for one in decided)))
    return DatabaseFigures(
        newest, decided, _waiting(connection), _ways(connection, delivery_ids), database_sizes(connection, url)
    )


def _waiting(connection: Connection) -> tuple[ChannelQueue, ...]:
    """Return what waits for each channel that anything waits for."""
    held = {row.channel_id: row.held for row in connection.execute(_HELD)}
    queued = {row.channel_id: (row.depth, row.oldest) for row in connection.execute(_OUTBOX)}
    return tuple(
        ChannelQueue(channel_id, *queued.get(channel_id, (0, None)), held.get(channel_id, 0))
        for channel_id in sorted(held.keys() | queued.keys())
    )


def _newest(connection: Connection) -> str:
    """Return the id of the newest notification, "" without any."""
    return connection.execute(_LATEST).scalar() or ""


def _decided(connection: Connection, after: str) -> tuple[Decided, ...]:
    """Return what was decided after the notification of that id."""
    rows = connection.execute(_DECIDED.where(notification.c.id > after))
    return tuple(Decided(row.channel_id, row.state, row.reason, row.times, row.last) for row in rows)


def _ways(connection: Connection, delivery_ids: Sequence[str]) -> tuple[Way, ...]:
    """Return how each hit of those deliveries came to its receiver."""
    rows = connection.execute(_WAYS.where(delivery.c.id.in_(delivery_ids)))
    return tuple(Way(*row) for row in rows)


def database_sizes(connection: Connection, url: str) -> dict[str, int]:
    """Return the bytes of the database, and of the write-ahead log of a SQLite file."""
    file = database_file(url)
    if file is None:
        size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
        return {"database": int(size)}
    return {"database": _size(file), "wal": _size(file.with_name(f"{file.name}-wal"))}


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
