"""Does the daemon turn? From real progress: ticks of the scheduler, and batches that the writer of the database ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from monitor.engine.local import LocalEngine
from monitor.store.db.database import Database

STILL: Final = 30.0
"""Seconds without a tick, of which there is one each second, after which the scheduler counts as still."""
STUCK: Final = 600.0
"""Seconds that the writer may be at one batch: a chore on a large database takes minutes, nothing takes this."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The two that must turn, whatever network and database do."""

    engine: LocalEngine
    database: Database

    def hangs(self) -> tuple[str, ...]:
        """Return why only a restart would help; () while the daemon turns. A database that is away is no reason."""
        ticked, _ = self.engine.still()
        found = (
            ("the scheduler does not tick", ticked > STILL),
            ("the writer of the database hangs", self.stuck() > STUCK),
        )
        return tuple(reason for reason, so in found if so)

    def is_blind(self) -> bool:
        """Return whether the scheduler has not been able to tell for a while what is due."""
        return self.still() > STILL

    def still(self) -> float:
        """Return the seconds since it was last found what is due."""
        return self.engine.still()[1]

    def stuck(self) -> float:
        """Return the seconds that the writer has been at one batch, 0 while it waits for work."""
        return self.database.stuck()
