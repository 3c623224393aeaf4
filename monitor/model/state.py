"""What the store remembers between two steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.model.article import Article, Entry
from monitor.model.delivery import DeliveryState, Notification
from monitor.model.hit import Hit
from monitor.model.page import Validators
from monitor.model.rhythm import Burst
from monitor.model.story import Signature, Story


@dataclass(frozen=True, slots=True)
class SourceState:
    """A claimed source: what its URLs answered last time, and how it has been doing.

    `validators` has an entry only for a URL that was read at least once: a URL without one is on its first run.
    `lists_due_at` is when its lists are due (None: now); before that it was claimed for its waiting entries alone.
    """

    id: str
    owner: str
    validators: Mapping[str, Validators] = field(default_factory=dict)
    failures: int = 0
    last_success_at: datetime | None = None
    lists_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ListWrite:
    """What one reading of one list or feed showed. `first` = the URL had never been read before.

    `since` is the last good poll the source, None before the first.
    """

    source_id: str
    url: str
    entries: tuple[Entry, ...]
    validators: Validators
    first: bool
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """An entry whose article is still to be read. `baseline`: its hits are stored and not alerted.

    `known`: the article of that identity is stored already, brought by another source.
    """

    id: int
    source_id: str
    entry: Entry
    first_seen_at: datetime
    baseline: bool
    attempts: int
    known: bool = False


@dataclass(frozen=True, slots=True)
class PollResult:
    """How a poll ended. `error` is "" for success; `partial`: some of the source's URLs answered well.

    `next_poll_at` is when to poll again, None when the lists were not polled. A `burst` replaces the one that is
    remembered.
    """

    source_id: str
    owner: str
    next_poll_at: datetime | None
    error: str = ""
    elapsed_ms: float = 0.0
    partial: bool = False
    burst: Burst | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One hit together with the decisions about whom to tell."""

    hit: Hit
    alerts: tuple[Notification, ...]


@dataclass(frozen=True, slots=True)
class ArticleWrite:
    """All that one read article means: stored in one transaction, or not at all.

    `entry_id` is settled by the same transaction (None when there is no entry, as in a rematch).
    `signature` is what its story is found by (an empty one joins none).
    """

    entry_id: int | None
    article: Article
    signature: Signature
    findings: tuple[Finding, ...]


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


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What a transaction really added: a repeat adds nothing. `deliveries` are the ids that are to be sent."""

    article_id: int
    new_article: bool
    hits: tuple[Hit, ...]
    deliveries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as it lies in the store, for rematching and for sightings by a second source."""

    id: int
    article: Article


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
