"""One installation, opened once: what it answers when all is well, and what while its files are wrong."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.model.errors import ConfigError
from monitor.model.plan import Plan
from monitor.service.current_plan import Prepared
from monitor.service.installation import Installation
from monitor.store.db.database import Database
from monitor.store.db.migrate import upgrade
from monitor.store.read.queries import SqlReader
from monitor.store.write.source_store import SourceStore
from tests.service.test_current_plan import write

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
BROKEN = "rules: [{id: openai, nmae: OpenAI}]\n"


def opened(tmp_path: Path, folder: Path) -> Installation:
    return Installation(folder=folder, environ={"MONITOR_DATA_DIR": str(tmp_path / "data")})


async def in_force(installation: Installation) -> Plan:
    """Put the files' plan in force, as the daemon does when it starts."""
    await asyncio.to_thread(upgrade, installation.database)
    plan = (await installation.prepare()).plan
    database = Database(installation.database)
    try:
        await SourceStore(database).sync_plan(plan, NOW)
    finally:
        await database.aclose()
    return plan


async def test_many_may_ask_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readers: list[str] = []

    class Counted(SqlReader):
        def __init__(self, url: str) -> None:
            time.sleep(0.02)  # long enough for all of them to stand at the door
            readers.append(url)
            super().__init__(url)

    with opened(tmp_path, write(tmp_path)) as installation:
        await in_force(installation)
    monkeypatch.setattr("monitor.store.read.queries.SqlReader", Counted)
    with opened(tmp_path, write(tmp_path)) as installation:
        found = await asyncio.gather(*(installation.sources(NOW) for _ in range(20)))
    assert {tuple(source.id for source in records) for records in found} == {("paper",)}
    assert len(readers) == 1


async def test_files_that_are_wrong_leave_the_plan_in_force(tmp_path: Path) -> None:
    folder = write(tmp_path)
    with opened(tmp_path, folder) as installation:
        plan = await in_force(installation)
        assert installation.problems == ()
    write(tmp_path, rules=BROKEN)
    with opened(tmp_path, folder) as installation:
        assert installation.problems
        remembered = await installation.plan()
        assert (remembered.version, remembered.zone) == (plan.version, plan.zone)
        assert [rule.id for rule in remembered.rules] == ["openai"]
        assert [record.id for record in await installation.schedule(NOW)] == ["paper"]
        with pytest.raises(ConfigError, match="nmae"):
            await installation.prepare()


async def test_files_that_were_read_again_and_are_wrong_change_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path)
    with opened(tmp_path, folder) as installation:
        before = (await installation.prepare()).plan
        write(tmp_path, rules=BROKEN)
        with pytest.raises(ConfigError, match="nmae"):
            await installation.reread()
        assert (await installation.plan()).version == before.version
        write(tmp_path, rules="rules: [{id: other, match: 카카오}]\n")

        def refuse(_: Prepared) -> None:
            raise ConfigError(())

        with pytest.raises(ConfigError):
            await installation.reread(refuse)
        assert (await installation.plan()).version == before.version
        assert [rule.id for rule in (await installation.reread()).plan.rules] == ["other"]
        assert [rule.id for rule in (await installation.plan()).rules] == ["other"]


async def test_settings_stay_as_they_were_at_the_opening(tmp_path: Path) -> None:
    folder = write(tmp_path)
    with opened(tmp_path, folder) as installation:
        before = installation.settings
        (folder / "monitor.yaml").write_text("database: sqlite:///elsewhere.db\n", "utf-8")
        assert (await installation.reread()).settings != before
        assert installation.settings == before


async def test_the_rules_are_compiled_once_and_again_after_a_reload(tmp_path: Path) -> None:
    with opened(tmp_path, write(tmp_path)) as installation:
        first = await installation.prepare()
        assert await installation.prepare() is first
        await installation.reread()
        assert await installation.prepare() is not first
