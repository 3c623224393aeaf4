"""In which five minutes the sources were polled: noted by whoever runs, once, and forgotten with time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from monitor.model.counting import HOUR, SLOT
from monitor.store.db.database import Database
from monitor.store.tables.schema import source_state
from monitor.store.write.source_store import SourceStore
from monitor.store.write.watch_store import KEPT, WatchStore
from tests.contracts.invented import NOW, plan, source

BEGIN = NOW.replace(minute=0, second=0)


async def test_a_bit_for_each_five_minutes_whoever_notes_it(db: Database, url: str, source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(), NOW)
    other = Database(url)
    first, second = WatchStore(db), WatchStore(other)
    for minutes in (0, 4, 5, 31, 59.9, 60, 119):
        for store in (first, second):
            assert await store.note(BEGIN + timedelta(minutes=minutes))
    await other.aclose()
    assert await first.watched(BEGIN - HOUR) == {BEGIN: 0b1000_0100_0011, BEGIN + HOUR: 0b1000_0000_0001}
    assert await first.watched(BEGIN + SLOT) == {BEGIN + HOUR: 0b1000_0000_0001}


@pytest.mark.parametrize(
    ("failing", "off", "noted"),
    [(0, 0, True), (2, 0, True), (3, 0, False), (4, 0, False), (1, 2, True), (2, 1, False), (0, 4, False)],
)
async def test_while_most_sources_do_not_answer_nothing_is_watched(
    db: Database, source_store: SourceStore, failing: int, off: int, *, noted: bool
) -> None:
    names = ["a", "b", "c", "d"]
    await source_store.sync_plan(plan(*map(source, names)), NOW)
    change = update(source_state)
    await db.write(
        lambda connection: [
            *(
                connection.execute(change.where(source_state.c.id == name).values(failures=1))
                for name in names[:failing]
            ),
            *(
                connection.execute(change.where(source_state.c.id == name).values(enabled=False))
                for name in names[4 - off :]
            ),
        ]
    )
    assert await WatchStore(db).note(NOW) is noted
    assert bool(await WatchStore(db).watched(BEGIN)) is noted


async def test_what_is_old_is_forgotten(db: Database, source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(), NOW)
    store = WatchStore(db)
    for back in (KEPT + HOUR, KEPT, HOUR):
        await store.note(BEGIN - back)
    assert await store.forget(BEGIN) == 1
    assert sorted(await store.watched(BEGIN - 2 * KEPT)) == [BEGIN - KEPT, BEGIN - HOUR]
