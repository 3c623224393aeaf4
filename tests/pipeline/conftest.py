"""A house for every test of the pipeline."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.pipeline.house import App, build, plan


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[App]:
    """A house with one source, one rule and one channel, on an empty store."""
    made = await build(tmp_path, plan())
    yield made
    await made.database.aclose()
