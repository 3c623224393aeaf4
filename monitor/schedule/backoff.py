"""How long to wait before the next try. Pure: the chance comes in as an argument."""

from __future__ import annotations

import math
from typing import Final

MAX_RETRY_AFTER: Final = 24 * 3600.0  # seconds; what a server asks beyond a day is cut to a day
MAX_ASKED: Final = 3600.0  # seconds; a longer wish for caching is seldom meant
SPREAD: Final = 0.2

DELIVERY: Final = (5, 30, 120)  # seconds after the first, second, third attempt
PROBE: Final = 300.0  # seconds, at most, after each later one: so soon a receiver that recovers is noticed
EARLIER: Final = 0.05  # the share of PROBE by which channels that failed together come apart
PASSING: Final = 0.5  # after the first fault of a receiver that was well a moment ago
ENTRY: Final = (30, 120, 600, 3600, 21_600)


def delivery_retry(attempt: int, chance: float, retry_after: float | None, *, was_well: bool = False) -> float:
    """Return the seconds to wait after `attempt` failed attempts (at least 1) at a delivery.

    Only the first message of a channel is ever tried, so that after the first waits it is a probe every PROBE seconds.
    Those waits are spread by ±20 % with `chance` (uniform in [0, 1)), the later ones by a little, never beyond PROBE.
    `was_well`: the receiver took the message before this one, so that a first fault is most likely a passing one, and what
    waits behind it need not wait for long. `retry_after` is what the receiver asked for in seconds: kept in full up to a
    day, cut to a day beyond. Raises ValueError for an attempt before the first.
    """
    wait = jittered(PASSING, chance) if was_well and attempt == 1 else _step(DELIVERY, attempt, chance)
    return max(PROBE * (1 - EARLIER * chance) if wait is None else wait, asked(retry_after, MAX_RETRY_AFTER))


def entry_retry(attempt: int, chance: float) -> float | None:
    """Return the seconds to wait after `attempt` failed attempts (at least 1) at an article; None means give up."""
    return _step(ENTRY, attempt, chance)


def jittered(seconds: float, chance: float) -> float:
    """Return `seconds` moved by up to a fifth: 0.8 times for chance 0, nearly 1.2 times for chance 1."""
    return seconds * (1 - SPREAD + 2 * SPREAD * chance)


def gently(seconds: float, chance: float) -> float:
    """Return `seconds` moved by up to a tenth: enough to keep regular polls apart, without being felt."""
    return seconds * (0.9 + 0.2 * chance)


def asked(retry_after: float | None, cap: float) -> float:
    """Return a server's wish as seconds between 0 and `cap`; no wish and nonsense count as 0."""
    if retry_after is None or math.isnan(retry_after):
        return 0.0
    return min(max(retry_after, 0.0), cap)


def _step(schedule: tuple[int, ...], attempt: int, chance: float) -> float | None:
    """Return the wait after that attempt, or None past the end. Raises ValueError for an attempt before the first."""
    if attempt < 1:
        raise ValueError("attempts count from 1")
    return jittered(schedule[attempt - 1], chance) if attempt <= len(schedule) else None
