"""No receiver is asked before the time it stated, in any dialect; and the measure would see it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.schedule.backoff import MAX_RETRY_AFTER
from tests.bench.throttles import DIALECTS, Made, Throttled, answer, is_early, measure, waited


@given(st.randoms(use_true_random=False))
def test_no_receiver_is_asked_before_the_time_that_it_stated(chance: random.Random) -> None:
    said = answer(chance)
    seconds = waited(said, chance)
    assert seconds is not None
    assert not is_early(said, seconds), (said, seconds)
    assert seconds <= MAX_RETRY_AFTER


@pytest.mark.parametrize("make", DIALECTS)
@pytest.mark.parametrize("seconds", [0.0, 59.9, 3_600.0, 80_000.0])
def test_every_dialect_is_kept_to_and_not_stretched(make: Made, seconds: float) -> None:
    said = make(random.Random(3), seconds)
    waits = [waited(said, random.Random(seed)) for seed in range(20)]
    assert all(wait is not None and wait >= min(said.stated or 0.0, MAX_RETRY_AFTER) - 2e-6 for wait in waits)
    if said.stated is not None and said.stated > 300:
        assert {round(wait or 0.0, 3) for wait in waits} == {round(said.stated, 3)}


def test_all_dialects_come_up_and_none_is_early() -> None:
    tallies = measure(600, 11)
    assert len(tallies) == len(DIALECTS)
    assert sum(tally.kept for tally in tallies.values()) == 600


def test_an_early_one_is_seen() -> None:
    said = Throttled("x", "webhook", 429, stated=60.0)
    assert is_early(said, 59.99)
    assert not is_early(said, 60.0)
    assert not is_early(Throttled("x", "webhook", 429, stated=10.0**9), MAX_RETRY_AFTER)
