"""Bars: high as they count, inside of their drawing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from monitor.web.pages.drawings import (
    BARS_HEIGHT,
    LEVELS,
    SPARK_HEIGHT,
    band,
    bars,
    grown,
    place,
    spark,
    ticks,
    week_paths,
)


@given(st.lists(st.integers(0, 10_000), max_size=48))
def test_bars_stand_inside_and_what_is_nothing_is_not_drawn(values: list[int]) -> None:
    drawn = bars(values)
    assert [bar.value for bar in drawn] == [value for value in values if value]
    for bar in drawn:
        assert 0 <= bar.x < 100
        assert bar.x + bar.width <= 100.1
        assert 2 <= bar.height <= BARS_HEIGHT
        assert bar.y + bar.height == BARS_HEIGHT
    if drawn:
        assert max(drawn, key=lambda bar: bar.value).height == BARS_HEIGHT


@given(st.lists(st.integers(0, 10_000), max_size=48))
def test_a_spark_has_a_bar_for_each_that_counts_something(values: list[int]) -> None:
    drawn = spark(values)
    assert drawn.width == max(len(values), 1)
    assert (drawn.path + drawn.last).count("M") == sum(1 for one in values if one)
    assert bool(drawn.last) == bool(values and values[-1])
    assert not any(values) or f"v-{SPARK_HEIGHT}h" in drawn.path + drawn.last


AT = datetime(2026, 11, 27, tzinfo=UTC)


@example(36_288_000, 0)
@given(st.integers(60, 40_000_000), st.integers(0, 10_000_000))
def test_ticks_are_few_round_and_in_order(seconds: int, offset: int) -> None:
    begin = AT + timedelta(seconds=offset)
    found = ticks(begin, begin + timedelta(seconds=seconds))
    assert len(found) <= 14
    assert [one.x for one in found] == sorted(one.x for one in found)
    assert all(0 <= one.x <= 100 for one in found)


def test_moments_outside_stand_at_the_edge() -> None:
    end = AT + timedelta(hours=1)
    assert [place(AT + timedelta(minutes=n), AT, end) for n in (-5, 0, 15, 60, 90)] == [0, 0, 25, 100, 100]


def test_what_has_grown_never_shrinks_and_ends_with_all() -> None:
    moments = [AT + timedelta(minutes=n) for n in (0, 3, 3, 59)]
    found = grown(moments, AT, AT + timedelta(hours=1), 12)
    assert found[0] == 3
    assert found[-1] == 4
    assert list(found) == sorted(found)


@given(st.dictionaries(st.tuples(st.integers(0, 6), st.integers(0, 23)), st.integers(0, 1_000)))
def test_each_hour_is_drawn_once_the_fullest_darkest(counts: dict[tuple[int, int], int]) -> None:
    paths = week_paths(counts)
    assert len(paths) == LEVELS
    assert sum(path.count("M") for path in paths) == sum(1 for count in counts.values() if count)
    if any(counts.values()):
        assert paths[-1] or max(counts.values()) < LEVELS


@given(st.lists(st.integers(0, 500), max_size=60))
def test_the_usual_lies_among_the_values(values: list[int]) -> None:
    low, high = band(values)
    assert low <= high
    assert not values or (min(values) <= low and high <= max(values))
    assert sum(low <= one <= high for one in values) >= 0.75 * len(values)
