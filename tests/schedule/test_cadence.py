"""When to poll next: intervals, cron in any zone, back-off."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model.errors import InvalidValueError
from monitor.model.plan import Adaptive, Cadence, Cron, Interval
from monitor.schedule.cadence import after_failure, check_cron, furthest, last_moment, next_poll, overdue_at

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # a Monday
SEOUL = "Asia/Seoul"
ZONES = ("UTC", SEOUL, "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns")
EXPRESSIONS = ("*/5 * * * *", "0 9 * * 1-5", "30 2 * * *", "15,45 */3 * * *", "0 0 13 * 5", "30 1 * * 0", "7 1-3 * * *")
CHANCES = st.floats(0, 1, exclude_max=True)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive


def fires(expression: str, zone: str, start: datetime, count: int) -> list[str]:
    found, moment = [], start
    for _ in range(count):
        moment = next_poll(Cron(expression), moment, zone)
        found.append(f"{moment.astimezone(ZoneInfo(zone)):%m-%d %H:%M%z}")
    return found


def wanted(expression: str, moment: datetime, zone: str) -> bool:
    """Return whether a whole minute is one that the expression names: written apart from the code, field by field."""
    local = moment.astimezone(ZoneInfo(zone))

    def meets(text: str, number: int) -> bool:
        for item in text.split(","):
            head, _, step = item.partition("/")
            low, _, high = (head if head != "*" else "0-99").partition("-")
            if int(low) <= number <= int(high or low) and (number - int(low)) % int(step or 1) == 0:
                return True
        return False

    minute, hour, day, month, weekday = expression.split()
    by_day, by_weekday = meets(day, local.day), meets(weekday, local.isoweekday() % 7)
    right_day = (by_day or by_weekday) if "*" not in day + weekday else (by_day and by_weekday)
    return meets(minute, local.minute) and meets(hour, local.hour) and meets(month, local.month) and right_day


def test_an_interval_counts_from_the_last_poll() -> None:
    assert next_poll(Interval(300.0), NOW, SEOUL) == NOW + timedelta(minutes=5)
    assert next_poll(Interval(0.5), NOW.astimezone(ZoneInfo(SEOUL)), SEOUL).utcoffset() == timedelta(0)


def test_cron_speaks_the_zones_time() -> None:
    assert fires("0 9 * * 1-5", SEOUL, NOW, 6) == [
        *("03-03 09:00+0900", "03-04 09:00+0900", "03-05 09:00+0900", "03-06 09:00+0900"),
        *("03-09 09:00+0900", "03-10 09:00+0900"),
    ]


@pytest.mark.parametrize("sunday", ["0", "7", "sun"])
def test_sunday_is_sunday(sunday: str) -> None:
    assert next_poll(Cron(f"0 12 * * {sunday}"), NOW, "UTC") == datetime(2026, 3, 8, 12, tzinfo=UTC)


def test_a_day_and_a_weekday_mean_either() -> None:
    assert fires("0 0 13 * 1", "UTC", NOW, 3) == ["03-09 00:00+0000", "03-13 00:00+0000", "03-16 00:00+0000"]


def test_the_next_poll_is_later_even_at_the_very_moment() -> None:
    on_time = datetime(2026, 3, 2, 4, 5, tzinfo=UTC)
    assert next_poll(Cron("*/5 * * * *"), on_time, SEOUL) == on_time + timedelta(minutes=5)
    just_before = on_time - timedelta(microseconds=1)
    assert next_poll(Cron("*/5 * * * *"), just_before, SEOUL) == on_time


def test_a_time_that_the_clock_skips_is_polled_once() -> None:
    before = datetime(2026, 3, 7, 8, tzinfo=UTC)
    assert fires("30 2 * * *", "America/New_York", before, 2) == ["03-08 03:30-0400", "03-09 02:30-0400"]


def test_a_regular_poll_goes_on_while_the_clock_is_set_back() -> None:
    before = datetime(2026, 11, 1, 5, 40, tzinfo=UTC)
    assert fires("*/30 * * * *", "America/New_York", before, 4) == [
        *("11-01 01:00-0500", "11-01 01:30-0500", "11-01 02:00-0500", "11-01 02:30-0500"),
    ]


def test_half_an_hour_of_summer_time() -> None:
    before = datetime(2026, 4, 4, 14, 35, tzinfo=UTC)
    assert fires("*/15 * * * *", "Australia/Lord_Howe", before, 4) == [
        *("04-05 01:45+1100", "04-05 01:30+1030", "04-05 01:45+1030", "04-05 02:00+1030"),
    ]


@settings(max_examples=200)
@given(MOMENTS, st.sampled_from(EXPRESSIONS), st.sampled_from(ZONES))
def test_the_next_poll_is_the_first_wanted_minute(after: datetime, expression: str, zone: str) -> None:
    found = next_poll(Cron(expression), after, zone)
    assert found > after
    assert found.utcoffset() == timedelta(0)
    minute = after.replace(second=0, microsecond=0) + timedelta(minutes=1)
    between = int((min(found, after + timedelta(days=2)) - minute).total_seconds() // 60)
    assert not any(wanted(expression, minute + timedelta(minutes=number), zone) for number in range(between))
    assert wanted(expression, found, zone) or skipped(expression, found, zone)


def skipped(expression: str, moment: datetime, zone: str) -> bool:
    """Return whether a wanted minute was left out by the clock within the two hours before `moment`."""
    local = moment.astimezone(ZoneInfo(zone))
    jump = (local.utcoffset() or timedelta()) - (
        (moment - timedelta(hours=2)).astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    )
    return jump > timedelta() and wanted(expression, (local.replace(tzinfo=None) - jump).replace(tzinfo=UTC), "UTC")


def test_the_first_failure_waits_one_cadence_and_each_further_one_twice_as_long() -> None:
    waits = [after_failure(Interval(300.0), count, NOW, SEOUL, 0.5, None) - NOW for count in range(1, 9)]
    assert [wait.total_seconds() / 60 for wait in waits] == pytest.approx([5, 10, 20, 30, 30, 30, 30, 30])


def test_a_failing_cron_source_is_tried_between_its_times() -> None:
    weekly = Cron("0 9 * * 1")
    assert after_failure(weekly, 1, NOW, SEOUL, 0.5, None) == NOW + timedelta(hours=6)
    often = after_failure(Cron("*/5 * * * *"), 2, NOW, SEOUL, 0.5, None)
    assert often == NOW + timedelta(minutes=10)
    close = after_failure(Cron("*/5 * * * *"), 1, NOW + timedelta(minutes=4, seconds=59), SEOUL, 0.5, None)
    assert close == NOW + timedelta(minutes=5, seconds=59)


@given(
    st.one_of(st.floats(0.1, 1e7).map(Interval), st.sampled_from(EXPRESSIONS).map(Cron)),
    st.integers(1, 1_000_000),
    MOMENTS,
    CHANCES,
    st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True)),
)
def test_a_failure_never_waits_too_little_or_too_long(
    cadence: Interval | Cron, failures: int, now: datetime, chance: float, wish: float | None
) -> None:
    wait = (after_failure(cadence, failures, now, SEOUL, chance, wish) - now).total_seconds()
    asked = 0.0 if wish is None or math.isnan(wish) else min(max(wish, 0.0), 86_400.0)
    unit = cadence.seconds if isinstance(cadence, Interval) else 60.0
    assert wait >= asked - 1e-5
    assert wait >= 0.8 * min(unit, 6 * 3600.0) - 1e-5
    assert wait <= max(6 * 3600.0, asked) + 1e-5


@given(st.integers(1, 20), CHANCES)
def test_failures_back_off_step_by_step(failures: int, chance: float) -> None:
    cadence = Interval(30.0)
    first = after_failure(cadence, failures, NOW, SEOUL, chance, None)
    assert first <= after_failure(cadence, failures + 1, NOW, SEOUL, chance, None)


def test_what_a_host_asked_for_is_kept() -> None:
    assert after_failure(Interval(30.0), 1, NOW, SEOUL, 0.0, 7200.0) == NOW + timedelta(hours=2)
    assert after_failure(Interval(30.0), 1, NOW, SEOUL, 0.0, 1e12) == NOW + timedelta(hours=24)


@pytest.mark.parametrize(
    ("cadence", "minutes"),
    [
        (Interval(10), 2),
        (Interval(60), 3),
        (Interval(240), 12),
        (Interval(3600), 15),
        (Adaptive(30, 7200), 15),
        (Cron("* * * * *"), 3),
        (Cron("0 9 * * *"), 15),
    ],
)
def test_a_poll_is_overdue_after_three_of_its_waits_within_bounds(cadence: Cadence, minutes: float) -> None:
    assert overdue_at(cadence, NOW, "Asia/Seoul") == NOW + timedelta(minutes=minutes)


def test_cron_is_checked_in_words() -> None:
    assert check_cron("*/5 8-18 * * 1-5") is None
    assert check_cron("0 0 * * 9") == "the weekday field takes 0 to 7 or sun-sat"
    assert check_cron("") is not None


def test_a_wrong_expression_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="five fields"):
        next_poll(Cron("* *"), NOW, SEOUL)


@pytest.mark.parametrize(
    ("cadence", "hours"),
    [(Interval(300.0), 1 / 12), (Interval(30 * 86_400.0), 720), (Cron("0 6 * * *"), 2), (Adaptive(30.0, 3600.0), 2.1)],
)
def test_no_poll_is_arranged_further_away_than_its_cadence_allows(cadence: Cadence, hours: float) -> None:
    latest = furthest(cadence, NOW, "UTC", failing=False)
    assert (latest - NOW).total_seconds() == pytest.approx(hours * 3600)
    failing = furthest(cadence, NOW, "UTC", failing=True)
    assert (failing - NOW).total_seconds() == pytest.approx(max(hours, 24) * 3600)


@given(st.floats(1, 86_400), st.integers(1, 40), CHANCES, st.floats(0, 1e6))
def test_what_a_failure_arranges_is_never_brought_back(
    every: float, failures: int, chance: float, asked: float
) -> None:
    due = after_failure(Interval(every), failures, NOW, "UTC", chance, asked)
    assert due <= furthest(Interval(every), NOW, "UTC", failing=True)


@given(st.sampled_from(EXPRESSIONS), MOMENTS, st.sampled_from(ZONES), st.integers(1, 90))
def test_the_last_moment_is_the_last_that_was_to_come(expression: str, now: datetime, zone: str, minutes: int) -> None:
    within = timedelta(minutes=minutes)
    found = last_moment(expression, now, zone, within)
    first = next_poll(Cron(expression), now - within, zone)
    if found is None:
        assert first > now
    else:
        assert first <= found <= now < next_poll(Cron(expression), found, zone)


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ("2026-03-02T00:00:00", "2026-03-02T00:00:00"),  # the very moment, 09:00 in Seoul
        ("2026-03-02T00:59:59", "2026-03-02T00:00:00"),
        ("2026-03-02T01:00:00", None),
        ("2026-03-01T23:59:59", None),
    ],
)
def test_a_moment_further_back_than_asked_for_is_none(now: str, found: str | None) -> None:
    moment = last_moment("0 9 * * *", datetime.fromisoformat(now + "+00:00"), SEOUL, timedelta(hours=1))
    assert moment == (None if found is None else datetime.fromisoformat(found + "+00:00"))
