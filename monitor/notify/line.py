"""What the operator is told of the line itself: messages that wait, a disk that fills, a database that took no writes. Pure.

Each decision takes what was told last of its topic, so that an alarm is raised once, and ended once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from monitor.model.health import Bilingual
from monitor.model.line import LineState, OldestMessage, Standing, Topic
from monitor.model.operator import OperatorNotice
from monitor.model.plan import Channel
from monitor.present.moments import rfc3339

SPARE: Final = 200 * 1024 * 1024
"""Bytes of disk below which an alarm is raised."""

ENOUGH: Final = 300 * 1024 * 1024
"""Bytes of disk from which it is over: what comes and goes around one figure is no news."""

STILL: Final = timedelta(minutes=15)
"""How long no source at all need be polled while some are due."""

LATE, DRAINED = "outbox.late", "outbox.drained"
DISK_LOW, DISK_RECOVERED = "disk.low", "disk.recovered"
DATABASE_RECOVERED = "database.recovered"
_MB: Final = 1024 * 1024


def late_topic(channel_id: str) -> Topic:
    """Return what events about the waiting messages of a channel are kept under."""
    return Topic(f"channel {channel_id}", (LATE, DRAINED))


def disk_topic(folder: str, owner: str) -> Topic:
    """Return what events about the disk of a folder are kept under; `owner` tells two machines with one path apart."""
    return Topic(f"{folder} ({owner})", (DISK_LOW, DISK_RECOVERED))


def late(
    channel: Channel, oldest: OldestMessage | None, told: Standing | None, now: datetime, limit: timedelta
) -> OperatorNotice | None:
    """Return that the messages of an open channel wait longer than `limit`, or no longer do; None where that was told.

    It is over when nothing has waited for longer than half of `limit`.
    """
    waited = now - oldest.since if oldest else timedelta()
    raised = told is not None and told.type == LATE
    if oldest is not None and waited > limit and not raised:
        return _late(channel, oldest, waited, now)
    if raised and waited <= limit / 2:
        return _drained(channel, now, 0 if oldest is None else oldest.waiting)
    return None


def _late(channel: Channel, oldest: OldestMessage, waited: timedelta, now: datetime) -> OperatorNotice:
    whose, minutes = f"{channel.id} ({channel.kind})", _minutes(waited)
    return OperatorNotice(
        type=LATE,
        severity="warning",
        at=now,
        about=late_topic(channel.id).about,
        summary=Bilingual(
            f"channel {whose} is behind: its oldest message has waited for {minutes} min; messages waiting: {oldest.waiting}",
            f"채널 {whose} 전송이 늦어지고 있습니다. 가장 오래된 메시지가 {minutes}분째 대기 중입니다. 대기: {oldest.waiting}건",
        ),
        action=Bilingual(
            f"`monitor channels` shows what its receiver answers; mend the receiver, then `monitor channels open {channel.id}`"
            " tries it at once; nothing is lost, what waits is sent in order",
            f"`monitor channels`로 수신처의 응답을 확인하십시오. 수신처를 고친 뒤 `monitor channels open {channel.id}`를 실행하면 바로"
            " 다시 시도합니다. 기다리는 메시지는 유실되지 않고 순서대로 전송됩니다",
        ),
        facts={
            "channel": {"id": channel.id, "kind": channel.kind},
            "waiting": oldest.waiting,
            "waited_seconds": max(0, round(waited.total_seconds())),
        },
        channel_id=channel.id,
    )


def _drained(channel: Channel, now: datetime, waiting: int) -> OperatorNotice:
    whose = f"{channel.id} ({channel.kind})"
    return OperatorNotice(
        type=DRAINED,
        severity="info",
        at=now,
        about=late_topic(channel.id).about,
        summary=Bilingual(
            f"channel {whose} has caught up; messages waiting: {waiting}",
            f"채널 {whose} 전송 지연이 해소되었습니다. 대기: {waiting}건",
        ),
        facts={"channel": {"id": channel.id, "kind": channel.kind}, "waiting": waiting},
        channel_id=channel.id,
    )


def disk(folder: str, topic: Topic, free: int, told: Standing | None, now: datetime) -> OperatorNotice | None:
    """Return that the disk of a folder has little room left, or enough again; None where that was told. `free` is bytes."""
    raised = told is not None and told.type == DISK_LOW
    megabytes = free // _MB
    facts: dict[str, object] = {"folder": folder, "free_bytes": free}
    if free < SPARE and not raised:
        return OperatorNotice(
            type=DISK_LOW,
            at=now,
            about=topic.about,
            summary=Bilingual(
                f"the disk of {folder} is nearly full: {megabytes} MB free",
                f"{folder} 디스크의 공간이 거의 없습니다: {megabytes} MB 남음",
            ),
            action=Bilingual(
                "make room: on a full disk nothing more can be stored; `retention` in monitor.yaml says how long articles are kept",
                "공간을 확보하십시오. 디스크가 가득 차면 아무것도 저장되지 않습니다. monitor.yaml의 `retention`이 기사 보관 기간을 정합니다",
            ),
            facts=facts,
        )
    if raised and free >= ENOUGH:
        return OperatorNotice(
            type=DISK_RECOVERED,
            severity="info",
            at=now,
            about=topic.about,
            summary=Bilingual(
                f"the disk of {folder} has room again: {megabytes} MB free",
                f"{folder} 디스크에 여유 공간이 다시 생겼습니다: {megabytes} MB 남음",
            ),
            facts=facts,
        )
    return None


def database_recovered(since: datetime, now: datetime, error: str) -> OperatorNotice:
    """Return that the database took no writes from `since` on and does again; `error` is what it last said."""
    lasted = max(timedelta(), now - since)
    minutes = _minutes(lasted)
    return OperatorNotice(
        type=DATABASE_RECOVERED,
        severity="warning",
        at=now,
        about="database",
        summary=Bilingual(
            f"the database took no writes for {minutes} min, and does again" + (f"; it said: {error}" if error else ""),
            f"데이터베이스에 {minutes}분 동안 기록할 수 없었고, 지금은 정상입니다"
            + (f". 오류: {error}" if error else ""),
        ),
        action=Bilingual(
            "nothing was polled or sent meanwhile; what lists still show is read now; see what the log says of that time",
            "그동안 수집과 전송이 멈추었습니다. 목록에 아직 남아 있는 기사는 지금 수집합니다. 그 시간의 로그를 확인하십시오",
        ),
        facts={"since": rfc3339(since), "lasted_seconds": round(lasted.total_seconds()), "error": error},
    )


def unwell(state: LineState, now: datetime, limit: timedelta) -> tuple[str, ...]:
    """Return why nobody should be assured that all is well, in words that stay the same while it lasts; () when it is.

    `limit` is how long a message may wait. One source that is overdue says nothing while others are polled.
    """
    still = state.polled_at is None or now - state.polled_at > STILL
    late_ones = sorted(one.channel_id for one in state.oldest if now - one.since > limit)
    return (
        *(("sources are due, and none is polled",) if state.overdue and still else ()),
        *(("no source gets an answer",) if state.outage else ()),
        *(f"channel {one} is shut" for one in state.shut),
        *(f"channel {one} is behind" for one in late_ones),
    )


def _minutes(span: timedelta) -> int:
    return max(1, round(span.total_seconds() / 60))
