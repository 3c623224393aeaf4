"""Compiled expressions: what a node of the tree (query/syntax.py) becomes, so that it can be held against a scanned article.

Term -> TermCheck, Near -> NearCheck, and so on. An Or of terms is a UnionCheck, since NEAR and EXCEPT work on what it finds;
any other Or an OrCheck. `source:` and `lang:` are a LabelCheck. Alias, Within, Moded and ScanAll leave no check of their own:
the compiler has put what they say into the checks below them.

A mention is one needle at one place. An occurrence is what NEAR, EXCEPT and ATLEAST count: a mention, a match of a regular
expression, or a pair with all that lies between.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import Final, Protocol, TypeAlias

from monitor.match.regex import CompiledRegex
from monitor.match.words.boundary import BoundaryVerdict, Needle
from monitor.match.words.scan import Mention, Scan

_WORD: Final = re.compile(r"\S+")
_SENTENCE_END: Final = re.compile(r"[.!?。…]+[\"'”’」』)\]]*(?=\s)|\n")
_PARAGRAPH_END: Final = re.compile(r"\n")
_MOST: Final = 5_000  # pairs that one NEAR gives, and the bound of its work
Occurrence: TypeAlias = tuple[int, int, tuple[Mention, ...]]  # start, end, the mentions within


class Layout:
    """Counts eojeols (words between blanks) and finds sentences, once for each scanned text."""

    def __init__(self, text: str) -> None:
        self._words = [found.start() for found in _WORD.finditer(text)]
        self._sentences = [found.end() for found in _SENTENCE_END.finditer(text)]
        self._paragraphs = [found.end() for found in _PARAGRAPH_END.finditer(text)]

    def word(self, offset: int) -> int:
        """Number the eojeol that holds an offset."""
        return bisect_right(self._words, offset)

    def sentence(self, offset: int) -> int:
        """Number the sentence that holds an offset. Fields and paragraphs end sentences."""
        return bisect_right(self._sentences, offset)

    def same_paragraph(self, one: int, other: int) -> bool:
        """Return whether two offsets lie in one paragraph of one field."""
        return bisect_right(self._paragraphs, one) == bisect_right(self._paragraphs, other)


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

    def mentions(self, view: View) -> list[Mention] | None:
        """Return the mentions that prove the expression; None where it does not hold."""
        ...


class OccurrenceCheck(ABC):
    """A compiled expression that stands for places in the text: it holds where it occurs."""

    @abstractmethod
    def occurrences(self, view: View) -> list[Occurrence]:
        """Return all occurrences, by place."""

    def mentions(self, view: View) -> list[Mention] | None:
        """Return the mentions within all occurrences; None without any."""
        return list(dict.fromkeys(chain.from_iterable(place[2] for place in self.occurrences(view)))) or None


@dataclass(frozen=True, slots=True)
class TermCheck(OccurrenceCheck):
    """The mentions of any of the needles, in the given fields (indexes into scan.SEARCHED)."""

    numbers: tuple[int, ...]
    fields: frozenset[int]

    def mentions(self, view: View) -> list[Mention] | None:
        """Return the mentions; where two spellings overlap, the longer one."""
        found = view.scan.mentions
        if len(self.numbers) == 1 and len(view.scan.starts) == len(self.fields):
            return found.get(self.numbers[0])
        listed = [found[number] for number in self.numbers if number in found]
        kept = [mention for mentions in listed for mention in mentions if mention[2] in self.fields]
        return (_longest(kept) if len(listed) > 1 else kept) or None

    def occurrences(self, view: View) -> list[Occurrence]:
        """Return each mention as a place of its own."""
        return [(mention[0], mention[1], (mention,)) for mention in self.mentions(view) or ()]


@dataclass(frozen=True, slots=True)
class RegexCheck(OccurrenceCheck):
    """The matches of a regular expression in the given fields."""

    pattern: CompiledRegex
    needle: Needle
    fields: frozenset[int]

    def occurrences(self, view: View) -> list[Occurrence]:
        """Search each field of its own, in the original text."""
        scan = view.scan
        ends = [*(start - 1 for start in scan.starts[1:]), len(scan.text)]
        found: list[Occurrence] = []
        for number, (start, end) in enumerate(zip(scan.starts, ends, strict=True)):
            if number in self.fields:
                for first, last in self.pattern.finditer(scan.text[start:end]):
                    span = (start + first, start + last)
                    mention = (*span, number, self.needle, BoundaryVerdict(accepted=True, reason="regex"))
                    found.append((*span, (mention,)))
        return found


@dataclass(frozen=True, slots=True)
class UnionCheck(OccurrenceCheck):
    """The occurrences of all parts together."""

    parts: tuple[OccurrenceCheck, ...]

    def mentions(self, view: View) -> list[Mention] | None:
        """Return the mentions of all parts; None without any."""
        found: list[Mention] = []
        for part in self.parts:
            found += part.mentions(view) or ()
        return found or None

    def occurrences(self, view: View) -> list[Occurrence]:
        """Return the occurrences of all parts, by place."""
        return sorted(chain.from_iterable(part.occurrences(view) for part in self.parts), key=_span)


@dataclass(frozen=True, slots=True)
class ExceptCheck(OccurrenceCheck):
    """Occurrences of `keep` that overlap none of `drop`."""

    keep: OccurrenceCheck
    drop: OccurrenceCheck

    def occurrences(self, view: View) -> list[Occurrence]:
        """Return what is left of `keep`."""
        kept = self.keep.occurrences(view)
        holes = sorted(self.drop.occurrences(view), key=_span) if kept else []
        starts = [hole[0] for hole in holes]
        reach = list(accumulate((hole[1] for hole in holes), max))  # how far the holes so far extend
        return [
            place for place in kept if not ((before := bisect_left(starts, place[1])) and reach[before - 1] > place[0])
        ]


@dataclass(frozen=True, slots=True)
class NearCheck(OccurrenceCheck):
    """Pairs that stand close together; the pair covers everything between them."""

    left: OccurrenceCheck
    right: OccurrenceCheck
    distance: int | None
    ordered: bool

    def occurrences(self, view: View) -> list[Occurrence]:
        """Return every pair that is close enough, at most _MOST of them: a hostile text can hold millions."""
        left, right = self.left.occurrences(view), sorted(self.right.occurrences(view), key=_span)
        if not left or not right:
            return []
        layout = view.layout()
        number = layout.sentence if self.distance is None else layout.word
        numbers = [number(place[0]) for place in right]
        slack = 0 if self.distance is None else self.distance
        widest = max(number(place[1] - 1) - number(place[0]) for place in right) if slack else 0
        pairs: list[Occurrence] = []
        for one in left:
            first = bisect_left(numbers, number(one[0]) - slack - widest)
            last = bisect_right(numbers, number(one[0] if self.distance is None else one[1] - 1) + slack)
            pairs += [_pair(one, other) for other in right[first:last] if self._close(one, other, layout)]
            if len(pairs) >= _MOST:
                break
        return sorted(pairs, key=_span)

    def _close(self, one: Occurrence, other: Occurrence, layout: Layout) -> bool:
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

    def mentions(self, view: View) -> list[Mention] | None:
        """Return all mentions, when there are enough occurrences."""
        occurrences = self.part.occurrences(view)
        return self.part.mentions(view) if len(occurrences) >= self.count else None


@dataclass(frozen=True, slots=True)
class AndCheck:
    """Every part holds. Parts are in an order that finds out early when one does not."""

    parts: tuple[NodeCheck, ...]

    def mentions(self, view: View) -> list[Mention] | None:
        """Return the mentions of all parts."""
        found: list[Mention] = []
        for part in self.parts:
            mentions = part.mentions(view)
            if mentions is None:
                return None
            found += mentions
        return found


@dataclass(frozen=True, slots=True)
class OrCheck:
    """Some part holds."""

    parts: tuple[NodeCheck, ...]

    def mentions(self, view: View) -> list[Mention] | None:
        """Return the mentions of the parts that hold."""
        held = [mentions for part in self.parts if (mentions := part.mentions(view)) is not None]
        return list(chain.from_iterable(held)) if held else None


@dataclass(frozen=True, slots=True)
class NotCheck:
    """The part does not hold."""

    part: NodeCheck

    def mentions(self, view: View) -> list[Mention] | None:
        """Return no mention at all, or None where the part holds."""
        return [] if self.part.mentions(view) is None else None


@dataclass(frozen=True, slots=True)
class LabelCheck:
    """The article's source or language is the one named; case does not matter."""

    field: str
    value: str

    def mentions(self, view: View) -> list[Mention] | None:
        """Return no mention at all, or None for another source or language."""
        article = view.scan.article
        actual = article.source_id if self.field == "source" else article.lang
        return [] if actual.casefold() == self.value else None


def _pair(one: Occurrence, other: Occurrence) -> Occurrence:
    """Join two occurrences; what lies between them belongs to the pair."""
    return min(one[0], other[0]), max(one[1], other[1]), (*one[2], *other[2])


def _span(place: Occurrence) -> tuple[int, int]:
    return place[0], place[1]


def _longest(mentions: list[Mention]) -> list[Mention]:
    """Drop mentions that lie within another one, keeping the first of equals; return the rest by place."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda mention: (mention[0], -mention[1])):
        if not kept or mention[1] > kept[-1][1]:
            kept.append(mention)
    return kept
