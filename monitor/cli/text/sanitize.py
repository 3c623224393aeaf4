"""JSON that may be printed: Korean left readable, whatever could do harm escaped."""

from __future__ import annotations

import json
import re
from datetime import datetime

from monitor.present.inert import inert_json
from monitor.present.moments import rfc3339

_BEYOND_ASCII = re.compile("[^\x00-\x7f]")


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
