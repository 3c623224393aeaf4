"""SIGKILL at any moment is a normal event: the short form of tests.journeys.crash."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.crash import Ordeal, torment

pytestmark = pytest.mark.slow


@pytest.mark.long
async def test_nothing_is_lost_or_doubled_over_kills(tmp_path: Path) -> None:
    result = await torment(Ordeal(kills=6, seed=11, fail_rate=0.02, drop_rate=0.02, pieces=4, longest=1.8), tmp_path)
    assert not any(result.faults.values()), result.table()
    assert result.figures["hits stored"] == 12
