"""Channels that a receiver shut and that are open again: by a command, or because their definition was mended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from monitor.channels.words.compose import compose
from monitor.model.delivery import Opening
from monitor.model.event import ChannelEnabled
from monitor.model.operator import OperatorNotice
from monitor.model.plan import Plan
from monitor.notify.channels import channel_enabled
from monitor.notify.policy import decide_event
from monitor.pipeline.ports import Observer
from monitor.schedule.calendar import CALENDAR
from monitor.store.write.messages import Announcement
from monitor.store.write.outbox import Outbox


async def open_channel(outbox: Outbox, channel_id: str, plan: Plan, now: datetime) -> Opening:
    """Open a channel and tell the operator of it. Raises StoreError."""
    enabled = partial(_enabled, channel_id, plan, now)
    return await outbox.open_channel(channel_id, enabled, now, _announcement(plan))


async def tell_of_opened(outbox: Outbox, opened: Sequence[str], plan: Plan, now: datetime, observer: Observer) -> None:
    """Tell the operator of channels that a mended definition has opened. Raises StoreError."""
    for channel_id in opened:
        waiting = await outbox.waiting(channel_id)
        await outbox.announce(_enabled(channel_id, plan, now, waiting), _announcement(plan))
        observer.report(ChannelEnabled(channel_id, waiting))


def _enabled(channel_id: str, plan: Plan, now: datetime, waiting: int) -> OperatorNotice:
    channel = plan.channel(channel_id)
    return channel_enabled(channel_id, "" if channel is None else channel.kind, now, waiting)


def _announcement(plan: Plan) -> Announcement:
    return Announcement(partial(decide_event, plan=plan, calendar=CALENDAR), compose)
