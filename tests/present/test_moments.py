"""Moments as programs read them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from monitor.present.moments import rfc3339

SEOUL = timezone(timedelta(hours=9))


def test_a_moment_is_utc_with_milliseconds() -> None:
    assert rfc3339(datetime(2026, 11, 24, 8, 59, 38, 120_999, tzinfo=SEOUL)) == "2026-11-23T23:59:38.120Z"


def test_nobody_guesses_a_zone() -> None:
    with pytest.raises(ValueError, match="naive"):
        rfc3339(datetime(2026, 11, 24))  # noqa: DTZ001 - the point of it
