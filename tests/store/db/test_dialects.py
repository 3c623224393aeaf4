"""Moments go in and out unchanged, and sort as they should."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, create_engine, insert, select
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from monitor.store.db.database import Database
from monitor.store.db.dialects import DerivedJson, UtcDateTime
from monitor.store.tables.schema import story

POSTGRES = PGDialect_psycopg()  # type: ignore[no-untyped-call] # the library's gap
KST = timezone(timedelta(hours=9))
MOMENTS = st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds


@given(MOMENTS, MOMENTS)
def test_sqlite_text_sorts_in_time_order_and_reads_back(one: datetime, other: datetime) -> None:
    column, dialect = UtcDateTime(), SQLiteDialect_pysqlite()
    texts = [column.process_bind_param(moment, dialect) for moment in (one, other)]
    assert (str(texts[0]) < str(texts[1])) == (one < other)
    assert [column.process_result_value(text, dialect) for text in texts] == [one, other]


def test_any_zone_is_stored_as_utc() -> None:
    moment = datetime(2026, 11, 5, 11, 32, 16, tzinfo=KST)
    assert UtcDateTime().process_bind_param(moment, SQLiteDialect_pysqlite()) == "2026-11-05 02:32:16.000000"
    bound = UtcDateTime().process_bind_param(moment, POSTGRES)
    assert isinstance(bound, datetime)
    assert bound.tzinfo is UTC


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        UtcDateTime().process_bind_param(datetime(2026, 11, 5), SQLiteDialect_pysqlite())  # noqa: DTZ001 - the fault


async def test_microseconds_survive_the_database(db: Database) -> None:
    moment = datetime(2026, 11, 5, 11, 32, 16, 123456, tzinfo=KST)
    values = {"id": "s", "title": "", "first_seen_at": moment}
    await db.write(lambda connection: connection.execute(insert(story), values).rowcount)
    found = await db.read(lambda connection: connection.execute(select(story.c.first_seen_at)).scalar_one())
    assert found == moment
    assert found.utcoffset() == timedelta(0)


@pytest.mark.parametrize("damage", ['{"a":', "", "x", b"", b"\x00\xff", "[" * 100_000, '{"a": NaN'])
def test_json_that_is_none_is_read_as_nothing(damage: str | bytes) -> None:
    table = Table("learned", MetaData(), Column("value", DerivedJson))
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(table.insert(), [{"value": {"a": [1]}}])
        connection.exec_driver_sql("INSERT INTO learned VALUES (?)", (damage,))
        assert connection.execute(select(table.c.value)).scalars().all() == [{"a": [1]}, None]
