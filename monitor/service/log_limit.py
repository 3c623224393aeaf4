"""The log stays bounded whatever happens: what repeats is thinned, and how much was left out is said. Pure but for the clock."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

BURST: Final = 60.0
"""Lines of one kind that may come at once."""

PER_SECOND: Final = 0.2
"""Lines of one kind that may come for ever: 17,000 a day."""

TRACE_AGAIN: Final = 600.0
"""Seconds after which a traceback that was printed is worth its lines again."""

_REMEMBERED: Final = 256
_VARYING: Final = re.compile(r"0x[0-9a-f]+|\d+|'[^']{0,300}'|\"[^\"]{0,300}\"")


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float
    withheld: int = 0


@dataclass(slots=True)
class LogLimit:
    """Decides which lines are printed. `clock` gives seconds that never run backwards."""

    clock: Callable[[], float]
    _buckets: dict[str, _Bucket] = field(default_factory=dict)
    _traces: OrderedDict[str, float] = field(default_factory=OrderedDict)

    def admit(self, name: str) -> tuple[bool, int]:
        """Return whether a line of that name is printed now, and how many were withheld since the last one that was."""
        now = self.clock()
        bucket = self._buckets.setdefault(name, _Bucket(BURST, now))
        bucket.left = min(BURST, bucket.left + (now - bucket.at) * PER_SECOND)
        bucket.at = now
        if bucket.left < 1:
            bucket.withheld += 1
            return False, 0
        bucket.left -= 1
        withheld, bucket.withheld = bucket.withheld, 0
        return True, withheld

    def is_new(self, trace: str) -> bool:
        """Return whether a traceback was not printed lately; numbers and quoted words in it do not tell two apart."""
        kind, now = _VARYING.sub("", trace)[-2_000:], self.clock()
        last = self._traces.get(kind)
        if last is not None and now - last < TRACE_AGAIN:
            return False
        self._traces[kind] = now
        self._traces.move_to_end(kind)
        if len(self._traces) > _REMEMBERED:
            self._traces.popitem(last=False)
        return True
