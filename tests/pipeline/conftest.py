"""An app for every test of the pipeline."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.pipeline.app import App, build, plan


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    """An app with one source, one rule and one channel, on an empty store."""
    made = await build(tmp_path, plan())
    yield made
    await made.database.aclose()
