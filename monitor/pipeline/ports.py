"""What the steps need from the rest of the program. Every method that touches the world is a coroutine."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from monitor.model.article import Article, Entry, PageContent
from monitor.model.delivery import Delivery, Outcome
from monitor.model.event import Event
from monitor.model.hit import Match
from monitor.model.page import Page, Validators
from monitor.model.plan import Channel, Plan, Source


class Clock(Protocol):
    """The time, UTC and aware."""

    def __call__(self) -> datetime:
        """Return the present moment."""
        ...


class Observer(Protocol):
    """Hears what happened."""

    def report(self, event: Event) -> None:
        """Take note of an event; never raises."""
        ...


class Matcher(Protocol):
    """All rules, compiled. Pure and immutable; safe to be asked by several threads at once."""

    @property
    def slow(self) -> bool:
        """Return whether a question may take milliseconds, too long for an event loop."""
        ...

    def match(self, article: Article) -> Sequence[tuple[str, tuple[Match, ...]]]:
        """Return (rule id, mentions) for each rule that the article meets, in plan order.

        `article.source_id` decides about rules that are limited to sources.
        """
        ...

    def only(self, rule_ids: Collection[str]) -> Matcher:
        """Return one that knows these rules alone; cheap."""
        ...


class Plans(Protocol):
    """The plan in force. A poll asks again for each article: a reload must not wait for its end."""

    def current(self) -> tuple[Plan, Matcher]:
        """Return the plan and its compiled rules, which always belong together."""
        ...


class Fetcher(Protocol):
    """URL to page, with manners."""

    async def fetch(self, url: str, known: Validators | None = None, headers: Mapping[str, str] | None = None) -> Page:
        """Fetch a document. `known` makes the request conditional. Raises FetchError.

        `headers` are the keys to an interface that its owner handed out: they go to the URL's own host alone.
        """
        ...


class Parser(Protocol):
    """Page to what it holds. Hostile documents cost bounded time and memory, and nobody else's."""

    async def entries(self, page: Page, source: Source, now: datetime) -> tuple[Entry, ...]:
        """Return the articles that a list or feed shows, in its order, each identity once. Raises ExtractError."""
        ...

    async def maps(self, page: Page, source: Source, since: datetime | None, now: datetime) -> tuple[str, ...] | None:
        """Return the documents that an index leads to instead of articles; None for any other page.

        `since`: the last good poll, None before the first; what has not changed since is left out. Raises ExtractError.
        """
        ...

    async def content(
        self, page: Page, source: Source, entry: Entry, first_seen_at: datetime, now: datetime
    ) -> PageContent:
        """Return the article of a page, and where it leads. Raises ExtractError."""
        ...


class Sender(Protocol):
    """Delivery to receiver."""

    async def send(self, delivery: Delivery, channel: Channel, now: datetime) -> Outcome:
        """Make one attempt. Every failure is an Outcome, never an exception."""
        ...

    async def edit(self, delivery: Delivery, channel: Channel, now: datetime, receipt: str) -> Outcome:
        """Put the body of `delivery` in the place of a message that the receiver took; as `send` in all else.

        `receipt` is what the Outcome of that one held.
        """
        ...
