"""How often a healthy source is called silent, and how soon a silent one, by the product's own learner and judgement.

    python -m tests.bench.silence [--days 120] [--seeds 6] [--bursts 1 4] [--open-on-holidays]

Newspapers publish by the hours of a Korean newsroom, fewer on Saturdays and Sundays, and on public holidays as on Sundays
unless they are `open-on-holidays`; with `bursts` of n, n articles appear within minutes of each other. Each is polled every 20 minutes; a list states no dates. After the first 28 days it is
judged at each poll. False alarms are counted per source and year. From each of the last days on, at 10 o'clock in the
morning, a second life of the source falls silent: the hours until that is told are counted, workday or not.

Hours are of simulated time; nothing depends on the machine.
"""

from __future__ import annotations

import argparse
import random
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.health.memory import SourceSilence
from monitor.health.staleness import remember, silent
from monitor.model.article import Entry, ListWrite
from monitor.model.page import Validators
from monitor.model.rhythm import Arrivals
from monitor.schedule.arrivals import learn
from monitor.schedule.rates import usual

ZONE = "Asia/Seoul"
START = datetime(2026, 11, 1, 15, 0, tzinfo=UTC)  # a Monday, midnight in Seoul
STEP = timedelta(minutes=20)
KNOWN = timedelta(days=28)
LATEST = timedelta(days=10)  # a silence that is not told by then counts as this
PROFILE = (0.2, 0.12, 0.1, 0.1, 0.2, 0.5, 1.0, 1.5, 1.9, 2.2, 2.2, 2.0, 1.4, 1.6, 1.9, 2.0, 1.9, 1.6, 1.1, 0.8, 0.6, 0.5, 0.4, 0.3)  # fmt: skip
WEEK = (1.1, 1.1, 1.1, 1.1, 1.1, 0.5, 0.6)
SUNDAY = 6
HOLIDAYS = frozenset(
    date.fromisoformat(day)
    for day in ("2026-12-25", "2027-01-01", "2027-02-06", "2027-02-07", "2027-02-08", "2027-02-09", "2027-03-01")
)
ROOM = 40


@dataclass(frozen=True, slots=True)
class Life:
    """What is remembered of a source at a poll at `at`."""

    at: datetime
    arrivals: Arrivals | None = None
    silence: SourceSilence = field(default_factory=SourceSilence)
    told: bool = False
    count: int = 0

    def polled(self, new: int) -> Life:
        """Return what is remembered after a poll STEP later that showed so many new articles."""
        now, count = self.at + STEP, self.count + new
        arrivals = self.arrivals
        if new or arrivals is None:
            shown = [Entry(f"{place}", "") for place in range(count, max(count - ROOM, 0), -1)]
            listing = ListWrite("a", "https://a.example/", tuple(shown), Validators(), arrivals is None, self.at)
            arrivals = learn(arrivals, shown[:new], listing, now, ZONE)
        rhythm = usual(arrivals, self.at, now, ZONE)
        silence = remember(self.silence, rhythm, self.at, now, new)
        return Life(now, arrivals, silence, silent(silence, rhythm), count)


def articles(draw: random.Random, a_day: float, burst: int, at: datetime, *, rests: bool = True) -> int:
    """Return how many articles appear in the STEP before `at`; `rests`: on public holidays as many as on Sundays."""
    local = at.astimezone(ZoneInfo(ZONE))
    weekday = SUNDAY if rests and local.date() in HOLIDAYS else local.weekday()
    level = PROFILE[local.hour] * WEEK[weekday] * len(PROFILE) / sum(PROFILE)
    rate = a_day / 24 * level * STEP.total_seconds() / 3600 / burst
    found, left = 0, draw.expovariate(1.0)
    while left < rate:
        found, left = found + burst, left + draw.expovariate(1.0)
    return found


def live(seed: int, a_day: float, burst: int, days: int, *, rests: bool = True) -> Iterator[Life]:
    """Yield the life of a healthy source, poll by poll."""
    draw, life = random.Random(seed), Life(START)
    while life.at < START + timedelta(days=days):
        life = life.polled(articles(draw, a_day, burst, life.at + STEP, rests=rests))
        yield life


def until_told(life: Life) -> float:
    """Return the hours until it is told that nothing comes any more."""
    begun = life.at
    while not life.told and life.at < begun + LATEST:
        life = life.polled(0)
    return (life.at - begun).total_seconds() / 3600


def measure(
    seeds: Sequence[int], a_day: float, burst: int, days: int, *, rests: bool = True
) -> tuple[float, list[float]]:
    """Return (false alarms a source and year, hours until each silence was told)."""
    false, hours, watched = 0, list[float](), timedelta()
    for seed in seeds:
        up = False
        for life in live(seed, a_day, burst, days, rests=rests):
            if life.at < START + KNOWN:
                continue
            watched += STEP
            false += life.told and not up
            up = life.told
            local = life.at.astimezone(ZoneInfo(ZONE))
            if (local.hour, local.minute) == (10, 0) and life.at > START + timedelta(days=days - 14):
                hours.append(until_told(replace(life, told=False)))
    return false / (watched / timedelta(days=365)), hours


def main() -> None:
    """Print a line for each kind of source."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--days", type=int, default=120)
    parser.add_argument("--seeds", type=int, default=6)
    parser.add_argument("--rates", type=float, nargs="+", default=[2, 10, 30, 150])
    parser.add_argument("--bursts", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--open-on-holidays", action="store_true")
    chosen = parser.parse_args()
    for burst in chosen.bursts:
        for a_day in chosen.rates:
            rests = not chosen.open_on_holidays
            false, hours = measure(range(1, chosen.seeds + 1), a_day, burst, chosen.days, rests=rests)
            print(
                f"{a_day:5g} articles a day in bursts of {burst}: {false:5.2f} false alarms a year,"
                f" a silence told after {statistics.median(hours):5.1f} h (p90 {sorted(hours)[len(hours) * 9 // 10]:5.1f})"
            )


if __name__ == "__main__":
    main()
