"""Moments are counted in half-open windows and in hours; unevenness is what was simulated."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.counting import HOUR, HourlyCounts, UsualCounts
from monitor.model.errors import InvalidValueError
from monitor.trend.series import by_hour, count_within, hour_of, learned

NOON = datetime(2026, 11, 5, 12, 0, tzinfo=UTC)
SECONDS = st.lists(st.integers(-200_000, 200_000), max_size=60).map(sorted)


def at(*minutes: float) -> list[datetime]:
    return [NOON + timedelta(minutes=one) for one in minutes]


@pytest.mark.parametrize(
    ("minutes", "count"),
    [((), 0), ((-60,), 0), ((-59.999,), 1), ((0,), 1), ((0.001,), 0), ((-61, -60, -30, -30, 0, 1), 3)],
)
def test_a_window_is_half_open(minutes: tuple[float, ...], count: int) -> None:
    assert count_within(at(*minutes), NOON, HOUR) == count


@given(SECONDS, st.integers(1, 100_000), st.integers(1, 100_000))
def test_windows_that_meet_count_everything_once(seconds: list[int], one: int, other: int) -> None:
    moments = [NOON + timedelta(seconds=second) for second in seconds]
    first, second = timedelta(seconds=one), timedelta(seconds=other)
    parts = count_within(moments, NOON, first) + count_within(moments, NOON - first, second)
    assert parts == count_within(moments, NOON, first + second)


@given(SECONDS, st.integers(0, 3599), st.integers(0, 90_000))
def test_hours_hold_what_lies_in_them(seconds: list[int], early: int, late: int) -> None:
    moments = [NOON + timedelta(seconds=second) for second in seconds]
    begin, end = NOON + timedelta(seconds=early), NOON + timedelta(seconds=late)
    counts = by_hour(moments, begin, end)
    assert len(counts) == max((hour_of(end) - NOON) // HOUR, 0)
    assert sum(counts) == sum(NOON <= moment < hour_of(end) for moment in moments)


def test_hours_are_those_of_utc() -> None:
    assert hour_of(datetime(2026, 11, 5, 9, 40, tzinfo=timezone(timedelta(hours=5, minutes=30)))) == NOON - 8 * HOUR
    assert by_hour(at(0, 59, 60, 119, 120), NOON, NOON + 2 * HOUR) == (2, 2)


@pytest.mark.parametrize(
    ("start", "watched"),
    [(NOON + timedelta(minutes=1), 2), (NOON.replace(tzinfo=None), 2), (NOON.astimezone(timezone(HOUR)), 2), (NOON, 1)],
)
def test_what_is_no_series_of_hours(start: datetime, watched: int) -> None:
    with pytest.raises(InvalidValueError, match="a series of hours"):
        HourlyCounts(start, (1, 2), (1.0,) * watched)


def of_bursts(size: int, hours: int = 672, rate: float = 2.0) -> tuple[HourlyCounts, UsualCounts]:
    """Return counts of bursts of one size, with what is usual of them."""
    draw, counts = random.Random(size), []
    for _ in range(hours):
        bursts, left = 0, draw.expovariate(1.0)
        while left < rate / size:
            bursts, left = bursts + 1, left + draw.expovariate(1.0)
        counts.append(bursts * size)
    return HourlyCounts(NOON, tuple(counts), (1.0,) * hours), UsualCounts((rate,) * hours, rate, rate, rate)


def of_hours(size: int, moods: float, hours: int = 672) -> tuple[HourlyCounts, UsualCounts]:
    """Return counts of quiet and busy hours by turns, in bursts of one size, in moods of gamma shape `moods` (0: none)."""
    draw, counts = random.Random(f"{size} {moods}"), []
    rates = tuple((0.5, 4.0, 12.0, 30.0)[hour % 4] for hour in range(hours))
    for rate in rates:
        mu = draw.gammavariate(moods, rate / moods) if moods else rate
        bursts, left = 0, draw.expovariate(1.0)
        while left < mu / size:
            bursts, left = bursts + 1, left + draw.expovariate(1.0)
        counts.append(bursts * size)
    return HourlyCounts(NOON, tuple(counts), (1.0,) * hours), UsualCounts(rates, 12.0, 12.0, 12.0)


@pytest.mark.parametrize(
    ("size", "moods", "due", "strays"),
    [(1, 0, 30.0, 1.0), (4, 0, 0.5, 4.0), (4, 0, 30.0, 4.0), (1, 3, 0.5, 2.0), (1, 3, 30.0, 11.0), (1, 6, 30.0, 6.0)],
)
def test_bursts_widen_all_hours_alike_and_moods_the_busy_ones(
    size: int, moods: float, due: float, strays: float
) -> None:
    assert learned(*of_hours(size, moods), HOUR).strays(due) == pytest.approx(strays, rel=0.35, abs=1.0)


@pytest.mark.parametrize("size", [1, 3, 6])
def test_the_spread_of_bursts_is_their_size(size: int) -> None:
    assert learned(*of_bursts(size), HOUR).spread == pytest.approx(size, rel=0.2)


def test_hours_that_are_uneven_together_are_more_uneven_by_the_day() -> None:
    past, usual = of_bursts(1)
    days = [4 if hour // 24 % 2 else 0 for hour in range(672)]
    stormy = HourlyCounts(NOON, tuple(days), past.watched)
    assert learned(stormy, usual, HOUR).spread == pytest.approx(2)
    assert learned(stormy, usual, 24 * HOUR).spread == pytest.approx(48)


def test_one_old_spike_does_not_excuse_the_next() -> None:
    past, usual = of_bursts(1)
    counts = [*past.counts]
    counts[100] = 80
    assert (
        learned(HourlyCounts(NOON, tuple(counts), past.watched), usual, HOUR).spread
        < learned(past, usual, HOUR).spread + 0.2
    )


@pytest.mark.parametrize("left_out", ["told", "not watched"])
def test_hours_that_were_told_or_not_watched_are_left_out(left_out: str) -> None:
    past, usual = of_bursts(1)
    counts, watched, odd = [*past.counts], [*past.watched], range(50, 90)
    for hour in odd:
        counts[hour] = 60
        watched[hour] = 0.0 if left_out == "not watched" else 1.0
    told = frozenset(odd) if left_out == "told" else frozenset[int]()
    assert learned(HourlyCounts(NOON, tuple(counts), tuple(watched), told), usual, HOUR).spread < 1.3


def test_nothing_known_is_as_even_as_chance() -> None:
    assert learned(HourlyCounts(NOON, (), ()), UsualCounts((), 0.0, 0.0, 0.0), HOUR).spread == 1.0
