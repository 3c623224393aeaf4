"""Questions in bounded time: who asks too much is told so, and holds up nobody else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from monitor.model.errors import ReadLimitError, StoreError
from monitor.service.reading import Reading
from monitor.store.read.queries import SqlReader
from tests.contracts.conftest import factory, postgres_factory, sqlite_factory, url

__all__ = ["factory", "postgres_factory", "sqlite_factory", "url"]

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


def endless(reader: SqlReader) -> Any:  # noqa: ANN401 - it never answers
    """Ask what has no end."""
    return reader._ask(lambda connection: connection.execute(text(ENDLESS)).scalar())


async def test_a_question_is_answered(url: str) -> None:
    reading = Reading(url)
    assert await reading.ask(lambda reader: reader.plan_version()) == ""
    await reading.aclose()


async def test_a_question_without_end_is_ended_and_the_next_one_answered(url: str) -> None:
    reading = Reading(url, threads=1, seconds=0.2)
    with pytest.raises(ReadLimitError, match="longer than it may"):
        await reading.ask(endless)
    assert await reading.ask(lambda reader: reader.plan_version()) == ""
    await reading.aclose()


async def test_many_short_questions_share_one_limit(url: str) -> None:
    def many(reader: SqlReader) -> None:
        while True:
            reader.plan_version()

    reading = Reading(url, threads=1, seconds=0.2)
    with pytest.raises(ReadLimitError):
        await reading.ask(many)
    await reading.aclose()


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Holds threads up until the test is over."""
    event = threading.Event()
    yield event
    event.set()


async def test_more_than_may_wait_are_refused_at_once(url: str, gate: threading.Event) -> None:
    reading = Reading(url, threads=1, waiting=1)
    waiting = [asyncio.ensure_future(reading.ask(lambda _: gate.wait())) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(ReadLimitError, match="too many"):
        await reading.ask(lambda reader: reader.plan_version())
    gate.set()
    assert await asyncio.gather(*waiting) == [True, True]
    assert await reading.ask(lambda reader: reader.plan_version()) == ""
    await reading.aclose()


async def test_who_went_away_is_worked_for_no_more(url: str) -> None:
    reading = Reading(url, threads=1, seconds=600.0)
    asked = asyncio.ensure_future(reading.ask(endless))
    await asyncio.sleep(0.1)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    if url.startswith("sqlite"):  # a server ends it by its own limit
        assert await reading.ask(lambda reader: reader.plan_version()) == ""
        await reading.aclose()


async def test_closing_ends_what_is_asked(sqlite_factory: Any) -> None:  # noqa: ANN401 - of the contracts
    with sqlite_factory.lent() as url:
        reading = Reading(url, seconds=600.0)
        asked = asyncio.ensure_future(reading.ask(endless))
        await asyncio.sleep(0.1)
        await reading.aclose()
        with pytest.raises(ReadLimitError):
            await asked
        with pytest.raises(StoreError, match="stopping"):
            await reading.ask(lambda reader: reader.plan_version())


async def test_it_cannot_write(url: str) -> None:
    reading = Reading(url)
    with pytest.raises(StoreError):
        await reading.ask(lambda reader: reader._ask(lambda one: one.execute(text("DELETE FROM plan"))))
    await reading.aclose()


async def test_a_database_that_is_not_there_is_told(tmp_path: Any) -> None:  # noqa: ANN401 - a path
    reading = Reading(f"sqlite:///{tmp_path}/none.db")
    with pytest.raises(StoreError, match="no database"):
        await reading.ask(lambda reader: reader.plan_version())
    await reading.aclose()
