"""Known nouns: which words are common nouns, and which longer words begin with a shorter one and look inflected."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from importlib import resources

from monitor.match.nouns import LONGER


def _listed(name: str) -> frozenset[str]:
    """Read one of the shipped lists: a word a line, # begins a remark."""
    text = (resources.files("monitor.match") / "data" / name).read_text(encoding="utf-8")
    return frozenset(line for line in text.split("\n") if line and line[0] != "#")


@cache
def _common() -> frozenset[str]:
    return _listed("common.txt")


@cache
def _longer() -> tuple[str, ...]:
    return tuple(sorted(LONGER | _listed("longer.txt")))


@cache
def _every() -> tuple[str, ...]:
    return tuple(sorted(_common() | LONGER))


def is_common(word: str) -> bool:
    """Return whether a folded word is a common noun of Korean, as opposed to a name or a word not known."""
    return word in _common()


def longer_tails(word: str) -> tuple[str, ...]:
    """Return what makes the folded `word` a longer noun that could pass for the word with an ending: 인지 for 메타."""
    return tuple(other[len(word) :] for other in _beginning(_longer(), word))


def longer_words(word: str, most: int = 8) -> tuple[str, ...]:
    """Return known longer nouns that begin with the folded `word`, for rules that look inside words; shortest first."""
    return tuple(sorted(_beginning(_every(), word), key=lambda other: (len(other), other))[:most])


def _beginning(words: tuple[str, ...], word: str) -> Iterator[str]:
    """Yield those of the sorted words that begin with `word` and go on."""
    for at in range(bisect_left(words, word), len(words)):
        if not words[at].startswith(word):
            return
        if len(words[at]) > len(word):
            yield words[at]
