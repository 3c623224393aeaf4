"""Waits after failures."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.schedule.backoff import DELIVERY, ENTRY, MAX_RETRY_AFTER, asked, delivery_retry, entry_retry, gently

CHANCES = st.floats(0, 1, exclude_max=True)


def test_the_first_waits_grow_and_then_it_is_a_probe_in_five_minutes() -> None:
    waits = [delivery_retry(attempt, 0.5, None) for attempt in range(1, 4)]
    assert waits == [pytest.approx(seconds) for seconds in DELIVERY]
    assert list(DELIVERY) == sorted(DELIVERY)


@given(st.integers(4, 10_000), CHANCES)
def test_a_receiver_that_recovers_is_noticed_within_five_minutes(attempt: int, chance: float) -> None:
    assert 285 <= delivery_retry(attempt, chance, None) <= 300


def test_entries_are_given_up_after_six_attempts() -> None:
    waits = [entry_retry(attempt, 0.5) for attempt in range(1, 7)]
    assert waits == [pytest.approx(seconds) for seconds in (30, 120, 600, 3600, 21_600)] + [None]


@given(st.integers(1, 3), CHANCES)
def test_waits_stay_within_a_fifth(attempt: int, chance: float) -> None:
    wait = delivery_retry(attempt, chance, None)
    assert 0.8 * DELIVERY[attempt - 1] <= wait + 1e-6 <= 1.2 * DELIVERY[attempt - 1] + 2e-6


def test_chance_moves_both_ways() -> None:
    assert delivery_retry(3, 0.0, None) == pytest.approx(96)
    assert delivery_retry(3, 0.999_999, None) == pytest.approx(144, abs=0.1)
    assert entry_retry(1, 0.0) == pytest.approx(24)


@given(st.integers(1, 12), CHANCES, st.floats(0, 10 * MAX_RETRY_AFTER))
def test_a_receiver_is_never_asked_earlier_than_it_wished(attempt: int, chance: float, wish: float) -> None:
    wait = delivery_retry(attempt, chance, wish)
    plain = delivery_retry(attempt, chance, None)
    assert wait == max(plain, min(wish, MAX_RETRY_AFTER))


@pytest.mark.parametrize("wish", [-1.0, -math.inf, math.nan, 0.0])
def test_wishes_that_make_no_sense_change_nothing(wish: float) -> None:
    assert delivery_retry(1, 0.5, wish) == pytest.approx(5)


@pytest.mark.parametrize(("wish", "seconds"), [(None, 0.0), (math.nan, 0.0), (-1.0, 0.0), (7.0, 7.0), (math.inf, 60.0)])
def test_a_wish_is_seconds_up_to_the_most_that_is_kept(wish: float | None, seconds: float) -> None:
    assert asked(wish, 60.0) == seconds


def test_an_endless_wish_is_cut_to_a_day() -> None:
    assert delivery_retry(1, 0.5, math.inf) == 86_400


@given(st.integers(6, 10_000), CHANCES)
def test_an_article_is_given_up_in_the_end(attempt: int, chance: float) -> None:
    assert entry_retry(attempt, chance) is None


@pytest.mark.parametrize("attempt", [0, -1])
def test_attempts_count_from_one(attempt: int) -> None:
    with pytest.raises(ValueError, match="from 1"):
        delivery_retry(attempt, 0.5, None)
    with pytest.raises(ValueError, match="from 1"):
        entry_retry(attempt, 0.5)


def test_waits_grow() -> None:
    assert list(ENTRY) == sorted(ENTRY)


def test_regular_polls_are_moved_by_a_tenth() -> None:
    assert gently(100.0, 0.0) == pytest.approx(90.0)
    assert gently(100.0, 0.5) == pytest.approx(100.0)
    assert gently(100.0, 1.0) == pytest.approx(110.0)


@pytest.mark.parametrize("chance", [0.0, 0.5, 0.999])
def test_a_passing_fault_is_tried_again_within_a_second(chance: float) -> None:
    first = delivery_retry(1, chance, None, was_well=True)
    assert first is not None
    assert first < 1
    assert delivery_retry(2, chance, None, was_well=True) == delivery_retry(2, chance, None)
    assert delivery_retry(1, chance, 90.0, was_well=True) == 90.0, "what the receiver asks is kept"
