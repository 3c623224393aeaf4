"""How sure the share of meant hits is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.precision import Precision


@pytest.mark.parametrize(
    ("meant", "not_meant", "share", "low", "high"),
    [
        # Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17, 1998, table I, method 3
        (81, 263 - 81, 0.3080, 0.2553, 0.3662),
        (15, 148 - 15, 0.1014, 0.0624, 0.1605),
        (0, 20, 0.0, 0.0, 0.1611),
        (1, 28, 0.0345, 0.0061, 0.1718),
        (5, 0, 1.0, 0.5655, 1.0),
    ],
)
def test_the_bounds_are_those_of_the_literature(
    meant: int, not_meant: int, share: float, low: float, high: float
) -> None:
    precision = Precision(meant, not_meant)
    assert precision.share == pytest.approx(share, abs=5e-5)
    assert precision.bounds == pytest.approx((low, high), abs=5e-5)


def test_of_no_word_nothing_is_known() -> None:
    assert (Precision().said, Precision().share, Precision().bounds) == (0, None, (0.0, 1.0))


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_share_lies_within_and_more_words_say_more(meant: int, not_meant: int) -> None:
    precision = Precision(meant, not_meant)
    low, high = precision.bounds
    assert 0.0 <= low <= (precision.share or 0.0) + 1e-12
    assert (precision.share or 0.0) - 1e-12 <= high <= 1.0
    again = Precision(meant * 2, not_meant * 2).bounds
    assert again[1] - again[0] <= high - low + 1e-12
