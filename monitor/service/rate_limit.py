"""How often somebody may ask: a bucket for each, which fills up again at a steady rate. Pure."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

RATE: Final = 20.0
"""Requests a second that may go on for ever."""
BURST: Final = 200.0
"""Requests at once after a pause."""
MOST: Final = 10_000
"""Askers that are remembered; then the one that asked longest ago is forgotten, whose bucket is the fullest."""


@dataclass(slots=True)
class _Allowance:
    """How many requests are left, as of when."""

    left: float
    at: float


class RateLimit:
    """Counts requests by whoever makes them."""

    def __init__(self, clock: Callable[[], float], *, rate: float = RATE, burst: float = BURST) -> None:
        """Allow `rate` requests a second and `burst` at once; `clock` gives seconds that never run backwards."""
        self._clock = clock
        self._rate = rate
        self._burst = burst
        self._buckets: OrderedDict[str, _Allowance] = OrderedDict()

    def wait(self, asker: str) -> float:
        """Return the seconds until that asker may ask again; 0 when it may now."""
        left = self._left(self._buckets.get(asker), self._clock())
        return 0.0 if left >= 1 else (1 - left) / self._rate

    def take(self, asker: str) -> float:
        """Count a request of that asker; return the seconds until it may ask, 0 when this one is allowed."""
        now = self._clock()
        left = self._left(self._buckets.pop(asker, None), now)
        allowed = left >= 1
        self._buckets[asker] = _Allowance(left - 1 if allowed else left, now)
        while len(self._buckets) > MOST:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self._rate

    def _left(self, bucket: _Allowance | None, now: float) -> float:
        return self._burst if bucket is None else min(self._burst, bucket.left + (now - bucket.at) * self._rate)
