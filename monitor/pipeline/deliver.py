"""Deliver: one attempt at one message, then the next message of the same channel."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count

from monitor.model.delivery import AttemptResult, Completion, Delivery, DeliveryState, Outcome, Verdict
from monitor.model.errors import StoreError
from monitor.model.event import Delivered, DeliveryFailed, Event, LeaseLost
from monitor.model.task import Deliver, Task
from monitor.pipeline.ports import Clock, Observer, Plans, Sender
from monitor.pipeline.unwritten import Unwritten
from monitor.schedule.backoff import delivery_retry
from monitor.store.write.outbox import Outbox

_number = count(1)

REJECTED_ATTEMPTS = 3  # a receiver that refuses a message will refuse it tomorrow
UNSET_WAIT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLeases:
    """Takes deliveries for `owner`, one name for each process; `lease` outlasts the longest attempt."""

    outbox: Outbox
    clock: Clock
    owner: str
    unwritten: Unwritten
    lease: timedelta

    async def claim(self, delivery_id: str) -> Delivery | None:
        """Take a delivery for one attempt; None when it is not due, not the head of its channel, or held.

        Raises StoreError.
        """
        # Each claim has a name of its own: one that failed must not be given back under a later one.
        owner = f"{self.owner}:{next(_number)}"
        try:
            return await self.outbox.claim_delivery(delivery_id, owner, self.clock(), self.lease)
        except StoreError:
            self.unwritten.later(partial(self.outbox.release_delivery, delivery_id, owner))
            raise

    async def complete(
        self, delivery: Delivery, result: AttemptResult, now: datetime, tell: Callable[[Completion], None]
    ) -> Completion:
        """Write down an attempt and its meaning, then `tell` of it.

        Where the database refuses, both come to pass at the next good write: a message that its receiver took is not
        sent again because nobody could write that down. Raises StoreError then.
        """

        async def write() -> Completion:
            completion = await self.outbox.complete_delivery(delivery, result, now)
            tell(completion)
            return completion

        return await self.unwritten.do(write)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliverer:
    """The step behind Deliver. `chance` draws in [0, 1). `well` are the channels that took their last message."""

    plans: Plans
    leases: DeliveryLeases
    sender: Sender
    observer: Observer
    clock: Clock
    chance: Callable[[], float]
    well: set[str] = field(default_factory=set)

    async def __call__(self, task: Deliver) -> AsyncIterator[Task]:
        """Claim, send outside any transaction, complete; yield the channel's next message when one is due."""
        delivery = await self.leases.claim(task.delivery_id)
        if delivery is None:
            return
        channel = self.plans.current()[0].channel(delivery.channel_id)
        if channel is None or not channel.url:
            due = self.clock() + UNSET_WAIT
            waiting = AttemptResult(DeliveryState.PENDING, None, "the channel has no url", 0.0, due)
            await self.leases.complete(delivery, waiting, self.clock(), lambda _: None)
            return
        outcome = await self.sender.send(delivery, channel, self.clock())
        now = self.clock()
        result = attempt_result(delivery, outcome, now, self.chance(), was_well=channel.id in self.well)
        if result.state is DeliveryState.DONE:
            self.well.add(channel.id)
        else:
            self.well.discard(channel.id)

        def tell(completion: Completion) -> None:
            # Whoever has it now sends it again, under the same id, and tells how that went.
            lost = completion.lost
            self.observer.report(LeaseLost("delivery", delivery.id) if lost else _event(delivery, result, now))

        completion = await self.leases.complete(delivery, result, now, tell)
        if completion.following is not None:
            yield Deliver(completion.following)


def attempt_result(
    delivery: Delivery, outcome: Outcome, now: datetime, chance: float, *, was_well: bool = False
) -> AttemptResult:
    """Return what an attempt means for its delivery; `was_well`: its channel took the message before."""

    def result(state: DeliveryState, due: datetime | None = None, *, disable: bool = False) -> AttemptResult:
        return AttemptResult(
            state, outcome.status, outcome.detail, outcome.elapsed_ms, due, outcome.retry_after, disable
        )

    match outcome.verdict:
        case Verdict.DELIVERED:
            return result(DeliveryState.DONE)
        case Verdict.GIVE_UP:
            return result(DeliveryState.DEAD)
        case Verdict.CHANNEL_GONE:
            return result(DeliveryState.DEAD, disable=True)
        case Verdict.REJECTED if delivery.attempt >= REJECTED_ATTEMPTS:
            return result(DeliveryState.DEAD)
        case Verdict.REJECTED | Verdict.RETRY:
            wait = delivery_retry(delivery.attempt, chance, outcome.retry_after, was_well=was_well)
            if wait is None:
                return result(DeliveryState.DEAD)
            return result(DeliveryState.PENDING, now + timedelta(seconds=wait))


def _event(delivery: Delivery, result: AttemptResult, now: datetime) -> Event:
    if result.state is DeliveryState.DONE:
        return Delivered(delivery.channel_id, delivery.id, delivery.seq, delivery.attempt, result.elapsed_ms)
    wait = (result.due_at - now).total_seconds() if result.due_at else 0.0
    dead = result.state is DeliveryState.DEAD
    return DeliveryFailed(delivery.channel_id, delivery.id, delivery.attempt, result.detail, wait, dead)
