"""Moments as people write and read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cli.text import timefmt
from monitor.model.errors import InvalidValueError

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # noon in Seoul


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2h", NOW - timedelta(hours=2)),
        ("90s", NOW - timedelta(seconds=90)),
        (" 15 m ", NOW - timedelta(minutes=15)),
        ("3d", NOW - timedelta(days=3)),
        ("1w", NOW - timedelta(weeks=1)),
        ("0s", NOW),
        ("2026-11-01", datetime(2026, 10, 31, 15, tzinfo=UTC)),
        ("2026-11-01T09:00", datetime(2026, 11, 1, 0, tzinfo=UTC)),
        ("2026-11-01 09:00:30", datetime(2026, 11, 1, 0, 0, 30, tzinfo=UTC)),
        ("2026-11-01T09:00+00:00", datetime(2026, 11, 1, 9, tzinfo=UTC)),
        ("2026-11-01T09:00:00Z", datetime(2026, 11, 1, 9, tzinfo=UTC)),
    ],
)
def test_ages_dates_and_iso_are_read(text: str, expected: datetime) -> None:
    read = timefmt.parse_moment(text, NOW, SEOUL)
    assert read == expected
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    "text", ["", "soon", "2x", "-2h", "2026-13-01", "99:99", "999999999w", "٣h", "2026-11-01T25:00", "0001-01-01"]
)
def test_anything_else_is_refused_with_the_forms_that_are_read(text: str) -> None:
    with pytest.raises(InvalidValueError, match="is not a time; write 2h") as caught:
        timefmt.parse_moment(text, NOW, SEOUL)
    assert repr(text) in str(caught.value)


@given(st.text(max_size=30))
def test_no_text_breaks_it(text: str) -> None:
    try:
        assert timefmt.parse_moment(text, NOW, SEOUL).tzinfo is UTC
    except InvalidValueError as error:
        assert "is not a time" in str(error)  # noqa: PT017 - most texts are refused, some are read


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001 - naive on purpose
def test_what_is_written_with_an_offset_is_read_back(naive: datetime) -> None:
    local = naive.replace(tzinfo=SEOUL)
    assert timefmt.parse_moment(local.isoformat(), NOW, ZoneInfo("America/New_York")) == local


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
