"""The local engine: each task once, lanes, follow-ups, a clock that survives everything, and a drain that ends."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Callable, Mapping, Sequence

import pytest

from monitor.engine.local import LocalEngine
from monitor.model.event import Event, TaskFailed
from monitor.model.task import Deliver, Maintain, Poll, Rematch, Task
from tests.patience import PATIENCE

LANES: Mapping[type[Task], int] = {Poll: 2, Deliver: 8, Rematch: 1, Maintain: 1}


class Workshop:
    """A step that does what a test says, and remembers."""

    def __init__(self) -> None:
        self.done: list[Task] = []
        self.events: list[Event] = []
        self.due: tuple[Task, ...] = ()
        self.dues = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.at_once = 0
        self.most = 0
        self.following: dict[Task, tuple[Task, ...]] = {}
        self.fault: Callable[[Task], None] = lambda _: None

    async def step(self, task: Task) -> AsyncIterator[Task]:
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        try:
            await self.gate.wait()
            self.fault(task)
            for follower in self.following.get(task, ()):
                yield follower
            self.done.append(task)
        finally:
            self.at_once -= 1

    async def find(self) -> Sequence[Task]:
        self.dues += 1
        if self.dues == 1:
            raise OSError("database is locked")
        return self.due

    def engine(self, tick: float = 0.02) -> LocalEngine:
        return LocalEngine(self.step, self.find, self.events.append, lanes=LANES, tick=tick)


async def test_a_task_that_is_here_is_not_taken_twice() -> None:
    shop = Workshop()
    shop.gate.clear()
    engine = shop.engine()
    assert engine.submit(Poll("a"))
    assert not engine.submit(Poll("a"))
    assert engine.submit(Poll("b"))
    shop.gate.set()
    await engine.join()
    assert sorted(map(repr, shop.done)) == sorted(map(repr, (Poll("a"), Poll("b"))))
    assert engine.idle
    assert engine.submit(Poll("a"))
    await engine.join()


async def test_lanes_bound_each_kind_and_do_not_block_each_other() -> None:
    shop = Workshop()
    shop.gate.clear()
    engine = shop.engine()
    for name in "abcdef":
        engine.submit(Poll(name))
    await asyncio.sleep(0.01)
    assert shop.most == LANES[Poll]
    engine.submit(Deliver("x"))
    await asyncio.sleep(0.01)
    assert shop.at_once == LANES[Poll] + 1
    shop.gate.set()
    await engine.join()
    assert len(shop.done) == 7


async def test_follow_ups_are_done_before_join_returns() -> None:
    shop = Workshop()
    shop.following = {Poll("a"): (Deliver("1"), Deliver("2")), Deliver("2"): (Deliver("3"),)}
    engine = shop.engine()
    engine.submit(Poll("a"))
    await engine.join()
    assert set(shop.done) == {Poll("a"), Deliver("1"), Deliver("2"), Deliver("3")}


async def test_a_follow_up_starts_before_its_step_has_ended() -> None:
    shop = Workshop()
    started = asyncio.Event()

    async def step(task: Task) -> AsyncIterator[Task]:
        if isinstance(task, Poll):
            yield Deliver("1")
            await asyncio.wait_for(started.wait(), PATIENCE)
        else:
            started.set()
        shop.done.append(task)

    engine = LocalEngine(step, shop.find, shop.events.append, lanes=LANES)
    engine.submit(Poll("a"))
    await engine.join()
    assert shop.done == [Deliver("1"), Poll("a")]


async def test_a_step_that_raises_is_reported_and_frees_its_place() -> None:
    shop = Workshop()

    def fault(task: Task) -> None:
        if task == Poll("bad"):
            raise ValueError("no such thing")

    shop.fault = fault
    engine = shop.engine()
    engine.submit(Poll("bad"))
    engine.submit(Poll("good"))
    await engine.join()
    (event,) = shop.events
    assert isinstance(event, TaskFailed)
    assert event.task == repr(Poll("bad"))
    assert "no such thing" in event.error
    assert "Traceback" in event.trace
    assert shop.done == [Poll("good")]


async def test_a_task_that_raised_rests_before_it_is_taken_again() -> None:
    shop = Workshop()

    def fault(_task: Task) -> None:
        raise OSError("disk full")

    shop.fault = fault
    engine = shop.engine()
    assert engine.submit(Poll("a"))
    await engine.join()
    assert not engine.submit(Poll("a"))
    assert engine.submit(Poll("b"))
    await engine.join()
    assert len(shop.events) == 2


async def test_the_clock_goes_on_after_a_tick_that_failed() -> None:
    shop = Workshop()
    shop.due = (Poll("a"), Deliver("d"))
    engine = shop.engine()
    engine.start()
    async with asyncio.timeout(10):
        while len(shop.done) < 4:
            await asyncio.sleep(0.01)
    await engine.drain(1.0)
    assert any(isinstance(event, TaskFailed) and event.task == "tick" for event in shop.events)
    assert shop.dues > 2


async def test_chores_come_again() -> None:
    shop = Workshop()
    engine = shop.engine()
    engine.start()
    engine.every(0.03, Maintain("optimize"))
    async with asyncio.timeout(10):
        while shop.done.count(Maintain("optimize")) < 2:
            await asyncio.sleep(0.01)
    await engine.drain(1.0)


async def test_drain_lets_running_steps_end_and_takes_nothing_more() -> None:
    shop = Workshop()
    shop.gate.clear()
    engine = shop.engine()
    engine.submit(Deliver("running"))
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_later(0.05, shop.gate.set)
    assert await engine.drain(5.0) == 0
    assert shop.done == [Deliver("running")]
    assert not engine.submit(Deliver("late"))


async def test_drain_cuts_what_does_not_end() -> None:
    shop = Workshop()
    shop.gate.clear()
    engine = shop.engine()
    engine.start()
    engine.submit(Deliver("stuck"))
    await asyncio.sleep(0)
    assert await engine.drain(0.05) == 1
    assert shop.done == []
    assert engine.idle


async def test_a_task_that_goes_on_raising_rests_twice_as_long_each_time_up_to_five_minutes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop, loop = Workshop(), asyncio.get_running_loop()
    faults = iter((True,) * 11 + (False, True, False))

    def fault(_task: Task) -> None:
        if next(faults):
            raise OSError("disk full")

    shop.fault = fault
    engine = shop.engine()
    now = loop.time()
    monkeypatch.setattr(loop, "time", lambda: now)
    for rest in (1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300):
        assert engine.submit(Poll("a"))
        await engine.join()
        now += rest - 0.5
        assert not engine.submit(Poll("a")), rest
        now += 0.5
    for _ in range(2):  # it goes well once, and the next fault is a first one
        assert engine.submit(Poll("a"))
        await engine.join()
    assert not engine.submit(Poll("a"))
    now += 1
    assert engine.submit(Poll("a"))
    await engine.join()
    assert len(shop.events) == 12


async def test_it_says_how_long_it_has_been_still() -> None:
    shop = Workshop()
    engine = shop.engine()
    assert engine.still() == (math.inf, math.inf)
    engine.start()
    ticked, rang = engine.still()
    assert ticked < PATIENCE
    assert rang == math.inf, "the first look fails"
    async with asyncio.timeout(PATIENCE):
        while engine.still()[1] == math.inf:
            await asyncio.sleep(0.01)
    await engine.drain(PATIENCE)
