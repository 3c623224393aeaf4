"""The schema, brought up to date by Alembic; safe when several processes start at once.

Alembic is imported when there is something to do: it takes a fifth of a second, and most starts find all done.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from monitor.model.errors import SchemaError, StoreError
from monitor.store.db.batch import refused
from monitor.store.db.dialects import advisory_lock
from monitor.store.db.engines import open_writer, read_url

Guard: TypeAlias = Callable[[str], AbstractContextManager[Any]]
"""Is given the revision of a database with rows, and stands around the change of its schema."""


def upgrade(url: str, guard: Guard | None = None) -> str:
    """Bring the database to the newest schema, making it where it is missing; return the revision it has now.

    Nobody else writes while `guard` stands around the change; a database without rows has none. Raises SchemaError for a database of a newer program, StoreError when it cannot be used.
    """
    engine = open_writer(read_url(url))
    try:
        # One transaction, and a write lock from its first statement on: a second process waits, then finds all done.
        with engine.begin() as connection:
            advisory_lock(connection, "schema")
            return _upgrade(connection, guard)
    except SQLAlchemyError as error:
        raise refused(error) from error
    finally:
        engine.dispose()


def revision(url: str) -> str:
    """Return the revision that the database has, "" when it has no schema yet; changes nothing. Raises StoreError."""
    engine = open_writer(read_url(url))
    try:
        with engine.connect() as connection:
            return schema_revision(connection)
    except SQLAlchemyError as error:
        raise refused(error) from error
    finally:
        engine.dispose()


def revisions() -> list[str]:
    """Return every revision that this program knows, oldest first: the numbers that the files' names begin with.

    Raises StoreError where the migrations are missing.
    """
    return sorted(path.name.partition("_")[0] for path in folder().glob("versions/[0-9]*_*.py"))


def _upgrade(connection: Connection, guard: Guard | None) -> str:
    present, known = schema_revision(connection), revisions()
    head = known[-1]
    if present == head:
        return head
    if present and present not in known:
        raise SchemaError(
            f"the database has schema {present}, which this program does not know (its newest is {head}):"
            " a newer monitor wrote it; install that one, or restore the backup made before the upgrade"
        )
    with guard(present) if guard and present and _has_rows(connection) else nullcontext():
        _run(connection)
    return head


def _run(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    # Alembic reads % as the start of an option, and a folder may be called anything.
    config.set_main_option("script_location", str(folder()).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _has_rows(connection: Connection) -> bool:
    """Return whether any table holds something; the text index has rows of its own from the start."""
    quote = connection.dialect.identifier_preparer.quote
    names = [name for name in inspect(connection).get_table_names() if not name.startswith("search_index")]
    return any(
        connection.execute(text(f"SELECT 1 FROM {quote(name)} LIMIT 1")).first()  # noqa: S608 - a table's own name
        for name in names
        if name != "alembic_version"
    )


def schema_revision(connection: Connection) -> str:
    """Return the revision that the database of a connection has, "" when it has no schema yet."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def folder() -> Path:
    """Find the migrations: inside the package when installed from a wheel, beside it in a checkout."""
    package = Path(__file__).resolve().parents[2]
    for place in (package / "_migrations", package.parent / "migrations"):
        if (place / "env.py").is_file():
            return place
    raise StoreError(f"the migrations are missing: neither {package}/_migrations nor a checkout around the package")
