"""The two sentences that SQLite and PostgreSQL share and SQLAlchemy's common language lacks."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, Table, text
from sqlalchemy.dialects import postgresql, sqlite

_LOCK = text("SELECT pg_advisory_xact_lock(:key)")


def insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Answer an INSERT that knows ON CONFLICT, for this connection's database."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def hold(connection: Connection, *names: str) -> None:
    """Keep other processes out of `names` until this transaction ends; SQLite's one writer needs nothing."""
    if connection.dialect.name == "sqlite":
        return
    for key in sorted(_number(name) for name in names):
        connection.execute(_LOCK, {"key": key})


def _number(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).digest(), signed=True)
