"""Poll: lists and feeds -> entries -> articles -> hits, each article in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from monitor.model.plan import Source
from monitor.model.task import Deliver, Poll, Task
from monitor.pipeline.articles import ArticleStep
from monitor.pipeline.evaluate import counting
from monitor.pipeline.finish import PollFinish
from monitor.pipeline.lease import HeldSource, SourceLeases
from monitor.pipeline.lists import ListPoller, crashed
from monitor.pipeline.outcome import Outcome, PollOutcome
from monitor.pipeline.ports import Clock, Plans
from monitor.store.write.source_store import PendingEntry, SourceStore

READING_TIME: Final = timedelta(minutes=5)  # a source with a long backlog gives the others their turn
BATCH: Final = 50
TRIES: Final = 120
"""How often a source that is to be polled at once is tried while somebody else polls it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """The entries whose articles are still to be read. `stopping` says that the program is shutting down."""

    source_store: SourceStore
    clock: Clock
    stopping: Callable[[], bool]

    async def entries(self, source: Source, held: HeldSource) -> AsyncIterator[PendingEntry]:
        """Yield the entries of the source that are due, oldest first, for READING_TIME at most.

        One that is neither completed nor postponed would come again.
        """
        until = self.clock() + READING_TIME
        while pending := await self.source_store.pending_entries(source.id, self.clock(), BATCH):
            for entry in pending:
                if held.lost or self.stopping() or self.clock() >= until:
                    return
                yield entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Poller:
    """The step behind Poll. `again` is how many seconds pass until a source that somebody else polls is tried again."""

    plans: Plans
    leases: SourceLeases
    lists: ListPoller
    backlog: Backlog
    articles: ArticleStep
    finish: PollFinish
    again: float = 1.0

    async def __call__(self, task: Poll) -> AsyncIterator[Task]:
        """Poll one source; yield a Deliver for each alert as soon as it is committed.

        Somebody who wants it polled at once while it is polled already wants what comes now: it is polled again after that.
        """
        for _ in range(TRIES):
            source = self.plans.current()[0].source(task.source_id)
            if source is None or not source.enabled:
                return
            async with self.leases.held(source.id) as held:
                if held is not None:
                    async for follower in self._polled(source, held, at_once=task.at_once):
                        yield follower
                    return
            if not task.at_once or self.backlog.stopping():
                return
            await asyncio.sleep(self.again)

    async def _polled(self, source: Source, held: HeldSource, *, at_once: bool) -> AsyncIterator[Task]:
        outcomes: list[Outcome] = []
        try:
            async for outcome in self._steps(source, held, at_once=at_once):
                outcomes.append(outcome)
                for delivery_id in outcome.deliveries:
                    yield Deliver(delivery_id)
                for look in counting(self.plans.current()[0], outcome.met):
                    yield look
        except Exception as error:
            # The source would be polled again at once otherwise, and nobody would be told.
            await self.finish(source, self.plans.current()[0], held, PollOutcome.of(outcomes, crashed(source, error)))
            raise
        for delivery_id in await self.finish(source, self.plans.current()[0], held, PollOutcome.of(outcomes)):
            yield Deliver(delivery_id)

    async def _steps(self, source: Source, held: HeldSource, *, at_once: bool) -> AsyncIterator[Outcome]:
        """Read the lists when they are due, then the articles that are; yield how each of them went."""
        if at_once or held.lists_due:
            # What is watched for long comes first, or the first run of a new list would take fresh news for old.
            for url in sorted(source.urls, key=lambda url: held.state.known(url) is None):
                yield await self.lists.poll(url, source, held.state)
        async for entry in self.backlog.entries(source, held):
            yield await self.articles(entry, source)
