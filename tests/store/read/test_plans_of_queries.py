"""Queries that run every second, or for each article, must not walk a history."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import ClauseElement, Executable, create_engine

from monitor.model.records import DeliveryQuery
from monitor.store.db.migrate import upgrade
from monitor.store.read import channels, chosen_deliveries, figures, trail
from monitor.store.tables.near_members import _MEMBERS_NEAR
from monitor.store.tables.schema import notification
from monitor.store.write import escalations, follow_up_store, history, notification_store, refresh_store, told_hits
from monitor.store.write.article_store import _FIND
from monitor.store.write.outbox import _CLAIM_NEXT, _CLAIM_ONE, _DUE, _NEXT
from monitor.store.write.stories import _FIRST, _READ

NOW = datetime(2025, 2, 5, tzinfo=UTC)


def steps_of(statement: ClauseElement, tmp_path: Path) -> list[str]:
    """Return how SQLite would go about it, without statistics of what the tables hold."""
    url = f"sqlite:///{tmp_path}/x.db"
    upgrade(url)
    engine = create_engine(url)
    values = {"now": NOW, "since": NOW, "most": 10, "id": "x", "channel_id": "c"}
    compiled = statement.compile(engine, compile_kwargs={"render_postcompile": True})
    with engine.connect() as connection:
        bound = tuple(str(values.get(name, compiled.params[name])) for name in compiled.positiontup or ())  # type: ignore[attr-defined]  # of a compiled statement
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", bound).all()
    engine.dispose()
    return [row.detail for row in rows]


@pytest.mark.parametrize("statement", [_DUE, _CLAIM_ONE, _CLAIM_NEXT, _NEXT])
def test_heads_of_channels_are_found_by_the_index_of_unfinished_rows(tmp_path: Path, statement: ClauseElement) -> None:
    steps = steps_of(statement, tmp_path)
    assert any("ix_delivery_head" in step for step in steps), steps
    assert not any(step.startswith("SCAN delivery") for step in steps), steps
    assert not any("ix_delivery_state_id" in step for step in steps), steps  # all that waits, however much that is


@pytest.mark.parametrize(
    "statement",
    [
        channels._HELD,
        notification_store._DUE,
        notification_store._SOONEST,
        notification_store._ANY_HELD,
        history._GROUPS,
    ],
)
def test_held_notifications_are_found_by_their_index(tmp_path: Path, statement: ClauseElement) -> None:
    steps = steps_of(statement, tmp_path)
    assert any("ix_notification_held" in step for step in steps), steps


@pytest.mark.parametrize("statement", [channels._COUNTS, figures._OUTBOX])
def test_what_waits_is_counted_among_what_waits(tmp_path: Path, statement: ClauseElement) -> None:
    steps = steps_of(statement, tmp_path)
    assert any("delivery USING INDEX ix_delivery_state_id (state=?)" in step for step in steps), steps


def test_what_is_held_is_listed_from_its_own_index(tmp_path: Path) -> None:
    of_each = chosen_deliveries._owners(DeliveryQuery(), "", suppressed=False)
    steps = steps_of(of_each[notification].limit(51), tmp_path)
    assert any("ix_notification_held" in step for step in steps), steps


@pytest.mark.parametrize("statement", [refresh_store._DUE, refresh_store._OVER])
def test_messages_to_be_edited_are_found_by_their_index(tmp_path: Path, statement: ClauseElement) -> None:
    steps = steps_of(statement, tmp_path)
    assert any("ix_delivery_refresh_due_at" in step for step in steps), steps
    assert not any(step.startswith("SCAN delivery") for step in steps), steps


def test_the_message_that_told_a_story_is_found_by_the_story(tmp_path: Path) -> None:
    steps = steps_of(refresh_store._GROWN, tmp_path)
    assert any("story_alert USING PRIMARY KEY (story_id=?)" in step for step in steps), steps
    assert not any(step.startswith("SCAN") for step in steps if "LIST SUBQUERY" not in step), steps


@pytest.mark.parametrize("statement", [history._NOTIFIED, history._LATEST, history._OF_GROUP])
def test_what_was_told_lately_is_found_without_a_walk_through_all(tmp_path: Path, statement: ClauseElement) -> None:
    steps = steps_of(statement, tmp_path)
    walked = {step.split()[1] for step in steps if step.startswith("SCAN")}
    assert not walked & {"hit", "notification", "delivery"}, steps
    assert not any("ix_hit_rule_id_id" in step for step in steps), steps


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


@pytest.mark.parametrize("statement", [escalations._OUTLETS, _READ])
def test_a_story_is_counted_from_an_index_alone(tmp_path: Path, statement: ClauseElement) -> None:
    steps = steps_of(statement, tmp_path)
    assert any("article USING COVERING INDEX ix_article_story_id_source_id_stored_at" in step for step in steps), steps


@pytest.mark.parametrize(
    "statement",
    [
        _FIRST,
        escalations._TOLD,
        escalations._ALERTS,
        told_hits._TOLD,
        follow_up_store._DUE,
        follow_up_store._CLAIM,
        follow_up_store._COUNT,
        follow_up_store._ENTRY,
        follow_up_store._FRESH,
        follow_up_store._GONE,
        follow_up_store._THERE,
        follow_up_store._GIVE_UP,
    ],
)
def test_what_was_told_of_a_story_and_what_is_looked_at_again_is_found_by_indexes(
    tmp_path: Path, statement: ClauseElement
) -> None:
    steps = steps_of(statement, tmp_path)
    walked = {step.split()[1] for step in steps if step.startswith("SCAN")}
    tables = {"article", "delivery", "entry", "follow_up", "hit", "notification", "other", "story", "story_alert"}
    assert not walked & tables, steps


@pytest.mark.parametrize("statement", [follow_up_store._GONE, follow_up_store._THERE])
def test_of_the_looks_of_years_the_last_weeks_are_counted(tmp_path: Path, statement: ClauseElement) -> None:
    steps = steps_of(statement, tmp_path)
    assert any("source_id=? AND started_at>?" in step for step in steps), steps


def trail_steps(statement: Executable, tmp_path: Path) -> list[str]:
    """Return how SQLite would go about a question of the trail: for several ids and keys at once."""
    url = f"sqlite:///{tmp_path}/x.db"
    upgrade(url)
    engine = create_engine(url)
    given = {"ids": ["1", "2"], "keys": ["x", "y"], "id": "1", "article_id": 1, "story_id": "s"}
    filled = statement.params(given)  # type: ignore[attr-defined]  # of a select
    compiled = filled.compile(engine, compile_kwargs={"literal_binds": True})
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}").all()
    engine.dispose()
    return [row.detail for row in rows]


@pytest.mark.parametrize(
    "statement",
    [
        trail._LISTED,
        trail._LED_HERE,
        trail._BY_KEY,
        trail._BY_ID,
        trail._OF_HIT,
        trail._HITS,
        trail._TOLD,
        trail._LEVELS,
        trail._ATTEMPTS,
        trail._EARLIER,
        trail._FIRST,
        trail._GONE,
        trail._SUMMARY,
    ],
)
def test_the_trail_of_an_address_is_found_by_indexes_alone(tmp_path: Path, statement: Executable) -> None:
    steps = trail_steps(statement, tmp_path)
    assert any(step.startswith("SEARCH") for step in steps), steps
    assert not any(step.startswith("SCAN") for step in steps), steps


def test_an_entry_is_found_by_source_and_key(tmp_path: Path) -> None:
    steps = trail_steps(trail._LISTED, tmp_path)
    assert any("(source_id=? AND key=?)" in step for step in steps), steps
