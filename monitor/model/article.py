"""From a line on a list to a read article."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.model.page import Onward, Validators


def key_beside(address: str, name: str) -> str:
    """Return the key of an item that shares the page of that key with others: `name` is what tells it from them."""
    return f"{address}#{hashlib.blake2b(name.encode('utf-8', 'replace'), digest_size=9).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Entry:
    """An article that a list or feed points to. `key` is its identity: twins of one article share it. `modified_at` is
    when it was changed last, None where the list does not say. `content` is what the list says of it in full, its summary
    included; "" where that is no more than the summary.

    `item_id` is what the feed calls the item, "" where it says nothing. It becomes part of the key, behind a `#`, where
    several items point to one page: then the page is none of theirs (`shares_page`).
    """

    key: str
    url: str
    title: str = ""
    summary: str = ""
    author: str = ""
    published_at: datetime | None = None
    item_id: str = ""
    content: str = ""
    modified_at: datetime | None = None

    @property
    def text(self) -> str:
        """Return all that the list says of the article besides its headline."""
        return self.content or self.summary

    @property
    def shares_page(self) -> bool:
        """Return whether other items point to the same page, so that its text says nothing of this one."""
        return "#" in self.key

    @property
    def has_page(self) -> bool:
        """Return whether there may be a page of its own to read: not where its link is a place on a shared one."""
        return not (self.shares_page and "#" in self.url)


@dataclass(frozen=True, slots=True)
class ListWrite:
    """What one reading of one list or feed showed. `first` = the URL had never been read before.

    `since` is the source's last good poll, None before the first.
    """

    source_id: str
    url: str
    entries: tuple[Entry, ...]
    validators: Validators
    first: bool
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """A read article. Text fields are plain text; paragraphs are separated by a newline.

    `field_sources` says for each field which way won (site | jsonld | meta | generic | entry | ...). Times are UTC and aware.
    `published_at` is None where the page states none; `first_seen_at` is when a list first showed it.
    `listed_title` and `listed_summary` are what the list said of it, each "" where the page says the same. `text_mark` is there
    where excerpts stand for the text, which its source does not leave to be kept: how many letters there were, and a digest.
    """

    key: str
    url: str
    source_id: str
    title: str
    first_seen_at: datetime
    subtitle: str = ""
    body: str = ""
    captions: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    section: str = ""
    lang: str = ""
    canonical_url: str = ""
    published_at: datetime | None = None
    modified_at: datetime | None = None
    field_sources: Mapping[str, str] = field(default_factory=dict)
    listed_title: str = ""
    listed_summary: str = ""
    text_mark: str = ""

    @property
    def shares_page(self) -> bool:
        """Return whether it was an item of a list beside others that point to the same page: that says nothing of it."""
        return "#" in self.key

    def fields(self) -> dict[str, str]:
        """Return the texts that a bare term is looked for in, by the names that a match gives its field."""
        return {
            "title": self.title,
            "subtitle": self.subtitle,
            "body": self.body,
            "caption": "\n".join(self.captions),
            "listed_title": self.listed_title,
            "listed_summary": self.listed_summary,
        }


@dataclass(frozen=True, slots=True)
class PageContent:
    """What one page gave: where it leads, and its article; None exactly where it does nothing but send on (`onward.forward`)."""

    onward: Onward
    article: Article | None
