"""The days of the month that a report names: the act of the 12th is not the act of the 14th. Pure."""

from __future__ import annotations

import re

_LAST_DAY = 31

# A length of time is no day: 12일간, 3일째, 5일 만에, 2일 뒤
_LENGTH = r"(?!\s?(?:간|째|차|동안|만에|만의|뒤|후|전|이내|안에|연속|가량|정도)|치)"
_DAY = re.compile(r"(?<![\d.,])(\d{1,2})\s?일" + _LENGTH)
# What stands before it, perhaps with a month between: 오는 12월 3일
_AHEAD = re.compile(r"(?:오는|내달|다음\s?달|내년)\s{0,2}(?:\d{1,2}월\s{0,2})?\Z")
_AHEAD_OR_PAST = re.compile(r"(?:오는|내달|다음\s?달|내년|지난\s?달|지난\s?해|지난|작년)\s{0,2}(?:\d{1,2}월\s{0,2})?\Z")
_BEFORE = 12  # code points in which it stands


def days_told(text: str) -> int:
    """Return the days that a folded text names, bit n for day n, without those that it only announces (오는 10일)."""
    return _days(text, _AHEAD)


def days_of(text: str) -> int:
    """Return the days on which what a folded text tells happened: neither announced ones nor earlier ones (지난 8일)."""
    return _days(text, _AHEAD_OR_PAST)


def _days(text: str, without: re.Pattern[str]) -> int:
    days = 0
    for found in _DAY.finditer(text):
        day = int(found[1])
        if 0 < day <= _LAST_DAY and not without.search(text[max(0, found.start() - _BEFORE) : found.start()]):
            days |= 1 << day
    return days
