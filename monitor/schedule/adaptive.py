"""How long to wait where the source itself says how often it publishes. Pure.

With rate r(t) and interval T, articles wait T/2 on average; the sum of r T / 2 over all sources is least for a given
number of requests where T = k / sqrt(r) (Cho and Garcia-Molina, TODS 28(4), 2003, and Sia, Cho and Cho, TKDE 19(7),
2007, treat the problem). A request that costs c makes it k sqrt(c / r). One k holds for all sources and hours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import exp, inf, log, sqrt
from typing import Final, Literal, TypeAlias

from monitor.model.plan import Adaptive, Pacing, Source
from monitor.model.rhythm import HOURS, Arrivals, Burst, Rhythm
from monitor.schedule.backoff import MAX_ASKED, gently
from monitor.schedule.hours import LONGEST, to_next_hour
from monitor.schedule.rates import expected, next_day, rates

SAFETY: Final = 0.5  # of the time in which a list turns over
FRESH: Final = 900.0  # seconds; at most so long while nobody knows how far a list goes back
BURST: Final = timedelta(minutes=15)
BURST_SHARE: Final = 0.25  # of the budget, that bursts may take
BURST_HALF_LIFE: Final = 24.0  # hours
DAY: Final = 86_400.0

_LOW, _HIGH = log(1e-3), log(1e8)  # of k, in seconds times the root of articles an hour
_TRIES: Final = 16  # halvings: k to within 0.04 %

Why: TypeAlias = Literal["rate", "min", "max", "depth", "new", "burst", "fixed", "cron"]


@dataclass(frozen=True, slots=True)
class Demand:
    """What one source asks for. `cost` is requests a poll; `ceilings` are the longest safe waits in seconds, by hour.

    `rates` are articles an hour, of the next 24 hours. `known`: something was learned of how far the lists go back.
    """

    source_id: str
    host: str
    cost: int
    least: float
    most: float
    zone: str
    rates: tuple[float, ...]
    ceilings: tuple[float, ...]
    known: bool = True

    def interval(self, k: float, hour: int) -> float:
        """Return the seconds between two polls at that hour of day: never below what the user set as the least."""
        return max(self.least, min(self.by_rate(k, hour), self.most, self.ceilings[hour]))

    def by_rate(self, k: float, hour: int) -> float:
        """Return what the interval would be without any bound."""
        return k * sqrt(self.cost / self.rates[hour])


@dataclass(frozen=True, slots=True)
class Tempo:
    """What was solved for: `k` for every source, and a greater one for sources of hosts that would be asked too often."""

    k: float
    hosts: Mapping[str, float] = field(default_factory=dict)

    def of(self, demand: Demand) -> float:
        """Return the k of one source."""
        return max(self.k, self.hosts.get(demand.host, 0.0))


def demand(source: Source, every: Adaptive, arrivals: Arrivals | None, host: str, now: datetime) -> Demand:
    """Return what a source asks for, by what is known of it."""
    by_slot = rates(arrivals, now, source.zone)
    hourly = next_day(by_slot, now, source.zone)
    reach = {url: arrivals.reach[url] for url in source.urls if arrivals and url in arrivals.reach}
    turnover = [
        expected(by_slot, one.at - timedelta(seconds=min(one.seconds, LONGEST * 3600)), one.at, source.zone)
        for one in reach.values()
    ]
    known = len(reach) == len(source.urls)
    fresh = inf if known else FRESH
    ceilings = tuple(min([fresh, *(SAFETY * most / rate * 3600 for most in turnover)]) for rate in hourly)
    cost = max(len(source.urls), 1)
    return Demand(source.id, host, cost, every.least, every.most, source.zone, hourly, ceilings, known)


def reason(asked: Demand, k: float, hour: int) -> Why:
    """Return what made the interval what it is."""
    seconds, ceiling, by_rate = asked.interval(k, hour), asked.ceilings[hour], asked.by_rate(k, hour)
    if seconds == asked.least and asked.least > min(by_rate, ceiling):
        return "min"
    if seconds == by_rate:
        return "rate"
    if seconds == ceiling < asked.most:
        return "depth" if asked.known or ceiling < FRESH else "new"
    return "max"


def requests_a_day(asked: Demand, k: float) -> float:
    """Return the requests of a day."""
    return asked.cost * sum(3600 / asked.interval(k, hour) for hour in range(HOURS))


def mean_delay(asked: Demand, k: float) -> float:
    """Return how many seconds an article waits on average until it is seen."""
    total = sum(rate * asked.interval(k, hour) for hour, rate in enumerate(asked.rates))
    return total / (2 * sum(asked.rates))


def solve(demands: Sequence[Demand], pacing: Pacing, spent: float) -> Tempo:
    """Return the fewest requests that keep the target, unless those are more than the budget: then the budget.

    `spent` is what bursts take of it a day. The bounds of a source and what its lists' depth asks for come before both.
    """
    articles = sum(sum(asked.rates) for asked in demands)

    def over_target(k: float) -> bool:
        return sum(sum(asked.rates) * mean_delay(asked, k) for asked in demands) > pacing.target_delay * articles

    k = _turn(over_target)
    if pacing.requests_per_day:
        budget = pacing.requests_per_day - min(spent, BURST_SHARE * pacing.requests_per_day)
        k = max(k, _turn(lambda k: sum(requests_a_day(asked, k) for asked in demands) <= budget))
    if not pacing.host_requests_per_hour:
        return Tempo(k)
    hosts: dict[str, list[Demand]] = {}
    for asked in demands:
        hosts.setdefault(asked.host, []).append(asked)
    tests = {host: _within(those, pacing.host_requests_per_hour) for host, those in hosts.items()}
    return Tempo(k, {host: _turn(test) for host, test in tests.items() if not test(k)})


def wait(asked: Demand, k: float, now: datetime, chance: float) -> float:
    """Return the seconds until the next poll, moved by up to a tenth by `chance` (uniform in [0, 1)).

    The share of its interval that a poll has waited is summed up hour by hour: a night's long interval ends soon after
    the morning has begun.
    """
    left, moment, seconds = gently(1.0, chance), now, 0.0
    for _ in range(int(1.1 * asked.most / 3600) + 2):
        hour, rest = to_next_hour(moment, asked.zone)
        every = asked.interval(k, hour)
        if left * every <= rest:
            return seconds + left * every
        left -= rest / every
        seconds += rest
        moment += timedelta(seconds=rest)
    return seconds


def respecting(seconds: float, asked: Demand, least_gap: float, now: datetime) -> float:
    """Return a wait no shorter than the server wished for, unless its list would have turned over before."""
    hour, _ = to_next_hour(now, asked.zone)
    return max(seconds, min(least_gap, MAX_ASKED, max(asked.ceilings[hour], asked.least)))


def bursting(burst: Burst | None, now: datetime) -> bool:
    """Return whether a hit makes the source be polled as often as allowed."""
    return burst is not None and now < burst.until <= now + BURST


def after_poll(burst: Burst | None, now: datetime, extra: float, *, hit: bool, allowed: bool) -> Burst | None:
    """Return the burst after a poll: `extra` requests of it were beyond the plan; a hit begins one where `allowed`."""
    if burst is None and not hit:
        return None
    until = now + BURST if hit and allowed else burst.until if burst else now
    return Burst(min(until, now + BURST), now, spent(burst, now) + extra)


def spent(burst: Burst | None, now: datetime) -> float:
    """Return the requests that bursts have lately taken; half of them are forgotten in a day."""
    if burst is None:
        return 0.0
    faded: float = 0.5 ** (max((now - burst.at).total_seconds(), 0.0) / 3600 / BURST_HALF_LIFE)
    return burst.spent * faded


def spent_a_day(rhythms: Sequence[Rhythm], now: datetime) -> float:
    """Return how many requests a day bursts take at present, over all sources."""
    return sum(spent(rhythm.burst, now) for rhythm in rhythms) * log(2) * 24 / BURST_HALF_LIFE


def _turn(test: Callable[[float], bool]) -> float:
    """Return the k at which a test that fails below and holds above turns; the ends where it never does."""
    low, high = _LOW, _HIGH
    for _ in range(_TRIES):
        middle = (low + high) / 2
        low, high = (low, middle) if test(exp(middle)) else (middle, high)
    return exp(high)


def _within(demands: Sequence[Demand], most: float) -> Callable[[float], bool]:
    """Return a test whether a host gets no more than `most` requests in any hour."""

    def test(k: float) -> bool:
        return all(
            sum(asked.cost * 3600 / asked.interval(k, hour) for asked in demands) <= most for hour in range(HOURS)
        )

    return test
