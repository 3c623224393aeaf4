"""Deliver: one attempt at one message, then the next message of the same channel."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.model.delivery import AttemptResult, Delivery, DeliveryState, Outcome, Verdict
from monitor.model.event import Delivered, DeliveryFailed, Event
from monitor.model.task import Deliver, Task
from monitor.pipeline.ports import Clock, Observer, Plans, Sender
from monitor.schedule.backoff import delivery_retry
from monitor.store.write.outbox import Outbox

REJECTED_ATTEMPTS = 3  # a receiver that refuses a message will refuse it tomorrow
UNSET_WAIT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Deliverer:
    """The step behind Deliver. `lease` outlasts the longest attempt; `chance` draws in [0, 1)."""

    plans: Plans
    outbox: Outbox
    sender: Sender
    observer: Observer
    clock: Clock
    chance: Callable[[], float]
    owner: str
    lease: timedelta

    async def __call__(self, task: Deliver) -> AsyncIterator[Task]:
        """Claim, send outside any transaction, complete; yield the channel's next message when one is due."""
        delivery = await self.outbox.claim_delivery(task.delivery_id, self.owner, self.clock(), self.lease)
        if delivery is None:
            return
        channel = self.plans.current()[0].channel(delivery.channel_id)
        if channel is None or not channel.url:
            waiting = AttemptResult(
                DeliveryState.PENDING, None, "the channel has no url", 0.0, self.clock() + UNSET_WAIT
            )
            await self.outbox.complete_delivery(delivery, waiting, self.clock())
            return
        outcome = await self.sender.send(delivery, channel, self.clock())
        now = self.clock()
        result = attempt_result(delivery, outcome, now, self.chance())
        following = await self.outbox.complete_delivery(delivery, result, now)
        self.observer.report(_event(delivery, result, now))
        if following is not None:
            yield Deliver(following)


def attempt_result(delivery: Delivery, outcome: Outcome, now: datetime, chance: float) -> AttemptResult:
    """Return what an attempt means for its delivery."""

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
            wait = delivery_retry(delivery.attempt, chance, outcome.retry_after)
            if wait is None:
                return result(DeliveryState.DEAD)
            return result(DeliveryState.PENDING, now + timedelta(seconds=wait))


def _event(delivery: Delivery, result: AttemptResult, now: datetime) -> Event:
    if result.state is DeliveryState.DONE:
        return Delivered(delivery.channel_id, delivery.id, delivery.seq, delivery.attempt, result.elapsed_ms)
    wait = (result.due_at - now).total_seconds() if result.due_at else 0.0
    dead = result.state is DeliveryState.DEAD
    return DeliveryFailed(delivery.channel_id, delivery.id, delivery.attempt, result.detail, wait, dead)
