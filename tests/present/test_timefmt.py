"""Moments as people write and read them."""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.errors import BoundsError, InvalidValueError
from monitor.present import timefmt

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # noon in Seoul
MOMENTS = st.integers(0, 36_500 * 86_400).map(
    lambda second: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2h", NOW - timedelta(hours=2)),
        ("90s", NOW - timedelta(seconds=90)),
        ("2h30m", NOW - timedelta(hours=2, minutes=30)),
        ("1d 90m", NOW - timedelta(days=1, minutes=90)),
        ("04:00", datetime(2026, 11, 22, 19, 0, tzinfo=UTC)),
        ("9:05", datetime(2026, 11, 23, 0, 5, tzinfo=UTC)),
        ("18:00", datetime(2026, 11, 22, 9, 0, tzinfo=UTC)),
        (" 15 m ", NOW - timedelta(minutes=15)),
        ("3d", NOW - timedelta(days=3)),
        ("1w", NOW - timedelta(weeks=1)),
        ("0s", NOW),
        ("2026-11-01T09:00", datetime(2026, 11, 1, 0, tzinfo=UTC)),
        ("2026-11-01 09:00:30", datetime(2026, 11, 1, 0, 0, 30, tzinfo=UTC)),
        ("2026-11-01T09:00+00:00", datetime(2026, 11, 1, 9, tzinfo=UTC)),
        ("2026-11-01T09:00:00Z", datetime(2026, 11, 1, 9, tzinfo=UTC)),
        ("3일 전", NOW - timedelta(days=3)),
        ("2시간 30분 전", NOW - timedelta(hours=2, minutes=30)),
        ("1주전", NOW - timedelta(weeks=1)),
        ("어제 09:00", datetime(2026, 11, 22, 0, tzinfo=UTC)),
        ("11-01 9:00", datetime(2026, 11, 1, 0, tzinfo=UTC)),
        ("2026. 11. 1. 09:00", datetime(2026, 11, 1, 0, tzinfo=UTC)),
        ("０４：００", datetime(2026, 11, 22, 19, 0, tzinfo=UTC)),
    ],
)
def test_ages_dates_and_iso_are_read(text: str, expected: datetime) -> None:
    read, end = timefmt.parse_span(text, NOW, SEOUL)
    assert read == end == expected
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "first", "days"),
    [
        ("2026-11-01", (2026, 11, 1), 1),
        ("20261101", (2026, 11, 1), 1),
        ("11-23", (2026, 11, 23), 1),
        ("11-24", (2025, 11, 24), 1),
        ("1-5", (2026, 1, 5), 1),
        ("02-29", (2024, 2, 29), 1),
        ("today", (2026, 11, 23), 1),
        ("오늘", (2026, 11, 23), 1),
        ("Yesterday", (2026, 11, 22), 1),
        ("어제", (2026, 11, 22), 1),
        (unicodedata.normalize("NFD", "어제"), (2026, 11, 22), 1),
        ("2027-01-01", (2027, 1, 1), 1),
        ("그제", (2026, 11, 21), 1),
        ("그저께", (2026, 11, 21), 1),
        ("2026.11.01", (2026, 11, 1), 1),
        ("2026. 11. 1.", (2026, 11, 1), 1),
        ("2026/11/1", (2026, 11, 1), 1),
        ("11/23", (2026, 11, 23), 1),
        ("11월 1일", (2026, 11, 1), 1),
        ("2026년 11월 1일", (2026, 11, 1), 1),
    ],
)
def test_a_day_is_whole(text: str, first: tuple[int, int, int], days: int) -> None:
    start = datetime(*first, tzinfo=SEOUL)
    assert timefmt.parse_span(text, NOW, SEOUL) == (start, start + timedelta(days=days))
    assert timefmt.parse_day(text, NOW, SEOUL) == (start, start + timedelta(days=days))


def test_bounds_are_half_open_and_have_something_between() -> None:
    moment = datetime(2026, 11, 24, 3, tzinfo=UTC)
    assert timefmt.parse_bounds("", "", moment, UTC) == (None, None)
    start, end = timefmt.parse_bounds("2026-11-05", "2026-11-05", moment, UTC)
    assert (start, end) == (datetime(2026, 11, 5, tzinfo=UTC), datetime(2026, 11, 6, tzinfo=UTC))
    for since, until, bound, empty in (
        ("1h", "2h", "since", True),
        ("1h", "1h", "since", True),
        ("2026-11-06", "2026-11-05", "since", True),
        ("nonsense", "1h", "since", False),
        ("1h", "nonsense", "until", False),
    ):
        with pytest.raises(BoundsError) as caught:
            timefmt.parse_bounds(since, until, moment, UTC)
        assert (caught.value.bound, caught.value.empty) == (bound, empty)


def test_a_day_ends_where_the_next_begins_also_when_the_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    start, end = timefmt.parse_day("2026-10-25", NOW, berlin)
    assert end - start == timedelta(hours=25)
    assert timefmt.parse_day("2026-10-26", NOW, berlin)[0] == end


@pytest.mark.parametrize("text", ["2h", "04:00", "2026-11-01T09:00"])
def test_a_moment_is_no_day(text: str) -> None:
    with pytest.raises(InvalidValueError, match="is not a day; write 2026-11-28"):
        timefmt.parse_day(text, NOW, SEOUL)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.sampled_from(["Asia/Seoul", "America/New_York", "UTC"]))
def test_days_follow_each_other_without_gap(day: date, zone: str) -> None:
    start, end = timefmt.parse_day(day.isoformat(), NOW, ZoneInfo(zone))
    assert start.astimezone(ZoneInfo(zone)).date() == day
    assert timefmt.parse_day((day + timedelta(days=1)).isoformat(), NOW, ZoneInfo(zone))[0] == end


@given(st.times(), MOMENTS)
def test_a_time_of_day_is_the_last_one_that_has_been(clocked: time, now: datetime) -> None:
    read, _ = timefmt.parse_span(f"{clocked:%H:%M}", now, SEOUL)
    assert timedelta() <= now - read < timedelta(days=1)
    assert f"{read.astimezone(SEOUL):%H:%M}" == f"{clocked:%H:%M}"


@given(st.integers(1, 12), st.integers(1, 29), MOMENTS)
def test_a_day_without_a_year_is_the_last_one_that_has_begun(month: int, day: int, moment: datetime) -> None:
    start, _ = timefmt.parse_day(f"{month:02}-{day:02}", moment, SEOUL)
    assert start <= moment
    assert (start.astimezone(SEOUL).month, start.astimezone(SEOUL).day) == (month, day)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2x",
        "-2h",
        "2026-13-01",
        "99:99",
        "999999999w",
        "٣h",
        "2026-11-01T25:00",
        "9999-12-31",
        "13-01",
        "02-30",
        "24:00",
        "2h30",
        "0001-01-01",
    ],
)
def test_anything_else_is_refused_with_the_forms_that_are_read(text: str) -> None:
    with pytest.raises(InvalidValueError, match="is not a time; write 2h") as caught:
        timefmt.parse_span(text, NOW, SEOUL)
    assert repr(text) in str(caught.value)


@given(st.text(max_size=30))
def test_no_text_breaks_it(text: str) -> None:
    try:
        assert timefmt.parse_span(text, NOW, SEOUL)[0].tzinfo is UTC
    except InvalidValueError as error:
        assert "is not a time" in str(error)  # noqa: PT017 - most texts are refused, some are read


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001 - naive on purpose
def test_what_is_written_with_an_offset_is_read_back(naive: datetime) -> None:
    local = naive.replace(tzinfo=SEOUL)
    assert timefmt.parse_span(local.isoformat(), NOW, ZoneInfo("America/New_York")) == (local, local)


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (datetime(2026, 11, 23, 2, 57, tzinfo=UTC), "11:57 (3 min ago)"),
        (datetime(2026, 11, 23, 3, 0, tzinfo=UTC), "12:00 (now)"),
        (datetime(2026, 11, 23, 5, 30, tzinfo=UTC), "14:30 (in 2 h)"),
        (datetime(2026, 11, 22, 14, 59, tzinfo=UTC), "11-22 23:59 (12 h ago)"),
        (datetime(2026, 11, 20, 3, 0, tzinfo=UTC), "11-20 12:00 (3 d ago)"),
        (datetime(2025, 12, 31, 15, 0, tzinfo=UTC), "01-01 00:00 (326 d ago)"),
        (datetime(2025, 12, 31, 14, 59, tzinfo=UTC), "2025-12-31 23:59 (326 d ago)"),
        (None, "never"),
    ],
)
def test_moments_are_shown_in_the_readers_zone(moment: datetime | None, shown: str) -> None:
    assert timefmt.clock_and_distance(moment, NOW, SEOUL) == shown


@pytest.mark.parametrize(
    ("zone", "name"),
    [("Asia/Seoul", "KST"), ("UTC", "UTC"), ("America/Sao_Paulo", "UTC-03"), ("Asia/Kathmandu", "UTC+0545")],
)
def test_a_zone_has_a_name(zone: str, name: str) -> None:
    assert timefmt.zone_name(NOW, ZoneInfo(zone)) == name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1h", NOW + timedelta(hours=1)),
        ("2h30m", NOW + timedelta(hours=2, minutes=30)),
        ("1w", NOW + timedelta(weeks=1)),
        ("3시간", NOW + timedelta(hours=3)),
        ("1일 뒤", NOW + timedelta(days=1)),
        ("30분 후", NOW + timedelta(minutes=30)),
        ("2일 동안", NOW + timedelta(days=2)),
        ("18:00", datetime(2026, 11, 23, 9, 0, tzinfo=UTC)),
        ("9:05", datetime(2026, 11, 24, 0, 5, tzinfo=UTC)),
        ("12:00", datetime(2026, 11, 24, 3, 0, tzinfo=UTC)),
        ("2026-12-01", datetime(2026, 11, 30, 15, 0, tzinfo=UTC)),
        ("12-01", datetime(2026, 11, 30, 15, 0, tzinfo=UTC)),
        ("11-01", datetime(2027, 10, 31, 15, 0, tzinfo=UTC)),
        ("02-29", datetime(2028, 2, 28, 15, 0, tzinfo=UTC)),
        ("12-01 09:00", datetime(2026, 12, 1, 0, 0, tzinfo=UTC)),
        ("2026. 12. 1. 09:00", datetime(2026, 12, 1, 0, 0, tzinfo=UTC)),
        ("내일", datetime(2026, 11, 23, 15, 0, tzinfo=UTC)),
        (unicodedata.normalize("NFD", "모레 09:00"), datetime(2026, 11, 25, 0, 0, tzinfo=UTC)),
        ("Tomorrow 9:30", datetime(2026, 11, 24, 0, 30, tzinfo=UTC)),
        ("12월 1일 9:00", datetime(2026, 12, 1, 0, 0, tzinfo=UTC)),
        ("2026-12-01T09:00", datetime(2026, 12, 1, 0, 0, tzinfo=UTC)),
        ("2026-12-01T09:00Z", datetime(2026, 12, 1, 9, 0, tzinfo=UTC)),
    ],
)
def test_a_time_ahead_is_the_next_one(text: str, expected: datetime) -> None:
    assert timefmt.parse_ahead(text, NOW, SEOUL) == expected


@pytest.mark.parametrize("text", ["2026-11-23", "2026-11-23T11:59", "0s", "2020-01-01"])
def test_what_does_not_lie_ahead_is_over(text: str) -> None:
    with pytest.raises(InvalidValueError, match="is over: it is 12:00"):
        timefmt.parse_ahead(text, NOW, SEOUL)


@pytest.mark.parametrize(
    "text", ["", "soon", "3일 전", "25:00", "02-30", "-1h", "9999999999d", "h", "99999999d", "어제"]
)
def test_what_is_no_time_ahead_is_refused(text: str) -> None:
    with pytest.raises(InvalidValueError, match="is not a time ahead; write 1h or"):
        timefmt.parse_ahead(text, NOW, SEOUL)


@given(st.text(max_size=12))
def test_any_text_lies_ahead_or_is_refused(text: str) -> None:
    with suppress(InvalidValueError):
        assert timefmt.parse_ahead(text, NOW, SEOUL) > NOW


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (0, "0 ms"),
        (999, "999 ms"),
        (1_000, "1 s"),
        (2_140, "2.1 s"),
        (480_000, "8 min"),
        (5_400_000, "1.5 h"),
        (864_000_000, "10 d"),
    ],
)
def test_a_span_for_people(ms: int, words: str) -> None:
    assert timefmt.span(ms) == words
    assert timefmt.half_and_most(ms, ms) == f"{words} / {words}"


def test_nothing_measured_is_nothing_said() -> None:
    assert timefmt.half_and_most(None, None) == ""
