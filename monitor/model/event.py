"""What happened, as values; telemetry alone decides whether it becomes a log line or a figure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Polled:
    """A source was polled and answered."""

    source_id: str
    entries: int
    new: int
    articles: int
    hits: int
    elapsed_ms: float


@dataclass(frozen=True, slots=True)
class PollFailed:
    """A source, or some of its lists, could not be polled; `failures` counts in a row, the next poll is in `retry_in` seconds.

    `cause` is one word for the first error (a FetchReason, `content` for what was not as it should be, `fault` for a
    fault of ours), by which sources that fail alike are known.
    """

    source_id: str
    error: str
    failures: int
    retry_in: float
    cause: str = "fault"


@dataclass(frozen=True, slots=True)
class EntryFailed:
    """An article could not be read; `final` means that its entry alone was stored."""

    source_id: str
    url: str
    reason: str
    detail: str
    final: bool


@dataclass(frozen=True, slots=True)
class HitStored:
    """A hit was stored with its deliveries; `suppressed_as` says why nobody is told, "" when somebody is."""

    source_id: str
    rule_id: str
    article_url: str
    title: str
    spans: int
    suppressed_as: str = ""


@dataclass(frozen=True, slots=True)
class CountTold:
    """A rule over counts (`count` is what it counted) was told; `suppressed_as` says why nobody is, "" when somebody is."""

    rule_id: str
    type: str
    count: int
    suppressed_as: str = ""


@dataclass(frozen=True, slots=True)
class ArticleRewritten:
    """An article that was stored says something else now; its headline was `before`."""

    source_id: str
    article_url: str
    before: str
    title: str


@dataclass(frozen=True, slots=True)
class ArticleRemoved:
    """An article that somebody was told of was removed by its outlet."""

    source_id: str
    article_url: str
    title: str


@dataclass(frozen=True, slots=True)
class FollowUpFailed:
    """An article that somebody was told of could not be looked at again; `outcome` is "" while it is tried again."""

    source_id: str
    article_url: str
    error: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """A receiver took a message; `left_out` names whom of several it did not take it for, and why."""

    channel_id: str
    delivery_id: str
    seq: int
    attempt: int
    elapsed_ms: float
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryFailed:
    """A receiver did not take a message; `dead` means that nothing more will be tried by itself."""

    channel_id: str
    delivery_id: str
    attempt: int
    detail: str
    retry_in: float
    dead: bool


@dataclass(frozen=True, slots=True)
class LeaseLost:
    """Somebody else took what this process was at (`kind` source or delivery) before it was done.

    What it stored until then stays; how it ended is told by who has it now.
    """

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class TaskFailed:
    """A step raised something nobody expected; the store still knows what is due."""

    task: str
    error: str
    trace: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Maintained:
    """A chore was done."""

    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class Rematched:
    """Rules that are new, changed or back were held against the stored articles; `hits` were not known before.

    `rules` names a few of them, `more` counts the others; `told` is how many messages followed. Of `excerpts` of the articles,
    whose sources leave no more to be kept, the headline and excerpts were all that they could be held against.
    """

    rules: tuple[str, ...]
    more: int
    articles: int
    hits: int
    told: int
    excerpts: int = 0


@dataclass(frozen=True, slots=True)
class ListOverrun:
    """A list showed nothing that was known: it was polled too late, and articles may have gone by unseen."""

    source_id: str
    url: str
    entries: int


@dataclass(frozen=True, slots=True)
class ListCut:
    """A list shows as many entries as are taken of one, `entries`, or more: what stands behind them is not read."""

    source_id: str
    url: str
    entries: int


@dataclass(frozen=True, slots=True)
class SourceBroken:
    """An alarm about a source was raised; `source_id` "" means that most sources failed at once."""

    source_id: str
    problem: str
    summary: str
    action: str
    sources: int


@dataclass(frozen=True, slots=True)
class SourceRecovered:
    """An alarm about a source is over, after so many seconds."""

    source_id: str
    problem: str
    lasted: float


@dataclass(frozen=True, slots=True)
class ChannelDisabled:
    """A channel was shut by what its receiver answered, or did not; its messages wait."""

    channel_id: str
    summary: str
    action: str


@dataclass(frozen=True, slots=True)
class ChannelEnabled:
    """A channel that its receiver had shut is open again, with so many messages that waited."""

    channel_id: str
    waiting: int


@dataclass(frozen=True, slots=True)
class AlarmRaised:
    """Something is wrong with the line itself; `alarm` is the type of its event, or what no message can tell of."""

    alarm: str
    summary: str
    action: str = ""


@dataclass(frozen=True, slots=True)
class AlarmEnded:
    """What was wrong with the line itself is over."""

    alarm: str
    summary: str


@dataclass(frozen=True, slots=True)
class PingFailed:
    """The address of the outside watchdog did not take a ping; `failures` counts in a row."""

    detail: str
    failures: int


@dataclass(frozen=True, slots=True)
class MessageEdited:
    """A message that was sent shows how many articles and outlets tell its story now."""

    channel_id: str
    delivery_id: str
    articles: int
    outlets: int
    elapsed_ms: float


@dataclass(frozen=True, slots=True)
class EditFailed:
    """A message could not be edited; it is tried again, or `given_up`: it stands as it was."""

    channel_id: str
    delivery_id: str
    attempt: int
    error: str
    given_up: bool


Event: TypeAlias = (
    Polled
    | PollFailed
    | EntryFailed
    | HitStored
    | CountTold
    | ArticleRewritten
    | ArticleRemoved
    | FollowUpFailed
    | Delivered
    | DeliveryFailed
    | MessageEdited
    | EditFailed
    | LeaseLost
    | TaskFailed
    | Maintained
    | Rematched
    | ListOverrun
    | ListCut
    | SourceBroken
    | SourceRecovered
    | ChannelDisabled
    | ChannelEnabled
    | AlarmRaised
    | AlarmEnded
    | PingFailed
)
