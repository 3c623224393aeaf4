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
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    inspect,
    select,
)

from monitor.store.db.engines import open_writer, read_url
from monitor.store.db.migrate import upgrade
from monitor.store.read.queries import SqlReader
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
STATES = {"lead": "pending", "delivery": "pending", "attempt": "pending"}

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
    ("source_health", "memory"): MEMORY,
}
REWRITTEN: Mapping[tuple[str, str], object] = {
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
        return SPECIAL[table, column.name]
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
    if column.name.endswith(("_at", "_until")) or column.name in {"at", "since", "failing_since"}:
        return datetime(2026, 11, 20, tzinfo=UTC) if postgres else "2026-11-20T00:00:00.000000Z"
    return "1" if column.name.endswith("id") else f"값 {table}.{column.name}"


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
    if isinstance(stored, str) and stored[:1] in "[{":
        return json.loads(stored)
    return stored


@pytest.mark.parametrize("old", ["0001", "0008"])
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
                if (name, column) in DROPPED or (name, column) == ("delivery", "body"):
                    continue
                wanted = REWRITTEN.get((name, column), was)
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
