"""How the line is: asked once for all who look, told as it was when it was asked."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.model.errors import StoreError
from monitor.model.plan import Interval, Plan, Source
from monitor.model.records import ChannelRecord, ScheduleRecord, SourceRecord
from monitor.model.rhythm import SLOTS, Arrivals, Rhythm
from monitor.service.line_watch import PACES_SECONDS, SECONDS, LineSummary, LineWatch, OpenedByHand, still_tried

NOW = datetime(2026, 11, 27, tzinfo=UTC)


def source(name: str, **given: Any) -> SourceRecord:  # noqa: ANN401 - any field of the record
    values: dict[str, Any] = {"enabled": True, "last_success_at": NOW, "last_error": "", "articles_24h": 7}
    rest: dict[str, Any] = {"kind": "feed", "failures": 0, "next_poll_at": None, "hits_24h": 0}
    return SourceRecord(id=name, name=name, **(rest | values | given))


def channel(name: str, state: str, waiting: int = 0) -> ChannelRecord:
    return ChannelRecord(name, "webhook", state, None, "", waiting, 1, 0, None, None, None)


class Asked:
    """Answers, counts how often, and fails when told to."""

    def __init__(self) -> None:
        self.times = self.paced = 0
        self.failing = False
        self.may = asyncio.Event()
        self.may.set()

    async def sources(self, _now: datetime) -> tuple[SourceRecord, ...]:
        self.times += 1
        await self.may.wait()
        if self.failing:
            raise StoreError("away")
        return (source("a"),)

    async def channels(self, _now: datetime) -> tuple[ChannelRecord, ...]:
        return ()

    async def outage(self) -> str:
        return ""

    async def schedule(self, _now: datetime) -> tuple[ScheduleRecord, ...]:
        self.paced += 1
        return (ScheduleRecord("a", "a", "300s", 300.0, 150.0, 288.0, "fixed"),)

    async def plan(self) -> Plan:
        return Plan("v1", sources=(Source("a", "a", "feed", (), Interval(300)),))

    async def hits_by_source(self, since: datetime, until: datetime) -> dict[str, int]:
        return {"a": (until - since).days}

    async def rhythms(self) -> dict[str, Rhythm]:
        return {"a": Rhythm(Arrivals(NOW, (1.0,) * SLOTS, (2.0,) * SLOTS))}

    async def measured(self, records: tuple[SourceRecord, ...], _now: datetime) -> tuple[SourceRecord, ...]:
        return tuple(replace(one, published_to_seen_p50_ms=9) for one in records)


def test_what_is_ill_and_what_waits() -> None:
    ill = (source("b", problem="empty"), source("c", last_error="dns"), source("d", overdue=True))
    off = (source("e", enabled=False, last_error="x"), source("f", gone=True, problem="empty"))
    channels = (
        channel("one", "open", 2),
        channel("two", "shut", 3),
        channel("three", "failing"),
        channel("four", "off"),
    )
    state = LineSummary(NOW, (source("a"), *ill, *off), channels)
    assert [one.id for one in state.watched] == ["a", "b", "c", "d"]
    assert [one.id for one in state.ill] == ["b", "c", "d"]
    assert [one.id for one in state.closed] == ["two", "three"]
    assert (len(state.in_use), state.waiting, state.read_today) == (3, 9, 42)


@pytest.mark.parametrize(
    ("record", "tried"),
    [
        (channel("a", "open", 2), True),
        (channel("a", "open", 0), False),
        (channel("a", "failing", 2), False),
        (channel("a", "shut", 2), False),
        (replace(channel("a", "open", 2), last_done_at=NOW - timedelta(seconds=1)), True),
        (replace(channel("a", "open", 2), last_done_at=NOW), False),
    ],
)
def test_a_channel_is_tried_until_an_answer_shows_how_it_is(record: ChannelRecord, tried: bool) -> None:  # noqa: FBT001 - a case
    assert still_tried(record, OpenedByHand(NOW, channel("a", "shut"))) is tried


async def test_many_who_look_ask_once_and_later_again() -> None:
    asked, seconds = Asked(), 0.0
    queries: Any = asked
    watch = LineWatch(queries, lambda: NOW + timedelta(seconds=seconds), lambda: seconds)
    asked.may.clear()
    looking = [asyncio.create_task(watch.summary()) for _ in range(5)]
    await asyncio.sleep(0)
    looking[0].cancel()
    asked.may.set()
    states = await asyncio.gather(*looking, return_exceptions=True)
    assert len({id(one) for one in states[1:]}) == 1, "who goes away does not take the answer of the others along"
    assert asked.times == 1
    seconds = 10 * SECONDS
    assert (await watch.summary()).as_of == NOW + timedelta(seconds=seconds)
    watch.forget()
    await watch.summary()
    assert asked.times == 3
    await watch.aclose()


async def test_a_failure_is_told_and_not_kept() -> None:
    asked = Asked()
    queries: Any = asked
    watch = LineWatch(queries, lambda: NOW, lambda: 0.0)
    asked.failing = True
    with pytest.raises(StoreError):
        await watch.summary()
    asked.failing = False
    assert [one.id for one in (await watch.summary()).sources] == ["a"]
    await watch.aclose()


async def test_how_sources_are_paced_is_held_for_longer() -> None:
    asked, seconds = Asked(), 0.0
    queries: Any = asked
    watch = LineWatch(queries, lambda: NOW, lambda: seconds)
    paces = await watch.paces()
    assert (paces.schedules["a"].why, paces.measured["a"].published_to_seen_p50_ms) == ("fixed", 9)
    assert (round(paces.usual["a"]), paces.week["a"]) == (12, 7), "one every other hour, and a week's hits"
    seconds = PACES_SECONDS
    watch.forget()
    assert await watch.paces() is paces
    seconds = 10 * PACES_SECONDS
    await watch.paces()
    assert asked.paced == 2
    await watch.aclose()


async def test_who_looks_while_a_channel_is_opened_does_not_hide_that_it_is_tried() -> None:
    asked, state, seconds = Asked(), "shut", 0.0
    asking, may = asyncio.Event(), asyncio.Event()

    async def channels(_now: datetime) -> tuple[ChannelRecord, ...]:
        found = (channel("a", state, 2),)
        if seconds == 1:
            asking.set()
            await may.wait()
        return found

    queries: Any = asked
    queries.channels = channels
    watch = LineWatch(queries, lambda: NOW + timedelta(seconds=seconds), lambda: 0.0)
    opened = await watch.before_opening("a")
    assert opened is not None
    watch.forget()
    seconds = 1
    late = asyncio.create_task(watch.summary())
    await asking.wait()
    state, seconds = "open", 2
    watch.opened_untested(opened)
    assert [one.state for one in (await watch.summary()).channels] == ["tried"]
    may.set()
    assert [one.state for one in (await late).channels] == ["shut"]
    watch.forget()
    assert [one.state for one in (await watch.summary()).channels] == ["tried"]
    assert await watch.before_opening("a") is None, "it is tried already"
    await watch.aclose()
