"""Spans are whole milliseconds or nothing, and quantiles are values that occurred, of the right rank."""

from __future__ import annotations

import statistics
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.latency import Quantiles, elapsed, quantiles

NOW = datetime(2026, 11, 24, 0, 30, 5, tzinfo=UTC)
SPANS = st.integers(0, 10**12)


@pytest.mark.parametrize(
    ("later", "told"),
    [
        (timedelta(0), 0),
        (timedelta(microseconds=999), 0),
        (timedelta(microseconds=1_000), 1),
        (timedelta(days=400), 34_560_000_000),
        (-timedelta(microseconds=1), None),
    ],
)
def test_a_span_is_whole_milliseconds_and_never_negative(later: timedelta, told: int | None) -> None:
    assert elapsed(NOW, NOW + later) == told


def test_what_is_not_known_has_no_span() -> None:
    assert (elapsed(None, NOW), elapsed(NOW, None)) == (None, None)
    assert quantiles([None, None]) == quantiles([]) == Quantiles(None, None)


@given(st.lists(SPANS, min_size=1, max_size=300))
def test_half_and_nineteen_of_twenty_are_at_or_under_them_and_no_smaller_value_would_do(measured: list[int]) -> None:
    found = quantiles(measured)
    for value, percent in ((found.p50, 50), (found.p95, 95)):
        assert value is not None
        assert value in measured
        assert sum(one <= value for one in measured) * 100 >= percent * len(measured)
        assert sum(one < value for one in measured) * 100 < percent * len(measured)


@given(st.lists(SPANS, min_size=2, max_size=300))
def test_they_lie_beside_those_of_the_standard_library(measured: list[int]) -> None:
    """That one draws a line between two neighbours; these are the neighbours."""
    ordered, found = sorted(measured), quantiles(measured)
    cuts = statistics.quantiles(measured, n=100, method="inclusive")
    for value, cut in ((found.p50, cuts[49]), (found.p95, cuts[94])):
        assert value is not None
        below = max((one for one in ordered if one <= cut), default=ordered[0])
        above = min((one for one in ordered if one >= cut), default=ordered[-1])
        assert below <= value <= above


@given(st.lists(st.one_of(st.none(), SPANS), max_size=60))
def test_what_is_unknown_counts_for_nothing(measured: list[int | None]) -> None:
    assert quantiles(measured) == quantiles([one for one in measured if one is not None])


@pytest.mark.parametrize(
    ("measured", "told"),
    [([7], (7, 7)), ([1, 2], (1, 2)), (range(1, 101), (50, 95)), (range(1, 21), (10, 19)), ([5] * 9 + [90], (5, 90))],
)
def test_small_sets(measured: list[int], told: tuple[int, int]) -> None:
    found = quantiles(measured)
    assert (found.p50, found.p95) == told
