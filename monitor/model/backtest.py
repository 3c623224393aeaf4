"""What a rule would have found and told over the stored articles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from monitor.model.hit import Refusal
from monitor.model.records import ArticleRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestQuery:
    """What is tried: the rule of that id as the files have it, with `expression` in place of its own where one is given.

    An expression without a rule is a rule of its own, told as the routes say; `all_rules`: each rule of the files. It is held
    against the articles stored from `since` until `until` (UTC). `against`: it is compared with the plan in force.
    """

    since: datetime
    until: datetime
    rule_id: str = ""
    expression: str = ""
    against: bool = False
    all_rules: bool = False


@dataclass(frozen=True, slots=True)
class BacktestSpan:
    """What was looked at: `articles` stored from `since` until `until` (UTC), of which `without_body` have a headline alone.

    `stored_since` is when the oldest article that there still is was stored, None without any. `cut`: somebody ended it
    before all were looked at; then `until` is how far it came.
    """

    since: datetime
    until: datetime
    stored_since: datetime | None
    articles: int
    without_body: int
    cut: bool = False

    @property
    def begin(self) -> datetime:
        """Return from when on there was something to look at."""
        return max(self.since, self.stored_since or self.until)

    @property
    def days(self) -> float:
        """Return how many days were looked at."""
        return max((self.until - self.begin).total_seconds(), 0.0) / 86_400


@dataclass(frozen=True, slots=True)
class BacktestDay:
    """One day in the zone of the configuration: its hits, and the messages to each channel."""

    day: date
    hits: int
    messages: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ChannelOutcome:
    """What one channel would have been sent: `messages`, and why hits were not told: {reason: how many}.

    `waiting` notifications were held still at the end.
    """

    channel_id: str
    messages: int
    waiting: int
    kept_back: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class HitSample:
    """A hit: its article, when it was decided on (UTC), and the different words that were found.

    Of one that is gone, `missing` are the parts of the rule that do not hold any more, and `refusals` the words that do not
    count.
    """

    article: ArticleRecord
    at: datetime
    words: tuple[str, ...]
    missing: tuple[str, ...] = ()
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class HitDifference:
    """How many hits the rule in force does not have, and how many it alone has, each with the latest of them."""

    added: int
    removed: int
    added_samples: tuple[HitSample, ...] = ()
    removed_samples: tuple[HitSample, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBacktest:
    """What one rule would have found and told. `samples` are its latest hits; `unheard` of its hits concern no channel.

    `difference` is there where it was compared with the plan in force. A rule over counts has `alerts` instead of hits.
    `hours` are hits by weekday (0 Monday) and hour in the zone of the configuration. `notes` say what could not be known.
    """

    rule_id: str
    rule_name: str
    hits: int
    days: tuple[BacktestDay, ...]
    channels: tuple[ChannelOutcome, ...]
    samples: tuple[HitSample, ...] = ()
    unheard: int = 0
    difference: HitDifference | None = None
    alerts: int | None = None
    hours: Mapping[tuple[int, int], int] = field(default_factory=dict)
    notes: tuple[str, ...] = field(default=())

    @property
    def messages(self) -> int:
        """Return how many messages all channels would have been sent."""
        return sum(one.messages for one in self.channels)


@dataclass(frozen=True, slots=True)
class Backtest:
    """What came of it: what was looked at, and each rule that was tried."""

    span: BacktestSpan
    rules: tuple[RuleBacktest, ...]
