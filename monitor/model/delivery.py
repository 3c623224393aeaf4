"""Messages: what they are made of, one try at sending them, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from monitor.model.article import Article
from monitor.model.count_notice import CountNotice
from monitor.model.escalation import Escalation
from monitor.model.follow import ArticleNotice
from monitor.model.health import Notice
from monitor.model.hit import Hit
from monitor.model.operator import OperatorNotice
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
class FailureStreak:
    """How a channel's receiver has answered since it last took a message; all defaults: it did, or was never asked.

    `since` is when the first attempt failed (UTC). `refused` counts the messages that were refused for good one after
    another, from seq `refused_from` on; the last answers had the status `refused_status`, since `refused_since` (None: of
    late it answered something else).
    """

    since: datetime | None = None
    refused: int = 0
    refused_from: int = 0
    refused_status: int | None = None
    refused_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One claimed message of the outbox: the exact bytes to send, and whose lease it is.

    `id` is the webhook-id and stays the same over retries; `seq` is gapless per channel; `attempt` counts from 1.
    `first_attempt_at` is None on the first attempt. `streak` is how its channel fared before this attempt.
    `followed`: other messages of the channel wait behind it. `failed`: an attempt at it failed before, and was written down.
    """

    id: str
    channel_id: str
    seq: int
    body: bytes = field(repr=False)
    attempt: int
    owner: str
    created_at: datetime
    first_attempt_at: datetime | None = None
    streak: FailureStreak = FailureStreak()
    followed: bool = True
    failed: bool = False


class Verdict(StrEnum):
    """What an attempt means for the delivery."""

    DELIVERED = "delivered"
    RETRY = "retry"
    REJECTED = "rejected"  # the receiver refuses this message, or all: what it does with the next ones shows which
    CHANNEL_GONE = "channel_gone"  # the receiver wants no more messages at all (410)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one attempt came to. `retry_after` is what the receiver asked for, in seconds.

    `left_out` names whom of several the receiver did not take the message for, and why, where it took it for others.
    `note` says what else was not as the channel wants it, "" where all was; it stands in `detail` too. `receipt` is the name
    under which the receiver keeps the message, where it can edit it; it is in no way confidential.
    """

    verdict: Verdict
    status: int | None
    detail: str
    elapsed_ms: float
    retry_after: float | None = None
    left_out: str = ""
    note: str = ""
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Revival:
    """Messages of a channel that were given up since `since` (UTC), from seq `first` on, and are to wait again.

    `once`: only those that were given up a single time since they were made, or sent again by hand.
    """

    first: int
    since: datetime
    once: bool = False


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """What an attempt did to its delivery, and to its channel. `due_at` is the next try, for `pending` only.

    `streak` is how the channel fares now. `shut` is what the operator is told when the channel is switched off by it.
    `revive` says which messages that were given up wait again, until `due_at`, or now where that is None. `receipt` is that of
    the Outcome.
    """

    state: DeliveryState
    status: int | None
    detail: str
    elapsed_ms: float
    due_at: datetime | None = None
    retry_after: float | None = None
    streak: FailureStreak = FailureStreak()
    shut: OperatorNotice | None = None
    revive: Revival | None = None
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Completion:
    """What became of writing an attempt down. `lost`: the lease went to another owner, or a later claim, meanwhile.

    `following` is the id of the message that is now due at the head of the channel, None when none is; `claimed` is that
    message where it was claimed at once. `told` are the ids of messages that tell the operator of it. `opened`: the channel was
    opened while the attempt was under way, so that its failure says nothing of it; the message waits.
    """

    lost: bool
    following: str | None = None
    told: tuple[str, ...] = ()
    claimed: Delivery | None = None
    opened: bool = False


@dataclass(frozen=True, slots=True)
class NextClaim:
    """Who takes a message along with another write, until when. Each claim has an owner's name of its own."""

    owner: str
    until: datetime


class Opening(StrEnum):
    """What became of the wish to open a channel."""

    OPENED = "opened"
    OPEN = "open"  # it was not shut
    BY_PLAN = "by_plan"  # the configuration shuts it
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class MessageContext:
    """Everything that is said of one hit; made inside the transaction. `created_at` is when its notification was.

    `source_name` is the source's name for people, "" where it has none. `escalation` says why the story is told again, None
    when it is not.
    """

    hit_id: int
    article_id: int
    created_at: datetime
    article: Article
    hit: Hit
    story: Story
    source_name: str = ""
    escalation: Escalation | None = None


EventNotice: TypeAlias = Notice | OperatorNotice | ArticleNotice | CountNotice
"""What is told that is no hit."""

Item: TypeAlias = MessageContext | EventNotice
"""What one notification tells of."""


Matter: TypeAlias = tuple[Item, tuple[MessageContext, ...]]
"""A hit with further hits of the same article, or an event alone."""


@dataclass(frozen=True, slots=True)
class MessageDraft:
    """What the frozen body of a delivery is composed from: the `seq`-th message of its channel, made at `created_at`.

    `items` are the hits and events that it tells of, at least one.
    """

    seq: int
    created_at: datetime
    items: tuple[Item, ...]

    @property
    def matters(self) -> tuple[Matter, ...]:
        """Return what it tells of: an article with all of its hits is one, at the place of the first; an event is one.

        Of an article's hits one that tells its story for the first time leads.
        """
        found: dict[object, list[Item]] = {}
        for place, item in enumerate(self.items):
            key = ("article", item.article_id) if isinstance(item, MessageContext) else ("event", place)
            found.setdefault(key, []).append(item)
        for items in found.values():
            items.sort(key=_is_told_again)
        return tuple(
            (one[0], tuple(also for also in one[1:] if isinstance(also, MessageContext))) for one in found.values()
        )

    @property
    def type(self) -> str:
        """Return the type of the message: that of its only matter, or digest."""
        matters = self.matters
        if len(matters) > 1:
            return "digest"
        ((item, _),) = matters
        if not isinstance(item, MessageContext):
            return item.type
        return "hit.created" if item.escalation is None else "story.escalated"


def _is_told_again(item: Item) -> bool:
    return isinstance(item, MessageContext) and item.escalation is not None


Compose: TypeAlias = Callable[[MessageDraft], bytes]
"""Return the exact bytes of a message; pure."""
