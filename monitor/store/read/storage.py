"""Where everything is kept, how large that is, and in which versions."""

from __future__ import annotations

from sqlalchemy import Connection, text

from monitor.model.records import StorageRecord
from monitor.store.db.engines import database_file, read_url
from monitor.store.db.migrate import schema_revision
from monitor.store.read.figures import database_sizes

_PRODUCTS = {"sqlite": ("SQLite", "SELECT sqlite_version()"), "postgresql": ("PostgreSQL", "SHOW server_version")}


def storage_record(connection: Connection, url: str) -> StorageRecord:
    """Return what the database at `url` is, without who asks it and with what password."""
    name, question = _PRODUCTS[connection.dialect.name]
    version = str(connection.execute(text(question)).scalar_one()).split()[0]
    file, parsed = database_file(url), read_url(url)
    host = f"{parsed.host or 'localhost'}:{parsed.port}" if parsed.port else parsed.host or "localhost"
    place = f"{host}/{parsed.database or ''}" if file is None else str(file)
    sizes = database_sizes(connection, url)
    return StorageRecord(f"{name} {version}", place, sum(sizes.values()), schema_revision(connection))
