"""How many incidents a frequency would have told: as many as the looks at every minute find."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.counting import HOUR, QUIET
from monitor.trend.frequency import frequency, incidents
from monitor.trend.incident import follow

BEGIN = datetime(2026, 11, 5, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def looked(minutes: Sequence[int], window: timedelta, threshold: int) -> int:
    """Return how many are told by looks at each minute."""
    moments, incident, told = [BEGIN + at * MINUTE for at in minutes], QUIET, 0
    for at in range(max(minutes, default=0) + 1):
        incident, tell = follow(incident, frequency(moments, BEGIN + at * MINUTE, window, threshold))
        told += tell
    return told


@pytest.mark.parametrize(
    ("minutes", "threshold", "told"),
    [
        ((), 1, 0),
        ((0,), 1, 1),
        ((0, 59), 2, 1),
        ((0, 60), 2, 0),  # a window is half-open
        ((0, 1, 2, 3, 4), 3, 1),
        ((0, 1, 2, 181, 182, 183), 3, 2),
        ((0, 1, 2, 100, 101, 102), 3, 1),  # no two hours of calm in between
        ((0, 179), 1, 1),
        ((0, 180), 1, 2),
    ],
)
def test_incidents(minutes: tuple[int, ...], threshold: int, told: int) -> None:
    assert incidents([BEGIN + at * MINUTE for at in minutes], HOUR, threshold) == told
    assert looked(minutes, HOUR, threshold) == told


@given(st.lists(st.integers(0, 900), max_size=40).map(sorted), st.integers(1, 5), st.integers(2, 200))
def test_it_is_what_looks_at_each_minute_tell(minutes: list[int], threshold: int, window: int) -> None:
    moments = [BEGIN + at * MINUTE for at in minutes]
    assert incidents(moments, window * MINUTE, threshold) == looked(minutes, window * MINUTE, threshold)
