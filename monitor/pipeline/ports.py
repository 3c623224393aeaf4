"""What the steps need from the rest of the house. Every method that touches the world is a coroutine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from monitor.model.alert import Delivery, Outcome
from monitor.model.article import Article, Lead
from monitor.model.event import Event
from monitor.model.health import Judged, Notice, Peer
from monitor.model.hit import Match
from monitor.model.page import Page, Validators
from monitor.model.plan import Channel, Plan, Rule, Source
from monitor.model.rhythm import Arrivals, Rhythm
from monitor.model.state import (
    PendingLead,
    PollResult,
    Reading,
    Recorded,
    Settlement,
    Sighting,
    SourceState,
    Stamp,
    StoredArticle,
)


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


class Plans(Protocol):
    """The plan in force. A step asks once and keeps what it got to its end."""

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

    async def leads(self, page: Page, source: Source, now: datetime) -> tuple[Lead, ...]:
        """Return the articles that a list or feed shows, in its order, each identity once. Raises ExtractError."""
        ...

    async def maps(self, page: Page, source: Source, since: datetime | None, now: datetime) -> tuple[str, ...] | None:
        """Return the documents that an index leads to instead of articles; None for any other page.

        `since`: the last good look, None before the first; what rested since then is left out. Raises ExtractError.
        """
        ...

    async def article(self, page: Page, source: Source, lead: Lead, first_seen_at: datetime, now: datetime) -> Article:
        """Return the article of a page. Raises ExtractError."""
        ...


class Sender(Protocol):
    """Delivery to receiver."""

    async def send(self, delivery: Delivery, channel: Channel, now: datetime) -> Outcome:
        """Make one attempt. Every failure is an Outcome, never an exception."""
        ...


class Ledger(Protocol):
    """Per-source memory: when to look, what was seen, what is still to be read."""

    async def due_sources(self, now: datetime, limit: int) -> tuple[str, ...]:
        """Return the ids of enabled sources whose time has come and that nobody holds, longest due first."""
        ...

    async def claim_source(self, source_id: str, owner: str, now: datetime, lease: timedelta) -> SourceState | None:
        """Take a source for the length of the lease; None when somebody else holds it or it is not in the plan."""
        ...

    async def note_sighting(
        self,
        sighting: Sighting,
        now: datetime,
        *,
        baseline: bool,
        ignore: bool,
        learn: Callable[[Arrivals | None, Sequence[Lead]], Arrivals] | None = None,
    ) -> int:
        """Store unseen leads and the URL's validators in one transaction; return how many leads were new.

        `learn` makes of what is known of the source's rhythm, and of the new leads, what is known now: stored with
        them. It may run more than once and must only compute.

        Known leads stay as they are. `baseline` marks new leads so that their hits are not alerted; `ignore` stores
        them as already settled.
        """
        ...

    async def rhythms(self, source_ids: Sequence[str]) -> Mapping[str, Rhythm]:
        """Return what is remembered of these sources that decides when to look."""
        ...

    async def bring_back(self, latest: Callable[[str, bool], datetime | None], now: datetime) -> int:
        """Have sources looked at now whose next look is further away than it can be; return how many.

        Such a look was arranged while the clock ran ahead. `latest` answers, for a source's id and whether it is
        failing, the furthest moment that its cadence allows (None: leave it).
        """
        ...

    async def pending_leads(self, source_id: str, now: datetime, limit: int) -> tuple[PendingLead, ...]:
        """Return leads of the source whose articles are to be read now, oldest first."""
        ...

    async def postpone_lead(self, lead_id: int, error: str, until: datetime) -> None:
        """Count a failed attempt at a lead and try it again at `until`; one that was read meanwhile stays as it is."""
        ...

    async def settle_source(self, result: PollResult, now: datetime) -> int:
        """Give the source back with the outcome of the poll; return its failures in a row.

        A lead of the source that is to be tried again earlier brings the next look forward to then. Does nothing when
        the lease was lost to another owner meanwhile.
        """
        ...

    async def stale_rules(self, plan: Plan) -> tuple[str, ...]:
        """Return ids of rules whose present definition was not yet held against the stored articles."""
        ...

    async def mark_matched(self, rule: Rule, plan: Plan, now: datetime) -> None:
        """Remember that this definition of the rule was held against all stored articles."""
        ...


class Archive(Protocol):
    """Articles, hits, stories and the outbox rows that follow from them."""

    async def record(self, reading: Reading, render: Callable[[Stamp], bytes], now: datetime) -> Recorded:
        """Store all of it in ONE transaction; unique keys make a repeat harmless."""
        ...

    async def article(self, key: str) -> StoredArticle | None:
        """Return the stored article of that identity."""
        ...

    async def articles_after(self, article_id: int, limit: int) -> tuple[StoredArticle, ...]:
        """Return stored articles with greater ids, ascending: a page of a full walk."""
        ...


class Wards(Protocol):
    """The health of sources: what is remembered of each, and which alarms are up."""

    async def examine(
        self,
        source_id: str,
        judge: Callable[[Mapping[str, Any], Mapping[str, Any] | None, Callable[[], Sequence[Peer]]], Judged],
        channels: Sequence[str],
        render: Callable[[Notice, int], bytes],
    ) -> tuple[tuple[Notice, ...], tuple[str, ...]]:
        """Judge a source and store what follows in ONE transaction; return what is told and the ids of the messages.

        `judge` gets the source's memory ({} for none), the house's (None for none), and a way to ask for the other
        enabled sources that were ever looked at. It and `render` may run more than once and must only compute.
        """
        ...


class Outbox(Protocol):
    """Deliveries: due, leased, settled. First in, first out per channel."""

    async def due_deliveries(self, now: datetime, limit: int) -> tuple[str, ...]:
        """Return the id of each channel's head delivery that is due (or whose lease has run out)."""
        ...

    async def claim_delivery(self, delivery_id: str, owner: str, now: datetime, lease: timedelta) -> Delivery | None:
        """Take a delivery for one attempt; None when it is not due, not the head of its channel, or held."""
        ...

    async def settle_delivery(self, delivery: Delivery, settlement: Settlement, now: datetime) -> str | None:
        """Write down an attempt and its meaning; return the id that is now due at the head of the channel.

        Does nothing when the lease was lost to another owner meanwhile.
        """
        ...


class Upkeep(Protocol):
    """Chores of the database."""

    async def optimize(self) -> str:
        """Refresh planner statistics and fold the write-ahead log; return a short account."""
        ...

    async def forget_signatures(self, before: datetime) -> int:
        """Drop what articles seen before that moment are compared by; return how many they were."""
        ...

    async def drop_articles(self, before: datetime) -> int:
        """Drop articles stored before that moment that no rule has met; return how many they were.

        What was seen of them stays, so that none is ever taken for new again.
        """
        ...

    async def release_leases(self) -> int:
        """Free every lease; only for a process that knows itself alone (it holds the data folder's lock)."""
        ...
