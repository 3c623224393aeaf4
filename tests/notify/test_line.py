"""The line's own alarms: raised once, ended once, in both languages, whatever comes in between."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from monitor.channels.words.compose import compose
from monitor.channels.words.schemas import schema_text
from monitor.model.delivery import MessageDraft
from monitor.model.line import LineState, OldestMessage, Pulse, Standing
from monitor.model.operator import OperatorNotice
from monitor.model.plan import Channel
from monitor.notify.heartbeat import heartbeat, is_told
from monitor.notify.line import (
    DISK_LOW,
    DISK_RECOVERED,
    ENOUGH,
    LATE,
    SPARE,
    database_recovered,
    disk,
    disk_topic,
    late,
    late_topic,
    unwell,
)

NOW = datetime(2026, 11, 5, 2, 32, 16, tzinfo=UTC)
TEAM = Channel("team", "slack", "https://hooks.example/team")
LIMIT = timedelta(minutes=15)
DISK = disk_topic("/var/lib/monitor", "a1b2")
PULSE = Pulse(NOW - timedelta(days=1), 812, 9, 40, 38, 2, ("phone",), ("desk", "팀"), 7)


def waits(minutes: float, waiting: int = 3) -> OldestMessage:
    return OldestMessage("team", NOW - timedelta(minutes=minutes), waiting)


def standing(kind: str) -> Standing:
    return Standing(kind, NOW - timedelta(hours=1))


@pytest.mark.parametrize(
    ("oldest", "told", "expected"),
    [
        (None, None, None),
        (waits(15), None, None),
        (waits(15.1), None, "outbox.late"),
        (waits(600), None, "outbox.late"),
        (waits(600), "outbox.late", None),
        (waits(600), "outbox.drained", "outbox.late"),
        (waits(10), "outbox.late", None),
        (waits(7.5), "outbox.late", "outbox.drained"),
        (None, "outbox.late", "outbox.drained"),
        (None, "outbox.drained", None),
        (waits(-60), "outbox.late", "outbox.drained"),  # the clock was set back
    ],
)
def test_a_late_channel_is_told_once_and_ends_well_below(
    oldest: OldestMessage | None, told: str | None, expected: str | None
) -> None:
    notice = late(TEAM, oldest, standing(told) if told else None, NOW, LIMIT)
    assert (None if notice is None else notice.type) == expected
    if notice is not None:
        assert (notice.about, notice.channel_id) == (late_topic("team").about, "team")


@pytest.mark.parametrize(
    ("free", "told", "expected"),
    [
        (SPARE, None, None),
        (SPARE - 1, None, DISK_LOW),
        (0, DISK_RECOVERED, DISK_LOW),
        (0, DISK_LOW, None),
        (SPARE, DISK_LOW, None),
        (ENOUGH - 1, DISK_LOW, None),
        (ENOUGH, DISK_LOW, DISK_RECOVERED),
        (ENOUGH, None, None),
        (ENOUGH, DISK_RECOVERED, None),
    ],
)
def test_a_disk_is_told_once_and_recovers_with_room_to_spare(free: int, told: str | None, expected: str | None) -> None:
    notice = disk("/var/lib/monitor", DISK, free, standing(told) if told else None, NOW)
    assert (None if notice is None else notice.type) == expected


@given(st.lists(st.integers(min_value=0, max_value=2 * ENOUGH), max_size=40))
def test_whatever_the_disk_does_alarms_and_their_ends_alternate(course: list[int]) -> None:
    told: Standing | None = None
    kinds = []
    for free in course:
        if notice := disk("/d", DISK, free, told, NOW):
            told = Standing(notice.type, notice.at)
            kinds.append(notice.type)
    assert kinds == [DISK_LOW, DISK_RECOVERED] * (len(kinds) // 2) + [DISK_LOW] * (len(kinds) % 2)
    assert (min(course, default=SPARE) < SPARE) == bool(kinds)


@given(st.lists(st.none() | st.floats(min_value=-60, max_value=10_000), max_size=40))
def test_whatever_the_queue_does_alarms_and_their_ends_alternate(course: list[float | None]) -> None:
    told: Standing | None = None
    kinds = []
    for minutes in course:
        if notice := late(TEAM, None if minutes is None else waits(minutes), told, NOW, LIMIT):
            told = Standing(notice.type, notice.at)
            kinds.append(notice.type)
    assert kinds == [LATE, "outbox.drained"] * (len(kinds) // 2) + [LATE] * (len(kinds) % 2)


NOTICES = (
    late(TEAM, waits(40), None, NOW, LIMIT),
    late(TEAM, None, standing(LATE), NOW, LIMIT),
    disk("/var/lib/\u202emonitor", DISK, 12 * 2**20, None, NOW),
    disk("/var/lib/monitor", DISK, ENOUGH, standing(DISK_LOW), NOW),
    database_recovered(NOW - timedelta(minutes=42), NOW, "database or disk is full"),
    database_recovered(NOW + timedelta(minutes=42), NOW, ""),
    heartbeat(PULSE, NOW - timedelta(days=30), NOW),
    heartbeat(Pulse(NOW, 0, 0, 0, 0, 0, (), (), 0), NOW, NOW),
)


@pytest.mark.parametrize("notice", NOTICES, ids=lambda notice: notice.type)
def test_each_message_keeps_to_its_schema_and_speaks_both_languages(notice: OperatorNotice | None) -> None:
    assert notice is not None
    body = json.loads(compose(MessageDraft(7, NOW, (notice,))))
    schema = json.loads(schema_text(notice.type))
    Draft202012Validator(schema).validate(body)
    assert set(body["data"]) == set(schema["properties"]["data"]["properties"]) - {"test"}
    assert any("가" <= sign <= "힣" for sign in body["data"]["summary"]["ko"])
    assert bool(body["data"]["action"]["en"]) == bool(body["data"]["action"]["ko"])


def test_only_what_somebody_must_act_on_breaks_the_quiet_of_the_night() -> None:
    severities = {notice.type: notice.severity for notice in NOTICES if notice is not None}
    assert {kind for kind, severity in severities.items() if severity == "critical"} == {"disk.low"}
    assert {kind for kind, severity in severities.items() if severity == "warning"} == {
        "outbox.late",
        "database.recovered",
    }


def test_a_heartbeat_names_what_is_not_well_and_nothing_else() -> None:
    ill, well = heartbeat(PULSE, NOW, NOW), heartbeat(Pulse(NOW, 1, 0, 3, 3, 0, (), (), 0), NOW, NOW)
    for word in ("812", "38 of 40", "sources that fail: 2", "desk, 팀", "shut: phone", "waiting: 7"):
        assert word in ill.summary.en
    assert "수집 실패 소스 2개" in ill.summary.ko
    assert "fail" not in well.summary.en
    assert "shut" not in well.summary.en
    assert (bool(ill.action.en), bool(well.action.en)) == (True, False)


@pytest.mark.parametrize(
    ("told_at", "expected"),
    [(None, False), (-60, False), (0, True), (5, True), (600, True), (661, True), (60 * 24 * 400, False)],
)
def test_a_heartbeat_of_a_clock_that_ran_ahead_does_not_count(told_at: float | None, expected: bool) -> None:  # noqa: FBT001
    told = None if told_at is None else Standing("heartbeat", NOW + timedelta(minutes=told_at))
    assert is_told(told, NOW, NOW + timedelta(minutes=660)) is expected


WELL = LineState(0, NOW, outage=False, shut=(), oldest=())


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (WELL, ()),
        (LineState(3, NOW - timedelta(minutes=14), outage=False, shut=(), oldest=()), ()),
        (
            LineState(3, NOW - timedelta(minutes=16), outage=False, shut=(), oldest=()),
            ("sources are due, and none is polled",),
        ),
        (LineState(1, None, outage=False, shut=(), oldest=()), ("sources are due, and none is polled",)),
        (LineState(0, None, outage=False, shut=(), oldest=()), ()),
        (LineState(0, NOW - timedelta(days=3), outage=False, shut=(), oldest=()), ()),
        (LineState(0, NOW, outage=True, shut=(), oldest=()), ("no source gets an answer",)),
        (
            LineState(0, NOW, outage=False, shut=("a", "b"), oldest=()),
            ("channel a is shut", "channel b is shut"),
        ),
        (LineState(0, NOW, outage=False, shut=(), oldest=(waits(14),)), ()),
        (LineState(0, NOW, outage=False, shut=(), oldest=(waits(16),)), ("channel team is behind",)),
    ],
)
def test_nobody_is_assured_while_something_is_wrong(state: LineState, why: tuple[str, ...]) -> None:
    assert unwell(state, NOW, LIMIT) == why
