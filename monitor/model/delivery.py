"""Messages: what they are made of, one try at sending them, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from monitor.model.article import Article
from monitor.model.health import Notice
from monitor.model.hit import Hit
from monitor.model.story import Story


class DeliveryState(StrEnum):
    """Where a delivery stands. `pending` rows are due at `due_at`; `leased` ones are being sent.

    Of what is `held` or `suppressed` no message was made: such rows of v_deliveries are notifications.
    """

    PENDING = "pending"
    LEASED = "leased"
    DONE = "done"
    DEAD = "dead"
    HELD = "held"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One claimed message of the outbox: the exact bytes to send, and whose lease it is.

    `id` is the webhook-id and stays the same over retries; `seq` is gapless per channel; `attempt` counts from 1.
    `first_attempt_at` is None on the first attempt.
    """

    id: str
    channel_id: str
    seq: int
    body: bytes = field(repr=False)
    attempt: int
    owner: str
    created_at: datetime
    first_attempt_at: datetime | None = None


class Verdict(StrEnum):
    """What an attempt means for the delivery."""

    DELIVERED = "delivered"
    RETRY = "retry"
    REJECTED = "rejected"  # the receiver refuses this message: a few more tries, then give up
    GIVE_UP = "give_up"  # this message will never be taken
    CHANNEL_GONE = "channel_gone"  # the receiver wants no more messages at all (410; some chats say it otherwise)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one attempt came to. `retry_after` is what the receiver asked for, in seconds."""

    verdict: Verdict
    status: int | None
    detail: str
    elapsed_ms: float
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """What an attempt did to its delivery. `due_at` is the next try, for `pending` only."""

    state: DeliveryState
    status: int | None
    detail: str
    elapsed_ms: float
    due_at: datetime | None = None
    retry_after: float | None = None
    disable_channel: bool = False


@dataclass(frozen=True, slots=True)
class Completion:
    """What became of writing an attempt down. `lost`: the lease went to another owner, or a later claim, meanwhile.

    `following` is the id of the message that is now due at the head of the channel, None when none is.
    """

    lost: bool
    following: str | None = None


@dataclass(frozen=True, slots=True)
class MessageContext:
    """Everything that is said of one hit; made inside the transaction. `created_at` is when its notification was.

    `source_name` is the source's name for people, "" where it has none.
    """

    hit_id: int
    article_id: int
    created_at: datetime
    article: Article
    hit: Hit
    story: Story
    source_name: str = ""


@dataclass(frozen=True, slots=True)
class MessageDraft:
    """What the frozen body of a delivery is composed from: the `seq`-th message of its channel, made at `created_at`.

    `items` are the hits and events that it tells of, at least one.
    """

    seq: int
    created_at: datetime
    items: tuple[MessageContext | Notice, ...]

    @property
    def type(self) -> str:
        """Return the type of the message: that of its only item, or digest."""
        if len(self.items) > 1:
            return "digest"
        (item,) = self.items
        return item.type if isinstance(item, Notice) else "hit.created"


Compose: TypeAlias = Callable[[MessageDraft], bytes]
"""Return the exact bytes of a message; pure."""
