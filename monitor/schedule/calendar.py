"""What the calendar says: public holidays, substitute days included, by year and country. Pure."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

from monitor.model.calendar import Calendar
from monitor.schedule.cadence import next_cron

_COUNTRIES: Final = {
    "Asia/Seoul": "KR",
    "Asia/Tokyo": "JP",
    "Asia/Shanghai": "CN",
    "Asia/Hong_Kong": "HK",
    "Asia/Taipei": "TW",
    "Asia/Singapore": "SG",
    "America/New_York": "US",
    "America/Los_Angeles": "US",
    "Europe/London": "GB",
    "Europe/Berlin": "DE",
    "Europe/Paris": "FR",
}


def country_of(zone: str) -> str:
    """Return the country (ISO 3166) whose newspapers keep an IANA zone's time, "" where it is not known for sure."""
    return _COUNTRIES.get(zone, "")


def is_country(code: str) -> bool:
    """Return whether public holidays of a country are known by this code (ISO 3166, two letters)."""
    import holidays  # noqa: PLC0415 - 50 ms that only who asks for them should pay

    return code in holidays.list_supported_countries(include_aliases=False)


def is_holiday(country: str, day: date) -> bool:
    """Return whether a date is a public holiday of a country that `is_country` knows."""
    return day in _holidays(country, day.year)


@lru_cache(maxsize=64)
def _holidays(country: str, year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - as above

    return frozenset(holidays.country_holidays(country, years=year))


CALENDAR: Final = Calendar(next_cron, is_holiday)
"""The calendar of the product."""
