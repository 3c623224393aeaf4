"""How much a term tells: inverse document frequency from a frozen, numbered table that ships with the product. Pure.

The table never learns while it runs: what an article is joined with must not depend on the order in which others came.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from importlib import resources

VERSION = 1
"""The number of the shipped table; another one gives signatures another version."""

_NUMBER_RARITY = 0.6  # of the rarest term: every report has numbers, and few tell its matter


class _Weights(dict[str, float]):
    """Weights by term; what was never counted weighs most, but for numbers. A mapping, because it is asked so often."""

    def __init__(self, reports: int, held: Mapping[str, int]) -> None:
        super().__init__((term, math.log((reports + 1) / (count + 0.5))) for term, count in held.items())
        self._unknown = math.log((reports + 1) / 0.5)

    def __missing__(self, term: str) -> float:
        return self._unknown * _NUMBER_RARITY if term[0] == "#" else self._unknown


class Rarity:
    """The weight of each term, from how many of `reports` held it."""

    def __init__(self, reports: int, held: Mapping[str, int]) -> None:
        """Take the counts; a term that no report held weighs as if half a report did."""
        self.weights = _Weights(reports, held)

    def of(self, term: str) -> float:
        """Return the weight of a term, above 0."""
        return self.weights[term]


def read_table(text: str) -> Rarity:
    """Read a table: `reports <n>`, then per line a count, a blank, and the terms that so many reports held.

    Syllable pairs stand without a blank between them, other terms apart; # begins a remark line only with a blank.
    """
    reports, held = 0, {}
    for line in text.split("\n"):
        head, _, rest = line.partition(" ")
        if head == "reports":
            reports = int(rest)
        elif head.isdigit():
            for word in rest.split(" "):
                pairs = [word[at : at + 2] for at in range(0, len(word), 2)] if "가" <= word[0] <= "힣" else [word]
                held.update(dict.fromkeys(pairs, int(head)))
    return Rarity(reports, held)


@cache
def shipped() -> Rarity:
    """Return the table of VERSION."""
    return read_table((resources.files("monitor.cluster") / "data" / f"rarity-{VERSION}.txt").read_text("utf-8"))
