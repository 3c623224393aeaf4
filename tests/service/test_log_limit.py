"""Whatever happens, the log grows by a bounded amount."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.service.log_limit import BURST, PER_SECOND, TRACE_AGAIN, LogLimit


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@given(st.lists(st.floats(0, 5), max_size=400))
def test_lines_of_one_kind_are_bounded_and_every_one_is_counted(waits: list[float]) -> None:
    time = Time()
    limit = LogLimit(time)
    printed = told = 0
    for wait in waits:
        time.now += wait
        shown, withheld = limit.admit("task.failed")
        printed += shown
        told += withheld
    assert printed <= BURST + time.now * PER_SECOND + 1
    time.now += 3600
    shown, withheld = limit.admit("task.failed")
    assert shown
    assert printed + told + withheld == len(waits)


def test_one_kind_takes_nothing_from_another() -> None:
    limit = LogLimit(Time())
    for _ in range(1_000):
        limit.admit("task.failed")
    assert limit.admit("delivery.done") == (True, 0)


def test_a_traceback_is_printed_once_in_a_while() -> None:
    time = Time()
    limit = LogLimit(time)
    assert limit.is_new("File 'a.py', line 7: OperationalError: database is locked at 0x7f01")
    assert not limit.is_new("File 'a.py', line 7: OperationalError: database is locked at 0x7f02")
    assert limit.is_new("File 'a.py', line 7: KeyError")
    time.now += TRACE_AGAIN
    assert limit.is_new("File 'a.py', line 7: OperationalError: database is locked at 0x7f03")


@given(st.lists(st.text(max_size=30), max_size=600))
def test_what_is_remembered_of_tracebacks_is_bounded(traces: list[str]) -> None:
    limit = LogLimit(Time())
    for trace in traces:
        limit.is_new(trace)
    assert len(limit._traces) <= 256
