"""How often a source publishes, as far as its own lists have shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

HOURS = 24


@dataclass(frozen=True, slots=True)
class Reach:
    """How far back a list or feed went when it was last seen changed: `seconds` until it held nothing of what it held."""

    seconds: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What was seen of a source up to `at`; older things count less.

    `counts` are articles, `spans` the hours watched, both by hour of day in the source's zone (24 values). `reach` is
    by URL.
    """

    at: datetime
    counts: tuple[float, ...] = (0.0,) * HOURS
    spans: tuple[float, ...] = (0.0,) * HOURS
    reach: Mapping[str, Reach] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Burst:
    """A source is polled as often as allowed `until` then. `spent` requests, as of `at`, went beyond its plan."""

    until: datetime
    at: datetime
    spent: float = 0.0


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What the store remembers of a source that decides when to poll; None where nothing is known."""

    arrivals: Arrivals | None = None
    burst: Burst | None = None
