"""What a rule could refuse, so that hits that were not meant are found no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Something that a rule could refuse: `phrase`, and the whole `expression` with it.

    `refused` are the places of those articles that were not meant and would be met no more, `lost` those of the others; each in the
    lists that were given.
    """

    phrase: str
    expression: str
    refused: tuple[int, ...]
    lost: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LostHit:
    """A hit of which nobody said that it was not meant, and which would not be found."""

    id: int
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a rule could refuse: `refused` are hits that were not meant, `lost` the latest of the others, of `lost_count`."""

    phrase: str
    expression: str
    refused: tuple[int, ...]
    lost_count: int
    lost: tuple[LostHit, ...] = ()

    @property
    def removed(self) -> int:
        """Return how many of the hits that were looked at would not be found."""
        return len(self.refused) + self.lost_count


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What the rule of a hit could refuse, the best first.

    It was held against `wrong` hits that were not meant and `others` of the rule stored from `since` (UTC) on. `none` says why there
    is no suggestion, "" where there is one. `place` is where the rule stands in the files.
    """

    hit_id: int
    rule_id: str
    expression: str
    since: datetime
    wrong: int
    others: int
    found: tuple[Suggestion, ...]
    none: str = ""
    place: str = ""
