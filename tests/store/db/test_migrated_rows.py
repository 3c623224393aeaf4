"""Every row of an older program is there after the upgrade, whatever its table and columns are called by now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    inspect,
    null,
    select,
)

from monitor.health.memory import SourceSilence, unpack
from monitor.schedule.rates import usual
from monitor.store.db.engines import open_writer, read_url
from monitor.store.db.migrate import upgrade
from monitor.store.read.queries import SqlReader
from monitor.store.tables.schema import rule_state, source_health, source_state, story
from tests.contracts.databases import PostgresFactory, SqliteFactory
from tests.store.db.test_migrate import HEAD, move

TABLES = {"lead": "entry", "delivery_hit": "notification"}
COLUMNS = {
    ("alarm", "trouble"): "problem",
    ("alarm", "seen_en"): "summary_en",
    ("alarm", "seen_ko"): "summary_ko",
    ("alarm", "mend_en"): "action_en",
    ("alarm", "mend_ko"): "action_ko",
    ("article", "via"): "field_sources",
    ("source_state", "next_look_at"): "lists_due_at",
    ("source_health", "looked_at"): "polled_at",
}
DROPPED = {
    ("story", "fingerprint"),  # since 0005 stories are found by likeness
    ("delivery", "reason"),  # since 0010 of the notification, where a message is sent there is none
    ("delivery", "about"),  # since 0010 of the event that a message without a hit tells of
}
STATES = {"lead": "pending", "entry": "pending", "notification": "held", "delivery": "pending", "attempt": "pending"}

NOTICE = {
    "type": "source.broken",
    "seq": 1,
    "data": {"source": {"id": "lead"}, "trouble": "no_leads", "seen": {"en": "lead"}, "mend": {"en": "look"}},
}
MEMORY = {
    "looked_at": "2026-11-20T00:00:00Z",
    "urls": {"https://a.example/": {"trouble": "no_leads", "bad": 2}},
    "fields": {"body": {"ways": {"site": 3.0, "lead": 1.5}, "recent": ["site", "lead"]}},
    "alarms": [{"trouble": "no_leads", "since": "2026-11-20T00:00:00Z", "seen": {"en": "s"}, "mend": {"en": "m"}}],
}
SPECIAL: Mapping[tuple[str, str], object] = {
    ("alarm", "trouble"): "no_leads",
    ("alarm", "cleared_at"): None,
    ("article", "via"): {"title": "jsonld", "body": "lead", "check": 'no "lead"'},
    ("delivery", "type"): "source.broken",
    ("delivery", "about"): "source.broken: 한빛: no_leads",
    ("delivery", "body"): json.dumps(NOTICE).encode(),
    ("notification", "event_id"): None,
    ("notification", "delivery_id"): None,
    ("notification", "reason"): "",
    ("notification", "not_before"): datetime(2026, 11, 20, tzinfo=UTC),
    ("entry", "forms"): ["0a1b2c3d"],
    ("source_health", "memory"): MEMORY,
}
REWRITTEN: Mapping[tuple[str, str], object] = {
    ("source_state", "lease_owner"): None,  # no process outlives an upgrade
    ("source_state", "lease_until"): None,
    ("alarm", "trouble"): "no_entries",
    ("article", "via"): {"title": "jsonld", "body": "entry", "check": 'no "lead"'},
    ("delivery", "about"): "source.broken: 한빛: no_entries",
    ("source_health", "memory"): {
        "polled_at": "2026-11-20T00:00:00Z",
        "urls": {"https://a.example/": {"problem": "no_entries", "bad": 2}},
        "fields": {"body": {"ways": {"site": 3.0, "entry": 1.5}, "recent": ["site", "entry"]}},
        "alarms": [
            {"problem": "no_entries", "since": "2026-11-20T00:00:00Z", "summary": {"en": "s"}, "action": {"en": "m"}}
        ],
    },
}


@pytest.fixture
def bare(factory: SqliteFactory | PostgresFactory) -> str:
    """A database without tables."""
    return factory.empty()


def filled(table: Table, postgres: bool) -> dict[str, Any]:  # noqa: FBT001 - of the dialect
    """Return a row with a value in every column; rows that belong together have the same keys."""
    return {column.name: value(table.name, column, postgres=postgres) for column in table.columns}


def value(table: str, column: Column[Any], *, postgres: bool) -> object:
    """Return a value of the column's type that no default gives."""
    if (table, column.name) in SPECIAL:
        found = SPECIAL[table, column.name]
        return stored(found, postgres=postgres) if isinstance(found, datetime) else found
    if column.name == "state":
        return STATES[table]
    kinds: tuple[tuple[type | tuple[type, ...], object], ...] = (
        (JSON, {"한": ["뉴스", 1]}),
        (Boolean, True),
        ((Integer, BigInteger), 1),
        (Float, 1.5),
        (LargeBinary, b"{}"),
    )
    for kind, found in kinds:
        if isinstance(column.type, kind):
            return found
    if column.name.endswith(("_at", "_until", "since")) or column.name == "at":
        return stored(datetime(2026, 11, 20, tzinfo=UTC), postgres=postgres)
    return "1" if column.name.endswith("id") else f"값 {table}.{column.name}"


def stored(moment: datetime, *, postgres: bool) -> object:
    """Return a moment as SQLAlchemy reads and writes it where it only knows how the column is declared."""
    return moment if postgres else moment.replace(tzinfo=None)


def tables(connection: Connection) -> Iterator[Table]:
    """Yield the tables of the database as it is now, parents first."""
    found = MetaData()
    found.reflect(connection)
    for table in found.sorted_tables:
        if table.name != "alembic_version" and not table.name.startswith("search_index"):
            yield table


def plain(stored: object) -> object:
    """Return a stored value so that JSON in text and JSON as data compare."""
    if isinstance(stored, bytes | memoryview):
        stored = bytes(stored).decode()
    if isinstance(stored, str) and stored.startswith(("[", "{")):
        return json.loads(stored)
    return stored


@pytest.mark.parametrize("old", ["0001", "0008", "0014", "0016"])
def test_rows_of_every_table_are_kept(bare: str, old: str) -> None:
    engine = open_writer(read_url(bare))
    postgres = engine.dialect.name == "postgresql"
    move(engine, old)
    before: dict[str, dict[str, Any]] = {}
    with engine.begin() as connection:
        for table in tables(connection):
            before[table.name] = filled(table, postgres)
            connection.execute(table.insert().values(before[table.name]))
    engine.dispose()
    assert len(before) > 9
    assert upgrade(bare) == HEAD
    with engine.connect() as connection:
        now = {table.name: table for table in tables(connection)}
        for name, row in before.items():
            table = now[TABLES.get(name, name)]
            (stored,) = connection.execute(select(table)).mappings().all()
            for column, was in row.items():
                if (name, column) in DROPPED or (old < "0009" and (name, column) == ("delivery", "body")):
                    continue
                wanted = REWRITTEN.get((name, column), was) if old < "0009" else was
                found = stored[COLUMNS.get((name, column), column)]
                assert plain(found) == plain(wanted), (name, column)
        assert "lead" not in inspect(connection).get_table_names()
    engine.dispose()


def test_messages_and_alarms_of_an_older_program_are_told_in_the_new_words(bare: str) -> None:
    engine = open_writer(read_url(bare))
    postgres = engine.dialect.name == "postgresql"
    move(engine, "0008")
    with engine.begin() as connection:
        for table in tables(connection):
            connection.execute(table.insert().values(filled(table, postgres)))
    engine.dispose()
    upgrade(bare)
    with engine.connect() as connection:
        (body,) = connection.execute(select(next(t for t in tables(connection) if t.name == "delivery").c.body)).one()
    engine.dispose()
    data = json.loads(bytes(body))["data"]
    assert data == {
        "source": {"id": "lead"}, "problem": "no_entries", "summary": {"en": "lead"}, "action": {"en": "look"},
    }  # fmt: skip
    with SqlReader(bare) as reader:
        (source,) = reader.sources(datetime(2026, 11, 21, tzinfo=UTC))
        assert (source.problem, source.summary) == ("no_entries", "값 alarm.seen_en")


HOURLY = {"counts": [3.0] * 6 + [9.0] * 18, "spans": [6.0] * 24}
ARRIVALS = {
    **HOURLY, "at": "2026-11-20T00:00:00+00:00",
    "reach": {"https://a.example/": [3600.0, "2026-11-20T00:00:00+00:00"]},
}  # fmt: skip
RHYTHM = {
    "hour_count": [1.0] * 24, "hour_span": [30.0] * 24, "type_count": [700.0, 100.0], "type_span": [500.0, 200.0],
    "expected": 2.5, "chi": 90.0, "blocks": 60.0, "block_count": 1.0, "block_expected": 0.5, "block_hours": 0.25,
    "known_hours": 600.0, "last_new": "2026-11-19T22:00:00Z",
}  # fmt: skip


@pytest.fixture
def learned(bare: str) -> Iterator[Engine]:
    """A database of the older program that has learned two rhythms: 1 in both ways, 2 for health alone."""
    engine = open_writer(read_url(bare))
    postgres = engine.dialect.name == "postgresql"
    move(engine, "0009")
    memory = {"basis": "b", "polled_at": "2026-11-20T00:00:00Z", "rhythm": RHYTHM}
    with engine.begin() as connection:
        known = {table.name: table for table in tables(connection)}
        for source_id, arrivals in (("1", ARRIVALS), ("2", null())):
            state = {"id": source_id, "arrivals": arrivals, "burst": null()}
            health = {"source_id": source_id, "memory": memory}
            for name, values in (("source_state", state), ("source_health", health)):
                connection.execute(known[name].insert().values(filled(known[name], postgres) | values))
    upgrade(bare)
    yield engine
    engine.dispose()


def test_a_rhythm_learned_in_weeks_is_known_after_the_upgrade(bare: str, learned: Engine) -> None:
    with SqlReader(bare) as reader:
        found, alone = (reader.rhythms()[source_id].arrivals for source_id in "12")
    assert found is not None
    assert sum(found.counts) == pytest.approx(sum(HOURLY["counts"]), abs=0.01)
    assert sum(found.spans) == pytest.approx(sum(HOURLY["spans"]), abs=0.01)
    assert found.reach["https://a.example/"].seconds == 3600
    tuesday, sunday = (usual(found, None, datetime(2026, 11, day, 3, 0, tzinfo=UTC), "Asia/Seoul") for day in (24, 22))
    assert tuesday.rate > 2 * sunday.rate
    assert tuesday.spread == 1.5
    assert alone is not None
    assert sum(alone.spans) == pytest.approx(720, abs=0.01)
    with learned.connect() as connection:
        kept = connection.execute(select(source_health.c.memory)).scalars().all()
    for memory in kept:
        assert unpack(memory).silence == SourceSilence(600.0, 2.5, datetime(2026, 11, 19, 22, 0, tzinfo=UTC))
        assert "rhythm" not in memory


def test_a_rhythm_goes_back_to_the_older_program(learned: Engine) -> None:
    move(learned, "0009")
    with learned.connect() as connection:
        arrivals = connection.execute(select(source_state.c.arrivals).where(source_state.c.id == "1")).scalar_one()
        whose = source_health.c.source_id == "1"
        rhythm = connection.execute(select(source_health.c.memory).where(whose)).scalar_one()["rhythm"]
    for key, hours in HOURLY.items():
        assert arrivals[key] == pytest.approx(hours, abs=0.01)
    assert {**arrivals, **HOURLY} == ARRIVALS
    assert rhythm["hour_span"] == pytest.approx(HOURLY["spans"], abs=0.01)
    assert rhythm["type_span"][0] == pytest.approx(sum(HOURLY["spans"]) * 5 / 7, abs=0.01)
    assert rhythm.keys() == RHYTHM.keys()
    for key in ("chi", "blocks", "expected", "known_hours", "last_new"):
        assert rhythm[key] == RHYTHM[key]


def test_a_rule_that_the_latest_plan_lacks_counts_as_gone_since_it_was_matched(bare: str) -> None:
    engine = open_writer(read_url(bare))
    postgres = engine.dialect.name == "postgresql"
    move(engine, "0011")
    with engine.begin() as connection:
        known = {table.name: table for table in tables(connection)}
        for name, values in (("story", {}), ("article", {"id": 7}), ("plan", {"summary": {"rules": [{"id": "here"}]}})):
            connection.execute(known[name].insert().values(filled(known[name], postgres) | values))
        state = known["rule_state"]
        for rule_id in ("here", "gone"):
            connection.execute(state.insert().values(filled(state, postgres) | {"rule_id": rule_id}))
    upgrade(bare)
    with engine.connect() as connection:
        rows = {row.rule_id: row for row in connection.execute(select(rule_state))}
    assert (rows["here"].left_at, rows["here"].silent_to) == (None, 0)
    assert (rows["gone"].left_at, rows["gone"].silent_to) == (rows["gone"].matched_at, 7)
    move(engine, "0011")
    with engine.connect() as connection:
        old = next(table for table in tables(connection) if table.name == "rule_state")
        assert [row.rule_id for row in connection.execute(select(old))] == ["here"]
    engine.dispose()


def test_every_act_of_an_older_program_knows_the_first_one(bare: str) -> None:
    """A chain with two branches, stored in no order; one whose first acts were dropped; a ring that no program should have made."""
    ties = {
        "d": "c",
        "a": None,
        "c": "b",
        "b": "a",
        "e": "b",
        "alone": None,
        "rest": None,
        "rest2": "rest",
        "x": "y",
        "y": "x",
    }
    engine = open_writer(read_url(bare))
    move(engine, "0034")
    told = Table("story", MetaData(), autoload_with=engine)
    now = datetime(2026, 7, 1, tzinfo=UTC)
    postgres = engine.dialect.name == "postgresql"
    with engine.begin() as connection:
        rows = [{"id": one, "title": one, "first_seen_at": stored(now, postgres=postgres)} for one in ties]
        connection.execute(told.insert(), rows)
        for one, before in ties.items():
            connection.execute(told.update().where(told.c.id == one).values(continues=before))
    move(engine, "0035")
    with engine.connect() as connection:
        roots = {row.id: row.root_id for row in connection.execute(select(story.c.id, story.c.root_id))}
    assert roots == dict.fromkeys("abcde", "a") | {
        "alone": "alone",
        "rest": "rest",
        "rest2": "rest",
        "x": "x",
        "y": "y",
    }
    move(engine, "0034")
    with engine.connect() as connection:
        assert {row.id: row.continues for row in connection.execute(select(told))} == ties
    engine.dispose()
