"""Crontab expressions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.errors import InvalidValueError
from monitor.schedule.crontab import parse

SUNDAY = 6


@pytest.mark.parametrize(
    ("text", "weekdays"),
    [
        ("0", (SUNDAY,)),
        ("7", (SUNDAY,)),
        ("1", (0,)),
        ("1-5", (0, 1, 2, 3, 4)),
        ("5-7", (4, 5, SUNDAY)),
        ("0-2", (0, 1, SUNDAY)),
        ("0,7", (SUNDAY,)),
        ("sun", (SUNDAY,)),
        ("MON-fri", (0, 1, 2, 3, 4)),
        ("fri-sun", (4, 5, SUNDAY)),
        ("*/2", (1, 3, 5, SUNDAY)),
        ("*", (0, 1, 2, 3, 4, 5, SUNDAY)),
        ("6", (5,)),
    ],
)
def test_weekdays_count_from_sunday(text: str, weekdays: tuple[int, ...]) -> None:
    assert parse(f"0 0 * * {text}").weekdays == weekdays


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("0", (0,)),
        ("*/15", (0, 15, 30, 45)),
        ("5-20/5", (5, 10, 15, 20)),
        ("50/4", (50, 54, 58)),
        ("3,1,2,1", (1, 2, 3)),
        ("0-59", tuple(range(60))),
        ("*/60", (0,)),
        ("1-3,58-59", (1, 2, 3, 58, 59)),
    ],
)
def test_minutes(text: str, minutes: tuple[int, ...]) -> None:
    assert parse(f"{text} * * * *").minutes == minutes


def test_months_have_names() -> None:
    assert parse("0 0 1 jan,MAR-may *").months == (1, 3, 4, 5)


@pytest.mark.parametrize(
    ("text", "either"),
    [
        ("0 0 13 * 5", True),
        ("0 0 * * 5", False),
        ("0 0 13 * *", False),
        ("0 0 */2 * 5", False),
        ("0 0 1-7 * */2", False),
    ],
)
def test_two_limited_days_mean_either(text: str, either: bool) -> None:  # noqa: FBT001 - a row of the table
    assert parse(text).either_day is either


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "five fields"),
        ("* * * *", "five fields.*this has 4"),
        ("* * * * * *", "this has 6"),
        ("@daily", "five fields"),
        ("60 * * * *", "minute field takes 0 to 59"),
        ("* 24 * * *", "hour field takes 0 to 23"),
        ("* * 0 * *", "day of month field takes 1 to 31"),
        ("* * 32 * *", "day of month"),
        ("* * * 13 *", "month field takes 1 to 12 or jan-dec"),
        ("* * * * 8", "weekday field takes 0 to 7 or sun-sat"),
        ("* * * * mond", "weekday"),
        ("* * * * mo", "weekday"),
        ("* * * janx *", "month"),
        ("* * last * *", "day of month"),
        ("*/0 * * * *", "step of the minute field"),
        ("5-1 * * * *", "runs backwards"),
        ("1,,2 * * * *", "cannot be read"),
        ("-5 * * * *", "cannot be read"),
        ("1- * * * *", "cannot be read"),
        ("٥ * * * *", "cannot be read"),
        ("0 0 30 2 *", "never comes"),
        ("0 0 31 4,6,9,11 *", "never comes"),
        ("0 0 * * 1st", "weekday"),
        (f"{'1,' * 200}1 * * * *", "five fields"),
    ],
)
def test_what_cannot_be_read_is_said_by_field(text: str, words: str) -> None:
    with pytest.raises(InvalidValueError, match=words):
        parse(text)


@pytest.mark.parametrize("text", ["0 0 29 2 *", "0 0 31 * *", "0 0 30 2 1", "0 0 31 2,3 *"])
def test_rare_dates_are_fine(text: str) -> None:
    assert parse(text).hours == (0,)


@given(st.text(alphabet="0123456789*/-, adefjmnorstuw", max_size=30))
def test_any_text_is_an_expression_or_an_error(text: str) -> None:
    try:
        cron = parse(text)
    except InvalidValueError as error:
        message = str(error)
        assert message
        return
    assert cron.minutes
    assert all(0 <= day <= SUNDAY for day in cron.weekdays)
