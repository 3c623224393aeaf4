"""The whole product as one function: a task in, the tasks that follow out.

    tick -> Poll(source): lists -> entries -> fetch -> extract -> match
                 -> ONE transaction: article, hits, story, whom to tell, messages
         -> Flush(group): what was held for a channel -> one message
         -> Evaluate(rule): what a rule over counts counts -> told once, or nothing to tell
         -> FollowUp(article): what was told, looked at again -> changed, or removed
         -> Refresh(delivery): a message that was sent shows its story as it is now
         -> Deliver(delivery): claim -> send -> complete -> the channel's next
         -> Rematch(): changed rules against stored articles; Maintain(kind)

Follow-ups are yielded as they become true, so that an alert does not wait for the end of its poll. They are only the
fast path: `due` finds again in the store whatever was lost with a process.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from monitor.model.task import Deliver, Evaluate, Flush, FollowUp, Maintain, Poll, Refresh, Rematch, Task
from monitor.pipeline.deliver import Deliverer
from monitor.pipeline.evaluate import CountTicks, Evaluator
from monitor.pipeline.flush import Flusher
from monitor.pipeline.follow_up import FollowUpStep
from monitor.pipeline.maintain import Maintainer
from monitor.pipeline.poll import Poller
from monitor.pipeline.ports import Clock
from monitor.pipeline.refresh import Refresher
from monitor.pipeline.rematch import Rematcher
from monitor.pipeline.unwritten import Unwritten
from monitor.store.write.follow_up_store import FollowUpStore
from monitor.store.write.notification_store import NotificationStore
from monitor.store.write.outbox import Outbox
from monitor.store.write.refresh_store import RefreshStore
from monitor.store.write.rule_store import RuleStore
from monitor.store.write.source_store import SourceStore

LIMIT: Final = 500
LOOKS: Final = 20
"""Articles that are looked at again, of one tick."""

EDITS: Final = 50
"""Messages that are edited, of one tick."""

Chores: TypeAlias = Mapping[str, Callable[[], Awaitable[None]]]
"""Chores of the line itself, by the kind of Maintain that asks for them."""


@dataclass(frozen=True, slots=True)
class Steps:
    """One step for each kind of task; `chores` are those of Maintain that `maintain` does not know."""

    poll: Poller
    deliver: Deliverer
    flush: Flusher
    rematch: Rematcher
    maintain: Maintainer
    follow_up: FollowUpStep
    evaluate: Evaluator
    refresh: Refresher
    chores: Chores = field(default_factory=dict)

    async def __call__(self, task: Task) -> AsyncIterator[Task]:
        """Do what the task says; yield what follows from it."""
        match task:
            case Maintain(kind) if kind in self.chores:
                await self.chores[kind]()
            case Maintain():
                await self.maintain(task)
            case Refresh():
                await self.refresh(task)
            case _:
                async for following in self._started(task):
                    yield following

    def _started(self, task: Poll | Deliver | Flush | FollowUp | Evaluate | Rematch) -> AsyncIterator[Task]:
        """Begin a step that others follow from."""
        match task:
            case Poll():
                return self.poll(task)
            case Deliver():
                return self.deliver(task)
            case Flush():
                return self.flush(task)
            case FollowUp():
                return self.follow_up(task)
            case Evaluate():
                return self.evaluate(task)
            case Rematch():
                return self.rematch(task)


@dataclass(frozen=True, slots=True)
class Due:
    """Finds what is due in the store, LIMIT deliveries, groups and polls at most."""

    source_store: SourceStore
    outbox: Outbox
    notification_store: NotificationStore
    rule_store: RuleStore
    follow_up_store: FollowUpStore
    refresh_store: RefreshStore
    clock: Clock
    unwritten: Unwritten
    ticks: CountTicks

    async def __call__(self) -> tuple[Task, ...]:
        """Return deliveries first: whoever waits for an alert waits now.

        Before that, what could not be given back is: as long as the database takes no write, nothing is begun. Raises
        StoreError.
        """
        await self.unwritten.again()
        now = self.clock()
        deliveries = await self.outbox.due_deliveries(now, LIMIT)
        groups = await self.notification_store.due_groups(now, LIMIT)
        sources = await self.source_store.due_sources(now, LIMIT)
        looks = await self.follow_up_store.due_follow_ups(now, LOOKS)
        outdated = await self.refresh_store.due_refreshes(now, EDITS)
        stale = await self.rule_store.any_stale()
        return (
            *(Deliver(delivery_id) for delivery_id in deliveries),
            *(Flush(channel_id, group_key) for channel_id, group_key in groups),
            *self.ticks.due(now),
            *(Poll(source_id) for source_id in sources),
            *(FollowUp(article_id) for article_id in looks),
            *(Refresh(delivery_id) for delivery_id in outdated),
            *((Rematch(),) if stale else ()),
        )
