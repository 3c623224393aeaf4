"""Compiled expressions: each decides about a scanned article, and says where.

`spots` answers the mentions that prove the expression, or None where it does not hold. `places` answers occurrences, for
the operators that work on them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import Final, Protocol, TypeAlias

from monitor.match.boundary import BoundaryVerdict, Needle
from monitor.match.layout import Layout
from monitor.match.scan import Scan, Spot

_MOST: Final = 5_000  # pairs that one NEAR gives, and the bound of its work
Place: TypeAlias = tuple[int, int, tuple[Spot, ...]]  # start, end, the mentions within


class Pattern(Protocol):
    """A compiled regular expression."""

    def finditer(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the spans of all matches, ascending, none of them empty."""
        ...


class View:
    """A scan together with what is worked out from it only when an expression asks."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self._layout: Layout | None = None

    def layout(self) -> Layout:
        """Return where words and sentences lie."""
        if self._layout is None:
            self._layout = Layout(self.scan.text)
        return self._layout


class NodeCheck(Protocol):
    """A compiled expression."""

    def spots(self, view: View) -> list[Spot] | None:
        """Return the mentions that prove the expression; None where it does not hold."""
        ...


class OccurrenceCheck(NodeCheck, Protocol):
    """A compiled expression that stands for places in the text."""

    def places(self, view: View) -> list[Place]:
        """Return all occurrences, by place."""
        ...


class PlaceCheck:
    """What every expression with places has in common: it holds where it has a place."""

    def places(self, view: View) -> list[Place]:
        """Return all occurrences, by place."""
        raise NotImplementedError

    def spots(self, view: View) -> list[Spot] | None:
        """Return the mentions within all places; None without any."""
        return list(dict.fromkeys(chain.from_iterable(place[2] for place in self.places(view)))) or None


@dataclass(frozen=True, slots=True)
class TermCheck(PlaceCheck):
    """The mentions of any of the needles, in the given fields (indexes into scan.SEARCHED)."""

    numbers: tuple[int, ...]
    fields: frozenset[int]

    def spots(self, view: View) -> list[Spot] | None:
        """Return the mentions; where two spellings overlap, the longer one."""
        found = view.scan.spots
        if len(self.numbers) == 1 and len(view.scan.starts) == len(self.fields):
            return found.get(self.numbers[0])
        listed = [found[number] for number in self.numbers if number in found]
        kept = [spot for spots in listed for spot in spots if spot[2] in self.fields]
        return (_longest(kept) if len(listed) > 1 else kept) or None

    def places(self, view: View) -> list[Place]:
        """Return each mention as a place of its own."""
        return [(spot[0], spot[1], (spot,)) for spot in self.spots(view) or ()]


@dataclass(frozen=True, slots=True)
class RegexCheck(PlaceCheck):
    """The matches of a regular expression in the given fields."""

    pattern: Pattern
    needle: Needle
    fields: frozenset[int]

    def places(self, view: View) -> list[Place]:
        """Search each field of its own, in the original text."""
        scan = view.scan
        ends = [*(start - 1 for start in scan.starts[1:]), len(scan.text)]
        found: list[Place] = []
        for number, (start, end) in enumerate(zip(scan.starts, ends, strict=True)):
            if number in self.fields:
                for first, last in self.pattern.finditer(scan.text[start:end]):
                    span = (start + first, start + last)
                    spot = (*span, number, self.needle, BoundaryVerdict(accepted=True, reason="regex"))
                    found.append((*span, (spot,)))
        return found


@dataclass(frozen=True, slots=True)
class UnionCheck(PlaceCheck):
    """The occurrences of all parts together."""

    parts: tuple[OccurrenceCheck, ...]

    def spots(self, view: View) -> list[Spot] | None:
        """Return the mentions of all parts; None without any."""
        found: list[Spot] = []
        for part in self.parts:
            found += part.spots(view) or ()
        return found or None

    def places(self, view: View) -> list[Place]:
        """Return the occurrences of all parts, by place."""
        return sorted(chain.from_iterable(part.places(view) for part in self.parts), key=_span)


@dataclass(frozen=True, slots=True)
class ExceptCheck(PlaceCheck):
    """Occurrences of `keep` that overlap none of `drop`."""

    keep: OccurrenceCheck
    drop: OccurrenceCheck

    def places(self, view: View) -> list[Place]:
        """Return what is left of `keep`."""
        kept = self.keep.places(view)
        holes = sorted(self.drop.places(view), key=_span) if kept else []
        starts = [hole[0] for hole in holes]
        reach = list(accumulate((hole[1] for hole in holes), max))  # how far the holes so far extend
        return [
            place for place in kept if not ((before := bisect_left(starts, place[1])) and reach[before - 1] > place[0])
        ]


@dataclass(frozen=True, slots=True)
class NearCheck(PlaceCheck):
    """Pairs that stand close together; the pair covers everything between them."""

    left: OccurrenceCheck
    right: OccurrenceCheck
    distance: int | None
    ordered: bool

    def places(self, view: View) -> list[Place]:
        """Return every pair that is close enough, at most _MOST of them: a hostile text can hold millions."""
        left, right = self.left.places(view), sorted(self.right.places(view), key=_span)
        if not left or not right:
            return []
        layout = view.layout()
        number = layout.sentence if self.distance is None else layout.word
        numbers = [number(place[0]) for place in right]
        slack = 0 if self.distance is None else self.distance
        widest = max(number(place[1] - 1) - number(place[0]) for place in right) if slack else 0
        pairs: list[Place] = []
        for one in left:
            first = bisect_left(numbers, number(one[0]) - slack - widest)
            last = bisect_right(numbers, number(one[0] if self.distance is None else one[1] - 1) + slack)
            pairs += [_pair(one, other) for other in right[first:last] if self._close(one, other, layout)]
            if len(pairs) >= _MOST:
                break
        return sorted(pairs, key=_span)

    def _close(self, one: Place, other: Place, layout: Layout) -> bool:
        if one[1] > other[0] and (self.ordered or other[1] > one[0]):
            return False
        first, second = sorted((one, other), key=_span)
        if self.distance is None:
            return layout.sentence(first[0]) == layout.sentence(second[0])
        apart = layout.word(second[0]) - layout.word(first[1] - 1)
        return apart <= self.distance and layout.same_paragraph(first[0], second[0])


@dataclass(frozen=True, slots=True)
class AtLeastCheck:
    """At least so many occurrences."""

    count: int
    part: OccurrenceCheck

    def spots(self, view: View) -> list[Spot] | None:
        """Return all mentions, when there are enough occurrences."""
        places = self.part.places(view)
        return self.part.spots(view) if len(places) >= self.count else None


@dataclass(frozen=True, slots=True)
class AndCheck:
    """Every part holds. Parts are in an order that finds out early when one does not."""

    parts: tuple[NodeCheck, ...]

    def spots(self, view: View) -> list[Spot] | None:
        """Return the mentions of all parts."""
        found: list[Spot] = []
        for part in self.parts:
            spots = part.spots(view)
            if spots is None:
                return None
            found += spots
        return found


@dataclass(frozen=True, slots=True)
class OrCheck:
    """Some part holds."""

    parts: tuple[NodeCheck, ...]

    def spots(self, view: View) -> list[Spot] | None:
        """Return the mentions of the parts that hold."""
        held = [spots for part in self.parts if (spots := part.spots(view)) is not None]
        return list(chain.from_iterable(held)) if held else None


@dataclass(frozen=True, slots=True)
class NotCheck:
    """The part does not hold."""

    part: NodeCheck

    def spots(self, view: View) -> list[Spot] | None:
        """Return no mention at all, or None where the part holds."""
        return [] if self.part.spots(view) is None else None


@dataclass(frozen=True, slots=True)
class LabelCheck:
    """The article's source or language is the one named; case does not matter."""

    field: str
    value: str

    def spots(self, view: View) -> list[Spot] | None:
        """Return no mention at all, or None for another source or language."""
        article = view.scan.article
        actual = article.source_id if self.field == "source" else article.lang
        return [] if actual.casefold() == self.value else None


def _pair(one: Place, other: Place) -> Place:
    """Join two places; what lies between them belongs to the pair."""
    return min(one[0], other[0]), max(one[1], other[1]), (*one[2], *other[2])


def _span(place: Place) -> tuple[int, int]:
    return place[0], place[1]


def _longest(spots: list[Spot]) -> list[Spot]:
    """Drop mentions that lie within another one, keeping the first of equals; return the rest by place."""
    kept: list[Spot] = []
    for spot in sorted(spots, key=lambda spot: (spot[0], -spot[1])):
        if not kept or spot[1] > kept[-1][1]:
            kept.append(spot)
    return kept
