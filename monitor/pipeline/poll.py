"""Poll: lists and feeds -> entries -> articles -> hits, each article in one transaction."""

from __future__ import annotations

import time
import traceback
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from monitor.model.article import Article, ListWrite
from monitor.model.errors import ExtractError, FetchError, StoreError
from monitor.model.event import EntryFailed, Event, HitStored, ListOverrun, Polled, PollFailed, TaskFailed
from monitor.model.hit import Hit
from monitor.model.plan import Source
from monitor.model.task import Deliver, Poll, Task
from monitor.notify.policy import decide_hits, suppressed_as
from monitor.pipeline.articles import ArticleReader, Postponed, ReadResult, after_fault, hits_of, write_article
from monitor.pipeline.health_report import HealthReporter, ReportBuilder
from monitor.pipeline.lists import ListReader
from monitor.pipeline.pacing import Pacer, PollFacts
from monitor.pipeline.ports import Clock, Fetcher, Observer, Parser, Plans
from monitor.schedule.arrivals import learn
from monitor.store.write.article_store import ArticleStore, WriteResult
from monitor.store.write.health_store import HealthStore
from monitor.store.write.source_store import PendingEntry, PollResult, SourceState, SourceStore

LEASE = timedelta(minutes=15)
READING_TIME = timedelta(minutes=5)  # a source with a long backlog gives the others their turn
BATCH = 50


@dataclass(slots=True)
class Tally:
    """What one poll has come to so far."""

    entries: int = 0
    new: int = 0
    articles: int = 0
    hits: int = 0
    errors: tuple[str, ...] = ()
    cause: str = ""
    failed: int = 0
    retry_after: float | None = None
    least_gap: float = 0.0
    fresh_hits: int = 0
    polled: bool = False
    crashed: bool = False
    report: ReportBuilder = field(default_factory=ReportBuilder)


@dataclass(frozen=True, slots=True)
class Poller:
    """The step behind Poll. `chance` draws a uniform number in [0, 1); `stopping` says that the program is shutting down."""

    plans: Plans
    fetcher: Fetcher
    parser: Parser
    source_store: SourceStore
    article_store: ArticleStore
    health_store: HealthStore
    observer: Observer
    clock: Clock
    chance: Callable[[], float]
    stopping: Callable[[], bool]
    owner: str
    pacer: Pacer = field(default_factory=Pacer)

    async def __call__(self, task: Poll) -> AsyncIterator[Task]:
        """Poll one source; yield a Deliver for each alert as soon as it is committed."""
        source = self.plans.current()[0].source(task.source_id)
        if source is None or not source.enabled:
            return
        state = await self.source_store.claim_source(source.id, self.owner, self.clock(), LEASE)
        if state is None:
            return
        started = time.perf_counter()
        tally = Tally()
        try:
            if task.at_once or state.lists_due_at is None or state.lists_due_at <= self.clock():
                tally.polled = True
                # What is watched for long comes first, or the first run of a new list would take fresh news for old.
                for url in sorted(source.urls, key=lambda url: url not in state.validators):
                    await self._read_list(url, source, state, tally)
            async for delivery_id in self._read_pending(source, tally):
                yield Deliver(delivery_id)
        except Exception as error:
            # Without this the source would stay leased, and silent, until the lease runs out.
            tally.errors = (*tally.errors, repr(error))
            tally.cause = tally.cause or "fault"
            tally.crashed = True
            tally.report.failed(next(iter(source.urls), source.id), error)
            await self._complete(source, state, tally, (time.perf_counter() - started) * 1000)
            await self._report_health(source, tally)
            raise
        await self._complete(source, state, tally, (time.perf_counter() - started) * 1000)
        for delivery_id in await self._report_health(source, tally):
            yield Deliver(delivery_id)

    async def _report_health(self, source: Source, tally: Tally) -> tuple[str, ...]:
        """Have what this poll showed of the source judged; return the ids of messages that came of it."""
        reporter = HealthReporter(self.health_store, self.observer, self.clock)
        return await reporter(source, self.plans.current()[0], tally.report)

    async def _read_list(self, url: str, source: Source, state: SourceState, tally: Tally) -> None:
        """Read one list or feed; a failure is kept in the tally and leaves what is known of the URL as it was."""
        known = state.validators.get(url)
        try:
            result = await ListReader(self.fetcher, self.parser, self.clock).read(
                url, source, known, state.last_success_at
            )
        except (FetchError, ExtractError) as error:
            tally.errors = (*tally.errors, str(error))
            tally.cause = tally.cause or (error.reason if isinstance(error, FetchError) else "content")
            tally.report.failed(url, error)
            if isinstance(error, FetchError) and error.retry_after:
                tally.retry_after = max(tally.retry_after or 0.0, error.retry_after)
            tally.failed += 1
            return
        tally.errors = (*tally.errors, *result.errors)
        tally.cause = tally.cause or ("content" if result.errors else "")
        tally.least_gap = max(tally.least_gap, self.pacer.least_gap(url, result.max_age, result.time_to_live))
        if result.unchanged:
            tally.report.unchanged(url)
            return
        listing = ListWrite(source.id, url, result.entries, result.validators, known is None, state.last_success_at)
        tally.entries += len(result.entries)
        now = self.clock()
        new = await self.source_store.commit_list(
            listing,
            now,
            baseline=listing.first and source.first_run == "baseline",
            ignore=listing.first and source.first_run == "ignore",
            learn=lambda past, fresh: learn(past, fresh, listing, now, source.zone),
        )
        tally.new += new
        if tally.report.showed(listing, new, result.charset).overrun:
            self.observer.report(ListOverrun(source.id, url, new))

    async def _read_pending(self, source: Source, tally: Tally) -> AsyncIterator[str]:
        """Read the entries that are due, oldest first, for READING_TIME at most; yield the deliveries that came of it."""
        until = self.clock() + READING_TIME
        reader = ArticleReader(self.fetcher, self.parser, self.article_store, self.clock)
        while pending := await self.source_store.pending_entries(source.id, self.clock(), BATCH):
            for entry in pending:
                if self.stopping() or self.clock() >= until:
                    return
                written = await self._read_safely(entry, source, reader, tally.report)
                if written is not None:
                    tally.articles += written.new_article
                    tally.hits += len(written.hits)
                    tally.fresh_hits += 0 if entry.baseline else len(written.hits)
                    for delivery_id in written.deliveries:
                        yield delivery_id

    async def _read_safely(
        self, pending: PendingEntry, source: Source, reader: ArticleReader, report: ReportBuilder
    ) -> WriteResult | None:
        """Read one entry; an article that breaks us is put off, and in the end known by its headline, like one that fails.

        Only the database may end the poll: without it nothing could be stored.
        """
        try:
            result = await reader.read(pending, source, self.chance())
            if not pending.known:
                report.read(result)
            return await self._commit(result, pending, source)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - one page must not silence its source
            self.observer.report(TaskFailed(f"read {pending.entry.url}", repr(error), traceback.format_exc()))
            failed = after_fault(pending, source, repr(error), self.clock(), self.chance())
            report.read(failed)
            return await self._commit(failed, pending, source)

    async def _commit(
        self, result: ReadResult | Postponed, pending: PendingEntry, source: Source
    ) -> WriteResult | None:
        """Store what was read; None when it has to be tried again later.

        The plan is asked for each article: a reload must not wait for the end of a long poll.
        """
        if result.failure is not None:
            final = isinstance(result, ReadResult)
            self.observer.report(EntryFailed(source.id, pending.entry.url, result.failure, result.detail, final))
        if isinstance(result, Postponed):
            await self.source_store.postpone_entry(pending.id, f"{result.failure}: {result.detail}", result.until)
            return None
        plan, matcher = self.plans.current()
        hits = await hits_of(result.article, plan, matcher)
        decide = partial(decide_hits, plan=plan, baseline=pending.baseline)
        read = replace(result, entry_id=pending.id)
        written = await write_article(self.article_store, read, hits, decide, self.clock())
        for event in _stored(source.id, result.article, written):
            self.observer.report(event)
        return written

    async def _complete(self, source: Source, state: SourceState, tally: Tally, elapsed_ms: float) -> None:
        """Give the source back, with the time of its next poll, and report how this one ended."""
        now, chance = self.clock(), self.chance()
        failing = tally.crashed or (tally.polled and tally.failed == len(source.urls))
        due, burst = None, None
        if failing or tally.polled:
            failures = state.failures + 1 if failing else 0
            facts = PollFacts(now, chance, failures, tally.retry_after, tally.least_gap, hit=tally.fresh_hits > 0)
            due, burst = await self.pacer.next(source, self.plans.current()[0], self.source_store, facts)
        error = "; ".join(tally.errors)
        partial = bool(error) and not failing
        failures = await self.source_store.complete_poll(
            PollResult(source.id, state.owner, due, error, elapsed_ms, partial, burst), now
        )
        self.observer.report(
            PollFailed(source.id, error, failures, (due - now).total_seconds() if due else 0.0, tally.cause)
            if error
            else Polled(source.id, tally.entries, tally.new, tally.articles, tally.hits, elapsed_ms)
        )


def _stored(source_id: str, article: Article, written: WriteResult) -> tuple[Event, ...]:
    """Return what a transaction added, hit by hit."""

    def reason(hit: Hit) -> str:
        return suppressed_as([told for told in written.notifications if told.rule_id == hit.rule_id])

    return tuple(
        HitStored(source_id, hit.rule_id, article.url, article.title, len(hit.matches), reason(hit))
        for hit in written.hits
    )
