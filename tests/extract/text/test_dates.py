from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.text.dates import TOLERANCE, parse_date
from tests.evidence import rows

NOW = datetime(2025, 2, 5, 6, 0, tzinfo=UTC)  # 15:00 in Seoul
SEOUL = "Asia/Seoul"


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def test_conformance() -> None:
    cases = rows("dates/dates.jsonl")
    wrong = []
    for row in cases:
        expected = _utc(row["expect_utc"]) if row["expect_utc"] else None
        found = parse_date(row["raw"], row["default_tz"], _utc(row["now"]))
        if found != expected:
            wrong.append((row["raw"], found, expected))
    assert len(cases) >= 26
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # ISO 8601 and its neighbours
        ("2025-02-05T14:21:33", "2025-02-05T14:21:33+09:00"),
        ("2025-02-05T05:21:33Z", "2025-02-05T05:21:33+00:00"),
        ("2025-02-05T05:21Z", "2025-02-05T05:21:00+00:00"),
        ("2025-02-05T14:21:33.123456789+09:00", "2025-02-05T14:21:33+09:00"),
        ("2025-02-05T14:21:33+09", "2025-02-05T14:21:33+09:00"),
        ("2025-02-04T23:10:46-0500", "2025-02-04T23:10:46-05:00"),
        ("2025/02/05 14:21", "2025-02-05T14:21:00+09:00"),
        ("2025-02-05 2:21 PM", "2025-02-05T14:21:00+09:00"),
        ("2025-02-04 24:00", "2025-02-05T00:00:00+09:00"),
        ("2025-02-05 14:21:33 이승규 기자 gyu@mediapen.com", "2025-02-05T14:21:33+09:00"),
        ("지면 2025-02-05 A1", "2025-02-05T00:00:00+09:00"),
        # digits alone
        ("20250205142133", "2025-02-05T14:21:33+09:00"),
        ("202502051421", "2025-02-05T14:21:00+09:00"),
        ("20250205", "2025-02-05T00:00:00+09:00"),
        ("20250205T142133Z", None),  # 8 h ahead of now
        # RFC 2822 and English
        ("Wed, 05 Feb 2025 05:21:33 GMT", "2025-02-05T05:21:33+00:00"),
        ("Tue, 4 Feb 25 05:21:33 GMT", "2025-02-04T05:21:33+00:00"),
        ("Tue, 04 Feb 2025 23:21:33 EST", "2025-02-04T23:21:33-05:00"),
        ("05 Feb 2025 14:21 KST", "2025-02-05T14:21:00+09:00"),
        ("4 February 2025", "2025-02-04T00:00:00+09:00"),
        ("Feb 5, 2025 2:21 PM", "2025-02-05T14:21:00+09:00"),
        ("February 5th, 2025 at 02:21 p.m.", "2025-02-05T14:21:00+09:00"),
        ("Fri, 20 09 2024 23:10:46 +0900", "2024-09-20T23:10:46+09:00"),
        # Korean and dotted
        ("2025.02.05 (수) 14:21:33", "2025-02-05T14:21:33+09:00"),
        ("2025. 2. 5. (수) 오후 2:21", "2025-02-05T14:21:00+09:00"),
        ("2024. 10. 28. 16:40", "2024-10-28T16:40:00+09:00"),
        ("2025년02월02일 08:29", "2025-02-02T08:29:00+09:00"),
        ("2025년 2월 5일 오후 2시 21분 33초", "2025-02-05T14:21:33+09:00"),
        ("2025년 2월 5일 오후 2시", "2025-02-05T14:00:00+09:00"),
        ("2025.02.05 오후 12:05", "2025-02-05T12:05:00+09:00"),
        ("2025.02.05 오전 12:05", "2025-02-05T00:05:00+09:00"),
        ("2025.02.05 오후 14:21", "2025-02-05T14:21:00+09:00"),
        ("25.02.05 14:21", "2025-02-05T14:21:00+09:00"),
        ("99.12.31 10:00", "1999-12-31T10:00:00+09:00"),
        # full-width digits
        ("２０２５-０２-０５ １４:２１", "2025-02-05T14:21:00+09:00"),
        # clocks that do not exist
        ("2025-02-04 24:30", None),
        ("2025-02-04 23:60", None),
        # month and day alone: the last one that is not in the future, beyond the tolerance
        ("02-05 15:15", "2025-02-05T15:15:00+09:00"),
        ("02-05 15:16", "2024-02-05T15:16:00+09:00"),
        ("02-05 14:21", "2025-02-05T14:21:00+09:00"),
        ("2월 4일 14시 21분", "2025-02-04T14:21:00+09:00"),
        ("12-31", "2024-12-31T00:00:00+09:00"),
        ("12.31 09:00", "2024-12-31T09:00:00+09:00"),
        # relative
        ("방금", "2025-02-05T06:00:00+00:00"),
        ("30초 전", "2025-02-05T05:59:30+00:00"),
        ("5분전", "2025-02-05T05:55:00+00:00"),
        ("3시간 전", "2025-02-05T03:00:00+00:00"),
        ("2일 전", "2025-02-03T06:00:00+00:00"),
        ("1주 전", "2025-01-29T06:00:00+00:00"),
        ("어제 14:21", "2025-02-04T14:21:00+09:00"),
        ("그제", "2025-02-03T00:00:00+09:00"),
        ("오늘 오전 9:05", "2025-02-05T09:05:00+09:00"),
        ("14:21", "2025-02-05T14:21:00+09:00"),
        ("오후 2:21", "2025-02-05T14:21:00+09:00"),
        ("16:21", "2025-02-04T16:21:00+09:00"),  # not yet today
        # nothing
        ("", None),
        ("   ", None),
        ("unknown", None),
        ("1738732893", None),
        ("0000-00-00 00:00:00", None),
        ("1970-01-01 00:00:00", None),
        ("2025-13-05", None),
        ("2025-02-30 10:00", None),
        ("2025-02-04 25:00", None),
        ("한빛전자가 3일 밝혔다", None),
        ("05 Foo 2025 10:00", None),
    ],
)
def test_forms(text: str, expected: str | None) -> None:
    assert parse_date(text, SEOUL, NOW) == (_utc(expected) if expected else None)


@pytest.mark.parametrize(
    "label", ["입력", "승인", "등록", "송고", "기사입력", "작성일", "입력 :", "입력일시", "Published", "| 입력 :"]
)
def test_publish_labels(label: str) -> None:
    assert parse_date(f"{label} 2025.02.05 14:21", SEOUL, NOW) == _utc("2025-02-05T14:21:00+09:00")


@pytest.mark.parametrize("label", ["수정", "최종수정", "업데이트", "기사수정", "Updated", "UPDATE :", "변경"])
def test_a_time_of_change_is_no_publish_time(label: str) -> None:
    assert parse_date(f"{label} 2025.02.05 14:21", SEOUL, NOW) is None


@pytest.mark.parametrize(
    "line",
    [
        "입력 2025.02.05 14:21 수정 2025.02.05 14:59",
        "수정 2025.02.05 14:59 입력 2025.02.05 14:21",
        "등록 2025-02-05 14:21:00 | 최종수정 2025-02-05 14:59:00",
        "2025.02.05 14:21 (수정 2025.02.05 14:59)",
        "승인 : 2025.02.05 14:21  업데이트 : 2025.02.05 14:59",
    ],
)
def test_of_two_times_the_publish_time_counts(line: str) -> None:
    assert parse_date(line, SEOUL, NOW) == _utc("2025-02-05T14:21:00+09:00")


def test_the_future_is_refused_beyond_the_tolerance() -> None:
    inside, outside = NOW + TOLERANCE, NOW + TOLERANCE + timedelta(seconds=1)
    assert parse_date(inside.isoformat(), SEOUL, NOW) == inside
    assert parse_date(outside.isoformat(), SEOUL, NOW) is None


def test_the_zone_is_the_one_given() -> None:
    assert parse_date("2025-02-05 00:30", "UTC", NOW) == _utc("2025-02-05T00:30:00+00:00")
    assert parse_date("2025-01-05 12:00", "America/New_York", NOW) == _utc("2025-01-05T12:00:00-05:00")
    assert parse_date("2024-07-05 12:00", "America/New_York", NOW) == _utc("2024-07-05T12:00:00-04:00")


def test_an_unknown_zone_is_an_error() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        parse_date("2025-02-05", "Asia/Pyeongtaek", NOW)


def test_only_the_beginning_of_a_long_text_counts() -> None:
    assert parse_date("가" * 400 + " 2025-02-05 14:21", SEOUL, NOW) is None


@given(st.text(max_size=400))
def test_never_raises(text: str) -> None:
    found = parse_date(text, SEOUL, NOW)
    assert found is None or found.tzinfo is UTC


@given(st.from_regex(r"[0-9 .:/\-년월일시분오전후TZ+GMT입력수정]{0,40}", fullmatch=True))
def test_never_raises_for_what_looks_like_a_date(text: str) -> None:
    found = parse_date(text, SEOUL, NOW)
    assert found is None or found <= NOW + TOLERANCE


@given(st.datetimes(min_value=datetime(1981, 1, 1), max_value=datetime(2025, 2, 5)))  # noqa: DTZ001 - local times are the input
def test_common_forms_are_read_back(local: datetime) -> None:
    local = local.replace(microsecond=0)
    expected = local.replace(tzinfo=ZoneInfo(SEOUL)).astimezone(UTC)
    for form in (
        "%Y-%m-%d %H:%M:%S",
        "%Y.%m.%d %H:%M:%S",
        "%Y%m%d%H%M%S",
        "%Y년 %m월 %d일 %H:%M:%S",
        "입력 %Y/%m/%d %H:%M:%S",
    ):
        # Wall clocks that never were (daylight saving of 1987 and 1988) have no one meaning.
        if expected.astimezone(ZoneInfo(SEOUL)).replace(tzinfo=None) == local:
            assert parse_date(local.strftime(form), SEOUL, NOW) == expected, form


MORNING = datetime(2026, 11, 28, 0, 0, tzinfo=UTC)  # nine in Seoul


@pytest.mark.parametrize(
    "zone",
    [
        "GMT+0900",
        "GMT+09:00",
        "UTC+9",
        "(UTC+09:00)",
        "UTC+09",
        "+0900",
        "+09:00",
        "KST",
        "GMT+0900 (Korean Standard Time)",
    ],
)
@pytest.mark.parametrize(
    "form",
    [
        *(
            "2026-11-28 09:00:00 {}",
            "Sat Nov 28 2026 09:00:00 {}",
            "28 11월 2026 09:00 {}",
            "28. November 2026, 09:00 {}",
        ),
        *("28.11.2026, 09:00 {}", "28/11/2026 09:00 {}", "11월 28, 2026 09:00 {}", "2026년 11월 28일 오전 9시 {}"),
    ],
)
def test_every_form_with_every_zone(form: str, zone: str) -> None:
    assert parse_date(form.format(zone), "Europe/Berlin", MORNING) == MORNING


@pytest.mark.parametrize("zone", ["IST", "AMT", "BRT", "CAT", "XYZT", "XYZ", "WIB", "NFDT"])
def test_an_unknown_zone_gives_no_time(zone: str) -> None:
    assert parse_date(f"Sat, 28 Nov 2026 05:30:00 {zone}", SEOUL, MORNING) is None


@pytest.mark.parametrize(
    "text",
    [
        *("입력 2026-03-09 (14:21)", "2026.03.09 [14시 21분]", "등록 2026.03.09. <14:21>", "입력 : 2026-03-09ㅣ14:21"),
        *(
            "2026-03-09 · 14:21",
            "2026-03-09 - 14:21",
            "2026-03-09 at 14:21",
            "2026-03-09 ⎮ 14:21",
            "2026.03.09 • 14:21",
            "2026.03.09 (월) – 14:21",
            "14:21 2026-03-09",
        ),
        *(
            "오후 2:21 2026.03.09",
            "14:21, 9 March 2026",
            "09.03.2026, 14:21",
            "9. März 2026, 14:21",
            "9. Mai 2026, 14:21",
        ),
        *("03/09/2026 02:21 PM", "2:21 PM 2026-03-09"),
    ],
)
def test_the_clock_stands_anywhere_beside_the_day(text: str) -> None:
    month = 5 if "Mai" in text else 3
    assert parse_date(text, SEOUL, MORNING) == datetime(2026, month, 9, 5, 21, tzinfo=UTC)


def test_a_day_and_month_that_nothing_tells_apart_are_no_date() -> None:
    assert parse_date("03/09/2026 14:21", SEOUL, MORNING) is None
    assert parse_date("13/09/2026 14:21", SEOUL, MORNING) == datetime(2026, 9, 13, 5, 21, tzinfo=UTC)
