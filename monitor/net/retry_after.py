"""The header Retry-After, in both its forms. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"[0-9]{1,400}(\.[0-9]{1,400})?")


def retry_after(value: str, now: datetime, most: float) -> float | None:
    """Return how many seconds from `now` (aware) the header asks to wait, at most `most`; None when it says nothing.

    Whole seconds or an HTTP-date (RFC 9110, section 10.2.3); a fraction of a second is understood too. `most` keeps a
    hostile number from overflowing a date.
    """
    text = value.strip()
    if _SECONDS.fullmatch(text):
        return min(float(text), most)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)  # "-0000": UTC, origin unknown
    return min(max(0.0, (moment - now).total_seconds()), most)
