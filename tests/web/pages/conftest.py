"""A browser before the pages of an empty database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.contracts.conftest import sqlite_factory
from tests.contracts.databases import SqliteFactory
from tests.web.pages.shown import Browser, browsing

__all__ = ["sqlite_factory"]


@pytest.fixture
async def browser(tmp_path: Path, sqlite_factory: SqliteFactory) -> AsyncIterator[Browser]:
    """Somebody who may write."""
    with sqlite_factory.lent() as url:
        async with browsing(tmp_path, url) as one:
            yield one
