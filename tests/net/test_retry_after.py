"""Retry-After: seconds or a date, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.net.retry_after import retry_after

NOW = datetime(2026, 11, 24, tzinfo=UTC)
MOST = 7 * 86_400.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Tue, 24 Nov 2026 00:02:00 GMT", 120.0),
        ("Tue, 24 Nov 2026 09:02:00 +0900", 120.0),
        ("Tuesday, 24-Nov-26 00:02:00 GMT", 120.0),
        ("Mon, 23 Nov 2026 00:00:00 GMT", 0.0),
        ("Tue, 24 Nov 2099 00:00:00 GMT", MOST),
        ("999999999999999999999999", MOST),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", 1.5),
        ("٣", None),
        ("Tue, 99 Nov 2026 00:02:00 GMT", None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after(value, NOW, MOST) == seconds


@given(st.text(max_size=60))
def test_any_retry_after_is_read_or_ignored(value: str) -> None:
    seconds = retry_after(value, NOW, MOST)
    assert seconds is None or 0 <= seconds <= MOST


@given(st.integers(0, 600_000))
def test_both_forms_of_retry_after_agree(seconds: int) -> None:
    moment = NOW + timedelta(seconds=seconds)
    assert retry_after(moment.strftime("%a, %d %b %Y %H:%M:%S GMT"), NOW, MOST) == retry_after(str(seconds), NOW, MOST)
