"""Deliver: one attempt at one message, then one at the next of the same channel."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count

from monitor.channels.words.compose import compose
from monitor.model.delivery import AttemptResult, Completion, Delivery, DeliveryState, NextClaim, Outcome
from monitor.model.errors import StoreError
from monitor.model.event import ChannelDisabled, Delivered, DeliveryFailed, Event, LeaseLost
from monitor.model.plan import Plan
from monitor.model.task import Deliver, Task
from monitor.notify.policy import decide_event
from monitor.pipeline.attempt import attempt_result
from monitor.pipeline.ports import Clock, Observer, Plans, Sender
from monitor.pipeline.unwritten import Unwritten
from monitor.schedule.calendar import CALENDAR
from monitor.store.write.article_store import WriteResult
from monitor.store.write.messages import Announcement
from monitor.store.write.outbox import Outbox

_number = count(1)

UNSET_WAIT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLeases:
    """Takes deliveries for `owner`, one name for each process; `lease` outlasts the longest attempt.

    When the process is `stopping` nothing new is taken along with another write.
    """

    outbox: Outbox
    clock: Clock
    owner: str
    unwritten: Unwritten
    lease: timedelta
    stopping: Callable[[], bool]
    _beforehand: dict[str, tuple[Delivery, datetime]] = field(default_factory=dict)

    async def with_claim(self, write: Callable[[NextClaim | None], Awaitable[WriteResult]]) -> WriteResult:
        """Write what may make messages, and claim in the same transaction those that can be sent at once.

        `claim` hands them out. Raises StoreError.
        """
        now = self.clock()
        if self.stopping():
            return await write(None)
        claim = NextClaim(self._name(), now + self.lease)
        try:
            written = await write(claim)
        except StoreError:  # nobody knows whether the COMMIT came to pass
            self.unwritten.later(partial(self.outbox.release_claim, claim.owner))
            raise
        for delivery_id in [known for known, (_, until) in self._beforehand.items() if until <= now]:
            del self._beforehand[delivery_id]  # nobody came for it in time: its lease has run out
        self._beforehand.update({delivery.id: (delivery, claim.until) for delivery in written.claimed})
        return written

    async def give_back(self) -> None:
        """Give back what was claimed beforehand and nobody came for: the process ends. Raises StoreError."""
        while self._beforehand:
            _, (delivery, _) = self._beforehand.popitem()
            await self.outbox.release_claim(delivery.owner)

    async def claim(self, delivery_id: str) -> Delivery | None:
        """Take a delivery for one attempt; None when it is not due, not the head of its channel, or held.

        Raises StoreError.
        """
        held, until = self._beforehand.pop(delivery_id, (None, None))
        if held is not None and until is not None and self.clock() < until:
            return held
        owner = self._name()
        try:
            return await self.outbox.claim_delivery(delivery_id, owner, self.clock(), self.lease)
        except StoreError:
            self.unwritten.later(partial(self.outbox.release_claim, owner))
            raise

    async def complete(
        self, delivery: Delivery, result: AttemptResult, plan: Plan, now: datetime, tell: Callable[[Completion], None]
    ) -> Completion:
        """Write down an attempt and its meaning, then `tell` of it; `plan` says who hears of a channel that it shuts.

        The channel's next message is claimed along with it. Where the database refuses, both come to pass at the next good write: a message that its receiver took is not
        sent again because nobody could write that down. Raises StoreError then.
        """

        async def write(then: NextClaim | None = None) -> Completion:
            announce = Announcement(partial(decide_event, plan=plan, calendar=CALENDAR), compose)
            completion = await self.outbox.complete_delivery(delivery, result, now, announce, then)
            tell(completion)
            return completion

        then = None if self.stopping() else NextClaim(self._name(), now + self.lease)
        try:
            return await write(then)
        except StoreError:
            self.unwritten.later(write)
            if then is not None:  # nobody knows whether the COMMIT came to pass
                self.unwritten.later(partial(self.outbox.release_claim, then.owner))
            raise

    def _name(self) -> str:
        """Return a name for one claim: one that failed must not be given back under a later one."""
        return f"{self.owner}:{next(_number)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliverer:
    """The step behind Deliver. `chance` draws in [0, 1)."""

    plans: Plans
    leases: DeliveryLeases
    sender: Sender
    observer: Observer
    clock: Clock
    chance: Callable[[], float]

    async def __call__(self, task: Deliver) -> AsyncIterator[Task]:
        """Claim, send outside any transaction, complete, and go on with the channel's next message as long as one is due.

        Yield messages that tell the operator of it, and the next one where it was not claimed.
        """
        delivery = await self.leases.claim(task.delivery_id)
        while delivery is not None:
            completion = await self._attempt(delivery)
            for told in completion.told:
                yield Deliver(told)
            if completion.claimed is None and completion.following is not None:
                yield Deliver(completion.following)
            delivery = completion.claimed

    async def _attempt(self, delivery: Delivery) -> Completion:
        plan = self.plans.current()[0]
        channel = plan.channel(delivery.channel_id)
        if channel is None or not channel.url:
            due = self.clock() + UNSET_WAIT
            unset = AttemptResult(
                DeliveryState.PENDING, None, "the channel has no url", 0.0, due, streak=delivery.streak
            )
            return await self.leases.complete(delivery, unset, plan, self.clock(), lambda _: None)
        outcome = await self.sender.send(delivery, channel, self.clock())
        now = self.clock()
        result = attempt_result(delivery, outcome, channel, now, self.chance())

        def tell(completion: Completion) -> None:
            for event in _events(delivery, outcome, result, completion, now):
                self.observer.report(event)

        return await self.leases.complete(delivery, result, plan, now, tell)


def _events(
    delivery: Delivery, outcome: Outcome, result: AttemptResult, completion: Completion, now: datetime
) -> tuple[Event, ...]:
    if completion.lost:  # whoever has it now sends it again, under the same id, and tells how that went
        return (LeaseLost("delivery", delivery.id),)
    if completion.opened:
        result = replace(result, state=DeliveryState.PENDING, shut=None)
    shut = result.shut
    return (
        _event(delivery, outcome, result, now),
        *((ChannelDisabled(delivery.channel_id, shut.summary.en, shut.action.en),) if shut else ()),
    )


def _event(delivery: Delivery, outcome: Outcome, result: AttemptResult, now: datetime) -> Event:
    if result.state is DeliveryState.DONE:
        seq, attempt = delivery.seq, delivery.attempt
        return Delivered(delivery.channel_id, delivery.id, seq, attempt, result.elapsed_ms, outcome.left_out)
    wait = (result.due_at - now).total_seconds() if result.due_at else 0.0
    dead = result.state is DeliveryState.DEAD
    return DeliveryFailed(delivery.channel_id, delivery.id, delivery.attempt, result.detail, wait, dead)
