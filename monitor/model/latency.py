"""How long news was on its way: milliseconds between its stations, and what most of it stays under. Pure.

The stations are those of every surface: published (as the page says), seen (a list first showed it), matched (it was decided
whom to tell), made (the message was frozen), sent (its receiver took it).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

_MS: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Quantiles:
    """The half (`p50`) and nineteen of twenty (`p95`) stay at or under these, in ms; None where nothing was measured."""

    p50: int | None = None
    p95: int | None = None


def elapsed(since: datetime | None, until: datetime | None) -> int | None:
    """Return whole milliseconds from one moment to another; None where one is unknown, or the clocks contradict each other."""
    if since is None or until is None or until < since:
        return None
    return (until - since) // _MS


def quantiles(measured: Iterable[int | None]) -> Quantiles:
    """Return the quantiles of what was measured, each a value that occurred (nearest rank); what is unknown is left out."""
    known = sorted(value for value in measured if value is not None)
    return Quantiles(_nearest(known, 50), _nearest(known, 95)) if known else Quantiles()


def _nearest(ordered: Sequence[int], percent: int) -> int:
    return ordered[max(0, -(-percent * len(ordered) // 100) - 1)]
