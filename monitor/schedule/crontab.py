"""Five-field crontab expressions, as crontab(5) of Vixie cron understands them. Pure.

APScheduler 3 counts weekdays from Monday where crontab counts from Sunday, joins day of month and weekday by AND where
crontab joins them by OR, and lets half-read names pass; so the text is read here and APScheduler is given plain numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from monitor.model.errors import InvalidValueError

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_LONGEST: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ITEM: Final = re.compile(
    r"(?:(?P<any>\*)|(?P<first>\w{1,3})(?:-(?P<last>\w{1,3}))?)(?:/(?P<step>[0-9]{1,2}))?", re.ASCII
)
_FIELDS: Final = 5
MAX_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class Crontab:
    """The moments an expression names: ascending numbers per field, weekdays from Monday = 0.

    `either_day`: a day of the month and a weekday are both asked for, and one of them is enough.
    """

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    either_day: bool


@dataclass(frozen=True, slots=True)
class _Field:
    """One column of a crontab line: its name, its numbers, and words that stand for numbers."""

    name: str
    low: int
    high: int
    words: tuple[str, ...] = ()


_MINUTE, _HOUR = _Field("minute", 0, 59), _Field("hour", 0, 23)
_DAY, _MONTH = _Field("day of month", 1, 31), _Field("month", 1, 12, _MONTHS)
_WEEKDAY = _Field("weekday", 0, 7, _WEEKDAYS)  # 0 and 7 are both Sunday


def parse(expression: str) -> Crontab:
    """Read an expression. Raises InvalidValueError with a message for people; also for a date that never comes (30 February)."""
    texts = expression.lower().split()
    if len(texts) != _FIELDS or len(expression) > MAX_LENGTH:
        raise InvalidValueError(
            f"a cron expression has five fields (minute hour day month weekday); this has {len(texts)}"
        )
    minute, hour, day, month, weekday = texts
    days, months = _numbers(day, _DAY), _numbers(month, _MONTH)
    weekdays = sorted({(number + 6) % 7 for number in _numbers(weekday, _WEEKDAY)})
    either = not day.startswith("*") and not weekday.startswith("*")
    if not either and min(days) > max(_LONGEST[number - 1] for number in months):
        raise InvalidValueError("this date never comes")
    return Crontab(_numbers(minute, _MINUTE), _numbers(hour, _HOUR), days, months, tuple(weekdays), either)


def _numbers(text: str, field: _Field) -> tuple[int, ...]:
    """Return every number that one field names, ascending."""
    return tuple(sorted({number for item in text.split(",") for number in _item(item, field)}))


def _item(text: str, field: _Field) -> range:
    """Return the numbers of `*`, `a`, `a-b`, each perhaps with `/step`."""
    found = _ITEM.fullmatch(text)
    if found is None:
        raise InvalidValueError(f"the {field.name} field cannot be read: write 5, 1-5, */5 or a list of these")
    step = int(found["step"] or 1)
    if step == 0:
        raise InvalidValueError(f"the step of the {field.name} field must be at least 1")
    if found["any"]:
        return range(field.low, field.high + 1, step)
    first = _number(found["first"], field)
    last = _number(found["last"], field) if found["last"] else field.high if found["step"] else first
    if field is _WEEKDAY and last == 0 < first:
        last = 7  # fri-sun
    if last < first:
        raise InvalidValueError(f"a range of the {field.name} field runs backwards")
    return range(first, last + 1, step)


def _number(text: str, field: _Field) -> int:
    """Return one number or word of a field."""
    number = field.low + field.words.index(text) if text in field.words else int(text) if text.isdecimal() else -1
    if not field.low <= number <= field.high:
        names = f" or {field.words[0]}-{field.words[-1]}" if field.words else ""
        raise InvalidValueError(f"the {field.name} field takes {field.low} to {field.high}{names}")
    return number
