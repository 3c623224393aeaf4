"""Finds every spelling of every rule in one pass over an article, and keeps the occurrences that are mentions."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeAlias

from ahocorasick_rs import BytesAhoCorasick

from monitor.match.boundary import HANGUL, SIGN, Needle, Verdict, judge
from monitor.match.normalise import Normal, normalise
from monitor.match.tree import OTHER_FIELDS, TEXT_FIELDS
from monitor.match.variants import spellings
from monitor.model.article import Article

SEARCHED: Final = TEXT_FIELDS + OTHER_FIELDS
Spot: TypeAlias = tuple[int, int, int, Needle, Verdict]  # start and end in Scan.text, index into SEARCHED, who, why
_CACHED: Final = 200_000  # verdicts; each is some hundred bytes
_LETTERS: Final = bytes(1 if chr(code).isalnum() and code < 0x80 else 0 for code in range(256))  # noqa: PLR2004 - ASCII


@dataclass(frozen=True, slots=True)
class Scan:
    """What one pass over an article found.

    `text` is all fields in one, a newline between them; `starts` where each field begins in it.
    `spots` lists the mentions of each needle, by its number, in order of place.
    """

    article: Article
    text: str = field(repr=False)
    starts: tuple[int, ...]
    spots: dict[int, list[Spot]]


class Analyser(Protocol):
    """Knows the morphemes of Korean; asked to confirm or overturn what grammar and word lists say."""

    def decide(self, text: str, start: int, end: int, needle: Needle, guess: Verdict) -> Verdict:
        """Answer the verdict on the occurrence `text[start:end]`; the guess itself where it knows no better."""
        ...


class Scanner:
    """All needles in one automaton. Immutable but for a bounded cache of verdicts about endings."""

    def __init__(self, needles: Sequence[Needle], analyser: Analyser | None = None) -> None:
        self._needles = tuple(needles)
        self._analyser = analyser
        owners: dict[bytes, list[int]] = {}
        for number, needle in enumerate(needles):
            for spelling in spellings(needle.alias, joints=needle.mode != "exact"):
                owners.setdefault(spelling.encode(), []).append(number)
        self._owners = tuple(tuple(numbers) for numbers in owners.values())
        self._lengths = tuple(len(pattern.decode()) for pattern in owners)
        self._guards = bytes(self._guard(numbers) for numbers in self._owners)
        self._automaton = BytesAhoCorasick(list(owners)) if owners else None

    def _guard(self, numbers: Iterable[int]) -> int:
        """Say how the byte before a pattern can refuse it: 2 any letter, 1 any ASCII letter, 0 not at all."""
        modes = {self._needles[number].mode for number in numbers}
        heads = {self._needles[number].head for number in numbers}
        if modes & {"substr", "compound"} or SIGN in heads:
            return 0
        return 2 if heads == {HANGUL} else 1

    def scan(self, article: Article, *, others: bool = False) -> Scan:
        """Look for every needle; `others` adds section, authors and URL to the four text fields."""
        texts = list(article.fields().values())
        if others:
            texts += (article.section, "\n".join(article.authors), article.url)
        starts = [0]
        for text in texts[:-1]:
            starts.append(starts[-1] + len(text) + 1)
        joined = "\n".join(texts)
        return Scan(article, joined, tuple(starts), self._spots(normalise(joined), starts))

    def _spots(self, normal: Normal, starts: list[int]) -> dict[int, list[Spot]]:
        spots: dict[int, list[Spot]] = {}
        if self._automaton is None:
            return spots
        data, shape, lengths, guards = normal.data, normal.shape, self._lengths, self._guards
        done = place = 0
        for pattern, first, last in self._automaton.find_matches_as_indexes(data, overlapping=True):
            before = data[first - 1] if first else 0x20
            guard = guards[pattern]
            if guard and (_LETTERS[before] or (guard == 2 and before > 0x7F and 0xEA <= data[first - 3] <= 0xED)):  # noqa: PLR2004 - UTF-8 lead bytes of Hangul syllables
                continue
            place += len(data[done:last].decode())
            done = last
            start = place - lengths[pattern]
            for number in self._owners[pattern]:
                needle = self._needles[number]
                verdict = judge(shape, start, place, needle)
                if self._analyser is not None:
                    verdict = self._analyser.decide(shape, start, place, needle, verdict)
                if verdict.accepted:
                    self._keep(spots, normal, number, (start, place), verdict, starts)
        return spots

    def _keep(
        self,
        spots: dict[int, list[Spot]],
        normal: Normal,
        number: int,
        span: tuple[int, int],
        verdict: Verdict,
        starts: list[int],
    ) -> None:
        """Store a mention at its place in the original, unless it would cut a character in two."""
        place = normal.original_span(*span)
        if place is None:
            return
        needle = self._needles[number]
        if needle.cased and not _same_case(normal.original[place[0] : place[1]], needle.alias):
            return
        within = 0
        while within + 1 < len(starts) and starts[within + 1] <= place[0]:
            within += 1
        spots.setdefault(number, []).append((*place, within, needle, verdict))


def _same_case(surface: str, alias: str) -> bool:
    """Compare letters with their capitals, blanks and hyphens aside."""
    return _letters(surface) == _letters(alias)


def _letters(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())
