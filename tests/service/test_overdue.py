"""A source that was due and is not polled, and what only the plan knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.model.plan import Interval, Plan, Source
from monitor.model.records import SourceRecord
from monitor.service.overdue import annotated, missed_without_a_daemon

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=3)
SOURCE = Source("a", "A", "feed", ("https://a.example/",), Interval(60), note="허락 대기", unverified_live=True)
PLAN = Plan("v", sources=(SOURCE,))
RECORD = SourceRecord("a", "A", "feed", True, None, "", 0, NOW - timedelta(minutes=4), 0, 0)  # noqa: FBT003 - by position, as stored


def test_the_plan_says_what_the_store_does_not_know() -> None:
    (one, other) = annotated((RECORD, replace(RECORD, id="gone")), PLAN, NOW, LONG_AGO)
    assert (one.note, one.unverified_live) == ("허락 대기", True)
    assert (other.note, other.unverified_live, other.overdue) == ("", False, False)


@pytest.mark.parametrize(
    ("changes", "since", "overdue"),
    [
        ({}, LONG_AGO, True),
        ({"next_poll_at": NOW - timedelta(minutes=2)}, LONG_AGO, False),
        ({"next_poll_at": NOW + timedelta(minutes=1)}, LONG_AGO, False),
        ({"polling": True}, LONG_AGO, False),  # a long backlog is read
        ({"polling": True, "next_poll_at": NOW - timedelta(minutes=16)}, LONG_AGO, True),
        ({}, NOW - timedelta(minutes=1), False),  # the daemon has just begun
        ({}, None, False),  # it is the daemon that is missing
        ({"enabled": False, "next_poll_at": None}, LONG_AGO, False),
    ],
)
def test_a_source_is_overdue_after_a_few_of_its_own_waits(
    changes: dict[str, object], since: datetime | None, *, overdue: bool
) -> None:
    (record,) = annotated((replace(RECORD, **changes),), PLAN, NOW, since)  # type: ignore[arg-type] # as the fields are
    assert record.overdue is overdue


def test_without_a_daemon_the_overdue_are_counted() -> None:
    fresh = replace(RECORD, next_poll_at=NOW)
    assert missed_without_a_daemon((RECORD, fresh), PLAN, NOW) == 1
