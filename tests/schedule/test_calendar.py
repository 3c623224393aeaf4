"""The type of a day is that of the newspapers' own country, public holidays and the days in their place included."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.article import Entry, ListWrite
from monitor.model.page import Validators
from monitor.model.rhythm import HOURS, Arrivals
from monitor.schedule.arrivals import learn
from monitor.schedule.calendar import country_of, is_country, is_holiday
from monitor.schedule.hours import REST, SATURDAY, WORKDAY, coming, day_type, slot, stretches
from monitor.schedule.rates import usual_rates

SEOUL = "Asia/Seoul"


@pytest.mark.parametrize(
    ("day", "zone", "kind"),
    [
        ("2026-11-30", SEOUL, WORKDAY),
        ("2026-11-28", SEOUL, SATURDAY),
        ("2026-11-29", SEOUL, REST),
        ("2026-02-17", SEOUL, REST),  # Lunar New Year, a Tuesday
        ("2026-02-19", SEOUL, WORKDAY),  # the Thursday behind it
        ("2026-09-25", SEOUL, REST),  # Chuseok, a Friday
        ("2026-09-26", SEOUL, REST),  # its third day is a Saturday
        ("2027-02-09", SEOUL, REST),  # a Tuesday in the place of a holiday on a Sunday
        ("2026-06-03", SEOUL, REST),  # local elections
        ("2026-12-25", SEOUL, REST),
        ("2026-12-25", "Europe/Berlin", REST),
        ("2026-02-17", "Europe/Berlin", WORKDAY),
        ("2026-11-26", "America/New_York", REST),  # Thanksgiving
        ("2026-11-26", SEOUL, WORKDAY),
        ("2026-12-25", "UTC", WORKDAY),  # no country keeps it: weekends alone
        ("2026-12-25", "Asia/Almaty", WORKDAY),
        ("2026-12-26", "UTC", SATURDAY),
        ("2026-12-27", "UTC", REST),
    ],
)
def test_day_type(day: str, zone: str, kind: int) -> None:
    assert day_type(date.fromisoformat(day), zone) == kind


@given(st.dates(date(1970, 1, 1), date(2150, 12, 31)), st.sampled_from([SEOUL, "Asia/Tokyo", "Europe/London", "UTC"]))
def test_a_holiday_makes_a_day_of_rest_and_changes_no_other_day(day: date, zone: str) -> None:
    country = country_of(zone)
    weekday = (WORKDAY, WORKDAY, WORKDAY, WORKDAY, WORKDAY, SATURDAY, REST)[day.weekday()]
    assert day_type(day, zone) == (REST if country and is_holiday(country, day) else weekday)


def test_a_holiday_begins_and_ends_at_midnight_of_the_sources_own_clock() -> None:
    new_year = datetime(2026, 2, 16, tzinfo=ZoneInfo(SEOUL)).astimezone(UTC)  # Monday to Wednesday
    for moment, kind in (
        (new_year - timedelta(seconds=1), REST),  # a Sunday
        (new_year, REST),
        (new_year + timedelta(days=3, seconds=-1), REST),
        (new_year + timedelta(days=3), WORKDAY),
    ):
        assert slot(moment, SEOUL) // HOURS == kind
    hours = [*stretches(new_year, new_year + timedelta(days=4), SEOUL)]
    assert sum(part for place, part in hours if place // HOURS == REST) == pytest.approx(72)
    assert coming(new_year + timedelta(hours=64), SEOUL)[8] // HOURS == WORKDAY, "eight o'clock comes on Thursday next"


def test_what_came_on_a_holiday_teaches_of_days_of_rest() -> None:
    at = datetime(2026, 2, 17, 3, 0, tzinfo=UTC)  # noon of Lunar New Year
    listing = ListWrite("a", "https://a.example/", (), Validators(), first=False, since=at - timedelta(minutes=20))
    found = learn(Arrivals(at - timedelta(minutes=20)), [Entry("1", ""), Entry("2", "")], listing, at, SEOUL)
    assert sum(found.counts[REST * HOURS :]) == pytest.approx(2)
    assert sum(found.counts[: REST * HOURS]) == 0
    assert usual_rates(found, at, SEOUL)[REST * HOURS + 11] > usual_rates(found, at, SEOUL)[WORKDAY * HOURS + 11]


def test_countries() -> None:
    assert is_country("KR")
    assert not is_country("ZZ")


@pytest.mark.parametrize("zone", ["Asia/Seoul", "Asia/Tokyo", "America/Los_Angeles", "Asia/Hong_Kong"])
def test_the_countries_of_zones_are_known_by_name(zone: str) -> None:
    assert is_country(country_of(zone))
