"""The wall clock, watched by one that cannot be set. Pure but for the clocks that come in.

Everything is arranged by wall clock: polls, retries, leases. Set back three hours, all of it stands still for three hours,
and so does whatever would notice, if it goes by the same clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

STEADY: Final = timedelta(seconds=30)
"""What the clocks may drift apart between two looks: less is the work of a time server."""


@dataclass(slots=True)
class ClockWatch:
    """Compares `wall` (UTC) with `monotonic` (seconds) from one look to the next."""

    wall: Callable[[], datetime]
    monotonic: Callable[[], float]
    _seen: tuple[datetime, float] = field(init=False)

    def __post_init__(self) -> None:
        """Begin to watch."""
        self._seen = self.wall(), self.monotonic()

    def jump(self) -> timedelta:
        """Return by how much the wall clock was set since the last look, negative for back; 0 for less than STEADY."""
        (wall, monotonic), self._seen = self._seen, (self.wall(), self.monotonic())
        moved = (self._seen[0] - wall) - timedelta(seconds=self._seen[1] - monotonic)
        return moved if abs(moved) >= STEADY else timedelta(0)
