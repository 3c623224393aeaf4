"""Questions to the store, and the rows that answer them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal, TypeAlias

from monitor.model.article import Article
from monitor.model.feedback import Relevance
from monitor.model.handling import UNHANDLED, Handling
from monitor.model.hit import Match
from monitor.model.notification import Suppression
from monitor.model.paging import Cursor

UNTOLD_FOR: Final = (*(one.value for one in Suppression if one is not Suppression.BASELINE), "no_channel")
"""The reasons for which a hit is suppressed; what stood there before its source was watched is `baseline`."""
ALERTED: Final = f"sent|pending|held|dead|baseline|suppressed(:({'|'.join(UNTOLD_FOR)}))?"
"""What may be asked of the fate of hits, as a regular expression."""


@dataclass(frozen=True, slots=True)
class HitQuery:
    """Filters; all must hold. `since` and `until` bound when the hit was stored (UTC, half open).

    `text` is looked for, case-insensitively, in title, subtitle, body and captions; `term` is one that was found, as the rule
    or the article writes it. `rules` are some of which one must be met (None: any; with tags and severities one asks for the
    rules that have them). `alerted` is what became of it as `HitRecord.alerted` says; `suppressed` is whatever the reason.
    `id` is that of one hit, `story` that of any act of a story. `handling` is what somebody said last of it or of its story,
    `feedback` whether it was meant: meant | not_meant | none (nobody says).

    Of a list `after` is the last row of the page before; `through` is the number of the last hit that is known, None: all are.
    """

    rule: str = ""
    source: str = ""
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    limit: int = 50
    id: int | None = None
    story: str = ""
    term: str = ""
    lang: str = ""
    alerted: str = ""
    rules: tuple[str, ...] | None = None
    after: Cursor | None = None
    handling: str = ""
    feedback: str = ""
    through: int | None = None


TimelineUnit: TypeAlias = Literal["day", "hour"]


@dataclass(frozen=True, slots=True)
class TimelinePoint:
    """How many hits of a rule were stored in the hour or day that begins then, in the zone that was asked for."""

    begins: datetime
    rule_id: str
    hits: int


@dataclass(frozen=True, slots=True)
class ArticleVersion:
    """What an article said from `since` on (UTC), until the next version."""

    since: datetime
    title: str
    subtitle: str
    body: str
    captions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArticleHistory:
    """What an article has said, oldest first, the last as it stands; the oldest and the newest are kept.

    Where it is looked at again: when it was there last, when the next look is, since when it is gone, and once that is over
    the `outcome` (done | removed | why it was given up). Times are UTC.
    """

    article_id: int
    url: str
    versions: tuple[ArticleVersion, ...]
    looked_at: datetime | None = None
    next_look_at: datetime | None = None
    gone_at: datetime | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """An article as users see it. `source` is the id of the source whose reading is shown, `source_name` its name for people.

    `author` is "" where none is known, `published_at` None where the page states none. `confidence`, 0 to 1, is how sure
    the reader was of the text; None where a page definition or the page itself named it. Times are UTC and aware.
    """

    id: int
    url: str
    title: str
    source: str
    author: str
    published_at: datetime | None
    first_seen_at: datetime
    confidence: float | None = None
    source_name: str = ""


@dataclass(frozen=True, slots=True)
class LatestArticle:
    """An article as it was read, with its number and how many rules it met. `confidence` is as in ArticleRecord."""

    id: int
    article: Article
    stored_at: datetime
    hits: int
    confidence: float | None


@dataclass(frozen=True, slots=True)
class HitRecord:
    """A stored hit as users see it. `alerted` is sent | pending | dead | held | suppressed:<reason> | baseline: the worst.

    It is for `channels` channels, and `reached` of them have taken it. `handling` is what people have made of it, `feedback`
    whether it was meant; None while nobody says.
    """

    id: int
    created_at: datetime
    rule_id: str
    rule_name: str
    article: ArticleRecord
    matches: tuple[Match, ...]
    excerpt: str
    alerted: str
    channels: int = 0
    reached: int = 0
    story_id: str = ""
    handling: Handling = UNHANDLED
    feedback: Relevance | None = None


@dataclass(frozen=True, slots=True)
class HitPage:
    """A page of a list of hits, and where the next one begins; None where there is no more.

    Of hits as they came `through` stands for `next`: the number of a hit up to which they are all in this page.
    """

    hits: tuple[HitRecord, ...]
    next: Cursor | None = None
    through: int | None = None


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """How a source is doing. `last_error` is "" while all is well; times are UTC.

    `note`, `unverified_live`, `tier` and `rights` are the plan's. `problem` names the alarms that are up, ""
    for none, the oldest first; `since`, `summary` and `action` (English, and Korean) are of the oldest. `missed_today` estimates the articles of
    this Korean day that went by unseen. `polling`: it is being polled. `overdue`: it was due, and the daemon that runs has not
    polled it for a few of its own waits. `gone`: it is no longer in the configuration.
    `published_to_seen` and `seen_to_sent` are how long its news was on the way in the last 24 hours, in ms: what half of it
    and nineteen of twenty stayed under, None where nothing was measured.
    """

    id: str
    name: str
    kind: str
    enabled: bool
    last_success_at: datetime | None
    last_error: str
    failures: int
    next_poll_at: datetime | None
    articles_24h: int
    hits_24h: int
    note: str = ""
    unverified_live: bool = False
    problem: str = ""
    since: datetime | None = None
    summary: str = ""
    action: str = ""
    summary_ko: str = ""
    action_ko: str = ""
    missed_today: int = 0
    polling: bool = False
    overdue: bool = False
    gone: bool = False
    published_to_seen_p50_ms: int | None = None
    published_to_seen_p95_ms: int | None = None
    seen_to_sent_p50_ms: int | None = None
    seen_to_sent_p95_ms: int | None = None
    tier: int = 2
    rights: str = "full"

    @property
    def unpolled(self) -> bool:
        """Return whether it is watched and was never polled to an end."""
        return self.enabled and self.last_success_at is None and not self.failures and not self.last_error

    def paced_as(self, measured: SourceRecord) -> SourceRecord:
        """Return this record with how long news was on the way as another one of the same source has it."""
        return replace(
            self,
            published_to_seen_p50_ms=measured.published_to_seen_p50_ms,
            published_to_seen_p95_ms=measured.published_to_seen_p95_ms,
            seen_to_sent_p50_ms=measured.seen_to_sent_p50_ms,
            seen_to_sent_p95_ms=measured.seen_to_sent_p95_ms,
        )


@dataclass(frozen=True, slots=True)
class StorageRecord:
    """What everything is kept in: its product and version, the file or server, its bytes, the revision of the schema."""

    product: str
    place: str
    size: int
    revision: str


@dataclass(frozen=True, slots=True)
class ScheduleRecord:
    """When a source is polled. `interval` is the present one, `mean_delay` how long an article waits; in seconds.

    `requests_a_day` are for its lists and feeds. `why` is rate | min | max | depth | new | burst | fixed | cron.
    `articles_a_day` is learned, `budget_share` of the requests a day that were allowed; None where nothing is adaptive.
    """

    id: str
    name: str
    every: str
    interval: float
    mean_delay: float
    requests_a_day: float
    why: str
    articles_a_day: float | None = None
    budget_share: float | None = None


@dataclass(frozen=True, slots=True)
class DeliveryQuery:
    """Which deliveries; all must hold, "" and None ask for nothing. `since` and `until` bound when it was made (half open).

    `hit` and `article` are their numbers, `story` is the id of any act of one. A message that tells of several hits is found by each of them. `before` is the id of the
    last row of the page before, the newest being first.
    """

    channel: str = ""
    rule: str = ""
    source: str = ""
    since: datetime | None = None
    until: datetime | None = None
    hit: int | None = None
    article: int | None = None
    before: str = ""
    story: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """A row of the outbox as users see it. `seq` is None for suppressed rows; `reason` says why they are.

    `hit_id` and the source are of the hit it tells of, the first of several; None and "" for a message about a source.
    `silence_id` is the silence that keeps it back, with who asked for it, why, and when it ends; None without one.
    Of what is pending, `behind` is the seq of the message that its channel tries first, None where that is this one;
    `next_try_at` is when that is tried, and `shut` says why the channel is shut, "" while it is open. `group_key` says what a
    held one waits for, or waited for: quiet, digest, throttle, storm:RULE, group.
    """

    id: str
    channel_id: str
    seq: int | None
    rule_id: str
    title: str
    url: str
    state: str
    reason: str
    attempts: int
    created_at: datetime
    due_at: datetime | None
    done_at: datetime | None
    last_status: int | None
    last_error: str
    hit_id: int | None = None
    source_id: str = ""
    source_name: str = ""
    rule_name: str = ""
    silence_id: int | None = None
    silence_author: str = ""
    silence_why: str = ""
    silence_ends_at: datetime | None = None
    behind: int | None = None
    next_try_at: datetime | None = None
    shut: str = ""
    group_key: str = ""


@dataclass(frozen=True, slots=True)
class SilenceRecord:
    """A silence as users see it; what it names is "" where it names nothing. It was in force from `created_at` to `ends_at`.

    `ended_at` is when somebody ended it before that, else None. Times are UTC.
    """

    id: int
    rule_id: str
    source_id: str
    tag: str
    word: str
    author: str
    why: str
    created_at: datetime
    ends_at: datetime
    ended_at: datetime | None

    def in_force(self, moment: datetime) -> bool:
        """Return whether it keeps hits back at that moment."""
        return self.created_at <= moment < min(self.ends_at, self.ended_at or self.ends_at)


@dataclass(frozen=True, slots=True)
class ChannelRecord:
    """How a channel fares. `state` is open | failing | shut (by its receiver) | off (by the configuration).

    `reason` says why it is shut or off, or of what the first waiting message fails; `since` is since when. `waiting`
    messages are to be sent, the first of them, `head`, at `next_try_at`; `held` notifications are no message yet; `dead`
    messages were given up. `last_done_at` is when its receiver took one last. `made_to_sent` is how long those that it took in
    the last 24 hours were on their way, in ms: what half and nineteen of twenty stayed under, None where it took none.
    """

    id: str
    kind: str
    state: str
    since: datetime | None
    reason: str
    waiting: int
    held: int
    dead: int
    head: int | None
    next_try_at: datetime | None
    last_done_at: datetime | None
    made_to_sent_p50_ms: int | None = None
    made_to_sent_p95_ms: int | None = None


@dataclass(frozen=True, slots=True)
class HearingRecord:
    """What a channel would hear of a rule's hits in these sources: through which way, and what becomes of them.

    `outcome` is at once | waits | not told, and nobody where there is no channel ("" then). `why` has what speaks for it,
    and `until` for each of these how long it does: None for as long as it is so. Times are UTC.
    """

    rule: str
    sources: tuple[str, ...]
    channel: str
    through: str
    outcome: str
    why: tuple[str, ...]
    until: tuple[datetime | None, ...]


@dataclass(frozen=True, slots=True)
class SampleRecord:
    """What came of a sample that was sent through a channel, outside its line. `id` is its webhook-id.

    `status` is None where the receiver gave none; `answer` are its words, or the network's, without the channel's secrets.
    `means` says what such an answer does to an alert, `action` what to do ("": nothing), `notes` how the channel's line fares.
    """

    channel: str
    kind: str
    type: str
    id: str
    taken: bool
    status: int | None
    elapsed_ms: int
    answer: str
    means: str
    action: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotificationQuery:
    """Which notifications; all must hold, "" and None ask for nothing."""

    channel: str = ""
    state: str = ""
    reason: str = ""
    hit: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class NotificationRecord:
    """That a hit or an event concerns a channel. `state` is queued | held | suppressed; `reason` says why it is suppressed.

    `hit_id` is None and the rest of the hit "" for an event that tells of no hit again. `delivery_id` is the message that tells of it and `delivery_state` where that stands, None while there is
    none. `levels` are what it tells of its story for the first time. Times are UTC.
    """

    id: str
    type: str
    channel_id: str
    state: str
    reason: str
    group_key: str
    not_before: datetime | None
    created_at: datetime
    hit_id: int | None
    rule_id: str
    rule_name: str
    source_id: str
    title: str
    url: str
    delivery_id: str | None
    delivery_state: str | None
    silence_id: int | None
    levels: str
