"""The chore that sends a digest with nothing in it, once for each moment at which nothing was held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from monitor.channels.words.compose import compose
from monitor.model.line import Standing
from monitor.model.notification import History, Notification
from monitor.model.operator import OperatorNotice
from monitor.model.plan import Channel
from monitor.notify.digests import empty_digest, topic
from monitor.notify.heartbeat import is_told
from monitor.notify.holding import hold_event
from monitor.notify.policy import channel_reason
from monitor.pipeline.ports import Clock, Plans
from monitor.schedule.cadence import last_moment
from monitor.schedule.calendar import CALENDAR
from monitor.store.write.line_store import LineStore
from monitor.store.write.messages import Announcement
from monitor.store.write.notification_store import NotificationStore

GRACE: Final = timedelta(hours=1)
"""How long after its moment an empty digest is still sent, by a daemon that was down then."""


@dataclass(frozen=True, slots=True)
class EmptyDigests:
    """The chore `digests`."""

    line_store: LineStore
    notification_store: NotificationStore
    plans: Plans
    clock: Clock

    async def __call__(self) -> None:
        """Send what is due on each channel with a digest. Raises StoreError."""
        now = self.clock()
        for channel in self.plans.current()[0].channels:
            if not channel.policy.digest or channel_reason(channel) is not None:
                continue
            moment = last_moment(channel.policy.digest, now, channel.zone, GRACE)
            if moment is None:
                continue
            goes = hold_event(channel, "info", now, CALENDAR).until or now
            if not await self.notification_store.told_since(channel.id, moment, goes):
                await self._tell(channel, moment, now)

    async def _tell(self, channel: Channel, moment: datetime, now: datetime) -> None:
        """Send one, unless this daemon or another did."""

        def decide(told: Standing | None) -> OperatorNotice | None:
            return None if is_told(told, moment, now) else empty_digest(channel, moment, now)

        def to_channel(notice: object, history: History, at: datetime) -> Sequence[Notification]:
            del notice, history
            held = hold_event(channel, "info", at, CALENDAR)
            return (Notification(channel.id, group_key=held.key, not_before=held.until),)

        await self.line_store.tell(topic(channel.id), decide, Announcement(to_channel, compose))
