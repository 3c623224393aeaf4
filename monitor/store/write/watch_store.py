"""In which hours the sources were polled: a silence while nobody listened is none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, func, select

from monitor.model.counting import SLOT
from monitor.store.db.database import Database
from monitor.store.db.dialects import UtcDateTime
from monitor.store.db.inserts import per_dialect
from monitor.store.tables.schema import source_state, watched_hour

KEPT: Final = timedelta(days=100)
"""How long it is known; rules over counts learn from twelve weeks."""

_POLLED: Final = select(func.count(), func.count().filter(source_state.c.failures == 0)).where(source_state.c.enabled)
_NOTE: Final = per_dialect(
    lambda make: make(watched_hour).on_conflict_do_update(
        index_elements=["hour"], set_={"slots": watched_hour.c.slots.bitwise_or(bindparam("bit"))}
    )
)
_WATCHED: Final = select(watched_hour.c.hour, watched_hour.c.slots).where(
    watched_hour.c.hour >= bindparam("since", type_=UtcDateTime())
)
_FORGET: Final = delete(watched_hour).where(watched_hour.c.hour < bindparam("before", type_=UtcDateTime()))


class WatchStore:
    """Which five minutes were watched: a daemon ran, and at least half of the sources that are on answered last."""

    def __init__(self, db: Database) -> None:
        """Use `db`."""
        self._db = db

    async def note(self, now: datetime) -> bool:
        """Note that these five minutes are watched, if they are; return whether. Raises StoreError.

        Daemons that share a database note the same.
        """
        enabled, answering = await self._db.read(lambda connection: tuple(connection.execute(_POLLED).one()))
        if not enabled or 2 * answering < enabled:
            return False
        hour = now.replace(minute=0, second=0, microsecond=0)
        bit = 1 << (now - hour) // SLOT
        wanted = {"hour": hour, "slots": bit, "bit": bit}
        await self._db.write_soon(lambda connection: connection.execute(_NOTE[connection.dialect.name], wanted))
        return True

    async def watched(self, since: datetime) -> Mapping[datetime, int]:
        """Return the hours from that one on of which something was watched, with a bit for each five minutes. Raises StoreError."""
        rows = await self._db.read(lambda connection: connection.execute(_WATCHED, {"since": since}).all())
        return {row.hour: row.slots for row in rows}

    async def forget(self, now: datetime) -> int:
        """Drop what is older than KEPT; return how many hours. Raises StoreError."""
        return await self._db.write(lambda connection: connection.execute(_FORGET, {"before": now - KEPT}).rowcount)
