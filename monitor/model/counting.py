"""What is counted of a rule hour by hour, and what is usual of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from monitor.model.errors import InvalidValueError

CountType: TypeAlias = Literal["frequency", "spike", "flatline", "new_term"]
CountUnit: TypeAlias = Literal["stories", "articles"]
HOUR: Final = timedelta(hours=1)
SLOT: Final = timedelta(minutes=5)
SLOTS: Final = HOUR // SLOT
"""Whether the sources were polled is known of each of the twelve slots of an hour."""


@dataclass(frozen=True, slots=True)
class HourlyCounts:
    """How many stories or articles came in each hour from `start` (UTC, on the hour) on, oldest first.

    `watched` is the share of each hour in which the sources were polled. `told` are the places of hours in which something
    unusual was under way: they do not teach what is usual. Raises InvalidValueError for a start within an hour or without a
    zone, and for lists of two lengths.
    """

    start: datetime
    counts: tuple[int, ...]
    watched: tuple[float, ...]
    told: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        """Refuse what is no series of hours."""
        if self.start.utcoffset() != timedelta() or self.start.timestamp() % HOUR.total_seconds():
            raise InvalidValueError("a series of hours begins on an hour, in UTC")
        if len(self.counts) != len(self.watched):
            raise InvalidValueError("a series of hours has a watched share for each count")

    @property
    def end(self) -> datetime:
        """Return the moment at which the last hour ends (UTC)."""
        return self.start + len(self.counts) * HOUR

    @property
    def known(self) -> float:
        """Return how many hours were watched."""
        return sum(self.watched)


@dataclass(frozen=True, slots=True)
class Incident:
    """What is under way at a rule: `since` when (UTC, None: nothing), and since when counts are usual again."""

    since: datetime | None = None
    calm_since: datetime | None = None


QUIET: Final = Incident()
"""Nothing is under way."""


@dataclass(frozen=True, slots=True)
class UsualCounts:
    """What the learner of rhythm expects of a rule.

    `hourly`: in each hour of its past that it has learned from, of which the last ends before the window begins. `due`: in the
    window; `heard`: in the part of the window in which the sources were polled. `rate` is the mean of a week, an hour.
    """

    hourly: tuple[float, ...]
    due: float
    heard: float
    rate: float
