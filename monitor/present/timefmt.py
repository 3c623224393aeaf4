"""Moments as people and programs write and read them. Pure: the present moment and the zone come in."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from monitor.model.errors import BoundsError, InvalidValueError

_AGO = re.compile(r"(?:\d{1,9}\s*[smhdw]\s*)+", re.ASCII)
_PART = re.compile(r"(\d+)\s*([smhdw])", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_STEPS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
_DAYS = {"today": 0, "오늘": 0, "yesterday": 1, "어제": 1, "그제": 2, "그저께": 2}
_COMING = {"tomorrow": 1, "내일": 1, "모레": 2}
_DATE = re.compile(r"(?:(\d{4})\s*[년./-]\s*)?(\d{1,2})\s*[월./-]\s*(\d{1,2})\s*[일.]?", re.ASCII)
_DAY_AND_TIME = re.compile(r"(.+?)\s+(\d{1,2}:\d{2}(?::\d{2})?)", re.ASCII)
_KOREAN_AGO = re.compile(r"(?:\d{1,9}\s*(?:초|분|시간|일|주)\s*)+전", re.ASCII)
_KOREAN_UNITS = {"초": "s", "분": "m", "시간": "h", "일": "d", "주": "w"}
_MONTH_DAY = re.compile(r"(\d{1,2})-(\d{1,2})", re.ASCII)
_TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?", re.ASCII)
_LEAP = 8  # years at most between two 29ths of February
_KOREAN_AHEAD = re.compile(r"(?:\d{1,9}\s*(?:초|분|시간|일|주)\s*)+(?:뒤|후|동안)?", re.ASCII)
AHEAD = "1h or 2h30m (from now; s, m, h, d, w), 1시간, 18:00 (the next one), tomorrow, 내일, 모레, 12-01 or 2026-12-01 (its first moment), 2026-12-01T09:00"
FORMS = (
    "2h or 2h30m (ago; s, m, h, d, w), 04:00 (the last one), today, yesterday, 오늘, 어제, 그제, 11-28 (the last one), "
    "3일 전, 어제 09:00, 2026-11-01, 2026. 11. 1., 2026-11-01T09:00, 2026-11-01T09:00+09:00"
)


def parse_span(text: str, now: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """Read a time as (start, end), half open: a day from its first moment to the next day's, anything else as one moment.

    A day and a time of day without a year or a date are the last ones that have begun. What has no offset is in `zone`.
    Returns UTC. Raises InvalidValueError with words for the user.
    """
    try:
        stated = _plain(text)
        day = _day(stated, now.astimezone(zone).date())
        if day:
            return _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
        moment = _moment(stated, now, zone)
    except (ValueError, OverflowError):
        raise InvalidValueError(f"{text!r} is not a time; write {FORMS}") from None
    return moment, moment


def parse_bounds(since: str, until: str, now: datetime, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
    """Read two times as bounds, half open, UTC; "" bounds nothing, and a day given to `until` is included.

    Raises BoundsError for what is no time, and where nothing lies between the two.
    """
    start, end = _bound("since", since, now, zone), _bound("until", until, now, zone)
    if start and end and start[0] >= end[1]:
        raise BoundsError("since", f"nothing lies between: since {since!r} is not before until {until!r}", empty=True)
    return start[0] if start else None, end[1] if end else None


def _bound(name: str, text: str, now: datetime, zone: tzinfo) -> tuple[datetime, datetime] | None:
    try:
        return parse_span(text, now, zone) if text else None
    except InvalidValueError as error:
        raise BoundsError(name, str(error)) from None


def parse_ahead(text: str, now: datetime, zone: tzinfo) -> datetime:
    """Read a moment that lies ahead: a day as its first moment, a time of day or a day without a year as the next one.

    What has no offset is in `zone`. Returns UTC, not before `now`. Raises InvalidValueError with words for the user.
    """
    try:
        at = _ahead(text, now, zone)
    except (ValueError, OverflowError):
        raise InvalidValueError(f"{text!r} is not a time ahead; write {AHEAD}") from None
    if at <= now:
        raise InvalidValueError(f"{text!r} is over: it is {clock(now, now, zone)}")
    return at


def _ahead(text: str, now: datetime, zone: tzinfo) -> datetime:
    if _KOREAN_AGO.fullmatch(unicodedata.normalize("NFKC", text).strip()):
        raise ValueError(text)
    stated = _plain(text)
    if _KOREAN_AHEAD.fullmatch(stated):
        stated = re.sub("초|분|시간|일|주", lambda unit: _KOREAN_UNITS[unit[0]], stated.rstrip("뒤후동안 "))
    if _AGO.fullmatch(stated):
        return now + (now - _moment(stated, now, zone))
    today = now.astimezone(zone).date()
    if _TIME.fullmatch(stated):
        at = datetime.combine(today, _clocked(stated), zone).astimezone(UTC)
        return at if at > now else datetime.combine(today + timedelta(days=1), _clocked(stated), zone).astimezone(UTC)
    day_part, _, clock_part = stated.partition(" ")
    if day := _coming(day_part, today):
        return datetime.combine(day, _clocked(clock_part) if clock_part else time(), zone).astimezone(UTC)
    read = datetime.fromisoformat(stated)
    return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)


def _coming(stated: str, today: date) -> date | None:
    """Return the day ahead that a word, or a month and a number, means; None where the text is neither."""
    if days := _COMING.get(unicodedata.normalize("NFC", stated).casefold()):
        return today + timedelta(days=days)
    found = _MONTH_DAY.fullmatch(stated)
    return _next(int(found[1]), int(found[2]), today) if found else None


def _next(month: int, number: int, today: date) -> date:
    """Return the next day of that month and number. Raises ValueError for one that never comes."""
    for year in range(today.year, today.year + _LEAP + 1):
        if number <= monthrange(year, month)[1] and (day := date(year, month, number)) >= today:
            return day
    raise ValueError(month, number)


def parse_day(text: str, now: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """Read a day as its first moment and the next day's, UTC. Raises InvalidValueError for anything but a day."""
    start, end = parse_span(text, now, zone)
    if start == end:
        raise InvalidValueError(f"{text!r} is not a day; write 2026-11-28, 11-28, today, yesterday, 오늘, 어제")
    return start, end


def _plain(text: str) -> str:
    """Return a time with its date as ISO 8601 writes it and its units in ASCII: 2026. 11. 8. -> 2026-11-08, 3일 전 -> 3d."""
    stated = unicodedata.normalize("NFKC", text).strip()
    if _KOREAN_AGO.fullmatch(stated):
        return re.sub("초|분|시간|일|주", lambda unit: _KOREAN_UNITS[unit[0]], stated.removesuffix("전")).strip()
    found = _DATE.match(stated)
    if not found or stated[found.end() : found.end() + 1] not in {"", " "}:
        return stated
    year, month, day = found.groups()
    return (f"{year}-" if year else "") + f"{int(month):02}-{int(day):02}{stated[found.end() :]}"


def _day(stated: str, today: date) -> date | None:
    """Return the day that is meant, None where the text is no day. Raises ValueError for one that never comes."""
    if (back := _DAYS.get(unicodedata.normalize("NFC", stated).casefold())) is not None:
        return today - timedelta(days=back)
    if found := _MONTH_DAY.fullmatch(stated):
        month, number = int(found[1]), int(found[2])
        for year in range(today.year, max(today.year - _LEAP, 1) - 1, -1):
            if number <= monthrange(year, month)[1] and (day := date(year, month, number)) <= today:
                return day
        raise ValueError(stated)
    try:
        return date.fromisoformat(stated)
    except ValueError:
        return None


def _moment(stated: str, now: datetime, zone: tzinfo) -> datetime:
    if _AGO.fullmatch(stated):
        parts = _PART.findall(stated)
        return now - sum((timedelta(**{_UNITS[unit]: int(number)}) for number, unit in parts), timedelta())
    if _TIME.fullmatch(stated):
        clocked = _clocked(stated)
        today = now.astimezone(zone).date()
        at = datetime.combine(today, clocked, zone).astimezone(UTC)
        return at if at <= now else datetime.combine(today - timedelta(days=1), clocked, zone).astimezone(UTC)
    if (found := _DAY_AND_TIME.fullmatch(stated)) and (day := _day(found[1], now.astimezone(zone).date())):
        return datetime.combine(day, _clocked(found[2]), zone).astimezone(UTC)
    read = datetime.fromisoformat(stated)
    return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)


def _clocked(stated: str) -> time:
    return time.fromisoformat(stated.zfill(5) if stated.count(":") == 1 else stated.zfill(8))


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def clock(when: datetime, now: datetime, zone: tzinfo) -> str:
    """Write a moment in the reader's zone, as short as it stays clear: 14:05, 11-23 14:05 or 2025-11-23 14:05."""
    local, today = when.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    return f"{local:%m-%d %H:%M}" if local.year == today.year else f"{local:%Y-%m-%d %H:%M}"


def zone_name(now: datetime, zone: tzinfo) -> str:
    """Return how people call the zone at that moment: KST, or UTC+03 where it has no name."""
    name = now.astimezone(zone).tzname() or ""
    return name if name.isalpha() else f"UTC{name.removeprefix('UTC')}"


def distance(when: datetime, now: datetime) -> str:
    """Write how far away a moment is, rounded down: `3 min ago`, `in 2 h`, `now`."""
    seconds = int(abs((when - now).total_seconds()))
    for size, unit in _STEPS:
        if seconds >= size:
            amount = f"{seconds // size} {unit}"
            return f"{amount} ago" if when < now else f"in {amount}"
    return "now"


def clock_and_distance(when: datetime | None, now: datetime, zone: tzinfo) -> str:
    """Write a moment and its distance: `14:05 (3 min ago)`; `never` for None."""
    return "never" if when is None else f"{clock(when, now, zone)} ({distance(when, now)})"


def span(ms: int) -> str:
    """Return a span for people, to two digits or so: 340 ms, 2.1 s, 8 min."""
    if ms < 1_000:  # noqa: PLR2004 - a second
        return f"{ms} ms"
    size, unit = next((size, unit) for size, unit in _STEPS if ms >= size * 1_000)
    return f"{ms / 1_000 / size:.1f}".removesuffix(".0") + f" {unit}"


def half_and_most(p50: int | None, p95: int | None) -> str:
    """Return what half and nineteen of twenty stayed under, in ms, for people: 340 ms / 2.1 s; "" where nothing was measured."""
    return "" if p50 is None or p95 is None else f"{span(p50)} / {span(p95)}"
