"""Near-misses of a Korean keyboard: full-width signs, Korean words for operators and fields, commas between words."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_OPERATORS: Final = re.compile(r"(?:AND|OR|NOT|EXCEPT|SAME_SENTENCE|(?:NEAR|ONEAR|ATLEAST)/\d+)\Z")
_KOREAN_WORDS: Final = {
    "AND": "그리고 및 와 하고 이랑",
    "OR": "또는 혹은 아니면 이나 거나 이거나",
    "NOT": "제외 빼고 말고 아닌",
}
_KOREAN_OPERATORS: Final = {word: operator for operator, words in _KOREAN_WORDS.items() for word in words.split()}
_KOREAN_FIELDS: Final = {
    "제목": "title",
    "부제": "subtitle",
    "부제목": "subtitle",
    "본문": "body",
    "기자": "author",
    "매체": "source",
    "출처": "source",
    "언어": "lang",
}
_QUOTES: Final = "‘’‚‛＇＂「」『』《》〈〉"
_BRACKETS: Final = re.compile(r"[（）［］【】]")
_SEPARATOR: Final = re.compile(r"[，；：、]|;\Z|,\Z|\A[,;]|(?<!\d)[,;]|[,;](?!\d)")
_GLUED: Final = re.compile(r"(AND|OR|NOT|EXCEPT)[가-힣]")
_DISTANCE: Final = re.compile(r"(?:N|W|NR|PRE)/(\d+)\Z")
_NAMED: Final = re.compile(r"([가-힣]+):(?!//)")
_DASHES: Final = "–—−－"


def slip(word: str) -> tuple[int, str, str] | None:
    """Return where in a bare word, what and how to mend, when the word is most likely a slip; None when it is a word."""
    plain = unicodedata.normalize("NFKC", word)
    if plain != word and _OPERATORS.match(plain):
        return 0, f"{word!r} is written in full-width letters", f"write {plain}, or quote the word"
    if plain in _KOREAN_OPERATORS:
        return 0, f"{word!r} looks like an operator", f"write {_KOREAN_OPERATORS[plain]}, or quote the word"
    glued = _GLUED.match(word)
    if glued:
        return 0, f"{glued[1]} and a word are glued together", f"put a blank behind {glued[1]}, or quote the word"
    distance = _DISTANCE.match(word)
    if distance:
        return 0, f"{word!r} looks like an operator", f"write NEAR/{distance[1]}, or quote the word"
    named = _NAMED.match(plain)
    if named:
        known = _KOREAN_FIELDS.get(named[1])
        return 0, f"there is no field {named[1]!r}", f"write {known}:, or quote the word" if known else "quote the word"
    return _sign(word)


def _sign(word: str) -> tuple[int, str, str] | None:
    """Find the sign in a word that was meant for a sign of the language."""
    bracket = _BRACKETS.search(word)
    if bracket:
        return bracket.start(), f"{bracket[0]!r} is no bracket of the language", "write ( and ), or quote the word"
    for at in (0, len(word) - 1):
        if word[at] in _QUOTES:
            return at, f"{word[at]!r} is no quotation mark of the language", 'put the words between " and "'
    separator = _SEPARATOR.search(word)
    if separator:
        hint = "write OR or AND between words, : in ASCII behind a field, or quote the text"
        return separator.start(), f"{separator[0]!r} separates nothing here", hint
    if len(word) > 1 and word[0] in f"!！{_DASHES}":
        return 0, f"{word[0]!r} is not an operator", f"write NOT {word[1:]}, or quote the word"
    return None
