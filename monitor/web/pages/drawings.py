"""Drawings made here: numbers -> places of marks, x in per cent and y in pixels, so that text keeps its size at any width. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
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


@dataclass(frozen=True, slots=True)
class Spark:
    """A small drawing of bars in a viewBox of `width` x SPARK_HEIGHT: the path of all but the last, and that of the last."""

    width: int
    path: str
    last: str


SPARK_HEIGHT: Final = 100


def spark(values: Sequence[int]) -> Spark:
    """Return bars as two paths, for lists that have hundreds of such drawings; nothing is drawn for 0."""
    top = max(values, default=0)
    drawn = [
        f"M{number} {SPARK_HEIGHT}v-{max(12, SPARK_HEIGHT * value // top)}h.8V{SPARK_HEIGHT}z" if value else ""
        for number, value in enumerate(values)
    ]
    return Spark(max(len(values), 1), "".join(drawn[:-1]), "".join(drawn[-1:]))


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on a line of time: x in per cent, and what stands there."""

    x: float
    label: str


def place(moment: datetime, begin: datetime, end: datetime) -> float:
    """Return where a moment stands between two others, in per cent; those outside stand at the edge."""
    whole = max((end - begin).total_seconds(), 1.0)
    return round(100 * min(max((moment - begin).total_seconds() / whole, 0.0), 1.0), 2)


def grown(moments: Sequence[datetime], begin: datetime, end: datetime, pieces: int) -> tuple[int, ...]:
    """Return how many of some moments lay before the end of each piece of a time."""
    step = (end - begin) / pieces
    return tuple(sum(one <= begin + step * (number + 1) for one in moments) for number in range(pieces))


_STEPS: Final = tuple(
    timedelta(minutes=one)
    for one in (5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080, 43_200, 129_600, 525_600)
)


def ticks(begin: datetime, end: datetime, most: int = 7) -> tuple[Mark, ...]:
    """Return round moments between two others, at most so many; these are aware, in the zone that they are read in."""
    step = next((one for one in _STEPS if (end - begin) / one <= most), _STEPS[-1])
    midnight = begin.replace(hour=0, minute=0, second=0, microsecond=0)
    at = midnight + step * math.ceil((begin - midnight) / step)
    found = []
    while at <= end:
        shown = f"{at:%H:%M}" if step < timedelta(days=1) else f"{at:%m-%d}"
        found.append(Mark(place(at, begin, end), shown))
        at += step
    return tuple(found)


LEVELS: Final = 4


def week_paths(counts: Mapping[tuple[int, int], int]) -> tuple[str, ...]:
    """Return a path for each level of a 24 x 7 drawing: squares of the hours (0-23) of weekdays (0-6, Monday first).

    An hour is of the level in whose share of the greatest its count lies; hours without any are of none.
    """
    top = max(counts.values(), default=0)
    found = [""] * LEVELS
    for (weekday, hour), count in sorted(counts.items()):
        if count:
            found[min(LEVELS - 1, LEVELS * (count - 1) // max(top, 1))] += f"M{hour} {weekday}h1v1h-1z"
    return tuple(found)


def band(values: Sequence[int]) -> tuple[float, float]:
    """Return between which values four of five lie: the usual."""
    ordered = sorted(values)
    if not ordered:
        return 0.0, 0.0
    low, high = len(ordered) // 10, -(-len(ordered) * 9 // 10) - 1
    return float(ordered[low]), float(ordered[max(low, high)])
