"""Times as news sites and feeds write them, to UTC.

Forms: ISO 8601, RFC 2822 (also with a numeric month), CMS digits (20250205142133), Korean and dotted dates with
오전/오후, relative ones (3시간 전), month and day alone. A time without a zone is local to `zone`.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

TOLERANCE = timedelta(minutes=15)
_LONGEST = 300  # a date line; more is not a date
_NOON = 12
_DECEMBER = 12
_MIDNIGHT = 24
_CENTURY = 100
_PIVOT = 70  # two-digit years: 70-99 are 1970-1999
_EARLIEST = 1980  # nobody published on the web before; CMS nulls and zero clocks fall away

_MONTH_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTHS = {name: n for n, name in enumerate(_MONTH_NAMES.split(), 1)}
_MONTHS |= {"mär": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12}
_NAMED_ZONES = {"UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "KST": 9, "JST": 9, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5}
_NAMED_ZONES |= {"MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "CET": 1, "CEST": 2, "BST": 1}
_NAMED_ZONES |= {"WET": 0, "WEST": 1, "EET": 2, "EEST": 3, "MSK": 3, "HKT": 8, "SGT": 8, "AEST": 10, "AEDT": 11}

# A name at the end of the line that is not known is a zone all the same: the time is then not the local one.
_ZONE = r"\s*+[(\[]?(?P<zone>(?:GMT|UTC?)?[+-]\d\d:?\d\d(?!\d)|(?:GMT|UTC?)[+-]\d{1,2}(?![\d:])|(?-i:[A-Z]{1,3}T|MSK)(?=\s*+(?:$|[)\]]))|(?-i:Z|UTC?|GMT|KST|JST|[ECMP][SD]T|CES?T|BST)\b|[+-]\d\d:?\d\d(?!\d)|[+-]\d\d(?![\d:]))?"
_CLOCK = (
    r"(?P<half>오전|오후|낮|[ap]\.?m\.?)?\s*+(?P<hour>\d{1,2})\s*+(?::|시)\s*+(?P<minute>\d{1,2})?\s*+분?"
    r"(?:\s*+:?\s*+(?P<second>\d{2})(?!\d)(?:[.,]\d{1,9})?초?)?\s*+(?P<late>[ap]\.?m\b)?"
)
_GAP = r"(?:\s*+[(\[]?[월화수목금토일](?:요일)?[)\]]?(?![가-힣]))?(?:\s*+(?:[T\u1175\u119e]|[^\w\s+~:])){0,2}\s*+(?:at\s++)?"
_TIME = rf"(?:{_GAP}{_CLOCK}{_ZONE})?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?<!\d)(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)T?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?"
        + _ZONE
        + r"(?!\d)",
        r"(?<!\d)(?P<year>\d{4})\s*+(?:년|[.\-/])\s*+(?P<month>\d{1,2})\s*+(?:월|[.\-/])\s*+(?P<day>\d{1,2})(?!\d)\s*+[일.]?"
        + _TIME,
        r"(?<!\d)(?P<day>\d{1,2})(?:\.|st|nd|rd|th)?[\s\-]++(?P<month>[a-zä]{3,9})\.?[\s\-,]++(?P<year>\d{4}|\d\d)(?!\d)"
        + _TIME,
        r"(?<!\d)(?P<day>\d{1,2})\s++(?P<month>\d{1,2})월?\s++(?P<year>\d{4})(?!\d)" + _TIME,
        r"(?<!\d)(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})(?!\d)" + _TIME,
        r"(?<!\d)(?P<one>\d{1,2})(?P<mark>[/-])(?P<two>\d{1,2})(?P=mark)(?P<year>\d{4})(?!\d)" + _TIME,
        r"(?<!\d)(?P<month>\d{1,2})월\s*+(?P<day>\d{1,2})일?,?\s++(?P<year>\d{4})(?!\d)" + _TIME,
        r"\b(?P<month>[a-z]{3,9})\.?\s++(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s++(?P<year>\d{4})(?!\d)(?:\s++at)?" + _TIME,
        r"(?<!\d)(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?!\d)",
        r"(?<!\d)(?P<year>\d\d)\s*+[.\-/]\s*+(?P<month>\d\d)\s*+[.\-/]\s*+(?P<day>\d\d)(?!\d)\.?" + _TIME,
    )
)
_DAY_OF_YEAR = re.compile(
    r"(?<![\d.\-/:])(?P<month>\d{1,2})\s*+(?:월|[.\-/])\s*+(?P<day>\d{1,2})(?!\d)\s*+[일.]?" + _TIME, re.IGNORECASE
)
_CLOCK_BEFORE = re.compile(r"(?<![\d:+-])" + _CLOCK + r"[\s,|/·-]*+(?:on\s*+)?$", re.IGNORECASE)
_CLOCK_ALONE = re.compile(r"^(?P<day>오늘|어제|그제)?\s*+(?:" + _CLOCK + r")?$", re.IGNORECASE)
_AGO = re.compile(r"(?<!\d)(?P<count>\d{1,4})\s*+(?P<unit>초|분|시간|일|주|개월|달|년)\s*+전")
_SECONDS = {
    "초": 1,
    "분": 60,
    "시간": 3600,
    "일": 86_400,
    "주": 604_800,
    "개월": 2_592_000,
    "달": 2_592_000,
    "년": 31_536_000,
}
_NOW = re.compile(r"^방금(?:\s*+전)?$")
_DAYS_BACK = {"오늘": 0, "어제": 1, "그제": 2}
_PUBLISHED = re.compile(
    r"(?:기사\s*)?(?:입력|승인|등록|송고|발행|게재|작성)(?:\s*(?:일시|시간|일))?|published", re.IGNORECASE
)
_MODIFIED = re.compile(
    r"(?:최종|기사)?\s*(?:수정|업데이트|변경)(?:\s*(?:일시|시간|일))?|updated?|modified", re.IGNORECASE
)


def parse_date(text: str, zone: str, now: datetime) -> datetime | None:
    """Read the publish time in `text`; None where there is none.

    Returns UTC. `zone` is the IANA zone of times that name none; `now` (aware) anchors relative forms. A time later
    than `now` + 15 minutes is refused: it is a local time with a wrong label, and would pin itself to the top of every
    list; a month and day alone that would be later than that are of last year. 24:00 is the next midnight; a clock that does
    not exist, as 24:30, is no time at all. In a line with both, the time after 입력/승인/등록 counts and the one after 수정 never does.
    Never raises for any text; an unknown zone raises zoneinfo.ZoneInfoNotFoundError.
    """
    moment = zoned_date(text, zone, now)
    return None if moment is None else moment.astimezone(UTC)


def _in_unknown_zone(line: str) -> bool:
    """Return whether a date of a mail header (RFC 2822 §3.3, as feeds have it) ends in the name of a zone that is not known."""
    if line[3:4] != "," or not line[-1:].isupper():
        return False
    name = line.rpartition(" ")[2]
    return name.isalpha() and name.isupper() and name not in _NAMED_ZONES and name not in {"AM", "PM"}


def zoned_date(text: str, zone: str, now: datetime) -> datetime | None:
    """Read a publish time as parse_date does, in the zone that the text states: its tzinfo is a datetime.timezone then, and
    the ZoneInfo of `zone` where the text states none."""
    line = _publish_part(unicodedata.normalize("NFKC", text[:_LONGEST]).strip())
    if not line or _in_unknown_zone(line):
        return None
    local = now.astimezone(_zone(zone))
    try:
        moment = _absolute(line, local) or _relative(line, local)
    except (ValueError, OverflowError):
        return None
    if moment is None or moment.year < _EARLIEST or moment > now + TOLERANCE:
        return None
    return moment


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _publish_part(line: str) -> str:
    """Cut a date line down to what its labels call the publish time."""
    published, modified = _PUBLISHED.search(line), _MODIFIED.search(line)
    if published:
        line = line[published.end() :]
        modified = _MODIFIED.search(line)
    return line[: modified.start()].strip(" :|·-") if modified else line.strip(" :|·")


def _absolute(line: str, local: datetime) -> datetime | None:
    """Find a full date, or a month and day whose year is the last one that is not in the future."""
    for form in _FORMS:
        found = form.search(line)
        if found:
            parts = found.groupdict()
            before = _CLOCK_BEFORE.search(line[: found.start()]) if "half" in parts and not parts["hour"] else None
            return _moment(parts | before.groupdict() if before else parts, local)
    if _AGO.search(line):
        return None
    found = _DAY_OF_YEAR.search(line)
    if not found:
        return None
    parts = found.groupdict()
    moment = _moment(parts | {"year": str(local.year)}, local)
    return moment if moment <= local + TOLERANCE else _moment(parts | {"year": str(local.year - 1)}, local)


def _moment(parts: dict[str, str | None], local: datetime) -> datetime:
    """Put named parts together. Raises ValueError for a day or hour that does not exist."""
    if parts.get("one"):
        parts = parts | _day_and_month(parts)
    day = datetime(
        _year(parts["year"] or ""), _month(parts["month"] or ""), int(parts["day"] or 0), tzinfo=local.tzinfo
    )
    return _at(day.replace(tzinfo=_offset(parts.get("zone")) or local.tzinfo), parts)


def _day_and_month(parts: dict[str, str | None]) -> dict[str, str | None]:
    """Tell 28/11/2026 from 11/28/2026. Raises ValueError where neither a number nor an AM or PM tells."""
    one, two = parts["one"] or "", parts["two"] or ""
    if int(one) > _DECEMBER:
        return {"day": one, "month": two}
    half = (parts.get("half") or parts.get("late") or "").lower()
    if int(two) > _DECEMBER or one == two or half.startswith(("a", "p")):
        return {"day": two, "month": one}
    raise ValueError(one)


def _at(day: datetime, parts: dict[str, str | None]) -> datetime:
    """Set the clock of a day; 24:00 is the next midnight."""
    hour = _hour(int(parts.get("hour") or 0), (parts.get("half") or parts.get("late") or "").lower())
    minute, second = int(parts.get("minute") or 0), min(int(parts.get("second") or 0), 59)
    if hour == _MIDNIGHT and not minute:
        return day + timedelta(days=1)
    return day.replace(hour=hour, minute=minute, second=second)


def _hour(hour: int, half: str) -> int:
    if half in {"오후", "낮"} or half.startswith("p"):
        return hour + _NOON if 0 < hour < _NOON else hour
    if half and hour == _NOON:
        return 0
    return hour


def _year(digits: str) -> int:
    year = int(digits)
    return year if year >= _CENTURY else year + (1900 if year >= _PIVOT else 2000)


def _month(name: str) -> int:
    if name.isdigit():
        return int(name)
    month = _MONTHS.get(name[:3].lower())
    if month is None:
        raise ValueError(name)
    return month


def _offset(name: str | None) -> timezone | None:
    """Turn `+0900`, `GMT+09:00`, `+09`, `Z` or a zone's short name into an offset. Raises ValueError for an unknown name."""
    if not name:
        return None
    named = _NAMED_ZONES.get(name.upper())
    if named is not None:
        return timezone(timedelta(hours=named))
    name = name.lstrip("UTCGMutcgm")
    if name[:1] not in {"+", "-"}:
        raise ValueError(name)
    digits = name[1:].replace(":", "")
    away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-away if name[0] == "-" else away)


def _relative(line: str, local: datetime) -> datetime | None:
    """Read 방금, N분 전, 어제 14:21 and a clock alone."""
    if _NOW.match(line):
        return local
    ago = _AGO.search(line)
    if ago:
        return local - timedelta(seconds=int(ago["count"]) * _SECONDS[ago["unit"]])
    found = _CLOCK_ALONE.match(line)
    if not found or not (found["day"] or found["hour"]):
        return None
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    moment = _at(midnight - timedelta(days=_DAYS_BACK.get(found["day"] or "오늘", 0)), found.groupdict())
    return moment if found["day"] or moment <= local + TOLERANCE else moment - timedelta(days=1)
