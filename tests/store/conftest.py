"""The room's own tests use the databases of the contract suites."""

from __future__ import annotations

from tests.contracts.conftest import archive, db, factory, ledger, outbox, postgres_factory, sqlite_factory, url

__all__ = ["archive", "db", "factory", "ledger", "outbox", "postgres_factory", "sqlite_factory", "url"]
