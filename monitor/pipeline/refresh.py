"""Refresh: a message that told a story first shows how far the story has grown, by an edit in place.

An edit notifies nobody and is a comfort: it is tried a few times, then left; it says nothing of how its channel fares, and no
message waits for it. Growth that comes while one is under way is the matter of the next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from monitor.channels.registry import can_edit
from monitor.channels.words.refreshed import refreshed
from monitor.model.delivery import Delivery, Outcome, Verdict
from monitor.model.event import EditFailed, MessageEdited
from monitor.model.plan import Channel
from monitor.model.story import Story
from monitor.model.task import Refresh
from monitor.pipeline.ports import Clock, Observer, Plans, Sender
from monitor.schedule.backoff import delivery_retry
from monitor.store.write.refresh_store import Outdated, RefreshStore

INTERVAL: Final = timedelta(minutes=1)
"""At least so far apart are two edits of one message."""

MOST_TRIES: Final = 5
"""Attempts at an edit, after which the message stands as it was until its story grows further."""


@dataclass(frozen=True, slots=True)
class EditPace:
    """How edits are spaced: `lease` outlasts the longest attempt, `chance` draws in [0, 1) for the waits between attempts."""

    lease: timedelta
    chance: Callable[[], float]
    interval: timedelta = INTERVAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresher:
    """The step behind Refresh."""

    plans: Plans
    store: RefreshStore
    sender: Sender
    observer: Observer
    clock: Clock
    pace: EditPace

    async def __call__(self, task: Refresh) -> None:
        """Edit one message, if it is due and its story has grown. Raises StoreError: then it is due again later."""
        held = await self.store.claim(task.delivery_id, self.clock(), self.pace.lease, self.pace.interval)
        if held is None:
            return
        channel = self.plans.current()[0].channel(held.channel_id)
        body = None if held.story is None else refreshed(held.body, held.story)
        if channel is None or not channel.enabled or not can_edit(channel) or held.story is None or body is None:
            await self.store.shown(held, self.clock(), edited=False)
            return
        await self._edit(held, channel, body, held.story)

    async def _edit(self, held: Outdated, channel: Channel, body: bytes, story: Story) -> None:
        message = Delivery(held.delivery_id, held.channel_id, held.seq, body, held.tries, "", held.created_at)
        outcome = await self.sender.edit(message, channel, self.clock(), held.receipt)
        now = self.clock()
        if outcome.verdict is Verdict.DELIVERED:
            await self.store.shown(held, now)
            sizes = (story.articles, story.outlets)
            self.observer.report(MessageEdited(channel.id, held.delivery_id, *sizes, outcome.elapsed_ms))
            return
        left = outcome.verdict is not Verdict.RETRY or held.tries >= MOST_TRIES
        again = self._again(held, outcome, now)
        if left:
            await self.store.give_up(held, again if outcome.verdict is Verdict.RETRY else None)
        else:
            await self.store.try_again(held, again)
        self.observer.report(EditFailed(channel.id, held.delivery_id, held.tries, outcome.detail, given_up=left))

    def _again(self, held: Outdated, outcome: Outcome, now: datetime) -> datetime:
        wait = delivery_retry(held.tries, self.pace.chance(), outcome.retry_after)
        return now + max(timedelta(seconds=wait), self.pace.interval)
