"""The room's own tests use the databases of the contract suites."""

from __future__ import annotations

from tests.contracts.conftest import (
    article_store,
    db,
    factory,
    outbox,
    postgres_factory,
    source_store,
    sqlite_factory,
    url,
)

__all__ = ["article_store", "db", "factory", "outbox", "postgres_factory", "source_store", "sqlite_factory", "url"]
