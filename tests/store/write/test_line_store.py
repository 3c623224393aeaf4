"""What is asked every few seconds goes by an index, however long the history is."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.dialects import sqlite

from monitor.store.db.database import Database
from monitor.store.db.migrate import upgrade
from monitor.store.write.line_store import FRONT


async def test_what_waits_is_found_without_a_walk_through_the_history(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/monitor.db"
    upgrade(url)
    database = Database(url)
    query = FRONT.params(channel_id="desk").compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    try:
        steps = await database.read(
            lambda asked: [row[3] for row in asked.execute(text(f"EXPLAIN QUERY PLAN {query}"))]
        )
    finally:
        await database.aclose()
    assert steps == ["SEARCH delivery USING INDEX ix_delivery_head (channel_id=?)"]
