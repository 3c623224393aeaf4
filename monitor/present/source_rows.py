"""Sources as a desk reads them: how each is doing in one word, which are shown and in which order, when their articles come. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from monitor.model.records import ScheduleRecord, SourceRecord
from monitor.model.rhythm import DAY_TYPES, HOURS, Arrivals

UNWELL: Final = ("broken", "overdue", "failing")
"""The words for what needs a look, the worst first."""
OFF: Final = ("off", "gone")
_STATES: Final = (*UNWELL, "new", "ok", *OFF)
_CONFIGURED: Final = tuple(one for one in _STATES if one != "gone")
_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_FINE: Final = 100  # steps of what is counted of an hour


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source, when it is polled (None where it is off), and how many articles came at which hour, as `rhythm_hours` says.

    `usual` is how many articles a day like the last one brings, None where that is not known; `week` the hits of the last 7 days.
    """

    record: SourceRecord
    schedule: ScheduleRecord | None
    hours: Mapping[tuple[int, int], int]
    usual: float | None = None
    week: int = 0

    @property
    def state(self) -> str:
        """Return how it is doing in one word."""
        return source_state(self.record)


def source_state(source: SourceRecord) -> str:
    """Return how a source is doing in one word: gone, off, broken, overdue, failing, new or ok."""
    if not source.enabled:
        return "gone" if source.gone else "off"
    if source.problem:
        return "broken"
    if source.overdue:
        return "overdue"
    if source.failures:
        return "failing"
    return "ok" if source.last_success_at else "new"


_ORDERS: Final[Mapping[str, Callable[[SourceRow], Any]]] = {
    "state": lambda row: _STATES.index(row.state),
    "name": lambda _: 0,
    "tier": lambda row: row.record.tier,
    "next": lambda row: row.record.next_poll_at if row.record.enabled and row.record.next_poll_at else _NEVER,
    "articles": lambda row: -row.record.articles_24h,
    "hits": lambda row: -row.week,
    "delay": lambda row: -(row.record.published_to_seen_p95_ms or -1),
}
ORDERS: Final = tuple(_ORDERS)
"""What rows may be ordered by; those that are equal stand by name."""


def ordered(rows: Iterable[SourceRow], order: str) -> tuple[SourceRow, ...]:
    """Return rows in one of ORDERS. Raises KeyError for another one."""
    key = _ORDERS[order]
    return tuple(sorted(rows, key=lambda row: (key(row), row.record.name or row.record.id, row.record.id)))


def chosen(rows: Iterable[SourceRow], state: str = "", text: str = "") -> tuple[SourceRow, ...]:
    """Return the rows that are unwell (`ill`), not polled (`off`) or configured (""), with a text in their name or id."""
    wanted = {"ill": UNWELL, "off": OFF}.get(state, _CONFIGURED)
    sought = text.casefold().strip()
    return tuple(
        row
        for row in rows
        if row.state in wanted and (sought in row.record.name.casefold() or sought in row.record.id.casefold())
    )


def rhythm_hours(arrivals: Arrivals | None) -> Mapping[tuple[int, int], int]:
    """Return by (day type, hour) how many articles usually come, as a share of the fullest hour in steps of a hundredth.

    Day types are those of the rhythm: workday, Saturday, day of rest. Hours without any are left out.
    """
    if arrivals is None:
        return {}
    rates = [count / span if span > 0 else 0.0 for count, span in zip(arrivals.counts, arrivals.spans, strict=True)]
    top = max(rates, default=0.0)
    return {
        (day, hour): max(1, round(_FINE * rate / top))
        for day in range(DAY_TYPES)
        for hour in range(HOURS)
        if (rate := rates[day * HOURS + hour]) > 0
    }
