"""Bilingual that take the right particle, so that invented Korean reads as Korean."""

from __future__ import annotations

from typing import Self

_FIRST, _LAST, _FINALS, _RIEUL = 0xAC00, 0xD7A3, 28, 8
_DIGIT_FINALS = {"0": 21, "1": 8, "3": 16, "6": 1, "7": 8, "8": 8}  # as read aloud: 영 일 삼 육 칠 팔


class Word(str):
    """A word that a template may ask for with a pair of particles: `{name:은는}`, `{name:으로로}`."""

    __slots__ = ()

    def __format__(self, pair: str) -> str:
        """Return the word with the one of the two particles that fits its last syllable."""
        return str(self) + (particle(self, pair) if pair else "")

    @classmethod
    def of(cls, text: str) -> Self:
        """Make a word."""
        return cls(text)


def particle(word: str, pair: str) -> str:
    """Return the half of `pair` that follows `word`: the first after a final consonant, the second after a vowel.

    `으로로` stands for 으로 / 로, where a final ㄹ counts as a vowel. Latin letters count as vowels, which is right for
    every watched name.
    """
    first, second = ("으로", "로") if pair == "으로로" else (pair[0], pair[1])
    final = _final(word[-1:])
    return second if final == 0 or (pair == "으로로" and final == _RIEUL) else first


def _final(letter: str) -> int:
    """Return the number of the final consonant of a syllable, 0 for none (Unicode, chapter 3.12)."""
    if letter and _FIRST <= ord(letter) <= _LAST:
        return (ord(letter) - _FIRST) % _FINALS
    return _DIGIT_FINALS.get(letter, 0)
