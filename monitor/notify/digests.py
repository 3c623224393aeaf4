"""A digest with nothing in it says so: silence would be no different from an outage. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from monitor.model.health import Bilingual
from monitor.model.line import Topic
from monitor.model.operator import OperatorNotice
from monitor.model.plan import Channel
from monitor.present.moments import rfc3339

EMPTY: Final = "digest.empty"


def topic(channel_id: str) -> Topic:
    """Return what the empty digests of a channel are about."""
    return Topic(f"channel {channel_id}", (EMPTY,))


def empty_digest(channel: Channel, moment: datetime, now: datetime) -> OperatorNotice:
    """Return that nothing was held for the digest of `moment`."""
    return OperatorNotice(
        type=EMPTY,
        at=now,
        about=topic(channel.id).about,
        summary=Bilingual("nothing new since the last digest", "지난 모아보기 이후 새로운 소식이 없습니다"),
        facts={"moment": rfc3339(moment)},
        severity="info",
    )
