"""How often a source publishes, as far as its own lists have shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

HOURS = 24
LONGEST_STEP = 3.0  # hours between two polls, beyond which the pause says nothing: nobody was listening
ELSEWHERE = 0.1  # of its weight, that what one list taught keeps for another
DAY_TYPES = 3
SLOTS = DAY_TYPES * HOURS
"""Hours of day by day type; hour h of day type t is slot t * HOURS + h."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far back a list or feed went when it was last seen changed: `seconds` until it held nothing of what it held."""

    seconds: float
    at: datetime


@dataclass(frozen=True, slots=True)
class BurstBlock:
    """A stretch over which bursts are measured, while it lasts: articles that came, and were expected, in those hours."""

    count: float = 0.0
    expected: float = 0.0
    hours: float = 0.0


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What was seen of a source up to `at`; older things count less.

    `counts` are articles, `spans` the hours watched, both by slot: day type and hour of day in the source's zone.
    `reach` is by URL. `chi` over `blocks` is the variance of a block's articles over their mean; `block` is the present one.
    """

    at: datetime
    counts: tuple[float, ...] = (0.0,) * SLOTS
    spans: tuple[float, ...] = (0.0,) * SLOTS
    reach: Mapping[str, Reach] = field(default_factory=dict)
    chi: float = 0.0
    blocks: float = 0.0
    block: BurstBlock = BurstBlock()

    def moved_to(self, urls: Collection[str], *, elsewhere: bool) -> Arrivals:
        """Return what is known of a source whose lists are those; `elsewhere`: none of them was ever read.

        Another list is taken to be like the old one, but what it shows itself soon outweighs that.
        """
        here = replace(self, reach={url: reach for url, reach in self.reach.items() if url in urls})
        if not elsewhere:
            return here
        counts = tuple(count * ELSEWHERE for count in self.counts)
        spans = tuple(span * ELSEWHERE for span in self.spans)
        return replace(
            here,
            counts=counts,
            spans=spans,
            chi=self.chi * ELSEWHERE,
            blocks=self.blocks * ELSEWHERE,
            block=BurstBlock(),
        )


@dataclass(frozen=True, slots=True)
class UsualRhythm:
    """What is usual of a source at a moment: `rate` articles an hour, `due` articles since its last good poll.

    `spread` is the variance of an hour's articles over their mean: 1 where they come by chance, more in bursts.
    """

    rate: float = 0.0
    due: float = 0.0
    spread: float = 1.0


@dataclass(frozen=True, slots=True)
class Burst:
    """A source is polled as often as allowed `until` then. `spent` requests, as of `at`, went beyond its plan."""

    until: datetime
    at: datetime
    spent: float = 0.0


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What the store remembers of a source that decides when to poll; None where nothing is known."""

    arrivals: Arrivals | None = None
    burst: Burst | None = None
