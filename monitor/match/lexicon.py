"""Known nouns: which words are common nouns, and which longer words begin with a shorter one and look inflected."""

from __future__ import annotations

from bisect import bisect_left
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


def is_common(word: str) -> bool:
    """Decide whether a folded word is a common noun of Korean, as opposed to a name or a word not known."""
    return word in _common()


def longer_tails(word: str) -> tuple[str, ...]:
    """Answer what makes the folded `word` a longer noun that could pass for the word with an ending: 인지 for 메타."""
    words = _longer()
    tails = []
    at = bisect_left(words, word)
    while at < len(words) and words[at].startswith(word):
        if len(words[at]) > len(word):
            tails.append(words[at][len(word) :])
        at += 1
    return tuple(tails)


def longer_words(word: str, most: int = 8) -> tuple[str, ...]:
    """Answer known longer nouns that begin with the folded `word`, for rules that look inside words; shortest first."""
    every = _common() | LONGER
    found = sorted((other for other in every if other.startswith(word) and other != word), key=lambda o: (len(o), o))
    return tuple(found[:most])
