"""How many hits came when, by rule. Counted in UTC by pieces of which the days of every zone are made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, Integer, Text, cast, func, literal, select, type_coerce

from monitor.model.records import HitQuery
from monitor.store.read.hits import hit_pieces
from monitor.store.tables.schema import hit

HOUR, QUARTER = 60, 15  # minutes


def hit_counts(connection: Connection, query: HitQuery, minutes: int) -> Mapping[tuple[datetime, str], int]:
    """Return how many of the hits that the query asks for were stored in each HOUR or QUARTER (its beginning, UTC), by rule."""
    found: Counter[tuple[datetime, str]] = Counter()
    began = _began(connection, minutes).label("began")
    for bounds in hit_pieces(connection, query):
        statement = select(began, hit.c.rule_id, func.count().label("hits")).where(*bounds)
        for row in connection.execute(statement.group_by(began, hit.c.rule_id)):
            found[_moment(row.began), row.rule_id] += row.hits
    return found


def _began(connection: Connection, minutes: int) -> ColumnElement[str]:
    """Return the beginning of a row's piece as text: 2026-11-05 02:15."""
    if connection.dialect.name == "postgresql":
        utc = func.timezone("UTC", hit.c.created_at)
        width = func.make_interval(0, 0, 0, 0, 0, minutes)
        return func.to_char(func.date_bin(width, utc, func.timezone("UTC", func.to_timestamp(0))), "YYYY-MM-DD HH24:MI")
    stored = type_coerce(hit.c.created_at, Text)
    if minutes == HOUR:
        return func.substr(stored, 1, 14).concat(literal("00"))
    minute = cast(func.substr(stored, 15, 2), Integer)
    return func.substr(stored, 1, 14).concat(func.printf("%02d", minute - minute % minutes))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
