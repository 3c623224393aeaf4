"""The end of a poll: when the next one is, the source given back, what happened told, its health judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from monitor.model.event import Event, LeaseLost, Polled, PollFailed
from monitor.model.plan import Plan, Source
from monitor.model.rhythm import Burst
from monitor.pipeline.health_report import HealthReporter
from monitor.pipeline.lease import HeldSource
from monitor.pipeline.outcome import PollOutcome
from monitor.pipeline.pacing import Pacer, PollFacts
from monitor.pipeline.ports import Clock, Observer
from monitor.store.write.source_store import PollResult, SourceStore


@dataclass(frozen=True, slots=True, kw_only=True)
class PollFinish:
    """Gives a source back. `chance` draws a uniform number in [0, 1)."""

    source_store: SourceStore
    pacer: Pacer
    reporter: HealthReporter
    observer: Observer
    clock: Clock
    chance: Callable[[], float]

    async def __call__(self, source: Source, plan: Plan, held: HeldSource, outcome: PollOutcome) -> tuple[str, ...]:
        """Store how the poll ended; return the ids of messages about the source that are to be sent.

        Of a source that somebody else has by now nothing is stored: it is polled there.
        """
        now = self.clock()
        due, burst = await self._next(source, plan, held, outcome, now)
        partial = bool(outcome.error) and not outcome.failed
        result = PollResult(
            source.id, held.state.owner, due, outcome.error, held.elapsed_ms, partial, burst, outcome.learned
        )
        failures = await self.source_store.complete_poll(result, now)
        held.returned = True
        if failures is None:
            self.observer.report(LeaseLost("source", source.id))
            return ()
        self.observer.report(_event(source, outcome, result, failures, now))
        return await self.reporter(source, plan, outcome)

    async def _next(
        self, source: Source, plan: Plan, held: HeldSource, outcome: PollOutcome, now: datetime
    ) -> tuple[datetime | None, Burst | None]:
        """Return when to poll again, None when the lists were left alone; and the burst that the source is in."""
        if not outcome.polled:
            return None, None
        failures = held.state.failures + 1 if outcome.failed else 0
        facts = PollFacts(
            now, self.chance(), failures, outcome.retry_after, outcome.least_gap, hit=outcome.fresh_hits > 0
        )
        return await self.pacer.next(source, plan, facts)


def _event(source: Source, outcome: PollOutcome, result: PollResult, failures: int, now: datetime) -> Event:
    if outcome.error:
        wait = (result.next_poll_at - now).total_seconds() if result.next_poll_at else 0.0
        return PollFailed(source.id, outcome.error, failures, wait, outcome.cause)
    return Polled(source.id, outcome.entries, outcome.new, outcome.new_articles, outcome.hits, result.elapsed_ms)
