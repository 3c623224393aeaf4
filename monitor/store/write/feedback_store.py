"""Whether hits were meant, as people say. Each word of it is a row and stays; the last one holds."""

from __future__ import annotations

from sqlalchemy import Connection, select

from monitor.model.feedback import Feedback, NewFeedback
from monitor.store.db.database import Database
from monitor.store.tables.rows import storable
from monitor.store.tables.schema import feedback, hit

_ADD = feedback.insert()


class FeedbackStore:
    """Whether hits were what their rules mean."""

    def __init__(self, db: Database) -> None:
        """Use `db`."""
        self._db = db

    async def add(self, hit_id: int, said: NewFeedback) -> Feedback | None:
        """Store what somebody says of a hit; return it, None where there is no such hit. Raises StoreError."""

        def job(connection: Connection) -> Feedback | None:
            if connection.execute(select(hit.c.id).where(hit.c.id == hit_id)).first() is None:
                return None
            kept = Feedback(said.relevance, storable(said.note.strip()), storable(said.author.strip()), said.at)
            values = {"hit_id": hit_id, "relevance": kept.relevance.value, "note": kept.note, "author": kept.author}
            connection.execute(_ADD, values | {"at": kept.at})
            return kept

        return await self._db.write(job)
