"""Rates by hour and day, and silences that are no chance."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.health.memory import ArrivalMemory
from monitor.health.staleness import KST, rate, remember, silent, surprise

START = datetime(2026, 10, 5, 0, 0, tzinfo=KST).astimezone(UTC)  # a Monday
STEP = timedelta(minutes=30)


def lived(days: int, per_hour: float, seed: int = 1, burst: int = 1) -> tuple[ArrivalMemory, datetime]:
    """Return the rhythm of a paper that works from 7 to 22 in Seoul, half as much on weekends."""
    chance, rhythm, now, last = random.Random(seed), ArrivalMemory(), START, None
    while now < START + timedelta(days=days):
        local = now.astimezone(KST)
        level = per_hour * (0.5 if local.weekday() >= 5 else 1.0) if 7 <= local.hour < 22 else 0.0
        new = burst if chance.random() < level * 0.5 / burst else 0
        rhythm = remember(rhythm, last, now, new)
        last, now = now, now + STEP
    return rhythm, now - STEP


def quiet(rhythm: ArrivalMemory, last: datetime, hours: float) -> ArrivalMemory:
    for _ in range(int(hours * 2)):
        rhythm = remember(rhythm, last, last + STEP, 0)
        last += STEP
    return rhythm


def test_the_rate_follows_the_hour_and_the_day() -> None:
    rhythm, _ = lived(56, 1.5)
    noon = datetime(2026, 12, 1, 12, 0, tzinfo=KST)
    assert rate(rhythm, noon) == pytest.approx(1.5, rel=0.3)
    assert rate(rhythm, noon.replace(hour=3)) < 0.15
    assert rate(rhythm, noon + timedelta(days=4)) < 0.75 * rate(rhythm, noon)


def test_nothing_is_known_at_first() -> None:
    assert rate(ArrivalMemory(), START) == 0
    assert not silent(ArrivalMemory())


def test_a_night_is_no_silence_and_a_working_day_is() -> None:
    rhythm, last = lived(22, 1.5)  # ends on a Monday at midnight
    assert not silent(quiet(rhythm, last, 9))
    assert silent(quiet(rhythm, last, 24))


def test_bursts_make_it_patient() -> None:
    even, last = lived(28, 1.5, burst=1)
    rough, _ = lived(28, 1.5, burst=6)
    assert surprise(quiet(rough, last, 24)) < surprise(quiet(even, last, 24))


def test_a_long_pause_of_ours_teaches_nothing() -> None:
    rhythm, last = lived(28, 1.5)
    assert remember(rhythm, last, last + timedelta(hours=40), 0) == rhythm
    assert remember(rhythm, None, last, 0) == rhythm
    assert remember(rhythm, last, last + timedelta(hours=40), 5).expected == 0


def test_false_alarms_are_rare() -> None:
    chance, false, weeks = random.Random(4), 0, 0
    for seed in range(6):
        rhythm, last = lived(15, 1.0, seed)
        up = False
        for _ in range(3 * 7 * 48):
            local = last.astimezone(KST)
            level = (0.5 if local.weekday() >= 5 else 1.0) if 7 <= local.hour < 22 else 0.0
            rhythm = remember(rhythm, last, last + STEP, int(chance.random() < level * 0.5))
            last += STEP
            false += silent(rhythm) and not up
            up = silent(rhythm)
        weeks += 3
    assert false <= 1, f"{false} false alarms in {weeks} source-weeks"


@given(st.lists(st.tuples(st.floats(0, 6000), st.integers(0, 2000)), max_size=40))
def test_any_history_gives_finite_figures(polls: list[tuple[float, int]]) -> None:
    rhythm, now, last = ArrivalMemory(), START, None
    for minutes, new in polls:
        now += timedelta(minutes=minutes)
        rhythm = remember(rhythm, last, now, new)
        last = now
        assert 0 <= rate(rhythm, now) < 1e7
        assert 0 <= surprise(rhythm) < 1e9
