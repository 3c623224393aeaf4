"""Words of a text that may be nouns: what can stand beside a watched term as something new. Pure.

A Hangul word gives both nouns that it may be where its end is in doubt: 고양이 is 고양이, or 고양 with a particle. Which one it is
shows when others write it with other endings. Numbers, dates, addresses, predicates and the names of reporters are left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from monitor.match.words.korean import final_sound, read_tail
from monitor.model.normalise import fold

MOST: Final = 4_000
"""Characters of a text that are read; further down stand other matters."""

LEAST: Final = 2
"""Syllables or letters of a name."""

_ADDRESS: Final = re.compile(r"\S{1,80}@\S{1,80}|https?://\S{1,400}|www\.\S{1,400}", re.IGNORECASE)
_REPORTER: Final = re.compile(r"[가-힣]{2,4}\s?(?:기자|특파원|앵커|논설위원|인턴기자|선임기자)(?![가-힣])")
# Behind a digit stand units: 5월에.
_WORD: Final = re.compile(r"(?<![가-힣A-Za-z0-9])[가-힣A-Za-z](?:[가-힣A-Za-z0-9]|[-&](?=[A-Za-z0-9])){1,30}+")
_DOUBTFUL: Final = frozenset(["이", "가", "나", "도", "로", "만", "의", "과", "와", "은"])
"""Particles that nouns end like: 고양이, 제주도, 대만, 회의, 사과."""

_TAIL: Final = re.compile(r"[가-힣]*\Z")
_PREDICATE: Final = re.compile(
    r"(?:다|며|면서|지만|는데|하는|하고|하게|하지|하기|하면|하려|해서|했던|하던|되는|되고|되면|된|될|한|할|위해|위한|대해|대한|따라|따른|통해|통한)\Z"
)


def names_in(text: str, but: Collection[str] = ()) -> frozenset[str]:
    """Return the words of a text that may be nouns, without particles, folded; none of those `but`, in whatever capitals."""
    plain = _REPORTER.sub(" ", _ADDRESS.sub(" ", text[:MOST]))
    found = {fold(noun) for word in _WORD.findall(plain) for noun in _nouns(word)}
    return frozenset(found - {fold(word) for word in but})


def _nouns(word: str) -> list[str]:
    """Return the nouns that a word may be: with Latin letters it is a name, and Hangul behind these belongs to its grammar."""
    tail = _TAIL.search(word)
    bare = tail.start() if tail else len(word)
    predicate = _PREDICATE.search(word) is not None
    for cut in range(max(bare, LEAST), len(word)):
        ending = word[cut:]
        read = read_tail(ending, final_sound(word[cut - 1]), "common" if cut > bare else "latin")
        if read and not (predicate and _is_part_of_a_verb(read, ending)):
            whole = not predicate and cut > bare and ending in _DOUBTFUL
            return [word, word[:cut]] if whole else [word[:cut]]
    return [] if predicate else [word]


def _is_part_of_a_verb(read: str, ending: str) -> bool:
    """Return whether what reads like grammar of a noun more likely ends a verb: 밝혔으며 is no 밝혔으."""
    return not read.startswith("verb") and len(ending) < LEAST
