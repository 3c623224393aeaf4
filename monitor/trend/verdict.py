"""What a count comes to: the numbers that an alert shows, and whether there is something to tell. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from monitor.model.counting import CountType

RARE: Final = 1e-4
"""A count whose chance lies below this is told."""

USUAL: Final = 0.05
"""A count whose chance lies above this is what usually comes."""

LEARNING: Final = 14 * 24.0
"""Hours that must have been watched before anything is unusual: two weeks have each type of day twice."""


@dataclass(frozen=True, slots=True)
class CountVerdict:
    """A count of `count` in the `window` that ends at `at` (UTC), of which `expected` are usual.

    `alarm`: it is to be told. `calm`: nothing is left of what there was to tell. `chance` is how likely such a count is when
    nothing is the matter; None, with `expected`, where that is not asked. `threshold` is the count from which (for a
    flatline: below which) there is an alarm. `silent` says why there cannot be one now, "" where there can. `terms` are
    those that are new.
    """

    type: CountType
    at: datetime
    window: timedelta
    count: int
    threshold: int
    alarm: bool = False
    calm: bool = False
    expected: float | None = None
    chance: float | None = None
    silent: str = ""
    terms: tuple[str, ...] = ()
