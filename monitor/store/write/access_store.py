"""Tokens and sessions: made, used, ended. Neither is kept itself, only a digest of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, delete, select, update

from monitor.model.access import Scope, SessionRecord, TokenRecord
from monitor.store.db.database import Database
from monitor.store.tables.access_rows import all_tokens
from monitor.store.tables.rows import storable
from monitor.store.tables.schema import api_token, web_session

MOST_SESSIONS: Final = 10_000
"""Sessions that are kept at most: whoever knows the password and logs in for ever fills no disk."""


class AccessStore:
    """Tokens and sessions."""

    def __init__(self, db: Database) -> None:
        """Use `db`."""
        self._db = db

    async def add_token(self, digest: str, name: str, scope: Scope, now: datetime, expires_at: datetime | None) -> bool:
        """Keep a token under its digest; return whether no token in force has the name. Raises StoreError."""
        row = {
            "digest": digest,
            "name": storable(name),
            "scope": scope.value,
            "created_at": now,
            "expires_at": expires_at,
        }

        def job(connection: Connection) -> bool:
            if any(one.name == name and one.in_force(now) for one in all_tokens(connection)):
                return False
            connection.execute(api_token.insert(), row)
            return True

        return await self._db.write(job)

    async def revoke_token(self, name: str, now: datetime) -> TokenRecord | None:
        """End the token in force that has the name, or the last one that had it; return it as it was, None for none."""

        def job(connection: Connection) -> TokenRecord | None:
            named = [one for one in all_tokens(connection) if one.name == name]
            found = next((one for one in named if one.in_force(now)), named[0] if named else None)
            if found is not None and found.in_force(now):
                connection.execute(update(api_token).where(api_token.c.id == found.id).values(revoked_at=now))
            return found

        return await self._db.write(job)

    async def use_token(self, token_id: int, day: date) -> None:
        """Note the day on which a token was used last. Raises StoreError."""
        statement = update(api_token).where(api_token.c.id == token_id).values(last_used_on=day.isoformat())
        await self._db.write_soon(lambda connection: connection.execute(statement))

    async def add_session(self, digest: str, session: SessionRecord, now: datetime) -> None:
        """Keep a session under its digest, and forget those that are over. Raises StoreError."""
        values = {
            "digest": digest,
            "role": session.role.value,
            "proof": session.proof,
            "created_at": now,
            "expires_at": session.expires_at,
        }
        oldest = select(web_session.c.digest).order_by(web_session.c.created_at.desc()).offset(MOST_SESSIONS - 1)

        def job(connection: Connection) -> None:
            connection.execute(delete(web_session).where(web_session.c.expires_at <= now))
            connection.execute(delete(web_session).where(web_session.c.digest.in_(oldest.limit(MOST_SESSIONS))))
            connection.execute(web_session.insert(), values)

        await self._db.write(job)

    async def end_session(self, digest: str) -> None:
        """End a session. Raises StoreError."""
        await self._db.write(
            lambda connection: connection.execute(delete(web_session).where(web_session.c.digest == digest))
        )
