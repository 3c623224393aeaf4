"""The schema, brought up to date by Alembic; safe when several processes start at once."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from monitor.model.errors import SchemaError, StoreError
from monitor.store.batch import refused
from monitor.store.dialects import hold
from monitor.store.engine import open_writer, read_url


def upgrade(url: str) -> str:
    """Bring the database to the newest schema, making it where it is missing; answer the revision it has now.

    Raises SchemaError for a database of a newer program, StoreError when it cannot be used.
    """
    engine = open_writer(read_url(url))
    try:
        # One transaction, and a write lock from its first statement on: a second process waits, then finds all done.
        with engine.begin() as connection:
            hold(connection, "schema")
            return _upgrade(connection, _config())
    except SQLAlchemyError as error:
        raise refused(error) from error
    finally:
        engine.dispose()


def revision(url: str) -> str:
    """Answer the revision that the database has, "" when it has no schema yet; changes nothing. Raises StoreError."""
    engine = open_writer(read_url(url))
    try:
        with engine.connect() as connection:
            return _revision(connection)
    except SQLAlchemyError as error:
        raise refused(error) from error
    finally:
        engine.dispose()


def _upgrade(connection: Connection, config: Config) -> str:
    script = ScriptDirectory.from_config(config)
    present = _revision(connection)
    head = script.get_current_head() or ""
    if present == head:
        return head
    if present and not _knows(script, present):
        raise SchemaError(
            f"the database has schema {present}, which this program does not know (its newest is {head}):"
            " a newer monitor wrote it; install that one, or restore the backup made before the upgrade"
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return head


def _revision(connection: Connection) -> str:
    return MigrationContext.configure(connection).get_current_revision() or ""


def _knows(script: ScriptDirectory, wanted: str) -> bool:
    try:
        return script.get_revision(wanted) is not None
    except CommandError:
        return False


def _config() -> Config:
    config = Config()
    # Alembic reads % as the start of an option, and a folder may be called anything.
    config.set_main_option("script_location", str(_folder()).replace("%", "%%"))
    return config


def _folder() -> Path:
    """Find the migrations: inside the package when installed from a wheel, beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_migrations", package.parent / "migrations"):
        if (folder / "env.py").is_file():
            return folder
    raise StoreError(f"the migrations are missing: neither {package}/_migrations nor a checkout around the package")
