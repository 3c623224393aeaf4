"""A series as a line: bars in the order of the counts, and the counts themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.present.plot import BARS, WIDEST, bars, plot


@pytest.mark.parametrize(
    ("counts", "line"),
    [
        ([], ""),
        ([0], "▁  0"),
        ([0, 0, 0], "▁▁▁  0 0 0"),
        ([1], "█  1"),
        ([0, 1, 0, 2, 9], "▁▂▁▃█  0 1 0 2 9"),
        ([7, 7], "██  7 7"),
        ([1, 1000], "▂█  1 1000"),
    ],
)
def test_plot(counts: list[int], line: str) -> None:
    assert plot(counts) == line


@given(st.lists(st.integers(0, 10_000), max_size=40))
def test_higher_counts_have_no_lower_bars_and_one_is_more_than_none(counts: list[int]) -> None:
    shown, drawn = counts[-WIDEST:], bars(counts)
    assert len(drawn) == len(shown)
    for one, bar in zip(shown, drawn, strict=True):
        assert (bar == BARS[0]) is (one == 0)
        assert (bar == BARS[-1]) >= (one == max(shown) > 0)
    ranked = [bar for _, bar in sorted(zip(shown, drawn, strict=True))]
    assert ranked == sorted(ranked)
