"""Where the next page begins: an opaque word that says after which row, and of which question."""

from __future__ import annotations

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.model.errors import InvalidValueError

_FOREIGN = "this cursor is not of this list; ask for the first page again"
_OTHER = "this cursor is of other filters; keep them as they were, or ask for the first page again"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row that was shown: its place in the order of the list, and the bounds of time of the first page (UTC).

    `since` and `until` are kept because "2h ago" means another moment on the next page.
    """

    article_id: int
    rule_id: str
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoryCursor:
    """The last story that was shown, by the article that gives it its place, and the bounds of time of the first page (UTC).

    `through` is the number of the hit that was stored last when the first page was asked for: what came since, be it found in an old
    article, changes the place of no story, so that each one stands on one page.
    """

    article_id: int
    through: int
    since: datetime | None = None
    until: datetime | None = None


def written(cursor: Cursor | StoryCursor, question: str) -> str:
    """Return the cursor as letters, digits, `-` and `_`; `question` is what the list was asked for, in whatever words."""
    place = cursor.through if isinstance(cursor, StoryCursor) else cursor.rule_id
    bounds = [None if one is None else one.isoformat() for one in (cursor.since, cursor.until)]
    values = [cursor.article_id, place, *bounds, _mark(question)]
    packed = json.dumps(values, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")
    return urlsafe_b64encode(packed).rstrip(b"=").decode()


def read(text: str, question: str) -> Cursor:
    """Return the cursor that was written so. Raises InvalidValueError when it is none, or one of another question."""
    article_id, rule_id, since, until = _values(text, question)
    if type(rule_id) is not str:
        raise InvalidValueError(_FOREIGN)
    return Cursor(article_id, rule_id, since, until)


def read_story(text: str, question: str) -> StoryCursor:
    """Return the cursor of a list of stories that was written so, and raise as `read` does."""
    article_id, through, since, until = _values(text, question)
    if not _is_number(through):
        raise InvalidValueError(_FOREIGN)
    return StoryCursor(article_id, through, since, until)


def _values(text: str, question: str) -> tuple[int, Any, datetime | None, datetime | None]:
    """Return a number, what stands beside it, and two moments, each of them perhaps None."""
    try:
        packed = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        number, place, since, until, mark = json.loads(packed.decode("utf-8", "surrogatepass"))
        bounds = [None if one is None else _moment(one) for one in (since, until)]
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise InvalidValueError(_FOREIGN) from None
    if not _is_number(number):
        raise InvalidValueError(_FOREIGN)
    if mark != _mark(question):
        raise InvalidValueError(_OTHER)
    return number, place, *bounds


def _is_number(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**63


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment


def _mark(question: str) -> int:
    return binascii.crc32(question.encode("utf-8", "surrogatepass"))
