"""A clock that is set is noticed by one that cannot be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.service.clock_watch import STEADY, ClockWatch

START = datetime(2026, 11, 5, tzinfo=UTC)


class Clocks:
    """Two clocks that go together until one of them is set."""

    def __init__(self) -> None:
        self.wall, self.monotonic = START, 100.0
        self.watch = ClockWatch(lambda: self.wall, lambda: self.monotonic)

    def go(self, seconds: float, *, set_by: timedelta = timedelta(0)) -> None:
        self.wall += timedelta(seconds=seconds) + set_by
        self.monotonic += seconds


@pytest.mark.parametrize("moved", [timedelta(hours=-3), timedelta(hours=2), -STEADY, STEADY])
def test_a_clock_that_was_set_is_told_once(moved: timedelta) -> None:
    clocks = Clocks()
    clocks.go(5)
    assert clocks.watch.jump() == timedelta(0)
    clocks.go(5, set_by=moved)
    assert clocks.watch.jump() == moved
    clocks.go(5)
    assert clocks.watch.jump() == timedelta(0)


@pytest.mark.parametrize("drift", [timedelta(seconds=-20), timedelta(seconds=29)])
def test_what_a_time_server_does_is_no_jump(drift: timedelta) -> None:
    clocks = Clocks()
    clocks.go(5, set_by=drift)
    assert clocks.watch.jump() == timedelta(0)


def test_a_process_that_was_held_up_is_no_jump() -> None:
    clocks = Clocks()
    clocks.go(7200)
    assert clocks.watch.jump() == timedelta(0)
