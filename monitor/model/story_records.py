"""Questions about stories, and what is shown of one: its acts as one chain, and how it went from outlet to outlet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.model.handling import UNHANDLED, Handling
from monitor.model.paging import StoryCursor


class StoryOrder(StrEnum):
    """Which story comes first: the one whose last act with hits came last, that grew most of late, or that most outlets tell."""

    NEWEST = "newest"
    GROWTH = "growth"
    OUTLETS = "outlets"


@dataclass(frozen=True, slots=True)
class StoryQuery:
    """Which stories with hits are wanted; all must hold. `since` and `until` bound when a hit of it was stored (UTC, half open).

    A story has grown by the outlets that took it up within `growing`. `after` is the last story of the page before, of the order
    NEWEST alone.
    """

    rule: str = ""
    since: datetime | None = None
    until: datetime | None = None
    order: StoryOrder = StoryOrder.NEWEST
    growing: timedelta = timedelta(hours=1)
    limit: int = 50
    after: StoryCursor | None = None


@dataclass(frozen=True, slots=True)
class OutletRecord:
    """An outlet of a story: when its first article of it was seen (UTC), how long after the very first, and how many it has.

    `title` and `url` are of its first article.
    """

    source: str
    source_name: str
    first_seen_at: datetime
    lag_seconds: int
    articles: int
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class ActRecord:
    """One act of a story: a story of its own in the database. `related` is the id of a story that is nearly like it, "" for none."""

    id: str
    title: str
    first_seen_at: datetime
    last_seen_at: datetime
    articles: int
    outlets: int
    related: str = ""


@dataclass(frozen=True, slots=True)
class StoryRecord:
    """A story with all its acts. `id` and `title` are of its first act, counts are over all of them.

    `growth` is how many outlets took it up lately, `rules` are those that it has hits of, `outlets` in the order in which they
    began to tell it. `handling` is what people have made of its last act: one that came after they said it is new again.
    """

    id: str
    title: str
    first_seen_at: datetime
    last_seen_at: datetime
    articles: int
    hits: int
    growth: int
    rules: tuple[str, ...]
    outlets: tuple[OutletRecord, ...]
    acts: tuple[ActRecord, ...]
    handling: Handling = UNHANDLED


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """One article of a story, as it was first seen (UTC)."""

    id: int
    source: str
    title: str
    authors: tuple[str, ...]
    first_seen_at: datetime


@dataclass(frozen=True, slots=True)
class ToldLevel:
    """A level of an act that a rule has told a channel, or is about to (monitor.notify.stories).

    `message` is the id of the delivery, or of the notification of which none was made yet. `holds`: neither was it kept back
    nor did its receiver refuse it for good, so that it is not told once more.
    """

    act: str
    channel: str
    rule: str
    level: str
    message: str
    decided_at: datetime
    holds: bool


@dataclass(frozen=True, slots=True)
class StoryCourse:
    """How a story went on: its first articles, oldest first, and the last levels that were told of it; both bounded."""

    articles: tuple[StoryArticle, ...] = ()
    levels: tuple[ToldLevel, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryPage:
    """A page of a list of stories, and where the next one begins; None where there is no more, and in any order but NEWEST."""

    stories: tuple[StoryRecord, ...]
    next: StoryCursor | None = None
