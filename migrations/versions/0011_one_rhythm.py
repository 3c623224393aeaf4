"""One memory of a source's rhythm: what health had learned of it joins what polling had learned, by day type and hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_HOURS = 24
_SHARES = ((0, 1.0), (1, 0.5), (1, 0.5))  # workday, Saturday, day of rest: of which old day type, and how much of it
_STATE = sa.table("source_state", sa.column("id"), sa.column("arrivals", sa.JSON()))
_HEALTH = sa.table("source_health", sa.column("source_id"), sa.column("memory", sa.JSON()))


def upgrade() -> None:
    """Split the hours of each source by the day types that its health knew; take bursts and the silence over."""
    _convert(_joined)


def downgrade() -> None:
    """Fold the day types together for polling, and give health its rhythm back."""
    _convert(_parted)


def _convert(change: Any) -> None:  # noqa: ANN401 - a function of two JSON objects
    connection = op.get_bind()
    memories = {row.source_id: row.memory for row in connection.execute(sa.select(_HEALTH)).all()}
    learned = {row.id: row.arrivals for row in connection.execute(sa.select(_STATE)).all()}
    for source_id in memories.keys() | learned.keys():
        before = learned.get(source_id), memories.get(source_id)
        arrivals, memory = change(*before)
        if arrivals != before[0] and source_id in learned:
            whose = _STATE.c.id == source_id
            connection.execute(sa.update(_STATE).where(whose).values(arrivals=arrivals))
        if memory != before[1]:
            whose = _HEALTH.c.source_id == source_id
            connection.execute(sa.update(_HEALTH).where(whose).values(memory=memory))


def _joined(arrivals: Mapping[str, Any] | None, memory: Mapping[str, Any] | None) -> tuple[Any, Any]:
    """Return (arrivals, memory) as the new program reads them."""
    rhythm = (memory or {}).get("rhythm") or {}
    counts, spans = rhythm.get("hour_count", []), rhythm.get("hour_span", [])  # of the hours in Korea
    at, reach = (memory or {}).get("polled_at"), {}
    if arrivals is not None and "spans" in arrivals:
        counts, spans, at, reach = (arrivals[key] for key in ("counts", "spans", "at", "reach"))
    if at and len(spans) == _HOURS:
        arrivals = {
            "version": 2,
            "at": at,
            "counts": _split(counts, rhythm.get("type_count", [])),
            "spans": _split(spans, rhythm.get("type_span", [])),
            "bursts": [rhythm.get("chi", 0.0), rhythm.get("blocks", 0.0)],
            "block": [rhythm.get(key, 0.0) for key in ("block_count", "block_expected", "block_hours")],
            "reach": reach,
        }
    if memory is None or "rhythm" not in memory:
        return arrivals, memory
    silence = {"known_hours": 0.0, "expected": 0.0, "last_new": None}
    silence = {key: rhythm.get(key, nothing) for key, nothing in silence.items()}
    return arrivals, {**{key: value for key, value in memory.items() if key != "rhythm"}, "silence": silence}


def _split(hours: Sequence[float], types: Sequence[float]) -> list[float]:
    """Return the hours of a day of each type; without knowledge a week has five workdays and two others."""
    workday, weekend = types if len(types) == 2 and sum(types) > 0 else (5.0, 2.0)  # noqa: PLR2004
    shares = [(workday, weekend)[old] * part / (workday + weekend) for old, part in _SHARES]
    return [round(hour * share, 4) for share in shares for hour in hours]


def _parted(arrivals: Mapping[str, Any] | None, memory: Mapping[str, Any] | None) -> tuple[Any, Any]:
    """Return (arrivals, memory) as the old program reads them."""
    rhythm: dict[str, Any] = {}
    if arrivals is not None and "bursts" in arrivals:
        counts, spans = arrivals["counts"], arrivals["spans"]
        by_hour = [[round(sum(values[hour::_HOURS]), 4) for hour in range(_HOURS)] for values in (counts, spans)]
        by_type = [[sum(values[:_HOURS]), sum(values[_HOURS:])] for values in (counts, spans)]
        rhythm = dict(zip(("hour_count", "hour_span", "type_count", "type_span"), (*by_hour, *by_type), strict=True))
        rhythm |= dict(zip(("chi", "blocks"), arrivals["bursts"], strict=True))
        rhythm |= dict(zip(("block_count", "block_expected", "block_hours"), arrivals["block"], strict=True))
        arrivals = {"at": arrivals["at"], "counts": by_hour[0], "spans": by_hour[1], "reach": arrivals["reach"]}
    if memory is None or "silence" not in memory:
        return arrivals, memory
    rest = {key: value for key, value in memory.items() if key != "silence"}
    return arrivals, {**rest, "rhythm": {**rhythm, **memory["silence"]}}
