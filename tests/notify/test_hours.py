"""Quiet hours end when they say, over midnight, weekends and holidays, in the zone of the reader."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.policy import QuietHours
from monitor.notify.hours import LONGEST
from monitor.notify.hours import quiet_until as quiet_until_with
from monitor.schedule.calendar import is_holiday

SEOUL = ZoneInfo("Asia/Seoul")
NIGHT = QuietHours(22 * 60, 7 * 60)
LUNCH = QuietHours(12 * 60, 13 * 60)
WEEKEND = QuietHours(22 * 60, 7 * 60, days=(5, 6))
HOLIDAYS = QuietHours(days=(5, 6), holidays="KR")

quiet_until = partial(quiet_until_with, is_holiday=is_holiday)


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL).astimezone(UTC)


@pytest.mark.parametrize(
    ("quiet", "moment", "until"),
    [
        (NIGHT, "2026-11-05T21:59:59", None),
        (NIGHT, "2026-11-05T22:00:00", "2026-11-06T07:00"),
        (NIGHT, "2026-11-06T06:59:59", "2026-11-06T07:00"),
        (NIGHT, "2026-11-06T07:00:00", None),
        (LUNCH, "2026-11-05T12:30:00", "2026-11-05T13:00"),
        (LUNCH, "2026-11-05T13:00:00", None),
        (WEEKEND, "2026-11-06T21:00:00", None),
        (WEEKEND, "2026-11-06T22:30:00", "2026-11-09T07:00"),  # Friday night to Monday morning
        (WEEKEND, "2026-11-08T12:00:00", "2026-11-09T07:00"),
        (HOLIDAYS, "2026-09-23T12:00:00", None),
        (HOLIDAYS, "2026-09-24T12:00:00", "2026-09-28T00:00"),  # Chuseok 24 to 26, then a Sunday
        (HOLIDAYS, "2027-02-06T00:00:00", "2027-02-10T00:00"),  # Lunar New Year 6 to 8, and a day in its place
        (QuietHours(), "2026-11-05T12:00:00", None),
    ],
)
def test_until(quiet: QuietHours, moment: str, until: str | None) -> None:
    expected = None if until is None else seoul(until)
    assert quiet_until(seoul(moment), quiet, "Asia/Seoul") == expected


def test_a_night_with_a_missing_hour_ends_at_the_hour_that_the_clock_shows() -> None:
    quiet, zone = QuietHours(22 * 60, 7 * 60), ZoneInfo("Europe/Berlin")
    moment = datetime(2026, 3, 28, 23, 0, tzinfo=zone).astimezone(UTC)
    until = quiet_until(moment, quiet, "Europe/Berlin")
    assert until is not None
    assert until.astimezone(zone).isoformat() == "2026-03-29T07:00:00+02:00"
    assert until - moment == timedelta(hours=7)


def test_always_quiet_is_not_for_ever() -> None:
    moment = seoul("2026-11-05T12:00:00")
    until = quiet_until(moment, QuietHours(days=tuple(range(7))), "Asia/Seoul")
    assert until == moment + LONGEST


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - as hypothesis wants them
    st.integers(0, 1439),
    st.integers(0, 1439),
    st.lists(st.integers(0, 6), max_size=3).map(tuple),
    st.sampled_from(["", "KR"]),
    st.sampled_from(["Asia/Seoul", "Europe/Berlin", "America/St_Johns", "UTC"]),
)
def test_it_is_not_quiet_when_quiet_hours_end_and_was_until_then(
    moment: datetime, start: int, end: int, days: tuple[int, ...], holidays: str, zone: str
) -> None:
    quiet = QuietHours(start, end, days, holidays)
    until = quiet_until(moment, quiet, zone)
    if until is None:
        return
    assert moment < until <= moment + LONGEST
    if until < moment + LONGEST:
        assert quiet_until(until, quiet, zone) is None
    before = until - timedelta(seconds=1)
    assert before < moment or quiet_until(before, quiet, zone) is not None
