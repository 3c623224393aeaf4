"""One browser and one desk for the tests of a file; what changes the desk has one of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.chromium.browser import chromium
from tests.chromium.newsroom import Desk, morning


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser, gone before the tests of another file: its loop would run in their thread."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk that the tests of a file only look at. It is made after the browser: without one nothing runs."""
    assert browser.is_connected()
    with morning(tmp_path_factory.mktemp("desk")) as running:
        yield running


@pytest.fixture
def own_desk(browser: Browser, tmp_path: Path) -> Iterator[Desk]:
    """A desk that a test may change."""
    assert browser.is_connected()
    with morning(tmp_path) as running:
        yield running
