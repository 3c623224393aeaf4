"""Alembic's entry: runs the migrations on the connection that monitor.store.db.migrate hands over."""

from __future__ import annotations

from alembic import context

from monitor.store.tables.schema import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",  # SQLite alters a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
