"""Moments as the pages show them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.web.pages.texts import Texts
from monitor.web.pages.times import PageClock

NOW = datetime(2026, 11, 27, 0, 30, tzinfo=UTC)  # 09:30 in Seoul, a Friday
SEOUL = PageClock(NOW, ZoneInfo("Asia/Seoul"), Texts("ko"))
ENGLISH = PageClock(NOW, ZoneInfo("Asia/Seoul"), Texts("en"))


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (NOW, ">09:30<"),
        (NOW - timedelta(hours=9, minutes=29), ">00:01<"),
        (NOW - timedelta(hours=10), ">11-26 23:30<"),
        (NOW - timedelta(days=400), ">2025-10-23<"),
    ],
)
def test_a_moment_is_as_short_as_it_can_be_and_whole_beside(moment: datetime, shown: str) -> None:
    element = SEOUL.short(moment)
    assert shown in element
    assert moment.astimezone(ZoneInfo("Asia/Seoul")).isoformat(timespec="seconds") in element
    assert "KST" in element


@pytest.mark.parametrize(
    ("away", "korean", "english"),
    [
        (timedelta(seconds=12), "12초 전", "12 seconds ago"),
        (timedelta(seconds=61), "1분 전", "1 minute ago"),
        (timedelta(hours=-2), "2시간 뒤", "in 2 hours"),
        (timedelta(days=3), "3일 전", "3 days ago"),
    ],
)
def test_how_long_ago(away: timedelta, korean: str, english: str) -> None:
    assert (SEOUL.ago(NOW - away), ENGLISH.ago(NOW - away)) == (korean, english)


def test_days_have_names() -> None:
    assert SEOUL.day(NOW) == "오늘 · 11월 27일 금요일"
    assert SEOUL.day(NOW - timedelta(hours=10)) == "어제 · 11월 26일 목요일"
    assert SEOUL.day(NOW - timedelta(days=400)) == "2025년 10월 23일 목요일"
    assert ENGLISH.day(NOW - timedelta(days=2)) == "Wednesday 11/25"
    assert SEOUL.short(None) == ""
