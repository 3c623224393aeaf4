"""Each contract is held by every database that the product supports."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest

from monitor.cluster.choice import choose
from monitor.store.db.database import Database
from monitor.store.write.article_store import ArticleStore
from monitor.store.write.outbox import Outbox
from monitor.store.write.source_store import SourceStore
from tests.contracts.databases import PostgresFactory, SqliteFactory, postgres_server


@pytest.fixture(scope="session")
def sqlite_factory(tmp_path_factory: pytest.TempPathFactory) -> SqliteFactory:
    """Files in a temporary folder."""
    return SqliteFactory(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_factory() -> Iterator[PostgresFactory]:
    """One server for the whole run."""
    with postgres_server() as factory:
        yield factory


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def factory(request: pytest.FixtureRequest) -> SqliteFactory | PostgresFactory:
    """Either maker of databases."""
    made: SqliteFactory | PostgresFactory = request.getfixturevalue(f"{request.param}_factory")
    return made


@pytest.fixture
def url(factory: SqliteFactory | PostgresFactory) -> Iterator[str]:
    """An empty database with the newest schema."""
    with factory.lent() as url:
        yield url


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    """The fresh database, open."""
    database = Database(url)
    yield database
    await database.aclose()


@pytest.fixture
def article_store(db: Database) -> ArticleStore:
    """The store of articles on it; stories close after two days."""
    return ArticleStore(db, choose, timedelta(days=2))


@pytest.fixture
def source_store(db: Database) -> SourceStore:
    """The store of sources on it."""
    return SourceStore(db)


@pytest.fixture
def outbox(db: Database) -> Outbox:
    """The outbox on it."""
    return Outbox(db)
