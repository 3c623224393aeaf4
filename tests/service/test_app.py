"""One installation, opened once: what it answers when all is well, and what while its files are wrong."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.model.errors import ConfigError, StoreError
from monitor.model.plan import Plan
from monitor.model.records import HitQuery
from monitor.service import ask_reload
from monitor.service.app import App
from monitor.service.current_plan import Prepared
from monitor.store.db.database import Database
from monitor.store.read.queries import SqlReader
from monitor.store.write.source_store import SourceStore
from tests.service.test_current_plan import write

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
BROKEN = "rules: [{id: openai, nmae: OpenAI}]\n"


def app_of(tmp_path: Path, folder: Path) -> App:
    return App(folder=folder, environ={"MONITOR_DATA_DIR": str(tmp_path / "data")})


async def in_force(app: App) -> Plan:
    """Put the files' plan in force, as the daemon does when it starts."""
    await app.upgrade()
    plan = (await app.prepare()).plan
    database = Database(app.database)
    try:
        await SourceStore(database).sync_plan(plan, NOW)
    finally:
        await database.aclose()
    return plan


async def test_there_is_nothing_to_read_before_the_first_run_and_upgrade_makes_it(tmp_path: Path) -> None:
    with app_of(tmp_path, write(tmp_path)) as app:
        with pytest.raises(StoreError, match="monitor run"):
            await app.hits(HitQuery())
        assert await app.upgrade()
        assert await app.deliveries("", 9) == ()
        assert await app.replay(["nothing"]) == (("nothing", "unknown"),)


async def test_many_may_ask_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    class Counted(SqlReader):
        def __init__(self, url: str) -> None:
            time.sleep(0.02)  # long enough for all of them to stand at the door
            opened.append(url)
            super().__init__(url)

    with app_of(tmp_path, write(tmp_path)) as app:
        await in_force(app)
    monkeypatch.setattr("monitor.store.read.queries.SqlReader", Counted)
    with app_of(tmp_path, write(tmp_path)) as app:
        found = await asyncio.gather(*(app.sources(NOW) for _ in range(20)))
    assert {tuple(source.id for source in records) for records in found} == {("paper",)}
    assert len(opened) == 1


async def test_files_that_are_wrong_leave_the_plan_in_force(tmp_path: Path) -> None:
    folder = write(tmp_path)
    with app_of(tmp_path, folder) as app:
        plan = await in_force(app)
        assert app.problems == ()
    write(tmp_path, rules=BROKEN)
    with app_of(tmp_path, folder) as app:
        assert app.problems
        remembered = await app.plan()
        assert (remembered.version, remembered.zone) == (plan.version, plan.zone)
        assert [rule.id for rule in remembered.rules] == ["openai"]
        assert [record.id for record in await app.schedule(NOW)] == ["paper"]
        for refused in (app.prepare(), app.request_reload(), app.article("http://127.0.0.1:9/")):
            with pytest.raises(ConfigError, match="nmae"):
                await refused


async def test_files_that_were_read_again_and_are_wrong_change_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path)
    with app_of(tmp_path, folder) as app:
        before = (await app.prepare()).plan
        write(tmp_path, rules=BROKEN)
        with pytest.raises(ConfigError, match="nmae"):
            await app.reread()
        assert (await app.plan()).version == before.version
        write(tmp_path, rules="rules: [{id: other, match: 카카오}]\n")

        def refuse(_: Prepared) -> None:
            raise ConfigError(())

        with pytest.raises(ConfigError):
            await app.reread(refuse)
        assert (await app.plan()).version == before.version
        assert [rule.id for rule in (await app.reread()).plan.rules] == ["other"]
        assert [rule.id for rule in (await app.plan()).rules] == ["other"]


async def test_settings_stay_as_they_were_at_the_opening(tmp_path: Path) -> None:
    folder = write(tmp_path)
    with app_of(tmp_path, folder) as app:
        before = app.settings
        (folder / "monitor.yaml").write_text("database: sqlite:///elsewhere.db\n", "utf-8")
        assert (await app.reread()).settings != before
        assert app.settings == before


async def test_the_rules_are_compiled_once_and_again_after_a_reload(tmp_path: Path) -> None:
    with app_of(tmp_path, write(tmp_path)) as app:
        first = await app.prepare()
        assert await app.prepare() is first
        await app.reread()
        assert await app.prepare() is not first


async def test_a_plan_of_the_same_meaning_from_other_files_is_waited_for() -> None:
    wanted = Plan("v1", files=("rules.yaml", "rules.d/a.yaml"))
    answers = [replace(wanted, files=("rules.yaml",))] * 2 + [wanted]

    async def in_force() -> Plan:
        return answers.pop(0)

    await ask_reload._adopted(wanted, in_force, 1)
    assert answers == []
