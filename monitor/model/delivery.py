"""Who is told, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitor.model.article import Article
from monitor.model.hit import Hit
from monitor.model.story import Story


class Suppression(StrEnum):
    """Why a hit was not sent."""

    BASELINE = "baseline"  # it stood on the page before the source was watched
    REMATCH = "rematch"  # an old article met a new or changed rule
    NOT_CONFIGURED = "not_configured"  # the channel has no URL yet
    DISABLED = "disabled"  # the channel is switched off


@dataclass(frozen=True, slots=True)
class Notification:
    """A decision: this hit concerns this channel. `suppressed` None means send it."""

    channel_id: str
    rule_id: str
    suppressed: Suppression | None = None


class DeliveryState(StrEnum):
    """Where a delivery stands. `pending` rows are due at `due_at`; `leased` ones are being sent."""

    PENDING = "pending"
    LEASED = "leased"
    DONE = "done"
    DEAD = "dead"
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
class MessageContext:
    """Everything the frozen body of a delivery is rendered from; made inside the transaction."""

    delivery_id: str
    seq: int
    hit_id: int
    article_id: int
    created_at: datetime
    article: Article
    hit: Hit
    story: Story
