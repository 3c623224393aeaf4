"""Figures for Prometheus: what happened, as events tell it, and what is, as the database says it when somebody asks."""

from __future__ import annotations

import asyncio
import platform
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib.metadata import version
from itertools import product
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from monitor.model.errors import FetchReason, StoreError
from monitor.model.event import (
    AlarmRaised,
    ArticleRemoved,
    ArticleRewritten,
    CountTold,
    Delivered,
    DeliveryFailed,
    EditFailed,
    EntryFailed,
    Event,
    HitStored,
    MessageEdited,
    Polled,
    PollFailed,
    TaskFailed,
)
from monitor.model.notification import Suppression
from monitor.pipeline.ports import Clock, Observer, Plans
from monitor.service.reading import Reading
from monitor.store.read.figures import DatabaseFigures, Way

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
FRESH: Final = 5.0
"""Seconds for which what the database said is shown again: several who scrape cost no more than one."""
MOST_WAYS: Final = 1_000
"""Deliveries whose way is looked up at one scrape; of more the newest."""
OTHER: Final = "other"
"""The label of what the plan does not have: labels are bounded by the configuration."""
_REASONS: Final = frozenset({*Suppression, ""})
_CAUSES: Final = frozenset({*FetchReason, "content", "fault"})
_FAST: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3_600.0)
_SLOW: Final = (5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0, 7_200.0, 21_600.0, 86_400.0)
_REQUESTS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 30.0)


class Figures:
    """Every figure by its name, in a registry of its own."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.registry = own = CollectorRegistry()
        self.polls = Counter("monitor_polls", "Polls of a source by outcome.", ("source", "outcome"), registry=own)
        self.poll_seconds = Histogram(
            "monitor_poll_seconds", "How long polls took.", ("source",), buckets=_FAST, registry=own
        )
        self.entries = Counter(
            "monitor_entries", "Entries that lists showed for the first time.", ("source",), registry=own
        )
        self.articles = Counter("monitor_articles", "Articles that were stored.", ("source",), registry=own)
        self.unread = Counter(
            "monitor_articles_failed", "Articles that could not be read.", ("source", "reason"), registry=own
        )
        self.changed = Counter(
            "monitor_articles_changed", "Articles that changed after they were told.", ("source", "how"), registry=own
        )
        self.hits = Counter(
            "monitor_hits",
            "Hits that were stored; reason: why nobody is told.",
            ("source", "rule", "reason"),
            registry=own,
        )
        self.counts = Counter(
            "monitor_counts_told", "Rules over counts that were told.", ("rule", "type"), registry=own
        )
        self.decided = Counter(
            "monitor_notifications", "Whom hits and events concern.", ("channel", "state", "reason"), registry=own
        )
        self.deliveries = Counter(
            "monitor_deliveries", "Attempts to deliver by outcome.", ("channel", "outcome"), registry=own
        )
        self.delivery_seconds = Histogram(
            "monitor_delivery_seconds", "How long receivers took to answer.", ("channel",), buckets=_FAST, registry=own
        )
        self.seen = Histogram(
            "monitor_published_to_seen_seconds",
            "From publication until seen, of told hits.",
            buckets=_SLOW,
            registry=own,
        )
        self.matched = Histogram(
            "monitor_seen_to_matched_seconds",
            "From seen until stored as a hit, of told hits.",
            buckets=_FAST,
            registry=own,
        )
        self.sent = Histogram(
            "monitor_matched_to_sent_seconds",
            "From the hit until its receiver took it.",
            ("channel",),
            buckets=_FAST,
            registry=own,
        )
        self._add_state(own)

    def _add_state(self, own: CollectorRegistry) -> None:
        """Add what is asked for when somebody scrapes, and what no source or channel is to blame for."""
        self.failed_tasks = Counter("monitor_tasks_failed", "Steps that raised what nobody expected.", registry=own)
        self.alarms = Counter("monitor_alarms", "Alarms about the line itself.", registry=own)
        self.depth = Gauge("monitor_outbox_depth", "Messages that wait for a channel.", ("channel",), registry=own)
        self.oldest = Gauge("monitor_outbox_oldest_seconds", "Age of the oldest of them.", ("channel",), registry=own)
        self.held = Gauge(
            "monitor_notifications_held", "Notifications that wait for a message.", ("channel",), registry=own
        )
        self.size = Gauge(
            "monitor_database_bytes", "Size of the database and of its write-ahead log.", ("part",), registry=own
        )
        self.stuck = Gauge("monitor_writer_busy_seconds", "How long the writer has been at one batch.", registry=own)
        self.tick = Gauge("monitor_scheduler_still_seconds", "Time since the last look at what is due.", registry=own)
        self.up = Gauge(
            "monitor_database_up", "Whether the database answered when it was asked for these figures.", registry=own
        )
        self.reload_good = Gauge("monitor_reload_success", "Whether the last reload was taken.", registry=own)
        self.reload_at = Gauge("monitor_reload_timestamp_seconds", "When a plan was put in force last.", registry=own)
        self.sources = Gauge("monitor_sources", "Sources that are polled by the plan in force.", registry=own)
        self.requests = Counter(
            "monitor_web_requests", "Answers of the web server.", ("route", "method", "status"), registry=own
        )
        self.request_seconds = Histogram(
            "monitor_web_request_seconds", "Time until an answer began.", ("route",), buckets=_REQUESTS, registry=own
        )
        self.build = Info("monitor_build", "The program.", registry=own)


class Metrics:
    """An Observer that counts; asked for its figures, it asks the database for what no event tells."""

    def __init__(self, *, plans: Plans, reading: Reading, url: str, clock: Clock) -> None:
        """Label by `plans`, and ask the database at `url` by `reading`."""
        self.figures = Figures()
        self._plans = plans
        self._reading = reading
        self._url = url
        self._clock = clock
        self._sent: deque[str] = deque(maxlen=MOST_WAYS)
        self._after: str | None = None
        self._asked_at = float("-inf")
        self._asking = asyncio.Lock()
        self.figures.build.info({"version": version("monitor"), "python": platform.python_version()})
        self.reloaded(taken=True)

    def report(self, event: Event) -> None:
        """Count an event; never raises."""
        count = _COUNTED.get(type(event))
        if count is not None:
            with suppress(ValueError):  # a count below zero: figures never stand in the way of the line
                count(self, event)

    def source(self, name: str) -> str:
        """Return the label of a source."""
        return _known(name, (one.id for one in self._plans.current()[0].sources))

    def rule(self, name: str) -> str:
        """Return the label of a rule."""
        return _known(name, (one.id for one in self._plans.current()[0].all_rules))

    def channel(self, name: str) -> str:
        """Return the label of a channel."""
        return _known(name, (one.id for one in self._plans.current()[0].channels))

    def delivered(self, event: Delivered) -> None:
        """Count a message that was taken, and look up its way at the next scrape."""
        channel = self.channel(event.channel_id)
        self.figures.deliveries.labels(channel, "done").inc()
        self.figures.delivery_seconds.labels(channel).observe(event.elapsed_ms / 1000)
        self._sent.append(event.delivery_id)

    def reloaded(self, *, taken: bool) -> None:
        """Note whether a plan was put in force."""
        self.figures.reload_good.set(taken)
        if taken:
            self.figures.reload_at.set(self._clock().timestamp())

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count an answer of the web server; `route` is a template, "" for an address that has none."""
        self.figures.requests.labels(route or OTHER, method if method in _METHODS else OTHER, str(status)).inc()
        self.figures.request_seconds.labels(route or OTHER).observe(seconds)

    async def text(self, still: float, stuck: float) -> bytes:
        """Return all figures in Prometheus's text format; those of the database are some seconds old at most.

        `still` and `stuck` are the seconds of the scheduler and of the writer of the database (monitor.service.progress).
        """
        async with self._asking:
            now = asyncio.get_running_loop().time()
            if now - self._asked_at > FRESH:
                await self._ask()
                self._asked_at = now
            self.figures.tick.set(still)
            self.figures.stuck.set(stuck)
            self.figures.sources.set(sum(one.enabled for one in self._plans.current()[0].sources))
            return await asyncio.to_thread(generate_latest, self.figures.registry)

    async def aclose(self) -> None:
        """Leave off whatever is being asked."""
        await self._reading.aclose()

    async def _ask(self) -> None:
        """Ask the database; what was decided before it was asked first is not counted."""
        ids = tuple(self._sent)
        try:
            found = await self._reading.ask(lambda reader: reader.figures(self._url, self._after, ids))
        except StoreError:
            self.figures.up.set(0)
            return
        self.figures.up.set(1)
        for one in ids:
            if self._sent and self._sent[0] == one:  # those that came meanwhile may have pushed it out
                self._sent.popleft()
        self._after = found.after
        self._show(found)
        for way in found.ways:
            self._observe(way)

    def _show(self, found: DatabaseFigures) -> None:
        shown, now = self.figures, self._clock()
        for each in found.decided:
            reason = each.reason if each.reason in _REASONS else OTHER
            shown.decided.labels(self.channel(each.channel_id), each.state, reason).inc(each.times)
        waits = (shown.depth, shown.oldest, shown.held)
        for gauge in waits:
            gauge.clear()
        for gauge, channel in product(waits, self._plans.current()[0].channels):
            gauge.labels(channel.id).set(0)
        for wait in found.waiting:
            label = self.channel(wait.channel_id)
            shown.depth.labels(label).inc(wait.depth)
            shown.held.labels(label).inc(wait.held)
            if wait.oldest is not None:
                shown.oldest.labels(label).set(max(0.0, (now - wait.oldest).total_seconds()))
        for part, size in found.sizes.items():
            shown.size.labels(part).set(size)

    def _observe(self, way: Way) -> None:
        """Count how long a hit took; clocks of outlets run fast at times, which is no time at all."""
        spans = [
            (self.figures.matched, way.seen_at, way.matched_at),
            (self.figures.sent.labels(self.channel(way.channel_id)), way.matched_at, way.sent_at),
        ]
        if way.published_at is not None:
            spans.append((self.figures.seen, way.published_at, way.seen_at))
        for histogram, since, until in spans:
            histogram.observe(max(0.0, (until - since).total_seconds()))


class Observers:
    """Several Observers as one."""

    def __init__(self, *observers: Observer) -> None:
        """Tell each of them, in this order."""
        self._observers = observers

    def report(self, event: Event) -> None:
        """Tell each of an event; never raises."""
        for observer in self._observers:
            observer.report(event)


def _known(name: str, names: Iterable[str]) -> str:
    return name if name in names else OTHER


def _polled(self: Metrics, event: Polled) -> None:
    source = self.source(event.source_id)
    self.figures.polls.labels(source, "ok").inc()
    self.figures.poll_seconds.labels(source).observe(event.elapsed_ms / 1000)
    self.figures.entries.labels(source).inc(event.new)
    self.figures.articles.labels(source).inc(event.articles)


def _poll_failed(self: Metrics, event: PollFailed) -> None:
    cause = event.cause if event.cause in _CAUSES else OTHER
    self.figures.polls.labels(self.source(event.source_id), cause).inc()


def _unread(self: Metrics, event: EntryFailed) -> None:
    reason = event.reason if event.reason in _CAUSES else OTHER
    self.figures.unread.labels(self.source(event.source_id), reason).inc()


def _hit(self: Metrics, event: HitStored) -> None:
    reason = event.suppressed_as if event.suppressed_as in _REASONS else OTHER
    self.figures.hits.labels(self.source(event.source_id), self.rule(event.rule_id), reason).inc()


def _delivery_failed(self: Metrics, event: DeliveryFailed) -> None:
    self.figures.deliveries.labels(self.channel(event.channel_id), "dead" if event.dead else "retry").inc()


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_COUNTED: Final[dict[type[Event], Callable[[Metrics, Any], None]]] = {
    Polled: _polled,
    PollFailed: _poll_failed,
    EntryFailed: _unread,
    HitStored: _hit,
    CountTold: lambda self, event: self.figures.counts.labels(self.rule(event.rule_id), event.type).inc(),
    ArticleRewritten: lambda self, event: self.figures.changed.labels(self.source(event.source_id), "rewritten").inc(),
    ArticleRemoved: lambda self, event: self.figures.changed.labels(self.source(event.source_id), "removed").inc(),
    Delivered: Metrics.delivered,
    DeliveryFailed: _delivery_failed,
    MessageEdited: lambda self, event: self.figures.deliveries.labels(self.channel(event.channel_id), "edited").inc(),
    EditFailed: lambda self, event: self.figures.deliveries.labels(self.channel(event.channel_id), "not_edited").inc(),
    TaskFailed: lambda self, _: self.figures.failed_tasks.inc(),
    AlarmRaised: lambda self, _: self.figures.alarms.inc(),
}
