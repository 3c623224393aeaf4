"""Bars: high as they count, inside of their drawing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.web.pages.drawings import BARS_HEIGHT, bars


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
