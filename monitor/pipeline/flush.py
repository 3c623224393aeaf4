"""Flush: what was held for a channel becomes a message, or several."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial

from monitor.channels.words.compose import compose
from monitor.model.policy import AT_ONCE
from monitor.model.task import Deliver, Flush, Task
from monitor.pipeline.ports import Clock, Plans
from monitor.store.write.notification_store import NotificationStore


@dataclass(frozen=True, slots=True)
class Flusher:
    """The step behind Flush."""

    notification_store: NotificationStore
    plans: Plans
    clock: Clock

    async def __call__(self, task: Flush) -> AsyncIterator[Task]:
        """Make the messages of a group that is due; yield a Deliver for each."""
        plan = self.plans.current()[0]
        channel = plan.channel(task.channel_id)
        composing = partial(compose, desk_url=plan.desk_url)
        most = (AT_ONCE if channel is None else channel.policy).most
        made = await self.notification_store.flush(task.channel_id, task.group_key, most, composing, self.clock())
        for delivery_id in made:
            yield Deliver(delivery_id)
