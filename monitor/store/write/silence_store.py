"""Silences: asked for, and ended before their time. What has ended stays, with who wanted it and why."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from monitor.model.notification import NewSilence
from monitor.store.db.database import Database
from monitor.store.db.dialects import UtcDateTime
from monitor.store.tables.rows import storable
from monitor.store.tables.schema import silence

_ADD = silence.insert().returning(silence.c.id)
_KNOWN = select(silence.c.id).where(silence.c.id == bindparam("known"))
_END = update(silence).where(
    silence.c.id == bindparam("known"),
    silence.c.ended_at.is_(None),
    silence.c.ends_at > bindparam("now", type_=UtcDateTime()),
)


class SilenceStore:
    """Silences, as decisions ask for them."""

    def __init__(self, db: Database) -> None:
        """Use `db`."""
        self._db = db

    async def add(self, wanted: NewSilence) -> int:
        """Store a silence; return its number. Every decision from then on sees it. Raises StoreError."""
        values = {key: storable(value) if isinstance(value, str) else value for key, value in asdict(wanted).items()}
        return await self._db.write(lambda connection: int(connection.execute(_ADD, values).scalar_one()))

    async def end(self, silence_id: int, now: datetime) -> bool | None:
        """End a silence; return whether it was in force until now, None when there is none. Raises StoreError."""
        wanted = {"known": silence_id}

        def job(connection: Connection) -> bool | None:
            if connection.execute(_KNOWN, wanted).scalar() is None:
                return None
            return connection.execute(_END.values(ended_at=now), {**wanted, "now": now}).rowcount > 0

        return await self._db.write(job)
