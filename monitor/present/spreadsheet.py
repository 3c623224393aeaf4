"""Values for a spreadsheet, which runs a cell that looks like a formula (OWASP, "CSV Injection"). Pure."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Final

from monitor.present.inert import sanitize
from monitor.present.moments import rfc3339

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


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
