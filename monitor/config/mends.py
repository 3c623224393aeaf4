"""What was probably meant by a value that is refused: the hint that can be typed as it stands. Pure."""

from __future__ import annotations

import re
from difflib import get_close_matches
from ipaddress import ip_interface
from typing import Final
from zoneinfo import available_timezones

_UNIT_OF: Final = {
    **dict.fromkeys(("every", "min", "max", "target_delay"), "m"),
    **dict.fromkeys(("timeout", "per_host_interval"), "s"),
    **dict.fromkeys(("articles", "max_age"), "d"),
    "max_bytes": "MB",
}
"""The unit that a bare number under a key most likely has."""

_CRON_FIELDS: Final = 5
_SECONDS: Final = 60
"""From here on a number was most likely meant in seconds: nobody writes 300 minutes so."""

_UNITS: Final = {
    "ms": ("millisecond", "milliseconds", "밀리초"),
    "s": ("sec", "secs", "second", "seconds", "초"),
    "m": ("min", "mins", "minute", "minutes", "분"),
    "h": ("hr", "hrs", "hour", "hours", "시간"),
    "d": ("day", "days", "일"),
}
_UNIT: Final = {word: unit for unit, words in _UNITS.items() for word in (unit, *words)}
_SIZE: Final = {"b": "B", "k": "KB", "kb": "KB", "kib": "KB", "m": "MB", "mb": "MB", "mib": "MB", "g": "GB", "gb": "GB"}
_AMOUNT: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([^\W\d_]+)")

_PLACES: Final = {
    **dict.fromkeys(("kst", "korea", "rok", "gmt+9", "utc+9", "utc+09:00", "+09:00", "서울", "한국"), "Asia/Seoul"),
    **dict.fromkeys(("jst", "japan"), "Asia/Tokyo"),
    **dict.fromkeys(("z", "gmt", "utc+0"), "UTC"),
    **dict.fromkeys(("est", "edt"), "America/New_York"),
    **dict.fromkeys(("pst", "pdt"), "America/Los_Angeles"),
    **dict.fromkeys(("cet", "cest"), "Europe/Berlin"),
}


def with_unit(number: str, key: str) -> str:
    """Return `write 5m` for a bare number under a key that takes a duration or a size; "" for other keys."""
    unit = _UNIT_OF.get(key)
    if unit is None or not re.fullmatch(r"[0-9]{1,9}", number):
        return ""
    if unit == "MB":
        return f"write {number}B" if int(number) >= 1024 else f"write {number}MB"  # noqa: PLR2004 - bytes, not megabytes
    return f"write {number}{'s' if unit == 'm' and int(number) >= _SECONDS else unit}"


def amount(raw: str, key: str) -> str:
    """Return `write 5m` for `5 minutes`, `5분` or `"5"`; "" where the text is no amount."""
    units = _SIZE if _UNIT_OF.get(key) == "MB" else _UNIT
    found = _AMOUNT.fullmatch(raw.strip().lower())
    if found and found[2] in units:
        return f"write {found[1]}{units[found[2]]}"
    return with_unit(raw.strip(), key)


def listener(raw: str) -> str:
    """Return `write 127.0.0.1:8765` for a port that stands alone."""
    return f"write 127.0.0.1:{raw}" if re.fullmatch(r"[0-9]{1,5}", raw) else ""


def cron(raw: str) -> str:
    """Return `write cron "*/5 * * * *"` for five fields that stand alone, and how to keep a comma inside of braces."""
    if raw.startswith("cron") and raw.count('"') == 1:
        return """a comma inside { } ends a value: put all of it in quotation marks, as in 'cron "0 8,17 * * *"'"""
    fields = raw.split()
    good = len(fields) == _CRON_FIELDS and all(re.fullmatch(r"[0-9A-Za-z*/,?-]+", one) for one in fields)
    return f'write cron "{" ".join(fields)}"' if good else ""


def network(raw: str) -> str:
    """Return the network that an address with a prefix lies in, and the address alone."""
    try:
        meant = ip_interface(raw)
    except ValueError:
        return ""
    return f"write {meant.network}, or {meant.ip} for that address alone"


def zone(raw: str) -> str:
    """Return `did you mean Asia/Seoul?` for a misspelt zone, a city, or an abbreviation; "" where nothing is near."""
    word = raw.strip().lower()
    known = {name.lower(): name for name in available_timezones()}
    cities = {name.rpartition("/")[2].lower(): name for name in sorted(known.values()) if "/" in name}
    meant = known.get(word.replace(" ", "_")) if word not in _PLACES else _PLACES[word]
    meant = meant or cities.get(word.replace(" ", "_"))
    if meant is None:
        near = get_close_matches(word, known, n=1, cutoff=0.7) or get_close_matches(word, cities, n=1, cutoff=0.75)
        meant = (known.get(near[0]) or cities[near[0]]) if near else None
    return f"did you mean {meant}?" if meant else ""


def switch(raw: str) -> str:
    """Return the hint for what stands where true or false must."""
    word = raw.strip().lower()
    if word in {"1", "0"}:
        return f"write {'true' if word == '1' else 'false'}"
    if word in {"true", "false", "yes", "no", "on", "off"}:
        return f"take the quotation marks away: {word}"
    return ""
