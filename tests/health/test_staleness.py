"""Silences that are no chance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.health.memory import SourceSilence
from monitor.health.staleness import HISTORY, SILENCE, remember, silent, surprise
from monitor.model.rhythm import LONGEST_STEP, UsualRhythm

START = datetime(2026, 10, 5, 0, 0, tzinfo=UTC)
STEP = timedelta(minutes=30)
KNOWN = SourceSilence(HISTORY, 0.0, START)


def quiet(silence: SourceSilence, rhythm: UsualRhythm, polls: int) -> SourceSilence:
    """Return what is known after so many polls without news."""
    for _ in range(polls):
        silence = remember(silence, rhythm, START, START + STEP, 0)
    return silence


def test_nothing_is_known_at_first() -> None:
    assert not silent(SourceSilence(), UsualRhythm())
    assert not silent(quiet(SourceSilence(), UsualRhythm(due=50.0), 1), UsualRhythm())


def test_a_silence_is_judged_once_two_weeks_were_listened_to() -> None:
    rhythm = UsualRhythm(due=1.0)
    assert not silent(quiet(SourceSilence(), rhythm, int(HISTORY * 2) - 1), rhythm)
    assert silent(quiet(SourceSilence(), rhythm, int(HISTORY * 2)), rhythm)


def test_it_is_no_chance_when_more_was_due_than_one_in_ten_thousand_explains() -> None:
    rhythm = UsualRhythm(due=SILENCE / 10)
    assert not silent(quiet(KNOWN, rhythm, 9), rhythm)
    assert silent(quiet(KNOWN, rhythm, 11), rhythm)
    assert remember(quiet(KNOWN, rhythm, 11), rhythm, START, START + STEP, 1) == SourceSilence(
        HISTORY, 0.0, START + STEP
    )


def test_bursts_make_it_patient() -> None:
    told = quiet(KNOWN, UsualRhythm(due=1.0), 12)
    assert (
        surprise(told, UsualRhythm(spread=6.0))
        < surprise(told, UsualRhythm(spread=2.0))
        < surprise(told, UsualRhythm())
    )
    assert not silent(told, UsualRhythm(spread=6.0))


def test_hours_without_a_good_poll_are_no_silence() -> None:
    rhythm, step = UsualRhythm(due=40.0), timedelta(hours=LONGEST_STEP)
    late = START + step + timedelta(seconds=1)
    assert remember(KNOWN, rhythm, START, START + step, 0).expected == 40.0
    assert remember(KNOWN, rhythm, START, late, 0) == KNOWN
    assert remember(KNOWN, rhythm, None, late, 0) == KNOWN
    assert remember(KNOWN, rhythm, START, late, 5).last_new == late


@given(st.lists(st.tuples(st.floats(0, 1e5), st.integers(0, 3), st.floats(0, 1e4)), max_size=20), st.floats(0, 1e6))
def test_any_history_gives_finite_figures(polls: list[tuple[float, int, float]], spread: float) -> None:
    silence, now = SourceSilence(), START
    for minutes, new, due in polls:
        since, now = now, now + timedelta(minutes=minutes)
        silence = remember(silence, UsualRhythm(due=due), since, now, new)
        assert 0 <= silence.known_hours <= HISTORY
        assert 0 <= surprise(silence, UsualRhythm(spread=spread)) < 1e7
        assert new == 0 or silence.expected == pytest.approx(0)
