"""A rule's counts are learned by the learner of sources: hour by hour, by type of day, and new things count more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.counting import HOUR, HourlyCounts
from monitor.model.rhythm import HOURS
from monitor.schedule.counts import PRIOR, count_rhythm, usual_counts
from monitor.schedule.hours import REST, SATURDAY, WORKDAY, slot

SEOUL = "Asia/Seoul"
START = datetime(2026, 9, 27, 15, 0, tzinfo=UTC)  # a Monday, midnight in Seoul


def counted(weeks: int, by_day: tuple[int, int, int], late: int = 0) -> HourlyCounts:
    """Return counts of working hours from nine on, so many an hour by type of day, `late` more in the last two weeks."""
    hours = weeks * 168
    counts = []
    for hour in range(hours):
        kind, clock = divmod(slot(START + hour * HOUR, SEOUL), HOURS)
        working = by_day[kind] + (late if hour >= hours - 336 else 0)
        counts.append(working if 9 <= clock < 18 else 0)
    return HourlyCounts(START, tuple(counts), (1.0,) * hours)


def due(past: HourlyCounts, text: str, hours: int = 1) -> float:
    """Return what is due in the hours up to a moment in Seoul."""
    now = datetime.fromisoformat(f"{text}+09:00").astimezone(UTC)
    return usual_counts(count_rhythm(past, past.end, SEOUL), past, now, hours * HOUR).due


def test_hours_and_types_of_days_have_their_own_rates() -> None:
    past = counted(8, (6, 2, 1))  # until 2026-11-23
    assert due(past, "2026-11-25T14:00") == pytest.approx(6, rel=0.1)
    assert due(past, "2026-11-28T14:00") == pytest.approx(2, rel=0.25)
    assert due(past, "2026-11-29T14:00") == pytest.approx(1, rel=0.4)
    assert due(past, "2026-12-25T14:00") == due(past, "2026-11-29T14:00"), "Christmas is like a Sunday"
    assert due(past, "2026-11-25T04:00") < 0.5
    kinds = {slot(START + hour * HOUR, SEOUL) // HOURS for hour in range(336)}
    assert kinds == {WORKDAY, SATURDAY, REST}


def test_what_is_two_weeks_old_counts_half() -> None:
    assert due(counted(8, (4, 4, 4), late=4), "2026-11-25T14:00") == pytest.approx(6.1, abs=0.3)


def test_a_week_is_due_as_it_came_and_so_is_a_longer_window() -> None:
    past = counted(8, (6, 2, 1))
    week = 9 * (5 * 6 + 2 + 1)
    assert due(past, "2026-11-30T00:00", 168) == pytest.approx(week, rel=0.05)
    assert due(past, "2026-12-14T00:00", 504) == pytest.approx(3 * week, rel=0.05)
    assert count_rhythm(past, past.end, SEOUL).mean == pytest.approx(week / 168, rel=0.05)


def test_of_a_rule_without_anything_half_a_story_is_expected() -> None:
    past = HourlyCounts(START, (0,) * 1344, (1.0,) * 1344)
    rhythm = count_rhythm(past, past.end, SEOUL)
    assert 0 < rhythm.mean < PRIOR / 336
    assert min(rhythm.by_slot) > 0


def test_what_was_told_or_lies_in_the_window_teaches_nothing() -> None:
    past = counted(8, (2, 2, 2))
    counts = (*past.counts[:-24], *(50,) * 24)
    told = HourlyCounts(START, counts, past.watched, frozenset(range(len(counts) - 24, len(counts))))
    assert due(told, "2026-11-25T14:00") == pytest.approx(2, rel=0.1)
    loud = HourlyCounts(START, counts, past.watched)
    until = past.end - 24 * HOUR
    assert count_rhythm(loud, until, SEOUL) == count_rhythm(past, until, SEOUL)
    assert len(count_rhythm(loud, until, SEOUL).hourly) == len(counts) - 24


def test_hours_that_nobody_watched_teach_nothing_and_let_nothing_be_heard() -> None:
    past = counted(8, (2, 2, 2))
    dark = range(len(past.counts) - 240, len(past.counts) - 120)
    counts, watched = [*past.counts], [*past.watched]
    for hour in dark:
        counts[hour], watched[hour] = 0, 0.0
    deaf = HourlyCounts(START, tuple(counts), tuple(watched))
    assert due(deaf, "2026-11-25T14:00") == pytest.approx(2, rel=0.1)
    now = deaf.end - 120 * HOUR
    usual = usual_counts(count_rhythm(deaf, deaf.end, SEOUL), deaf, now, 144 * HOUR)
    assert usual.due == pytest.approx(6 * 18, rel=0.1)
    assert usual.heard == pytest.approx(18, rel=0.1)


@given(
    st.lists(st.integers(0, 50), max_size=400),
    st.integers(-100, 500),
    st.integers(1, 3000),
    st.sampled_from([SEOUL, "UTC", "Europe/Berlin", "Asia/Kolkata"]),
)
def test_whatever_was_counted_something_is_due(counts: list[int], until: int, window: int, zone: str) -> None:
    past = HourlyCounts(START, tuple(counts), (1.0,) * len(counts))
    rhythm = count_rhythm(past, START + until * HOUR, zone)
    usual = usual_counts(rhythm, past, START + until * HOUR, timedelta(minutes=window))
    assert 0 <= usual.heard <= usual.due * (1 + 1e-9)
    assert (usual.due > 0) == any(rhythm.by_slot)
    assert all(rate >= 0 for rate in rhythm.by_slot)
