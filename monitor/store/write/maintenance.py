"""Chores of the database."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, text, update

from monitor.store.db.database import Database
from monitor.store.tables.schema import delivery, metadata, source_state
from monitor.store.write.retention import drop
from monitor.store.write.stories import forget


class Maintenance:
    """Chores of the database."""

    def __init__(self, db: Database, piece: int = 500) -> None:
        """Use `db`; a long chore is done in pieces of at most that many articles, between which others may write."""
        self._db = db
        self._piece = piece

    async def optimize(self) -> str:
        """Refresh planner statistics and fold the write-ahead log; return a short account. Raises StoreError."""
        return await self._db.chore(_optimize)

    async def forget_signatures(self, before: datetime) -> int:
        """Drop what articles seen before that moment are compared by; return how many they were. Raises StoreError."""
        gone = 0
        while dropped := await self._db.write(lambda connection: forget(connection, before, self._piece)):
            gone += dropped
        return gone

    async def drop_articles(self, before: datetime) -> int:
        """Drop articles stored before that moment that no rule has met; return how many they were. Raises StoreError.

        Their entries stay, so that none is ever taken for new again; a story that loses its last article goes with it.
        """
        gone, after = 0, 0
        while page := await self._db.write(partial(drop, before=before, after=after, most=self._piece)):
            gone += page.dropped
            after = page.last
        return gone

    async def release_leases(self) -> int:
        """Free every lease; only for a process that knows itself alone (it holds the data folder's lock).

        A message that was being sent when its process died is due again at once, under the same id.
        """
        return await self._db.write(_release)


def _release(connection: Connection) -> int:
    free = {"lease_owner": None, "lease_until": None}
    sources = connection.execute(update(source_state).where(source_state.c.lease_owner.is_not(None)).values(**free))
    sending = update(delivery).where(delivery.c.state == "leased").values(state="pending", **free)
    return sources.rowcount + connection.execute(sending).rowcount


def _optimize(connection: Connection) -> str:
    if connection.dialect.name == "sqlite":
        # Neither pragma does its work inside a transaction, and the engine would open one.
        return _optimize_sqlite(connection.connection.driver_connection)
    with connection.begin():
        for table in metadata.sorted_tables:
            connection.execute(text(f"ANALYZE {table.name}"))
    return f"analysed {len(metadata.tables)} tables"


def _optimize_sqlite(driver: Any) -> str:  # noqa: ANN401 - the DBAPI has no types
    driver.execute("PRAGMA optimize")
    busy, pages, folded = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        return f"folded {folded} of {pages} pages of the write-ahead log; readers hold the rest"
    return "statistics refreshed, write-ahead log folded"
