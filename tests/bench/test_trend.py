"""The simulation of rules over counts in small."""

from __future__ import annotations

import statistics

import pytest

from tests.bench.trend import KINDS, silences, spikes

STEADY = KINDS[1]
pytestmark = pytest.mark.slow


def test_a_ratio_cries_each_day_where_the_product_is_silent_and_both_find_bursts() -> None:
    ours, ratio = spikes(STEADY, 3, 1)
    assert ours[0] <= 0.25
    assert ratio[0] > 7
    assert ours[1] >= 0.8


def test_silences_are_told_within_a_day_and_pauses_are_not() -> None:
    told, hours = silences(STEADY, 3, 1)
    assert told[0] <= 0.25, "two in eight weeks"
    assert told[1] > 1, "six hours of nothing are a night"
    assert statistics.median(hours[0]) <= 24
