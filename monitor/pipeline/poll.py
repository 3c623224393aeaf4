"""Poll: lists and feeds -> leads -> articles -> hits, each article in one transaction."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from monitor.extract.reader import read_leads
from monitor.model.errors import ExtractError, FetchError
from monitor.model.event import Event, HitStored, LeadFailed, Polled, PollFailed
from monitor.model.plan import Plan, Source
from monitor.model.state import PendingLead, PollResult, Recorded, Sighting, SourceState
from monitor.model.task import Deliver, Poll, Task
from monitor.pipeline.ports import Archive, Clock, Fetcher, Ledger, Matcher, Observer, Plans
from monitor.pipeline.read import Final, Postponed, Reader, findings, fold_in
from monitor.schedule.cadence import after_failure, next_look

LEASE = timedelta(minutes=15)
READING_TIME = timedelta(minutes=5)  # a source with a long backlog gives the others their turn
BATCH = 50


@dataclass(slots=True)
class Tally:
    """What one poll has come to so far."""

    leads: int = 0
    new: int = 0
    articles: int = 0
    hits: int = 0
    errors: tuple[str, ...] = ()
    retry_after: float | None = None
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Poller:
    """The step behind Poll. `chance` draws a uniform number in [0, 1); `halted` says that the house is closing."""

    plans: Plans
    fetcher: Fetcher
    ledger: Ledger
    archive: Archive
    observer: Observer
    clock: Clock
    chance: Callable[[], float]
    halted: Callable[[], bool]
    owner: str

    async def __call__(self, task: Poll) -> AsyncIterator[Task]:
        """Poll one source; yield a Deliver for each alert as soon as it is committed."""
        plan, matcher = self.plans.current()
        source = plan.source(task.source_id)
        if source is None or not source.enabled:
            return
        state = await self.ledger.claim_source(source.id, self.owner, self.clock(), LEASE)
        if state is None:
            return
        started = time.perf_counter()
        tally = Tally()
        try:
            for url in source.urls:
                await self._sight(url, source, state, tally)
            async for delivery_id in self._read_pending(source, plan, matcher, tally):
                yield Deliver(delivery_id)
        except Exception as error:
            # Without this the source would stay leased, and silent, until the lease runs out.
            tally.errors = (*tally.errors, repr(error))
            tally.broken = True
            await self._settle(source, state, tally, (time.perf_counter() - started) * 1000)
            raise
        await self._settle(source, state, tally, (time.perf_counter() - started) * 1000)

    async def _sight(self, url: str, source: Source, state: SourceState, tally: Tally) -> None:
        """Read one list or feed; a failure is kept in the tally and leaves what is known of the URL as it was."""
        known = state.validators.get(url)
        try:
            page = await self.fetcher.fetch(url, known)
            if page.unchanged:
                return
            leads = read_leads(page, source, self.clock())
        except (FetchError, ExtractError) as error:
            tally.errors = (*tally.errors, str(error))
            if isinstance(error, FetchError) and error.retry_after:
                tally.retry_after = max(tally.retry_after or 0.0, error.retry_after)
            return
        sighting = Sighting(source.id, url, leads, page.validators, first=known is None)
        tally.leads += len(leads)
        tally.new += await self.ledger.note_sighting(
            sighting,
            self.clock(),
            baseline=sighting.first and source.first_run == "baseline",
            ignore=sighting.first and source.first_run == "ignore",
        )

    async def _read_pending(self, source: Source, plan: Plan, matcher: Matcher, tally: Tally) -> AsyncIterator[str]:
        """Read every lead that is due, oldest first; answer the deliveries that came of it."""
        until = self.clock() + READING_TIME
        reader = Reader(self.fetcher, self.archive, self.clock)
        while pending := await self.ledger.pending_leads(source.id, self.clock(), BATCH):
            for lead in pending:
                if self.halted() or self.clock() >= until:
                    return
                recorded = await self._read(lead, source, plan, matcher, reader)
                if recorded is not None:
                    tally.articles += recorded.new_article
                    tally.hits += len(recorded.hits)
                    for delivery_id in recorded.deliveries:
                        yield delivery_id

    async def _read(
        self, pending: PendingLead, source: Source, plan: Plan, matcher: Matcher, reader: Reader
    ) -> Recorded | None:
        """Read one lead and store what it means; None when it has to be tried again later."""
        result = await reader.read(pending, source, self.chance())
        if result.failure is not None:
            self.observer.report(
                LeadFailed(source.id, pending.lead.url, result.failure, result.detail, isinstance(result, Final))
            )
        if isinstance(result, Postponed):
            await self.ledger.postpone_lead(pending.id, f"{result.failure}: {result.detail}", result.until)
            return None
        found = findings(result.article, plan, matcher, baseline=pending.baseline)
        recorded = await fold_in(self.archive, replace(result, lead_id=pending.id), found, self.clock())
        for event in _stored(source.id, result.article.url, result.article.title, recorded):
            self.observer.report(event)
        return recorded

    async def _settle(self, source: Source, state: SourceState, tally: Tally, elapsed_ms: float) -> None:
        """Give the source back, with the time of the next look and the word about this one."""
        now, chance = self.clock(), self.chance()
        failing = tally.broken or len(tally.errors) == len(source.urls)
        due = (
            after_failure(source.every, state.failures + 1, now, source.zone, chance, tally.retry_after)
            if failing
            else next_look(source.every, now, source.zone)
        )
        error = "; ".join(tally.errors)
        result = PollResult(source.id, state.owner, due, error, elapsed_ms)
        failures = await self.ledger.settle_source(result, now)
        wait = (due - now).total_seconds()
        self.observer.report(
            PollFailed(source.id, error, failures, wait)
            if error
            else Polled(source.id, tally.leads, tally.new, tally.articles, tally.hits, elapsed_ms)
        )


def _stored(source_id: str, url: str, title: str, recorded: Recorded) -> tuple[Event, ...]:
    """Say what a transaction added, hit by hit."""
    return tuple(HitStored(source_id, hit.rule_id, url, title, len(hit.matches)) for hit in recorded.hits)
