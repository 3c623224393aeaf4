"""The matter of a headline: equal for copies of one report, from [속보] to (종합). Pure.

A lost alert (a new matter taken for an old one) is worse than a repeated one, so whatever might make a difference stays
in: numbers with their points, signs and arrows, because daily reports on one template differ in nothing else.
"""

from __future__ import annotations

import re
import unicodedata

from monitor.model.headline import FLAGS

MIN_LENGTH = 8  # code points; shorter headlines (인사, 부고, 오늘의 날씨) are used again for other matters

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_MINUS = re.compile(r"(?<!\w)[-‐-―](?=\d)")  # a dash before a number; after a word it is a hyphen
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\W_]+(?=\d)")

_LOOSE_POINT = re.compile(r"(?<!\d)\.|\.(?!\d)")

# Brackets and middle dots that Unicode counts as letters or mathematical signs; headlines use them as punctuation.
_DROPPED = frozenset("<>\u119e\u318d\u2219\u22c5")


def headline_matter(title: str) -> str:
    """Return what is left of a headline when only its matter counts; "" (joins nothing) below MIN_LENGTH code points.

    Compatibility forms and case are folded (NFKC, casefold); bracketed stage flags, punctuation, blanks and invisible
    characters are dropped. Letters, numbers and symbols stay. Between two digits a separator stays as one point, so
    that 1.5 is not 15; thousands commas go.
    """
    text = _THOUSANDS.sub("", FLAGS.sub(" ", _folded(title)))
    text = _BETWEEN_DIGITS.sub(_separator, _MINUS.sub("\u2212", text))
    text = "".join(char for char in _LOOSE_POINT.sub("", text) if _matters(char))
    left = unicodedata.normalize("NFKC", text)
    return left if len(left) >= MIN_LENGTH else ""


def _folded(title: str) -> str:
    """Fold compatibility forms and case, and drop controls, format marks and lone surrogates."""
    shown = "".join(char for char in title if char.isspace() or not unicodedata.category(char).startswith("C"))
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", shown).casefold())


def _separator(found: re.Match[str]) -> str:
    """Return what stays of a separator between two digits: its symbols, or else one point."""
    return "".join(char for char in found[0] if char != "." and _matters(char)) or "."


def _matters(char: str) -> bool:
    """Return whether a character may tell two matters apart: letters, marks, numbers, symbols, and the point."""
    if char in _DROPPED:
        return False
    return char == "." or unicodedata.category(char)[0] in "LMNS"
