"""The plan in force is remembered as far as questions need it, on every database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from monitor.model.plan import Plan
from monitor.store.db.database import Database
from monitor.store.read.queries import SqlReader
from monitor.store.tables.schema import plan as plan_table
from monitor.store.write.source_store import SourceStore
from tests.contracts.invented import NOW, channel, plan, source


async def test_before_the_first_there_is_a_plan_of_nothing(url: str) -> None:
    with SqlReader(url) as reader:
        assert reader.plan_in_force() == Plan("")


async def test_the_last_one_put_in_force_comes_back(url: str, source_store: SourceStore) -> None:
    for version in ("v1", "v2"):
        planned = plan(source(), channels=(channel(),), version=version)
        await source_store.sync_plan(planned, NOW)
    with SqlReader(url) as reader:
        found = reader.plan_in_force()
    assert (found.version, found.zone, found.pacing) == ("v2", planned.zone, planned.pacing)
    assert [(one.id, one.name, one.every) for one in found.sources] == [
        (one.id, one.name, one.every) for one in planned.sources
    ]
    assert [(one.id, one.url, one.secrets) for one in found.channels] == [(channel().id, "", ())]


async def test_a_note_that_changed_is_remembered_under_the_same_version(
    url: str, source_store: SourceStore, db: Database
) -> None:
    for note in ("", "허락 대기"):
        await source_store.sync_plan(plan(replace(source(), note=note), version="v1"), NOW)
    rows = await db.read(lambda connection: connection.execute(select(plan_table)).all())
    assert len(rows) == 1
    with SqlReader(url) as reader:
        assert [one.note for one in reader.plan_in_force().sources] == ["허락 대기"]


@pytest.mark.parametrize("damage", [None, [], "x", {"a": 1}, {"sources": [], "rules": 5}, {"sources": [[1]]}])
async def test_a_damaged_memory_of_the_plan_is_none_and_is_written_anew(
    url: str, source_store: SourceStore, db: Database, damage: object
) -> None:
    planned = plan(source(), version="v1")
    await source_store.sync_plan(planned, NOW)
    await db.write(lambda connection: connection.execute(update(plan_table).values(summary=damage)))
    with SqlReader(url) as reader:
        assert reader.plan_in_force() == Plan("")
        assert reader.summary_in_force() == {}
        await source_store.sync_plan(planned, NOW)
        assert reader.plan_in_force().version == "v1"
