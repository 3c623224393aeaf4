from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from monitor.fetch.pace import MAX_COOL_DOWN, MAX_CRAWL_DELAY, Pace
from tests.patience import PATIENCE

NOW = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


class Time:
    """Seconds that pass only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


def _pace(time: Time, interval: float = 1.0, max_hosts: int = 100) -> Pace:
    return Pace(interval, monotonic=time, sleep=time.sleep, max_hosts=max_hosts)


async def _take(pace: Pace, host: str, crawl_delay: float | None = None) -> float:
    async with pace.turn(host, crawl_delay) as cooling:
        return cooling


async def test_first_request_goes_at_once_and_the_next_waits() -> None:
    time = Time()
    pace = _pace(time)
    for _ in range(3):
        assert await _take(pace, "a.kr") == 0
    assert time.slept == [1.0, 1.0]


async def test_pause_is_what_is_left_of_the_interval() -> None:
    time = Time()
    pace = _pace(time, 5.0)
    await _take(pace, "a.kr")
    time.now += 3.0
    await _take(pace, "a.kr")
    assert time.slept == [2.0]
    time.now += 60.0
    await _take(pace, "a.kr")
    assert time.slept == [2.0]


@pytest.mark.parametrize(("asked", "waited"), [(None, 1.0), (0.2, 1.0), (7.0, 7.0), (86_400.0, MAX_CRAWL_DELAY)])
async def test_longer_of_interval_and_crawl_delay(asked: float | None, waited: float) -> None:
    time = Time()
    pace = _pace(time)
    await _take(pace, "a.kr", asked)
    await _take(pace, "a.kr", asked)
    assert time.slept == [pytest.approx(waited)]


async def test_hosts_do_not_wait_for_each_other() -> None:
    time = Time()
    pace = _pace(time, 60.0)
    for n in range(50):
        await _take(pace, f"host{n}.kr")
    assert time.slept == []


async def test_one_request_at_a_time_per_host() -> None:
    pace = Pace(0.0)
    running = 0
    most = 0

    async def work() -> None:
        nonlocal running, most
        async with pace.turn("a.kr"):
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.001)
            running -= 1

    await asyncio.gather(*(work() for _ in range(10)))
    assert most == 1


async def test_waiting_is_cancellable_and_passes_the_turn_on() -> None:
    pace = Pace(3600.0)
    async with pace.turn("a.kr"):
        waiting = asyncio.create_task(_take(pace, "a.kr"))
        await asyncio.sleep(0.01)
        assert await asyncio.wait_for(_take(pace, "b.kr"), PATIENCE) == 0
    sleeping = asyncio.create_task(_take(pace, "a.kr"))
    await asyncio.sleep(0.01)
    for task in (waiting, sleeping):
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    pace.cool_down("a.kr", 50)  # a cooling host answers at once instead of sleeping
    assert await asyncio.wait_for(_take(pace, "a.kr"), PATIENCE) > 49


async def test_failed_request_counts_as_a_request() -> None:
    time = Time()
    pace = _pace(time)
    with pytest.raises(RuntimeError):
        async with pace.turn("a.kr"):
            raise RuntimeError
    await _take(pace, "a.kr")
    assert time.slept == [1.0]


async def test_cool_down_is_told_and_ends() -> None:
    time = Time()
    pace = _pace(time)
    pace.cool_down("a.kr", 120)
    pace.cool_down("a.kr", 5)
    assert pace.cooling("a.kr") == 120
    assert pace.cooling("b.kr") == 0
    assert await _take(pace, "a.kr") == 120
    time.now += 121
    assert await _take(pace, "a.kr") == 0


async def test_cool_down_has_an_end_whatever_is_asked() -> None:
    time = Time()
    pace = _pace(time)
    pace.cool_down("a.kr", 1e12)
    assert pace.cooling("a.kr") == MAX_COOL_DOWN


async def test_those_who_waited_learn_of_a_cool_down() -> None:
    pace = Pace(0.0)

    async with pace.turn("a.kr"):
        waiting = [asyncio.create_task(_take(pace, "a.kr")) for _ in range(3)]
        await asyncio.sleep(0.01)
        pace.cool_down("a.kr", 90)
    assert all(seconds > 80 for seconds in await asyncio.gather(*waiting))


async def test_memory_is_bounded() -> None:
    time = Time()
    pace = _pace(time, max_hosts=20)
    for n in range(500):
        await _take(pace, f"host{n}.kr")
        assert len(pace) <= 20


async def test_hosts_that_owe_nothing_are_forgotten() -> None:
    time = Time()
    pace = _pace(time)
    for n in range(30):
        await _take(pace, f"host{n}.kr")
        time.now += 10
    assert len(pace) < 10


async def test_hosts_in_use_are_not_forgotten() -> None:
    time = Time()
    pace = _pace(time, max_hosts=2)
    async with pace.turn("kept.kr"):
        for n in range(20):
            time.now += 100
            await _take(pace, f"host{n}.kr")
        waiting = asyncio.create_task(_take(pace, "kept.kr"))
        await asyncio.sleep(0.01)
        assert not waiting.done()
    await waiting
