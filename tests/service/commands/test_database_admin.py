"""The database of an installation before its first run."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.model.errors import StoreError
from monitor.model.records import HitQuery
from monitor.service.app import App
from tests.service.test_current_plan import write


async def test_there_is_nothing_to_read_before_the_first_run_and_upgrade_makes_it(tmp_path: Path) -> None:
    with App(folder=write(tmp_path), environ={"MONITOR_DATA_DIR": str(tmp_path / "data")}) as app:
        with pytest.raises(StoreError, match="monitor run"):
            await app.hits(HitQuery())
        assert await app.database_admin.upgrade()
        assert await app.deliveries("", 9) == ()
        assert await app.sending.replay(["nothing"]) == (("nothing", "unknown"),)
