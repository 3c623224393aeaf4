"""The message that says that all is running: when it is due, and what it tells. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from monitor.model.health import Bilingual
from monitor.model.line import Pulse, Standing, Topic
from monitor.model.operator import NOTHING, OperatorNotice
from monitor.present.moments import rfc3339

HEARTBEAT: Final = "heartbeat"
HEARTBEATS: Final = Topic("monitor", (HEARTBEAT,))
GRACE: Final = timedelta(hours=1)
"""How long after its moment a heartbeat is still told, by a daemon that was down then."""

APART: Final = timedelta(minutes=2)
"""How far the clocks of two daemons may be apart; an event from further ahead is of a clock that was wrong."""


def is_told(told: Standing | None, moment: datetime, now: datetime) -> bool:
    """Return whether the heartbeat that was due at `moment` has been told."""
    return told is not None and moment <= told.at <= now + APART


def heartbeat(pulse: Pulse, running_since: datetime, now: datetime) -> OperatorNotice:
    """Return what the operator is told: since when the daemon runs, what came since the last time, what is not well."""
    ill = (
        *((f"sources that fail: {pulse.failing}", f"수집 실패 소스 {pulse.failing}개"),) * bool(pulse.failing),
        *((f"channels that fail: {', '.join(pulse.unwell)}", f"전송 실패 채널: {', '.join(pulse.unwell)}"),)
        * bool(pulse.unwell),
        *((f"channels that are shut: {', '.join(pulse.shut)}", f"중지된 채널: {', '.join(pulse.shut)}"),)
        * bool(pulse.shut),
    )
    counts = Bilingual(
        f"monitor is running; new articles: {pulse.articles}, hits: {pulse.hits}; sources polled: {pulse.polled} of"
        f" {pulse.sources}; messages waiting: {pulse.waiting}",
        f"monitor가 정상 작동 중입니다. 새 기사 {pulse.articles}건, 적중 {pulse.hits}건, 수집한 소스 {pulse.polled}/{pulse.sources}개,"
        f" 대기 중인 메시지 {pulse.waiting}건",
    )
    advice = Bilingual("`monitor doctor` says what to do", "`monitor doctor`가 조치 방법을 알려 줍니다")
    return OperatorNotice(
        type=HEARTBEAT,
        severity="info",
        at=now,
        about=HEARTBEATS.about,
        summary=Bilingual(
            "; ".join((counts.en, *(en for en, _ in ill))), ". ".join((counts.ko, *(ko for _, ko in ill)))
        ),
        action=advice if ill else NOTHING,
        facts={
            "running_since": rfc3339(running_since),
            "since": rfc3339(pulse.since),
            "articles": pulse.articles,
            "hits": pulse.hits,
            "sources": {"enabled": pulse.sources, "polled": pulse.polled, "failing": pulse.failing},
            "channels": {"failing": list(pulse.unwell), "shut": list(pulse.shut)},
            "waiting": pulse.waiting,
        },
    )
