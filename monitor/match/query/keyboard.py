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
_QUOTES: Final = "‘’‚‛＇＂「」『』《》〈〉«»‹›〝〞〟`´'"
_BRACKETS: Final = re.compile(r"[（）［］【】〔〕｛｝\[\]{}<>＜＞]")
_SEPARATOR: Final = re.compile(r"[，；：、。｡]|;\Z|,\Z|\A[,;]|(?<!\d)[,;]|[,;](?!\d)")
_GLUED: Final = re.compile(r"(AND|OR|NOT|EXCEPT)[가-힣]|[가-힣](AND|OR|NOT|EXCEPT)(?:[가-힣]|\Z)")
_DISTANCE: Final = re.compile(r"(?:N|W|NR|PRE|[가-힣]+)/(\d+)\Z")
_NAMED: Final = re.compile(r"([가-힣]+):(?!//)")
_WIDE_FIELD: Final = re.compile(r"([A-Za-z_]+):(?!//)")
_DASHES: Final = "–—―−－‐‑‒﹣ㅡ"
_NO_BEGINNING: Final = re.compile(r"[!*~|^\\]|\+(?!\d)|[&=?:](?=[가-힣])")  # a part of an address may begin ?id=
_NO_END: Final = re.compile(r"(?:[*~|^\\]|(?<=[가-힣])[&=?:.…·ㆍ])\Z")
_JOINED: Final = re.compile(r"(?<=[가-힣]{2})(?:\+|&|/|\|\|)(?=[가-힣]{2})")
# Letters of other scripts, and digits, that look like those of operators.
_LOOKALIKES: Final = str.maketrans("0ΟОΑАΝΤТΕЕΧХСΡР", "OOOAANTTEEXXCPP")
_LOWER: Final = frozenset({"near", "onear", "atleast"})
_JOINER: Final = "\u200d"  # joins the parts of an emoji
_FOREIGN_OPERATORS: Final = {"ANDNOT": "NOT", "BUT": "AND", "XOR": "OR", "NAND": "NOT", "NOR": "NOT", "MINUS": "NOT"}


def slip(word: str) -> tuple[int, str, str] | None:
    """Return where in a bare word, what and how to mend, when the word is most likely a slip; None when it is a word."""
    plain = unicodedata.normalize("NFKC", word)
    return _operator(word, plain) or _field(plain) or _wide(word, plain) or _sign(word)


def _operator(word: str, plain: str) -> tuple[int, str, str] | None:  # noqa: PLR0911 - one answer for each slip
    """Find an operator in another script, another language, or without its blanks."""
    if plain != word and _OPERATORS.match(plain):
        return 0, f"{word!r} is written in full-width letters", f"write {plain}, or quote the word"
    unseen = next((at for at, char in enumerate(word) if unicodedata.category(char) == "Cf" and char != _JOINER), -1)
    if unseen >= 0:
        return unseen, f"a character that cannot be seen (U+{ord(word[unseen]):04X})", "delete it, or write a blank"
    if plain in _LOWER:
        return 0, f"{word!r} looks like an operator", f"write {plain.upper()}/5, or quote the word"
    latin = plain.translate(_LOOKALIKES)
    if latin != plain and _OPERATORS.match(latin):
        return 0, f"{word!r} has signs that only look like letters of {latin}", f"write {latin}, or quote the word"
    meant = _KOREAN_OPERATORS.get(plain) or _FOREIGN_OPERATORS.get(plain)
    if meant:
        return 0, f"{word!r} looks like an operator", f"write {meant}, or quote the word"
    glued = _GLUED.search(word)
    if glued and (glued[2] or glued.start() == 0):
        operator = glued[1] or glued[2]
        where = "behind" if glued[1] else "on both sides of"
        at = glued.start(1) if glued[1] else glued.start(2)
        return at, f"{operator} and a word are glued together", f"put a blank {where} {operator}, or quote the word"
    distance = _DISTANCE.match(word)
    if distance:
        return 0, f"{word!r} looks like an operator", f"write NEAR/{distance[1]}, or quote the word"
    return None


def _field(plain: str) -> tuple[int, str, str] | None:
    """Find the Korean name of a field."""
    named = _NAMED.match(plain)
    if not named:
        return None
    known = _KOREAN_FIELDS.get(named[1])
    return 0, f"there is no field {named[1]!r}", f"write {known}:, or quote the word" if known else "quote the word"


def _wide(word: str, plain: str) -> tuple[int, str, str] | None:
    """Find full-width letters and signs where the language has a sign: ｔｉｔｌｅ:, ＠us, ￢."""
    if plain == word:
        return None
    named = _WIDE_FIELD.match(plain)
    if named and not word.startswith(named[0][:-1]):
        return 0, f"{named[0]!r} is written in full-width letters", f"write {named[0]}, or quote the word"
    if plain[0] == "@":
        return 0, f"{word[0]!r} is a full-width @", f"write {plain}, or quote the word"
    for at in (0, len(word) - 1):
        wide = unicodedata.normalize("NFKC", word[at])
        if wide != word[at] and wide in "!*~|&^+=¬":
            return at, f"{word[at]!r} is a full-width sign", f"write AND, OR or NOT for {wide}, or quote the word"
    return None


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
    return _edge(word)


def _edge(word: str) -> tuple[int, str, str] | None:
    """Find signs that make a word one which no text holds: nothing but signs, one at an edge, or one for OR between words."""
    mend = "write AND, OR or NOT between words, or quote the text"
    if not any(char.isalnum() or unicodedata.category(char) == "So" for char in word):
        if word.strip(f"{_DASHES}-") == "":
            return 0, f"{word!r} stands alone", "write NOT before a word that must not occur, or quote the text"
        return 0, f"{word!r} is no word", mend
    if _NO_BEGINNING.match(word):
        return 0, f"{word[0]!r} is not an operator", mend
    if _NO_END.search(word):
        return len(word) - 1, f"the word ends in {word[-1]!r}, and few texts say so", mend
    joined = _JOINED.search(word)
    if joined:
        return joined.start(), f"{joined[0]!r} stands between two words", mend
    return None
