"""The two sentences that SQLite and PostgreSQL share and SQLAlchemy's common language lacks."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import TypeAlias, TypeVar

from sqlalchemy import Connection, Table, text
from sqlalchemy.dialects import postgresql, sqlite

T = TypeVar("T")
Inserting: TypeAlias = sqlite.Insert | postgresql.Insert

_LOCK = text("SELECT pg_advisory_xact_lock(:key)")


def per_dialect(build: Callable[[Callable[[Table], Inserting]], T]) -> Mapping[str, T]:
    """Build a statement for each database, once; `build` gets an INSERT that knows ON CONFLICT.

    Statements are made when a module is loaded: making one costs more than running it.
    """
    return {"sqlite": build(sqlite.insert), "postgresql": build(postgresql.insert)}


def advisory_lock(connection: Connection, *names: str) -> None:
    """Keep other processes out of `names` until this transaction ends; SQLite's one writer needs nothing."""
    if connection.dialect.name == "sqlite":
        return
    for key in sorted(_number(name) for name in names):
        connection.execute(_LOCK, {"key": key})


def _number(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).digest(), signed=True)
