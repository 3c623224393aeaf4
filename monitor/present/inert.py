"""Texts from strangers, written so that nothing which shows them obeys them. Pure.

A terminal obeys control sequences (ECMA-48), bidirectional marks reorder what is read (Unicode Technical Report 36), and some readers
split lines at U+2028. JSON escapes all of these and loses nothing; a document that has no such escapes does without them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# JSON itself escapes only U+0000 to U+001F.
_RISKY: Final = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
# Controls, and the marks that turn the direction of reading; not the joiners that emoji are made of.
_TURNING: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
# Cc controls, Cf formats (bidirectional and zero-width marks), Cs lone surrogates, Zl and Zp line separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def inert_json(document: str) -> str:
    """Return JSON with every character that could do harm written as an escape; most documents hold none."""
    return document if document.isprintable() else _RISKY.sub(_escape, document)


def inert_text(text: str) -> str:
    """Return a text for readers of documents without what a terminal obeys or what turns the direction of reading."""
    return text if text.isprintable() else _TURNING.sub("", text)


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def sanitize(text: str) -> str:
    """Return the text as one line that a terminal only shows: blanks for white space, nothing for what is unseen.

    Works code point by code point, `sanitize(a + b) == sanitize(a) + sanitize(b)`: pieces may be styled on their own.
    """
    # Most text is printable as it stands: no control, no format, no white space but the blank.
    return text if text.isprintable() else "".join(map(_shown, text))


def _shown(char: str) -> str:
    if char.isspace():
        return " "
    return "" if unicodedata.category(char) in _UNSEEN else char
