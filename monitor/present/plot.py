"""A series of counts as one line of text. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

BARS: Final = "▁▂▃▄▅▆▇█"
WIDEST: Final = 24


def bars(counts: Sequence[int]) -> str:
    """Return a bar for each of the last WIDEST counts, oldest first; the lowest bar is none at all, the highest the most."""
    shown = counts[-WIDEST:]
    most = max(shown, default=0)
    top = len(BARS) - 1
    return "".join(BARS[0 if count <= 0 else max(1, round(top * count / most))] for count in shown)


def plot(counts: Sequence[int]) -> str:
    """Return the bars with the same counts as numbers behind them; "" without any."""
    return f"{bars(counts)}  {' '.join(str(count) for count in counts[-WIDEST:])}" if counts else ""
