"""Hits and articles in bulk: plain texts and numbers, as an export writes them by the hundred thousand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from monitor.model.handling import Handling


class HitRow(NamedTuple):
    """A hit in bulk. Times are ISO 8601 in UTC to the microsecond, without a zone, "" for none; `matches` is JSON as it is stored.

    `feedback` is "" while nobody says whether it was meant.
    """

    id: int
    created_at: str
    rule_id: str
    rule_name: str
    article_id: int
    url: str
    title: str
    source: str
    source_name: str
    author: str
    published_at: str
    first_seen_at: str
    confidence: float | None
    matches: str
    excerpt: str
    story_id: str
    alerted: str
    channels: int
    reached: int
    handling: Handling
    feedback: str


class ArticleRow(NamedTuple):
    """A stored article in bulk, with or without hits; times as in HitRow. `body` is "" unless it was asked for."""

    id: int
    source: str
    source_name: str
    url: str
    title: str
    subtitle: str
    author: str
    section: str
    lang: str
    published_at: str
    first_seen_at: str
    stored_at: str
    story_id: str
    hits: int
    body: str


@dataclass(frozen=True, slots=True)
class ArticleQuery:
    """Which articles: of a source, in a language, stored in [since, until) (UTC); with their bodies or without."""

    source: str = ""
    lang: str = ""
    since: datetime | None = None
    until: datetime | None = None
    body: bool = False
