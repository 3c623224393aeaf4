"""Finds every spelling of every rule in one pass over an article, and keeps the occurrences that are mentions."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final, NamedTuple, Protocol, TypeAlias

from ahocorasick_rs import BytesAhoCorasick, Implementation

from monitor.match.query.syntax import LISTED_FIELDS, OTHER_FIELDS, TEXT_FIELDS
from monitor.match.words.boundary import (
    BARE,
    HANGUL,
    LONGEST_DOUBT,
    SIGN,
    BoundaryVerdict,
    Needle,
    in_context,
    judge,
    judge_tail,
    script,
)
from monitor.match.words.variants import spellings
from monitor.model.article import Article
from monitor.model.normalise import Normal, lowered, normalise, search_form

SEARCHED: Final = TEXT_FIELDS + LISTED_FIELDS + OTHER_FIELDS
Mention: TypeAlias = tuple[
    int, int, int, Needle, BoundaryVerdict
]  # start and end in Scan.text, index into SEARCHED, who, why
_CACHED: Final = 100_000  # verdicts about endings; each is some hundred bytes
# How the byte before a pattern can refuse it.
_ANY, _ASCII_LETTER, _LETTER = range(3)
_ASCII: Final = 0x80
# Characters below U+0100: 1 letters and digits, 2 what must be looked at (signs that join, as in KT&G, 3.5 and '딥시크'로).
_CLASS: Final = bytes(
    1 if code < _ASCII and chr(code).isalnum() else 2 if code >= _ASCII or chr(code) in "&.,'\")]>" else 0
    for code in range(256)
)
_DENSE: Final = 5_000  # patterns up to which the automaton may be a full table: twice as fast, 4 kB a pattern
_TAIL: Final = re.compile("[가-힣]*").match
_FIRST_HANGUL, _LAST_HANGUL = 0xAC, 0xD7  # high bytes of the syllables in UTF-16


class Scan(NamedTuple):
    """What one pass over an article found. A tuple, because one is made for every article.

    `text` is all fields in one, a newline between them; `starts` where each field begins in it.
    `mentions` lists those of each needle, by its number, in order of place.
    """

    article: Article
    text: str
    starts: tuple[int, ...]
    mentions: dict[int, list[Mention]]


class Analyser(Protocol):
    """Knows the morphemes of Korean; asked to confirm or overturn what grammar and word lists say."""

    def decide(self, text: str, start: int, end: int, needle: Needle, guess: BoundaryVerdict) -> BoundaryVerdict:
        """Return the verdict on the occurrence `text[start:end]`; the guess itself where it knows no better."""
        ...


class Scanner:
    """All needles in one automaton. Immutable but for a bounded cache of verdicts about endings."""

    def __init__(self, needles: Sequence[Needle], analyser: Analyser | None = None) -> None:
        self._needles = tuple(needles)
        self._analyser = analyser
        owners: dict[str, tuple[int, ...]] = {}
        guards: dict[str, int] = {}
        for number, (_, alias, mode, _cased) in enumerate(needles):
            guard = _guard(alias, mode)
            for spelling in spellings(alias, joints=mode != "exact"):
                others = owners.get(spelling)
                owners[spelling] = (number,) if others is None else (*others, number)
                guards[spelling] = guard if others is None else min(guard, guards[spelling])
        self._owners = tuple(owners.values())
        self._patterns = tuple(owners)
        self._guards = bytes(guards.values())
        # The needle of a pattern that belongs to one needle in the plainest mode, -1 for all others.
        self._plain = [self._plain_owner(numbers) for numbers in owners.values()] if analyser is None else []
        self._automaton = _automaton([search_form(spelling) for spelling in owners])
        self._verdicts: dict[tuple[int, str], BoundaryVerdict] = {}

    def _plain_owner(self, numbers: tuple[int, ...]) -> int:
        _, _, mode, cased = self._needles[numbers[0]]
        return numbers[0] if len(numbers) == 1 and mode == "word" and not cased else -1

    def scan(self, article: Article, *, others: bool = False) -> Scan:
        """Look for every needle; `others` adds section, authors and URL to the four text fields."""
        joined, starts = join_fields(article, others=others)
        return Scan(article, joined, starts, self._mentions(normalise(joined), starts))

    def explain(
        self, article: Article, *, others: bool = False
    ) -> Iterator[tuple[Needle, int, int, int, BoundaryVerdict]]:
        """Yield every occurrence of every needle, mention or not: the needle, its place as in a mention, the verdict."""
        joined, starts = join_fields(article, others=others)
        normal = normalise(joined)
        if self._automaton is None:
            return
        for pattern, first, last in self._automaton.find_matches_as_indexes(normal.data, overlapping=True):
            start, end = (0, 0) if first & 1 else self._characters(normal, pattern, (first, last))
            place = normal.original_span(start, end) if end else None
            for number in self._owners[pattern] if place else ():
                needle = self._needles[number]
                verdict = self._judged(normal.shape, start, end, needle)
                if place and needle.cased and not _same_case(joined[place[0] : place[1]], needle.alias):
                    verdict = BoundaryVerdict(accepted=False, reason="capitals differ")
                if place:
                    yield needle, *place, bisect_right(starts, place[0]) - 1, verdict

    def _mentions(self, normal: Normal, starts: tuple[int, ...]) -> dict[int, list[Mention]]:  # noqa: C901, PLR0912, PLR0915 - the hot loop
        """Find the mentions. The bytes around an occurrence settle most of them before any text is looked at."""
        mentions: dict[int, list[Mention]] = {}
        if self._automaton is None:
            return mentions
        data, shape, guards, patterns = normal.data, normal.shape, self._guards, self._patterns
        size, classes, needles = len(data), _CLASS, self._needles
        plain = self._plain if not normal.edits and size == 2 * len(shape) else ()
        for pattern, first, last in self._automaton.find_matches_as_indexes(data, overlapping=True):
            if first & 1:
                continue
            guard = guards[pattern]
            if first and guard:
                high = data[first - 1]
                edge = classes[data[first - 2]] if not high else 2
                if edge == 1 or (guard == _LETTER and _FIRST_HANGUL <= high <= _LAST_HANGUL):
                    continue
            else:
                edge = 0 if guard else 2
            if edge or not plain or (number := plain[pattern]) < 0:
                self._keep(mentions, normal, starts, pattern, (first, last))
                continue
            start, place = first >> 1, last >> 1
            if shape[start:place] != patterns[pattern] and lowered(shape[start:place]) != patterns[pattern]:
                continue
            if last == size or (not data[last + 1] and not classes[data[last]]):
                verdict = BARE
            else:
                verdict = self._by_tail(shape, start, place, number)
                if not verdict.accepted:
                    continue
            mention = (start, place, bisect_right(starts, start) - 1, needles[number], verdict)
            if number in mentions:
                mentions[number].append(mention)
            else:
                mentions[number] = [mention]
        return mentions

    def _keep(
        self,
        mentions: dict[int, list[Mention]],
        normal: Normal,
        starts: tuple[int, ...],
        pattern: int,
        span: tuple[int, int],
    ) -> None:
        """Store an occurrence, found at a span of bytes, for each needle it is a mention of, at its original place."""
        span = self._characters(normal, pattern, span)
        place = normal.original_span(*span) if span[1] else None
        if place is None:  # it would cut a character in two
            return
        for number in self._owners[pattern]:
            needle = self._needles[number]
            verdict = self._judged(normal.shape, *span, needle)
            if not verdict.accepted:
                continue
            if needle.cased and not _same_case(normal.original[place[0] : place[1]], needle.alias):
                continue
            mention = (*place, bisect_right(starts, place[0]) - 1, needle, verdict)
            mentions.setdefault(number, []).append(mention)

    def _characters(self, normal: Normal, pattern: int, span: tuple[int, int]) -> tuple[int, int]:
        """Turn a span of bytes into one of characters; (0, 0) where another text has the same bytes."""
        first, last = span
        if len(normal.data) != 2 * len(normal.shape):  # characters beyond the Basic Multilingual Plane take four bytes
            first = 2 * len(normal.data[:first].decode("utf-16-le", "replace"))
            last = first + 2 * len(normal.data[span[0] : last].decode("utf-16-le", "replace"))
        start, end = first >> 1, last >> 1
        return (start, end) if lowered(normal.shape[start:end]) == self._patterns[pattern] else (0, 0)

    def _by_tail(self, text: str, start: int, end: int, number: int) -> BoundaryVerdict:
        """Judge an occurrence that begins a word by the Hangul behind it; the same ending is read once only."""
        tail = _TAIL(text, end)[0]  # type: ignore[index]  # it matches the empty string too
        key = (number, tail)
        verdict = self._verdicts.get(key)
        if verdict is None:
            if not tail:
                return judge(text, start, end, self._needles[number])
            if len(self._verdicts) >= _CACHED:
                self._verdicts.clear()
            verdict = self._verdicts[key] = judge_tail(tail, self._needles[number])
        if verdict.ground == "longer" or (verdict.accepted and len(tail) <= LONGEST_DOUBT):
            return in_context(verdict, tail, text, (start, end), self._needles[number])
        return verdict

    def _judged(self, text: str, start: int, end: int, needle: Needle) -> BoundaryVerdict:
        verdict = judge(text, start, end, needle)
        return verdict if self._analyser is None else self._analyser.decide(text, start, end, needle, verdict)


def join_fields(article: Article, *, others: bool) -> tuple[str, tuple[int, ...]]:
    """Return all searched fields of an article as one text, a newline between them, and where each begins."""
    texts = [*article.fields().values()]
    if others:
        texts += [article.section, "\n".join(article.authors), article.url]
    starts = tuple(accumulate([len(text) + 1 for text in texts[:-1]], initial=0))
    return "\n".join(texts), starts


def _automaton(patterns: list[bytes]) -> BytesAhoCorasick | None:
    """Build the automaton; the full table is quickest but grows by kilobytes a pattern."""
    if not patterns:
        return None
    return BytesAhoCorasick(patterns, implementation=Implementation.DFA if len(patterns) <= _DENSE else None)


def _guard(alias: str, mode: str) -> int:
    """Return how the byte before a spelling can refuse it: modes that look inside words refuse nothing."""
    if mode in {"substr", "compound"}:
        return _ANY
    head = alias[0]
    if "가" <= head <= "힣":
        return _LETTER
    kind = script(normalise(head).shape[:1] or " ")
    return _ANY if kind == SIGN else _LETTER if kind == HANGUL else _ASCII_LETTER


def _same_case(surface: str, alias: str) -> bool:
    """Compare letters with their capitals, blanks and hyphens aside."""
    return _letters(surface) == _letters(alias)


def _letters(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())
