"""What became of one address, step by step: when it was listed, how it was read, which rules it met, and who was told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.article import Article
from monitor.model.feedback import Feedback
from monitor.model.hit import Match, Refusal
from monitor.model.records import DeliveryRecord, HearingRecord
from monitor.model.story_records import StoryRecord


class AddressFate(StrEnum):
    """What became of an address, in one word."""

    SENT = "sent"  # somebody was told
    WAITING = "waiting"  # a message is made and not taken yet
    HELD = "held"  # it is told later
    DEAD = "dead"  # its message was given up
    SUPPRESSED = "suppressed"  # nobody is told, for a reason
    NOBODY = "nobody"  # no channel is to hear of it
    NO_HIT = "no_hit"  # it was read, and no rule met it
    NOT_READ = "not_read"  # its page is still to be read
    IGNORED = "ignored"  # it stood on the list at a first run that is to ignore what it finds
    FORGOTTEN = "forgotten"  # it was read, and its text is kept no more
    LIST = "list"  # it is the address of a list or feed itself
    NEVER_LISTED = "never_listed"  # no list or feed showed it
    TRIED = "tried"  # no list or feed showed it; it was fetched just now


@dataclass(frozen=True, slots=True)
class Cause:
    """Why it is so, in words; a moment that they end with is in `at` (UTC), None without one."""

    words: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRecord:
    """An address as a list or feed of one source showed it, first at `first_seen_at`. Times are UTC.

    `state` is pending | done | ignored | dead. `baseline`: it stood there before the source was watched. `attempts` counts
    readings; of one that is pending `next_attempt_at` is the next, and `last_error` what the last one failed of.
    """

    source: str
    source_name: str
    url: str
    title: str
    published_at: datetime | None
    first_seen_at: datetime
    state: str
    baseline: bool
    attempts: int
    next_attempt_at: datetime | None
    last_error: str
    done_at: datetime | None
    article_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRecord:
    """An article as it was read. `id` and `stored_at` are None for one that was read just now and is not stored.

    `ways` says for each field which way won; `lengths` are in characters. `failure` says why its page did not count, so that
    its headline had to do; "" where it did. `lacks` is what the page did not have. `gone_at`: since when it is not there any more.
    """

    id: int | None
    article: Article
    stored_at: datetime | None
    ways: Mapping[str, str]
    lengths: Mapping[str, int]
    failure: str = ""
    lacks: tuple[str, ...] = ()
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRecord:
    """One rule held against the article. `hit_id` is its stored hit, None where there is none; `mentions` are those of the hit, else of the text.

    `matches`: it would be met by the plan in force, whatever the source; `missing` and `refusals` say why not. `looks_here`: it looks
    at the sources that showed the article. `since` is how the rule stands to the time when the article was stored: same | changed |
    new | gone | unknown. `feedback` is what somebody said last of whether its hit was meant, None while nobody says.
    """

    rule: str
    name: str
    hit_id: int | None
    hit_at: datetime | None
    mentions: tuple[Match, ...]
    matches: bool
    looks_here: bool
    since: str
    missing: tuple[str, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    sources: tuple[str, ...] = ()
    feedback: Feedback | None = None


@dataclass(frozen=True, slots=True)
class AttemptRecord:
    """One attempt at a message: when it began (UTC), what it made of the message, and what the receiver said."""

    n: int
    at: datetime
    state: str
    status: int | None
    detail: str
    elapsed_ms: float


@dataclass(frozen=True, slots=True)
class EarlierMessage:
    """The message, or what is held to become one, that told a channel of a story before."""

    id: str
    title: str
    url: str
    state: str
    decided_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRecord:
    """What became of one hit on one channel. `levels` are what it told of its story for the first time.

    `message` is the message, or where none was made what keeps it back; `earlier` the one that told the story already.
    """

    hit_id: int
    rule: str
    channel: str
    levels: tuple[str, ...]
    group_key: str
    message: DeliveryRecord
    attempts: tuple[AttemptRecord, ...] = ()
    earlier: EarlierMessage | None = None


@dataclass(frozen=True, slots=True)
class StoryPlace:
    """Where an article stands in its story: `act` counts from 1, `first`: it is the first article of that act."""

    story: StoryRecord
    act: int
    first: bool


@dataclass(frozen=True, slots=True)
class StoredTrail:
    """All that the store knows of one address."""

    listed: tuple[ListedRecord, ...] = ()
    article_id: int | None = None
    article: Article | None = None
    stored_at: datetime | None = None
    gone_at: datetime | None = None
    hits: tuple[StoredHitRecord, ...] = ()
    place: StoryPlace | None = None
    told: tuple[ToldRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredHitRecord:
    """A stored hit as it was found, by the plan of that version."""

    id: int
    rule: str
    name: str
    plan_version: str
    created_at: datetime
    mentions: tuple[Match, ...]
    feedback: Feedback | None = None


@dataclass(frozen=True, slots=True)
class LineStep:
    """One step of the line, tried just now: what came of it, and how many ms it took. `ok` False: the line ends here."""

    name: str
    ok: bool
    detail: str
    elapsed_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Why something was told, or not: the answer to one address. `key` is the identity under which its spellings fold.

    `lists` are sources that read this very address as a list, `sources` those of its host. `others` counts the rules that
    were not met and are further off than those that are shown: mostly none of their words stand in the text. `hearing` is who would hear by the routes. `live`: it was tried at `asked_at`, and nothing
    was stored or sent; then `steps` say how it went.
    """

    url: str
    key: str
    asked_at: datetime
    fate: AddressFate
    why: tuple[Cause, ...]
    listed: tuple[ListedRecord, ...] = ()
    lists: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    read: ReadRecord | None = None
    rules: tuple[RuleRecord, ...] = ()
    others: int = 0
    place: StoryPlace | None = None
    told: tuple[ToldRecord, ...] = ()
    hearing: tuple[HearingRecord, ...] = ()
    live: bool = False
    steps: tuple[LineStep, ...] = ()
