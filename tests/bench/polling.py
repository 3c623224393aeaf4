"""How soon articles are seen, at equal requests, under the product's own schedule and three others.

    python -m tests.bench.polling [--days 10] [--seeds 3] [--requests 96 288] [--weekend 0.5]

36 newspapers with log-normal rates (median 30 articles a day, at most 400) publish by the hours of a Korean newsroom, and
half as much on Saturdays and Sundays.
Each shows its last 40 articles; half of them state no dates. Waits are bounded to 30 s to 2 h. The product's schedule knows
nothing of the true rates: it learns from what its own polls showed, from the first minute on, and its first days count.

  fixed            every newspaper at one interval
  entry frequency  inversely to the articles of the past week, as Miniflux does
  aimd             half the wait after something new, a longer one after nothing
  ours             monitor.schedule, with the requests as its budget

The others are given the factor with which they make as many requests as the budget allows, by trying: a help that ours
does not have. Delays are seconds of simulated time; nothing depends on the machine.
"""

from __future__ import annotations

import argparse
import random
import statistics
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heapify, heapreplace
from math import exp, log, sqrt
from typing import Protocol

from monitor.model.article import Entry, ListWrite
from monitor.model.page import Validators
from monitor.model.plan import Adaptive, Pacing, Source
from monitor.model.rhythm import Arrivals, Rhythm
from monitor.schedule.adaptive import Demand, Tempo, demand, solve, wait
from monitor.schedule.arrivals import learn

START = datetime(2026, 11, 1, 15, 0, tzinfo=UTC)  # midnight in Seoul
DAY, HOUR = 86_400.0, 3600.0
FRIDAY = 4
LEAST, MOST = 30.0, 7200.0
ROOM = 40  # articles that a list shows
ZONE = "Asia/Seoul"
# Articles by hour of day, as shares of the mean hour: quiet nights, a morning peak, a slow evening.
PROFILE = (0.2, 0.12, 0.1, 0.1, 0.2, 0.5, 1.0, 1.5, 1.9, 2.2, 2.2, 2.0, 1.4, 1.6, 1.9, 2.0, 1.9, 1.6, 1.1, 0.8, 0.6, 0.5, 0.4, 0.3)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paper:
    """A newspaper: seconds at which its articles appear, a week of them before the start (below 0), and its true rates.

    `rates` are articles a second by hour of day; `weekend` times as many on Saturdays and Sundays.
    """

    name: str
    moments: tuple[float, ...]
    dated: bool
    rates: tuple[float, ...]
    weekend: float = 1.0

    def rate(self, now: float) -> float:
        """Return the true rate of that hour."""
        return self.rates[int(now // HOUR) % 24] * level(now, self.weekend)

    def shown(self, now: float) -> range:
        """Return which articles its list shows."""
        end = bisect_right(self.moments, now)
        return range(max(end - ROOM, 0), end)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a policy came to. `delays` are seconds; `lost` articles had left the list before they were seen."""

    requests: int
    delays: list[float] = field(repr=False)
    lost: int

    @property
    def mean(self) -> float:
        """Return the mean delay."""
        return statistics.fmean(self.delays)

    def quantile(self, share: float) -> float:
        """Return the delay that this share of the articles stays below."""
        return sorted(self.delays)[int(share * (len(self.delays) - 1))]


class Policy(Protocol):
    """Decides how long to wait."""

    def poll(self, paper: int, now: float, shown: range, fresh: Sequence[int]) -> float:
        """Return the seconds until the next poll of a newspaper that has just shown this; `fresh` ones are new."""
        ...


def level(now: float, weekend: float) -> float:
    """Return how much of a workday's articles that day has; the first day is a Monday."""
    return weekend if int(now // DAY) % 7 > FRIDAY else 1.0


def press(seed: int, papers: int, days: float, spread: float, weekend: float = 1.0) -> list[Paper]:
    """Invent newspapers; on Saturdays and Sundays they publish `weekend` times as much (at most 1)."""
    draw = random.Random(seed)
    mean = sum(PROFILE) / len(PROFILE)
    made = []
    for number in range(papers):
        rate = min(30 * exp(draw.gauss(0, spread)), 400.0) / DAY
        shift = draw.choice((-1, 0, 0, 1))
        moments, moment = [], -7 * DAY
        while (moment := moment + draw.expovariate(rate * max(PROFILE) / mean)) < days * DAY:
            hour = int(moment // HOUR + shift) % 24
            if draw.random() < PROFILE[hour] / max(PROFILE) * level(moment, weekend):
                moments.append(moment)
        made.append(
            Paper(
                f"paper{number}",
                tuple(moments),
                number % 2 == 0,
                tuple(rate * PROFILE[(hour + shift) % 24] / mean for hour in range(24)),
                weekend,
            )
        )
    return made


def simulate(papers: Sequence[Paper], policy: Policy, days: float, seed: int) -> Outcome:
    """Let the days pass. Every newspaper is first polled within the first minute; what it shows then counts for nothing."""
    draw = random.Random(seed)
    queue = [(draw.uniform(0, 60), number) for number in range(len(papers))]
    heapify(queue)
    known: dict[int, int] = {}
    delays: list[float] = []
    requests = lost = 0
    while queue[0][0] < days * DAY:
        now, number = queue[0]
        shown = papers[number].shown(now)
        first = number not in known
        fresh = [place for place in shown if first or place >= known[number]]
        if not first:
            lost += max(shown.start - known[number], 0)
            delays += [now - papers[number].moments[place] for place in fresh]
        known[number] = shown.stop
        requests += 1
        heapreplace(queue, (now + policy.poll(number, now, shown, fresh), number))
    return Outcome(requests, delays, lost)


@dataclass(frozen=True, slots=True)
class Fixed:
    """One interval for all."""

    seconds: float

    def poll(self, paper: int, now: float, shown: range, fresh: Sequence[int]) -> float:  # noqa: ARG002 - Policy
        """Return that interval."""
        return self.seconds


@dataclass(slots=True)
class EntryFrequency:
    """A week divided by the week's articles (of the list's dates) and a factor, within bounds (Miniflux, model/feed.go)."""

    papers: Sequence[Paper]
    factor: float

    def poll(self, paper: int, now: float, shown: range, fresh: Sequence[int]) -> float:  # noqa: ARG002 - Policy
        """Return the interval by the articles of the past week."""
        moments = self.papers[paper].moments
        week = bisect_right(moments, now) - bisect_right(moments, now - 7 * DAY)
        return MOST if week == 0 else min(max(7 * DAY / (week * self.factor), LEAST), MOST)


@dataclass(slots=True)
class Aimd:
    """Half the wait after something new, so much longer after nothing."""

    longer: float
    waits: dict[int, float] = field(default_factory=dict)

    def poll(self, paper: int, now: float, shown: range, fresh: Sequence[int]) -> float:  # noqa: ARG002 - Policy
        """Return the adapted wait."""
        before = self.waits.get(paper, 900.0)
        self.waits[paper] = min(max(before / 2 if fresh else before + self.longer, LEAST), MOST)
        return self.waits[paper]


@dataclass(frozen=True, slots=True)
class Rooted:
    """A factor by the root of the true rate, which nobody knows in life: of the day, or of the hour."""

    papers: Sequence[Paper]
    factor: float
    hourly: bool

    def poll(self, paper: int, now: float, shown: range, fresh: Sequence[int]) -> float:  # noqa: ARG002 - Policy
        """Return the interval by what nobody knows."""
        shown_by = self.papers[paper]
        rate = shown_by.rate(now) if self.hourly else statistics.fmean(shown_by.rates)
        return min(max(self.factor / sqrt(rate), LEAST), MOST)


class Ours:
    """monitor.schedule over what the polls showed, and nothing else."""

    def __init__(self, papers: Sequence[Paper], requests_a_day: int, seed: int) -> None:
        self._papers = papers
        self._pacing = Pacing(target_delay=1.0, requests_per_day=requests_a_day)
        self._draw = random.Random(seed)
        self._every = Adaptive(LEAST, MOST)
        self._sources = [Source(paper.name, paper.name, "feed", (f"https://{paper.name}.example/",), self._every)
                         for paper in papers]  # fmt: skip
        self.rhythms = [Rhythm() for _ in papers]
        self._last: dict[int, datetime] = {}
        self._tempo, self._solved = Tempo(0.0), float("-inf")

    def poll(self, paper: int, now: float, shown: range, fresh: Sequence[int]) -> float:
        """Learn from the poll, and ask the schedule."""
        at = START + timedelta(seconds=now)
        self.rhythms[paper] = Rhythm(self._learn(paper, at, shown, fresh))
        if now - self._solved >= HOUR:
            demands = [self._demand(number, at) for number in range(len(self._papers))]
            self._tempo, self._solved = solve(demands, self._pacing, 0.0), now
        asked = self._demand(paper, at)
        return wait(asked, self._tempo.of(asked), at, self._draw.random())

    def _demand(self, paper: int, at: datetime) -> Demand:
        source = self._sources[paper]
        return demand(source, self._every, self.rhythms[paper].arrivals, source.id, at)

    def _learn(self, paper: int, at: datetime, shown: range, fresh: Sequence[int]) -> Arrivals | None:
        past, since = self.rhythms[paper].arrivals, self._last.get(paper)
        self._last[paper] = at
        if not fresh and since is not None:
            return past  # the same list: the store writes nothing
        source = self._sources[paper]
        entries = {place: self._entry(paper, place) for place in shown}
        listing = ListWrite(source.id, source.urls[0], tuple(entries.values()), Validators(), since is None, since)
        return learn(past, [entries[place] for place in fresh], listing, at, ZONE)

    def _entry(self, paper: int, place: int) -> Entry:
        published = START + timedelta(seconds=self._papers[paper].moments[place])
        return Entry(f"{paper}-{place}", "", published_at=published if self._papers[paper].dated else None)


def fitted(
    make: Callable[[float], Policy], papers: Sequence[Paper], days: float, seed: int, budget: float, *, rising: bool
) -> Outcome:
    """Return a policy's outcome with the factor that makes as many requests as the budget allows."""
    low, high = log(1e-3), log(1e5)
    best = simulate(papers, make(exp(high if not rising else low)), days, seed)
    for _ in range(14):
        middle = (low + high) / 2
        tried = simulate(papers, make(exp(middle)), days, seed)
        if tried.requests <= budget:
            best = tried
        low, high = (middle, high) if (tried.requests <= budget) == rising else (low, middle)
    return best


def compare(
    seed: int, papers: int, days: float, polls: int, spread: float, *, weekend: float = 1.0
) -> dict[str, Outcome]:
    """Return the outcome of each policy at so many polls a newspaper and day."""
    made = press(seed, papers, days, spread, weekend)
    ours = simulate(made, Ours(made, polls * papers, seed), days, seed)
    budget = max(float(ours.requests), 1.0)
    return {
        "fixed": simulate(made, Fixed(days * DAY * papers / budget), days, seed),
        "entry frequency": fitted(lambda factor: EntryFrequency(made, factor), made, days, seed, budget, rising=True),
        "aimd": fitted(Aimd, made, days, seed, budget, rising=False),
        "true rate": fitted(lambda factor: Rooted(made, factor, hourly=False), made, days, seed, budget, rising=False),
        "true hourly rate": fitted(
            lambda factor: Rooted(made, factor, hourly=True), made, days, seed, budget, rising=False
        ),
        "ours": ours,
    }


def main() -> None:
    """Print a table for each budget."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--days", type=float, default=10)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--papers", type=int, default=36)
    parser.add_argument("--requests", type=int, nargs="+", default=[96, 288])
    parser.add_argument("--spread", type=float, default=1.5)
    parser.add_argument("--weekend", type=float, default=0.5)
    chosen = parser.parse_args()
    for polls in chosen.requests:
        for seed in range(1, chosen.seeds + 1):
            print(
                f"budget {polls} requests a newspaper and day, {chosen.papers} newspapers, {chosen.days:g} days, seed {seed}"
            )
            found = compare(seed, chosen.papers, chosen.days, polls, chosen.spread, weekend=chosen.weekend)
            for name, one in found.items():
                a_day = one.requests / chosen.days / chosen.papers
                print(
                    f"  {name:17} {a_day:6.1f} requests  mean {one.mean:6.1f}  p50 {one.quantile(0.5):6.1f}"
                    f"  p95 {one.quantile(0.95):7.1f}  lost {one.lost:4}  x{one.mean / found['fixed'].mean:.2f} of fixed"
                )


if __name__ == "__main__":
    main()
