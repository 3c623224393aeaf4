"""The spellings of one term that differ only in blanks and hyphens, made once when rules are compiled.

People write OpenAI, Open AI and Open-AI; 오픈AI and 오픈 AI. Joints are where the script changes, where CamelCase begins a
new word, where the term itself has a blank or a hyphen, and where its author put a | (스타|게이트). Blanks are never deleted
from the text: that would join words which do not belong together.
"""

from __future__ import annotations

import itertools
import re
from typing import Final

from monitor.model.normalise import fold, normalise

LIMIT: Final = 8
_ONE_SCRIPT: Final = re.compile("[가-힣]+")
_SEPARATORS: Final = ("", " ", "-")
_JOINT: Final = re.compile(
    r"(?<=[a-z])(?=[A-Z])|(?<=[가-힣])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[가-힣])|(?<=[A-Za-z]{2})(?=[0-9])"
)
_WRITTEN: Final = re.compile(r"(\||[ -])")


def spellings(term: str, *, joints: bool = True) -> tuple[str, ...]:
    """Return the folded spellings of `term`, its own first, at most LIMIT; without `joints` its own alone.

    >>> spellings("오픈AI")
    ('오픈ai', '오픈 ai', '오픈-ai')
    """
    if _ONE_SCRIPT.fullmatch(term):
        return (term,)
    own = fold(term.replace("|", ""))
    if not joints or not own:
        return (own,) if own else ()
    pieces = _pieces(normalise(term).shape.strip(" "))
    choices = [_choices(before, written, after) for before, written, after in zip(*_around(pieces), strict=True)]
    made = ("".join(_woven(pieces[::2], chosen)) for chosen in itertools.product(*choices))
    found = dict.fromkeys(itertools.islice((fold(spelling) for spelling in made), LIMIT * 8))
    return tuple(spelling for spelling in dict.fromkeys((own, *found)) if spelling)[:LIMIT]


def _pieces(shape: str) -> list[str]:
    """Cut a term at its joints: word, what is written between, word, … with at least one word."""
    pieces: list[str] = []
    for piece in _WRITTEN.split(shape):
        if _WRITTEN.fullmatch(piece):
            pieces.append(piece)
            continue
        for number, part in enumerate(_JOINT.split(piece)):
            pieces += [""] * (number > 0) + [part]
    return pieces


def _around(pieces: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Return, for each joint, the word before it, what is written in it, and the word after it."""
    return pieces[:-2:2], pieces[1::2], pieces[2::2]


def _choices(before: str, written: str, after: str) -> tuple[str, ...]:
    """Return what may stand in a joint. A blank between two words of one script separates real words and stays."""
    if written == " " and (not before or not after or _script(before[-1]) == _script(after[0])):
        return (" ", "-") if before.isascii() and after.isascii() else (" ",)
    first = "" if written == "|" else written
    return (first, *(separator for separator in _SEPARATORS if separator != first))


def _script(char: str) -> str:
    return "latin" if char.isascii() else "other"


def _woven(words: list[str], separators: tuple[str, ...]) -> list[str]:
    """Put separators between words."""
    woven = [words[0]]
    for separator, word in zip(separators, words[1:], strict=True):
        woven += (separator, word)
    return woven
