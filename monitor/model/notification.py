"""Whom to tell of what, and why somebody is not told: the decision, and what it is made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol, TypeAlias

from monitor.model.article import Article
from monitor.model.health import Notice
from monitor.model.hit import Hit
from monitor.model.operator import OperatorNotice
from monitor.model.story import Story

LONGEST: Final = timedelta(days=366)
"""How long a silence may last: what nobody remembers must not keep news away."""


class Suppression(StrEnum):
    """Why somebody is not told."""

    BASELINE = "baseline"  # it stood on the page before the source was watched
    REMATCH = "rematch"  # an old article met a new or changed rule
    OLD = "old"  # it says of itself that it was published long before it was seen
    NOT_CONFIGURED = "not_configured"  # the channel has no URL yet
    DISABLED = "disabled"  # the channel is switched off
    SILENCED = "silenced"  # somebody asked for silence
    SAME_STORY = "same_story"  # the rule has told the channel of the story, and nothing about it is new


class NotificationState(StrEnum):
    """Where a notification stands."""

    QUEUED = "queued"  # a delivery was made of it
    HELD = "held"  # it waits, with others of its group, for the moment at which one is made of them
    SUPPRESSED = "suppressed"  # nobody is told, for a reason


@dataclass(frozen=True, slots=True)
class Notification:
    """A decision: this hit (or event: `rule_id` "") concerns this channel.

    It is told at once, unless `suppressed` says why not, or `not_before` (UTC) how long it is held. What has one `group_key`
    goes in one message: of what is told at once, that of the same transaction. `silence_id` is the number of the silence that covers it.
    `levels` are what it tells of its story for the first time: NEW, or why the story is told again (monitor.notify.stories).
    Raises ValueError for what is both, or held in no group, or suppressed and yet of a level.
    """

    channel_id: str
    rule_id: str = ""
    suppressed: Suppression | None = None
    group_key: str = ""
    not_before: datetime | None = None
    silence_id: int | None = None
    levels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a decision that says two things."""
        held = self.not_before is not None
        if (held and not self.group_key) or (self.suppressed and (held or self.group_key or self.levels)):
            raise ValueError(f"told now, held in a group until a moment, or suppressed: {self!r}")

    @property
    def state(self) -> NotificationState:
        """Return where a notification that was decided like this begins."""
        if self.suppressed is not None:
            return NotificationState.SUPPRESSED
        return NotificationState.QUEUED if self.not_before is None else NotificationState.HELD


@dataclass(frozen=True, slots=True)
class StoredHit:
    """A hit at the moment when it is decided whom to tell. `new` False: another source has brought it before.

    `notified` has the channels with a notification of it: why they were not told (a Suppression), "" for those that were
    or will be.
    """

    hit: Hit
    new: bool
    notified: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """What a rule has told a channel of one story, or is about to: the `levels`, decided at `last_at` (UTC) the last time."""

    levels: frozenset[str] = frozenset()
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """Notifications of a channel that wait for one message: `size` of them, the oldest since `since`, until `flush_at`."""

    key: str
    since: datetime
    flush_at: datetime
    size: int


@dataclass(frozen=True, slots=True)
class Silence:
    """Somebody, `author`, wants not to be told until `ends_at` of what meets all that it names; "" names nothing.

    A rule, a source, a tag of rules, and a `word` that is all that a hit mentions. One that names nothing covers every hit.
    """

    id: int
    rule_id: str
    source_id: str
    ends_at: datetime
    why: str
    tag: str = ""
    word: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSilence:
    """A silence that is to be, from `created_at` to `ends_at` (UTC). Raises ValueError for a span of none or over LONGEST."""

    created_at: datetime
    ends_at: datetime
    author: str
    why: str
    rule_id: str = ""
    source_id: str = ""
    tag: str = ""
    word: str = ""

    def __post_init__(self) -> None:
        """Refuse a silence that nobody would notice the end of, and one without reason."""
        if not timedelta() < self.ends_at - self.created_at <= LONGEST:
            raise ValueError("a silence ends later than now and within a year")
        if not self.why.strip() or not self.author.strip():
            raise ValueError("a silence says who wants it, and why")


class History(Protocol):
    """What the store remembers of what was told. Each question is asked of the transaction that the decision is part of."""

    def outlets(self) -> Mapping[str, datetime]:
        """Return the sources with an article of the story, this one among them, each with when its first was stored (UTC)."""
        ...

    def told_of_story(self, rule_id: str, channel_id: str) -> Told:
        """Return what the rule has told the channel of this story; nothing that was suppressed, or that its receiver never took."""
        ...

    def notified_since(self, rule_id: str, channel_id: str, since: datetime, most: int) -> int:
        """Return how many notifications of a rule's hits a channel has had since then, but suppressed ones; as far as `most`."""
        ...

    def latest_messages(self, channel_id: str, most: int) -> Sequence[datetime]:
        """Return when the channel's latest messages were made, the newest first, at most so many."""
        ...

    def last_of_group(self, channel_id: str, key: str, since: datetime) -> datetime | None:
        """Return when the channel's last message of a group was made; None for none since then."""
        ...

    def open_groups(self, channel_id: str) -> Sequence[OpenGroup]:
        """Return the channel's groups that wait, the one that goes first first."""
        ...

    def silences(self) -> Sequence[Silence]:
        """Return the silences in force now that may concern the source."""
        ...


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a decision about an article's hits is made from, beside the plan.

    `article` is as this source brought it, `story` as it is with the article; `now` is the moment of the decision (UTC).
    """

    article: Article
    hits: tuple[StoredHit, ...]
    story: Story
    history: History
    now: datetime


Decide: TypeAlias = Callable[[Situation], Sequence[Notification]]
"""Whom to tell of an article's hits: pure but for what it asks of `Situation.history`. `monitor.notify` has the policies.

For a channel that has a notification of the hit already, one that was suppressed may be told or held now; any other answer
leaves it as it is.
"""

DecideEvent: TypeAlias = Callable[[Notice | OperatorNotice, History, datetime], Sequence[Notification]]
"""Whom to tell of an event, at that moment."""
