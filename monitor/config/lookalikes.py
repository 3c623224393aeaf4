"""Signs of a Korean keyboard, and of copies from elsewhere, that look like YAML's own and are others. Pure.

A full-width colon, a no-break blank or a zero-width one cannot be seen in the line that is shown, so each is named by its
number.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

BREAKS: Final = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
"""Where YAML 1.1 ends a line."""

_BLANK: Final = "[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u3164\uffa0]"
_UNSEEN: Final = "[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
_INDENTED: Final = re.compile(rf"[ ]*(?:-[ ]+)*(?P<sign>{_BLANK}|{_UNSEEN})")
_BEHIND_SIGN: Final = re.compile(rf"[ ]*(?:-|(?:- +)*[\w-]+:)(?P<sign>{_BLANK}|{_UNSEEN})")
_COLON: Final = re.compile(r"[ ]*(?:- +)*[\"']?[\w-]+[\"']?[ ]*(?P<sign>[：﹕∶꞉ː])")
_DASH: Final = re.compile(r"[ ]*(?P<sign>[‐‑‒–—―−－﹣ー])\s*\S")
_QUOTED_PART: Final = re.compile(r"""(?:^|.*?[\s\[{,:-])(?P<quote>["']).*(?P=quote)\s*$""")
_BACK: Final = 3
"""How many lines above a fault its cause is looked for: YAML notices a missing colon when the next key comes."""


class Lookalike(NamedTuple):
    """A sign that is not what it looks like. `line` and `column` count from 1."""

    line: int
    column: int
    message: str
    hint: str


def lookalike(lines: list[str], first: int, last: int) -> Lookalike | None:
    """Return the last sign in lines `first` to `last` (from 1, both included) that YAML does not take for its own."""
    for number in range(min(last, len(lines)), max(first, 1) - 1, -1):
        text = lines[number - 1]
        for pattern, word, hint in (
            (_INDENTED, "indentation", "write ordinary blanks instead"),
            (_BEHIND_SIGN, "blank", "write an ordinary blank instead"),
            (_COLON, "colon", "write : and a blank"),
            (_DASH, "dash", "write - and a blank"),
        ):
            if found := pattern.match(text):
                message = f"{named(found['sign'])} is no {word} that YAML knows"
                return Lookalike(number, found.start("sign") + 1, message, hint)
    return None


def cause(lines: list[str], line: int) -> Lookalike | None:
    """Return the sign on this line, or a few above it, that most likely made YAML stumble there."""
    return lookalike(lines, line - _BACK, line)


def partly_quoted(lines: list[str], line: int, column: int) -> str:
    """Return the hint for a value that goes on behind its closing quotation mark at that place; "" where it is not so."""
    text = lines[line - 1] if line <= len(lines) else ""
    before, after = text[: column - 1], text[column - 1 :].strip()
    found = _QUOTED_PART.match(before)
    if not found or not after or after.startswith("#"):
        return ""
    if "'" in text:
        return 'a value that begins with a quotation mark ends at the next one: put the whole into "…"'
    return "a value that begins with a quotation mark ends at the next one: put the whole into '…', as in '\"two words\" AND one'"


def clean_key(key: str) -> tuple[str, int]:
    """Return a key without signs that nobody sees, and the offset of the first of them, -1 where there is none."""
    for offset, char in enumerate(key):
        if re.match(f"{_BLANK}|{_UNSEEN}", char):
            return re.sub(f"{_BLANK}|{_UNSEEN}", "", key), offset
    return key, -1


def named(char: str) -> str:
    """Return a character by number and name: `U+FF1A (fullwidth colon)`."""
    name = unicodedata.name(char, "").lower()
    return f"U+{ord(char):04X}" + (f" ({name})" if name else "")
