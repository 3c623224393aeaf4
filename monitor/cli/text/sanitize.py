"""What may be printed: texts from strangers without what would be obeyed.

A terminal obeys control sequences (ECMA-48), bidirectional marks reorder what is read (Unicode Technical Report 36), a
spreadsheet runs a cell that looks like a formula (OWASP, "CSV Injection"), and some readers split lines at U+2028.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import datetime

from monitor.present.inert import inert_json
from monitor.present.moments import rfc3339

# Cc controls, Cf formats (bidirectional and zero-width marks), Cs lone surrogates, Zl and Zp line separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")


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


def cell(value: object) -> object:
    """Return a value for CSV: text is made safe, and what a spreadsheet would run gets an apostrophe before it."""
    if isinstance(value, datetime):
        return rfc3339(value)
    if not isinstance(value, str):
        return value
    guard = "'" if value.startswith(_FORMULA) or sanitize(value).startswith(_FORMULA) else ""
    return guard + sanitize(value)


def composed(value: object) -> object:
    """Return text with its Korean letters composed (NFC), as people type what they look for; other values as they are."""
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def json_in_ascii(document: str) -> str:
    """Return the same JSON in ASCII. Outside its strings JSON has no other letters, inside each may be escaped."""
    return _BEYOND_ASCII.sub(_utf16_escapes, document)


def _utf16_escapes(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def to_json(value: object, indent: int | None = None) -> str:
    """Write JSON with Korean left readable and every character that could do harm written as an escape.

    Nothing is lost: a reader of JSON gets back exactly what was given. Moments become text as `rfc3339` writes them.
    """
    return inert_json((_LINE if indent is None else _encoder(indent)).encode(value))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return rfc3339(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def _encoder(indent: int | None) -> json.JSONEncoder:
    separators = (",", ":") if indent is None else (",", ": ")
    return json.JSONEncoder(ensure_ascii=False, indent=indent, separators=separators, default=_plain)


_LINE = _encoder(None)
