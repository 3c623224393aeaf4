"""Queries that run every second must not walk a history."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine

from monitor.store.migrate import upgrade
from monitor.store.outbox import _CLAIM, _DUE, _NEXT

NOW = datetime(2025, 2, 5, tzinfo=UTC)


def test_heads_of_channels_are_found_by_the_index_of_unfinished_rows(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    upgrade(url)
    engine = create_engine(url)
    values = {"now": NOW, "most": 10, "id": "x", "channel_id": "c"}
    for statement in (_DUE, _CLAIM, _NEXT):
        compiled = statement.compile(engine, compile_kwargs={"render_postcompile": True})
        with engine.connect() as connection:
            bound = tuple(str(values.get(name, compiled.params[name])) for name in compiled.positiontup or ())
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", bound).all()
        steps = [row.detail for row in rows]
        assert any("ix_delivery_head" in step for step in steps), steps
        assert not any(step.startswith("SCAN delivery") for step in steps), steps
    engine.dispose()
