"""Queries that run every second, or for each article, must not walk a history."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import ClauseElement, create_engine

from monitor.store.db.migrate import upgrade
from monitor.store.write.article_store import _FIND
from monitor.store.write.outbox import _CLAIM, _DUE, _NEXT
from monitor.store.write.stories import _MEMBERS_NEAR

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


@pytest.mark.parametrize("statement", [_FIND, _MEMBERS_NEAR["sqlite"]])
def test_the_place_of_a_new_article_is_found_by_indexes(tmp_path: Path, statement: ClauseElement) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    upgrade(url)
    engine = create_engine(url)
    compiled = str(statement.compile(engine, compile_kwargs={"render_postcompile": True}))
    with engine.connect() as connection:
        bound = (1,) * compiled.count("?")
        steps = [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", bound).all()]
    engine.dispose()
    assert any(step.startswith("SEARCH") for step in steps), steps
    walked = {step.split()[1] for step in steps if step.startswith("SCAN")}
    assert not walked & {"article", "story", "story_gram", "story_signature", "g", "m", "s"}, steps
