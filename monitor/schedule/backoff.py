"""When to try again what failed."""

from __future__ import annotations

DELIVERY = (5.0, 30.0, 120.0, 600.0, 1800.0, 3600.0, 7200.0, 14400.0, 28800.0, 43200.0, 86400.0, 86400.0)
"""Seconds after each failed attempt at a message: about 76 h in all, as Standard Webhooks 1.0 advises (~75.6 h)."""

LEAD = (30.0, 120.0, 600.0, 3600.0)
"""Seconds after each failed attempt at an article; then its headline has to do."""

LONGEST_ASKED = 86400.0
JITTER = 0.2


def delivery_retry(attempt: int, chance: float, retry_after: float | None = None) -> float | None:
    """Answer the seconds to wait after `attempt` attempts (from 1), or None when it is time to give up.

    `chance` in [0, 1) spreads the wait by a fifth either way. What the receiver asked for (`retry_after`) is a lower
    bound, honoured in full up to a day.
    """
    return _wait(DELIVERY, attempt, chance, retry_after)


def lead_retry(attempt: int, chance: float) -> float | None:
    """Answer the seconds to wait after `attempt` attempts at an article (from 1), or None when to stop trying."""
    return _wait(LEAD, attempt, chance, None)


def _wait(schedule: tuple[float, ...], attempt: int, chance: float, asked: float | None) -> float | None:
    if attempt < 1:
        raise ValueError(f"attempts count from 1, got {attempt}")
    if attempt > len(schedule):
        return None
    spread = schedule[attempt - 1] * (1 + JITTER * (2 * chance - 1))
    return max(spread, min(asked or 0.0, LONGEST_ASKED))
