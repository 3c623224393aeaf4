"""Chores of the database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

from monitor.store.database import Database
from monitor.store.schema import metadata


class SqlUpkeep:
    """pipeline.ports.Upkeep on SQL."""

    def __init__(self, db: Database) -> None:
        """Use `db`."""
        self._db = db

    async def optimize(self) -> str:
        """Refresh planner statistics and fold the write-ahead log; answer a short account. Raises StoreError."""
        return await self._db.chore(_optimize)


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
