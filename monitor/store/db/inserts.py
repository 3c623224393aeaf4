"""An insert that may meet a row, for SQLite and PostgreSQL. Apart, since both dialects are imported for it: what only reads does without."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias, TypeVar

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

T = TypeVar("T")
Inserting: TypeAlias = sqlite.Insert | postgresql.Insert


def per_dialect(build: Callable[[Callable[[Table], Inserting]], T]) -> Mapping[str, T]:
    """Build a statement for each database, once; `build` gets an INSERT that knows ON CONFLICT.

    Statements are made when a module is loaded: making one costs more than running it.
    """
    return {"sqlite": build(sqlite.insert), "postgresql": build(postgresql.insert)}
