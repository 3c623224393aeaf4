"""Drawings made here: numbers -> places of marks, x in per cent and y in pixels, so that text keeps its size at any width. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

BARS_HEIGHT: Final = 18
"""Pixels of the highest bar of a small drawing."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its left edge and width in per cent, its top and height in pixels, what it counts."""

    x: float
    width: float
    y: float
    height: float
    value: int
    last: bool = False


def bars(values: Sequence[int], height: int = BARS_HEIGHT, most: int = 0) -> tuple[Bar, ...]:
    """Return bars from left to right; nothing is drawn for 0. `most` is the value of full height, 0 for the greatest there is."""
    top = most or max(values, default=0)
    if not top:
        return ()
    width = 100 / len(values)
    found = []
    for place, value in enumerate(values):
        if value:
            tall = max(2.0, round(height * min(value, top) / top, 1))
            found.append(
                Bar(
                    round(place * width, 2), round(width * 0.8, 2), height - tall, tall, value, place == len(values) - 1
                )
            )
    return tuple(found)
