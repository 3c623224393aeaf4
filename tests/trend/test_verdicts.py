"""What is told of a rule that is counted: by the product's own learner, on pasts that were simulated."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.counting import HOUR, HourlyCounts, UsualCounts
from monitor.schedule.counts import count_rhythm, usual_counts
from monitor.trend.flatline import flatline, smallest_window
from monitor.trend.frequency import frequency
from monitor.trend.series import Learned, learned
from monitor.trend.spike import smallest_spike, spike
from monitor.trend.tail import at_least
from monitor.trend.verdict import LEARNING, RARE, CountVerdict

ZONE = "Asia/Seoul"
NOON = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)  # a Thursday, noon in Seoul
NIGHT = NOON + 15 * HOUR


def lived(rate: float, now: datetime, days: int = 42, size: int = 1) -> HourlyCounts:
    """Return the counts of a newsroom that works from seven to nineteen, `rate` stories an hour, in bursts of `size`."""
    start, draw, counts = now.replace(minute=0) - timedelta(days=days), random.Random(7), []
    for hour in range(days * 24):
        local = (start + hour * HOUR + 9 * HOUR).hour
        bursts, left = 0, draw.expovariate(1.0)
        while left < (rate if 7 <= local < 19 else rate / 20) / size:
            bursts, left = bursts + 1, left + draw.expovariate(1.0)
        counts.append(bursts * size)
    return HourlyCounts(start, tuple(counts), (1.0,) * len(counts))


def usual_of(past: HourlyCounts, now: datetime, window: timedelta = HOUR) -> UsualCounts:
    return usual_counts(count_rhythm(past, now - window, ZONE), past, now, window)


def looked(count: int, past: HourlyCounts, now: datetime) -> CountVerdict:
    """Return the verdict on so many in the last hour."""
    usual = usual_of(past, now)
    moments = [now - number * timedelta(minutes=1) for number in range(count)][::-1]
    return spike(moments, now, HOUR, usual, learned(past, usual, HOUR))


@pytest.mark.parametrize(("count", "alarm"), [(0, False), (4, False), (5, True), (50, True)])
def test_frequency(count: int, alarm: bool) -> None:  # noqa: FBT001 - a column of the table
    moments = [NOON - number * timedelta(minutes=10) for number in range(count)][::-1]
    verdict = frequency(moments, NOON, HOUR, 5)
    assert (verdict.alarm, verdict.calm, verdict.threshold) == (alarm, not alarm, 5)
    assert verdict.count == min(count, 6)


def test_a_spike_by_night_is_an_ordinary_hour_by_day() -> None:
    by_day, by_night = (looked(6, lived(4, now), now) for now in (NOON, NIGHT))
    assert not by_day.alarm
    assert by_night.alarm
    assert by_day.expected == pytest.approx(4, rel=0.3)
    assert by_night.expected == pytest.approx(0.2, abs=0.2)
    assert by_night.threshold < by_day.threshold


@pytest.mark.parametrize("days", [1, 7, 13])
def test_nothing_is_a_spike_in_the_first_two_weeks(days: int) -> None:
    verdict = looked(100, lived(2, NOON, days), NOON)
    assert (verdict.alarm, verdict.calm, verdict.silent) == (False, True, "learning")
    assert looked(100, lived(2, NOON, 15), NOON).alarm


@pytest.mark.parametrize(("count", "alarm"), [(2, False), (3, True)])
def test_of_a_rule_that_never_meets_anything_three_are_a_spike(count: int, alarm: bool) -> None:  # noqa: FBT001 - a column
    past = HourlyCounts(NOON - timedelta(days=40), (0,) * 960, (1.0,) * 960)
    verdict = looked(count, past, NOON)
    assert verdict.alarm is alarm
    assert verdict.chance is not None
    assert 0 < verdict.chance < RARE, "and still it is a number"


def test_bursts_widen_what_is_usual() -> None:
    even, rough = (looked(15, lived(4, NOON, size=size), NOON) for size in (1, 5))
    assert even.alarm
    assert not rough.alarm


@given(st.floats(0.001, 200), st.floats(1, 40), st.integers(1, 30))
def test_the_threshold_is_where_spikes_begin(due: float, strays: float, least: int) -> None:
    count = smallest_spike(due, strays, least)
    assert count >= least
    assert at_least(count, due, strays) < RARE
    assert count == least or at_least(count - 1, due, strays) >= RARE


def test_hours_that_were_told_do_not_become_usual() -> None:
    past = lived(1, NOON)
    counts = [*past.counts]
    stormy = range(len(counts) - 72, len(counts) - 12)
    for hour in stormy:
        counts[hour] = 30
    learned = HourlyCounts(past.start, tuple(counts), past.watched)
    frozen = HourlyCounts(past.start, tuple(counts), past.watched, frozenset(stormy))
    assert usual_of(learned, NOON).due > 3
    assert usual_of(frozen, NOON).due < 1.6
    assert looked(10, frozen, NOON).alarm
    assert not looked(10, learned, NOON).alarm


def silence(past: HourlyCounts, hours: int, now: datetime = NOON, least: int = 1) -> CountVerdict:
    """Return the verdict on a past that ends with so many hours of nothing."""
    last = past.end - hours * HOUR
    counts = tuple(0 if past.start + place * HOUR >= last else count for place, count in enumerate(past.counts))
    cut = HourlyCounts(past.start, counts, past.watched, past.told)
    moments = [cut.start + (place + 0.5) * HOUR for place, count in enumerate(counts) for _ in range(count)]
    window = hours * HOUR
    usual = usual_of(cut, now, window)
    return flatline(moments, now, window, usual, learned(cut, usual, window), least)


def test_a_silence_by_day_is_told_and_the_same_by_night_is_not() -> None:
    morning, day = NOON.replace(hour=22) - timedelta(days=1), NOON + 5 * HOUR
    assert silence(lived(4, day), 9, day).alarm
    night = silence(lived(4, morning), 9, morning)
    assert not night.alarm
    assert night.expected is not None
    assert night.expected < 4


def test_a_silence_while_nobody_listens_is_none() -> None:
    day = NOON + 5 * HOUR
    past = lived(4, day)
    watched = (*past.watched[:-9], *(0.0,) * 9)
    deaf = silence(HourlyCounts(past.start, past.counts, watched), 9, day)
    assert not deaf.alarm
    assert deaf.expected == 0


def test_bursts_make_silences_patient() -> None:
    day = NOON + 5 * HOUR
    assert silence(lived(4, day, size=1), 9, day).alarm
    assert not silence(lived(4, day, size=6), 9, day).alarm


@pytest.mark.parametrize("days", [2, 12])
def test_nothing_is_a_silence_in_the_first_two_weeks(days: int) -> None:
    verdict = silence(lived(8, NOON, days), 24)
    assert (verdict.alarm, verdict.silent) == (False, "learning")


def test_fewer_than_are_asked_for() -> None:
    past = lived(6, NOON)
    counts = (*past.counts[:-24], *(1 if place % 12 == 0 else 0 for place in range(24)))
    thin = HourlyCounts(past.start, counts, past.watched)
    moments = [thin.start + (place + 0.5) * HOUR for place, count in enumerate(counts) for _ in range(count)]
    usual = usual_of(thin, NOON, 24 * HOUR)
    few = flatline(moments, NOON, 24 * HOUR, usual, learned(thin, usual, 24 * HOUR), 10)
    assert (few.count, few.alarm, few.calm, few.threshold) == (2, True, False, 10)
    enough = flatline(moments, NOON, 24 * HOUR, usual, learned(thin, usual, 24 * HOUR), 2)
    assert (enough.alarm, enough.calm) == (False, True)


@pytest.mark.parametrize(
    ("rate", "strays", "window"),
    [
        (2 / 24, 1.0, timedelta(hours=111)),  # two a day: 4.6 days
        (12.0, 1.0, HOUR),
        (3.0, 1.0, timedelta(hours=4)),  # 9.2 and ln 3 due,
        (2.0, 3.0, timedelta(hours=14)),
        (0.0, 1.0, timedelta.max),
        (1e-12, 1.0, timedelta.max),
    ],
)
def test_the_smallest_window(rate: float, strays: float, window: timedelta) -> None:
    assert smallest_window(rate, strays) == window


@given(st.floats(0.02, 50), st.floats(1, 20), st.integers(1, 5))
def test_in_the_smallest_window_fewer_are_rare(rate: float, strays: float, least: int) -> None:
    window = smallest_window(rate, strays, least)
    due = rate * (window / HOUR)
    verdict = flatline([], NOON, window, UsualCounts((), due, due, rate), Learned(LEARNING, strays, 0.0, strays), least)
    assert verdict.alarm
