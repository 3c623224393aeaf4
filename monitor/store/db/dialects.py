"""What means the same on SQLite and PostgreSQL: columns of moments and of JSON that can be learned again, one of many, a lock by name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    DateTime,
    RootTransaction,
    String,
    TypeDecorator,
    func,
    literal,
    literal_column,
    select,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

_LOCK = text("SELECT pg_advisory_xact_lock(:key)")


def advisory_lock(connection: Connection, *names: str) -> None:
    """Keep other processes out of `names` until this transaction ends; SQLite's one writer needs nothing."""
    if connection.dialect.name == "sqlite":
        return
    for key in sorted(_number(name) for name in names):
        connection.execute(_LOCK, {"key": key})


def _number(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).digest(), signed=True)


def one_of(connection: Connection, owner: ColumnElement[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    """Return whether a column has one of many values, which go as one parameter."""
    if connection.dialect.name == "postgresql":
        return owner == func.any(literal(list(values), _array_of(owner)))
    return owner.in_(select(literal_column("value")).select_from(func.json_each(literal(list(values), JSON()))))


def _array_of(owner: ColumnElement[Any]) -> Any:  # noqa: ANN401 - a type of the dialect
    from sqlalchemy.dialects.postgresql import ARRAY  # noqa: PLC0415 - SQLite needs nothing of it

    return ARRAY(owner.type)


class _SqliteMoment(String):
    """Text that is declared as what it means: tools that read the declaration see a moment."""

    __visit_name__ = "TIMESTAMP"


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, UTC and aware on both sides.

    PostgreSQL keeps it as `timestamptz`; SQLite, which has no such type, as text like `2026-11-05 02:32:16.000000`, which
    sorts in time order and compares rightly with what SQLite's own date functions write (decision 0028).
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime] | TypeEngine[str]:
        """Choose the stored form by database."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(_SqliteMoment())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        """Return the stored form. Raises ValueError for a naive time: its zone would be a guess."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a stored time needs a zone: {value!r}")
        moment = value.astimezone(UTC)
        if dialect.name == "sqlite":
            return moment.replace(tzinfo=None).isoformat(" ", "microseconds")
        return moment

    def process_result_value(self, value: datetime | str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the moment as an aware UTC time."""
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        return value.astimezone(UTC)


class DerivedJson(TypeDecorator[Any]):
    """JSON that can be learned again; what is stored and no JSON at all is read as None, never fatal."""

    impl = JSON
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Return what reads a stored value."""
        read = super().result_processor(dialect, coltype)
        if read is None:
            return None

        def read_or_none(stored: Any) -> Any:  # noqa: ANN401 - whatever the driver gives, and any JSON
            try:
                return read(stored)
            except (ValueError, TypeError, RecursionError):
                return None

        return read_or_none


_NOTHING = literal_column("''", String)  # no parameter: PostgreSQL groups by what is written alike


def unindexed(column: ColumnElement[str]) -> ColumnElement[str]:
    """Return a column of text as an expression that no index serves.

    For a condition that holds for much of a table: without statistics SQLite takes it for the best way in. And for an order
    or groups: it would rather walk a whole table in that order than sort the few rows that an index of their state gives.
    """
    return column.concat(_NOTHING)


_NOT_WAITING = text("SET LOCAL synchronous_commit TO OFF")


@contextmanager
def transaction(connection: Connection, *, durably: bool = True) -> Iterator[RootTransaction]:
    """Begin a transaction whose COMMIT waits for the disk, or does not; it is rolled back unless it was committed.

    What does not wait outlives the process and perhaps not a power cut (sqlite.org/pragma.html#pragma_synchronous, in WAL
    mode; PostgreSQL, synchronous_commit); the next COMMIT that waits makes it as sure as itself.
    """
    driver: Any = None
    if not durably and connection.dialect.name == "sqlite":
        driver = connection.connection.driver_connection
        driver.execute("PRAGMA synchronous=NORMAL")
    try:
        begun = connection.begin()
        try:
            if not durably and driver is None:
                connection.execute(_NOT_WAITING)
            yield begun
        finally:
            if begun.is_active:
                begun.rollback()
    finally:
        if driver is not None:
            driver.execute("PRAGMA synchronous=FULL")
