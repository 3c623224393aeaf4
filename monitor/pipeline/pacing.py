"""When a source is polled next, where the store's memory of all of them decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from monitor.model.plan import Adaptive, Cadence, Interval, Plan, Source
from monitor.model.rhythm import Burst, Rhythm
from monitor.schedule.adaptive import (
    BURST_SHARE,
    Demand,
    Tempo,
    after_poll,
    bursting,
    demand,
    respecting,
    solve,
    spent_a_day,
    wait,
)
from monitor.schedule.backoff import gently
from monitor.schedule.cadence import after_failure, next_poll
from monitor.store.write.source_store import SourceStore

SOLVE_EVERY = timedelta(hours=1)
NOTHING = Rhythm()


@dataclass(frozen=True, slots=True)
class PollFacts:
    """How a poll went. `failures` in a row, this one included (0: it did not fail); `least_gap` is the server's, in seconds.

    `hit`: a new article met a rule. `retry_after` is what a failing server asked for, in seconds.
    """

    now: datetime
    chance: float
    failures: int = 0
    retry_after: float | None = None
    least_gap: float = 0.0
    hit: bool = False


@dataclass(frozen=True, slots=True)
class SolvedTempo:
    """The tempo of all adaptive sources, as of `at`; `bursts`: they may still take of the budget."""

    version: str
    at: datetime
    tempo: Tempo
    bursts: bool


@dataclass(slots=True, kw_only=True)
class Pacer:
    """Answers when to poll again. Keeps what it solved for an hour; a restart solves it anew from the store.

    `least_gaps` are those of feeds whose text was read last, by URL: an unchanged feed does not repeat its own.
    """

    source_store: SourceStore
    solved: SolvedTempo | None = None
    least_gaps: dict[str, float] = field(default_factory=dict)

    def least_gap(self, url: str, max_age: float, time_to_live: float | None) -> float:
        """Return for how many seconds a URL asks not to be polled again."""
        if time_to_live is not None:
            self.least_gaps[url] = time_to_live
        return max(max_age, self.least_gaps.get(url, 0.0))

    async def next(self, source: Source, plan: Plan, facts: PollFacts) -> tuple[datetime, Burst | None]:
        """Return when to poll again, and the burst that the source is in."""
        if not isinstance(source.every, Adaptive):
            return _plain(source, source.every, facts), None
        solved = await self._solved(plan, facts.now)
        rhythm = (await self.source_store.rhythms((source.id,))).get(source.id, NOTHING)
        asked = demand(source, source.every, rhythm.arrivals, host(source), facts.now)
        return _paced(source, asked, solved, rhythm.burst, facts)

    async def _solved(self, plan: Plan, now: datetime) -> SolvedTempo:
        """Return the tempo in force, solved again when it is old or the plan has changed."""
        known = self.solved
        if known is None or known.version != plan.version or not timedelta() <= now - known.at < SOLVE_EVERY:
            known = self.solved = solve_tempo(plan, await self.source_store.rhythms(adaptive(plan)), now)
        return known


def adaptive(plan: Plan) -> tuple[str, ...]:
    """Return the ids of the sources that share the budget."""
    return tuple(source.id for source in plan.sources if source.enabled and isinstance(source.every, Adaptive))


def solve_tempo(plan: Plan, rhythms: Mapping[str, Rhythm], now: datetime) -> SolvedTempo:
    """Solve for the tempo of all adaptive sources."""
    taken = spent_a_day(tuple(rhythms.values()), now)
    most = plan.pacing.requests_per_day
    tempo = solve(demands(plan, rhythms, now), plan.pacing, taken)
    return SolvedTempo(plan.version, now, tempo, not most or taken < BURST_SHARE * most)


def demands(plan: Plan, rhythms: Mapping[str, Rhythm], now: datetime) -> Sequence[Demand]:
    """Return what each adaptive source asks for."""
    return [
        demand(source, source.every, rhythms.get(source.id, NOTHING).arrivals, host(source), now)
        for source in plan.sources
        if source.enabled and isinstance(source.every, Adaptive)
    ]


def host(source: Source) -> str:
    """Return the host that a source's requests go to (of the first address, where they differ)."""
    return urlsplit(source.urls[0]).hostname or "" if source.urls else ""


def _plain(source: Source, every: Cadence, facts: PollFacts) -> datetime:
    """Return the next poll of a cadence that knows no history."""
    if isinstance(every, Adaptive):
        raise TypeError("an adaptive cadence has a history")
    if facts.failures:
        return after_failure(every, facts.failures, facts.now, source.zone, facts.chance, facts.retry_after)
    return next_poll(every, facts.now, source.zone)


def _paced(
    source: Source, asked: Demand, solved: SolvedTempo, burst: Burst | None, facts: PollFacts
) -> tuple[datetime, Burst | None]:
    """Return the next poll of an adaptive source, and its burst."""
    now, k = facts.now, solved.tempo.of(asked)
    planned = wait(asked, k, now, facts.chance)
    if facts.failures:
        return _plain(source, Interval(min(planned, asked.most)), facts), burst
    quick = min(planned, gently(asked.least, facts.chance))
    extra = asked.cost * (1 - quick / planned) if bursting(burst, now) else 0.0
    burst = after_poll(burst, now, extra, hit=facts.hit, allowed=solved.bursts)
    seconds = quick if bursting(burst, now) else planned
    return now + timedelta(seconds=respecting(seconds, asked, facts.least_gap, now)), burst
