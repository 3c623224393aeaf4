"""What the operator is told of a channel: that its receiver shut it, that it is open again. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from monitor.model.health import Bilingual
from monitor.model.operator import OperatorNotice
from monitor.model.plan import Channel

_GONE: Final = 410


def channel_disabled(
    channel: Channel, at: datetime, *, status: int | None, answer: str, lasted: timedelta
) -> OperatorNotice:
    """Return that a channel is shut; `answer` are the receiver's words with their status, `lasted` is how long it failed."""
    whose = f"{channel.id} ({channel.kind})"
    hours = round(lasted.total_seconds() / 3600)
    if status == _GONE:
        why = Bilingual(
            f"its receiver wants no more messages: {answer}",
            f"수신처가 더 이상 메시지를 받지 않겠다고 답했습니다: {answer}",
        )
    elif lasted < timedelta(days=1):
        why = Bilingual(
            f"its receiver has refused every message for {hours} h: {answer}",
            f"수신처가 {hours}시간째 모든 메시지를 거부합니다: {answer}",
        )
    else:
        why = Bilingual(
            f"its receiver has taken nothing for {hours // 24} days: {answer}",
            f"수신처가 {hours // 24}일째 아무 메시지도 받지 않습니다: {answer}",
        )
    return OperatorNotice(
        type="channel.disabled",
        at=at,
        about=f"channel {whose}",
        summary=Bilingual(f"channel {whose} is shut: {why.en}", f"채널 {whose} 전송이 중지되었습니다: {why.ko}"),
        action=Bilingual(
            f"correct the channel in channels.yaml and `monitor reload`, or mend its receiver and"
            f" `monitor channels open {channel.id}`; what waits is sent then, in order",
            f"channels.yaml의 채널 설정을 고친 뒤 `monitor reload`, 또는 수신처를 고친 뒤 `monitor channels open {channel.id}`를"
            " 실행하십시오. 기다리던 메시지는 그때 순서대로 전송됩니다",
        ),
        facts={"channel": {"id": channel.id, "kind": channel.kind}, "status": status, "answer": answer},
        channel_id=channel.id,
    )


def channel_enabled(channel_id: str, kind: str, at: datetime, waiting: int) -> OperatorNotice:
    """Return that a channel is open again, with how many messages go out now."""
    whose = f"{channel_id} ({kind})" if kind else channel_id
    return OperatorNotice(
        type="channel.enabled",
        severity="info",
        at=at,
        about=f"channel {whose}",
        summary=Bilingual(
            f"channel {whose} is open again; messages that waited: {waiting}",
            f"채널 {whose} 전송이 다시 시작되었습니다. 기다리던 메시지: {waiting}건",
        ),
        facts={"channel": {"id": channel_id, "kind": kind}, "waiting": waiting},
        channel_id=channel_id,
    )
