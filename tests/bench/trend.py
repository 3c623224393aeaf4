"""How often rules over counts tell what is nothing, and what they find, by the product's own learner and verdicts.

    python -m tests.bench.trend [--weeks 100] [--only spike|silence] [--kinds 0 1 …]

Seven series of the hours of a newsroom's week, holidays included, as hourly counts that are spread over their hours: Poisson's, negative binomial
(variance over mean grows with the mean), and in clusters of one to five within minutes. Each is lived in pieces of sixteen
weeks of which the first eight are learned from alone. Spikes are looked for whenever something comes and each quarter of an hour
in the hour before; bursts of max(8, 6 x the hour's mean) within an hour of the day are laid on and looked at by themselves
(power). Silences are cut in at random hours and looked at every quarter of an hour. What is usual is learned anew every six
hours. Beside them: an hour against the hour before, three times as many and at least three (the shape of ElastAlert's
spike), and fixed spans without anything.

Nothing depends on the machine; everything on --seed.
"""

from __future__ import annotations

import argparse
import random
import statistics
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import TypeAlias

from monitor.model.counting import HOUR, QUIET, HourlyCounts, UsualCounts
from monitor.schedule.counts import CountRhythm, count_rhythm, usual_counts
from monitor.trend.flatline import flatline
from monitor.trend.incident import follow
from monitor.trend.series import Learned, by_hour, count_within, hour_of, learned
from monitor.trend.spike import spike
from monitor.trend.verdict import CountVerdict

ZONE = "Asia/Seoul"
START = datetime(2026, 2, 28, 15, 0, tzinfo=UTC)  # a Sunday, midnight in Seoul
LEARNED, PIECE = 8, 16  # weeks
QUARTER = timedelta(minutes=15)
RELEARN = 6 * HOUR
PROFILE = (0.2, 0.12, 0.1, 0.1, 0.2, 0.5, 1.0, 1.5, 1.9, 2.2, 2.2, 2.0, 1.4, 1.6, 1.9, 2.0, 1.9, 1.6, 1.1, 0.8, 0.6, 0.5, 0.4, 0.3)  # fmt: skip
DAYS = (0.6, 1.1, 1.1, 1.1, 1.1, 1.1, 0.5)  # from Sunday
HOLIDAYS = frozenset(
    (date.fromisoformat(day) - date(2026, 3, 1)).days
    for day in ("2026-03-02", "2026-05-01", "2026-05-05", "2026-05-25", "2026-06-03", "2026-06-06")
)  # of Korea: nobody works, as on Sundays
LATEST = timedelta(days=6)
BURSTS = 12  # laid on each piece


@dataclass(frozen=True, slots=True)
class SeriesKind:
    """A kind of series: `rate` an hour on average, hours of negative binomial `size` (0: Poisson's), `cluster`ed or not."""

    name: str
    rate: float
    size: float = 0.0
    cluster: int = 1


KINDS = (
    SeriesKind("Poisson .2/h", 0.2),
    SeriesKind("Poisson 2/h", 2),
    SeriesKind("Poisson 20/h", 20),
    SeriesKind("NegBin(3) 2/h", 2, size=3),
    SeriesKind("NegBin(3) 20/h", 20, size=3),
    SeriesKind("clustered 2/h", 2, cluster=5),
    SeriesKind("clustered 10/h", 10, cluster=5),
)


def mean(kind: SeriesKind, hour: int) -> float:
    """Return what an hour of the series, counted from START, brings on average."""
    level = PROFILE[hour % 24] * DAYS[0 if hour // 24 in HOLIDAYS else hour // 24 % 7]
    return kind.rate * level * 24 * 7 / (sum(PROFILE) * sum(DAYS))


def poisson(draw: random.Random, mu: float) -> int:
    """Draw a count."""
    found, left = 0, draw.expovariate(1.0)
    while left < mu:
        found, left = found + 1, left + draw.expovariate(1.0)
    return found


def moments(kind: SeriesKind, draw: random.Random, hours: int) -> list[datetime]:
    """Return when stories of the series come, ascending."""
    found: list[datetime] = []
    usual_cluster = (1 + kind.cluster) / 2
    for hour in range(hours):
        mu = mean(kind, hour) / usual_cluster
        if kind.size:
            mu = draw.gammavariate(kind.size, mu / kind.size)
        for _ in range(poisson(draw, mu)):
            first = START + (hour + draw.random()) * HOUR
            found += [first + number * timedelta(minutes=2) for number in range(draw.randint(1, kind.cluster))]
    return sorted(found)


class Eyes:
    """Looks at a series as the product does: what is usual is learned anew every six hours, counts are of this moment."""

    def __init__(self, found: list[datetime]) -> None:
        """Take the moments of a whole series."""
        self.hourly = by_hour(found, START, START + PIECE * 168 * HOUR)
        self.past = HourlyCounts(START, (), ())
        self.rhythm: CountRhythm | None = None
        self.shapes: dict[timedelta, Learned] = {}

    def usual(self, now: datetime, window: timedelta) -> UsualCounts:
        """Return what is usual in the window that ends now."""
        until = hour_of(now - window)
        if self.rhythm is None or not self.past.end <= until < self.past.end + RELEARN:
            counts = self.hourly[: (until - START) // HOUR]
            self.past = HourlyCounts(START, counts, (1.0,) * len(counts))
            self.rhythm = count_rhythm(self.past, until, ZONE)
            self.shapes = {}
        return usual_counts(self.rhythm, self.past, now, window)

    def shape(self, usual: UsualCounts, window: timedelta) -> Learned:
        """Return how uneven the past is, for a window of that length."""
        blocks = -(-window // HOUR) * HOUR
        if blocks not in self.shapes:
            self.shapes[blocks] = learned(self.past, usual, window)
        return self.shapes[blocks]

    def spike(self, now: datetime, found: Sequence[datetime]) -> CountVerdict:
        """Return the verdict on the hour that ends now; at counts below what is due it is known without a look."""
        usual = self.usual(now, HOUR)
        count = count_within(found, now, HOUR)
        if count <= usual.due:
            return CountVerdict("spike", now, HOUR, count, 0, calm=True)
        return spike(found, now, HOUR, usual, self.shape(usual, HOUR))

    def flatline(self, now: datetime, last: datetime) -> CountVerdict:
        """Return the verdict on the time since the last story."""
        usual = self.usual(now, now - last)
        return flatline([last], now, now - last, usual, self.shape(usual, now - last))


def looks(found: Sequence[datetime], begin: datetime, end: datetime) -> list[datetime]:
    """Return each quarter of an hour between two moments, and when something comes."""
    quarters = [begin + number * QUARTER for number in range((end - begin) // QUARTER + 1)]
    return sorted({*quarters, *found[bisect_right(found, begin) : bisect_right(found, end)]})


def tripled(found: Sequence[datetime], now: datetime) -> CountVerdict:
    """Return whether the last hour has three times as many as the hour before, and at least three."""
    count, before = count_within(found, now, HOUR), count_within(found, now - HOUR, HOUR)
    alarm = count >= max(3 * before, 3)
    return CountVerdict("spike", now, HOUR, count, max(3 * before, 3), alarm=alarm, calm=not alarm)


Judge: TypeAlias = Callable[[datetime, Sequence[datetime]], CountVerdict]
StillJudge: TypeAlias = Callable[[datetime, datetime], CountVerdict]


def alarms(judge: Judge, found: Sequence[datetime], at: Sequence[datetime]) -> int:
    """Return how many incidents are told."""
    incident, told = QUIET, 0
    for now in at:
        incident, tell = follow(incident, judge(now, found))
        told += tell
    return told


def found_bursts(judge: Judge, kind: SeriesKind, draw: random.Random, found: list[datetime]) -> int:
    """Return how many of BURSTS that are laid on single hours of the day are told within the hour after them."""
    told = 0
    for _ in range(BURSTS):
        hour = LEARNED * 168 + draw.randrange((PIECE - LEARNED) * 7 - 1) * 24 + draw.randint(7, 20)
        begin = START + hour * HOUR
        more = sorted([*found, *(begin + draw.random() * HOUR for _ in range(round(max(8, 6 * mean(kind, hour)))))])
        told += any(judge(now, more).alarm for now in looks(more, begin, begin + HOUR))
    return told


def spikes(kind: SeriesKind, seed: int, pieces: int) -> list[tuple[float, float]]:
    """Return (false alarms a week, share of bursts found) of the product and of the ratio beside it."""
    told, seen = [0, 0], [0, 0]
    for piece in range(pieces):
        draw = random.Random(f"{seed} {kind.name} {piece}")
        found = moments(kind, draw, PIECE * 168)
        at = looks(found, START + LEARNED * 168 * HOUR, START + PIECE * 168 * HOUR)
        judges: tuple[Judge, ...] = (Eyes(found).spike, lambda now, found: tripled(found, now))
        for place, judge in enumerate(judges):
            told[place] += alarms(judge, found, at)
        judges = (Eyes(found).spike, judges[1])
        for place, judge in enumerate(judges):
            seen[place] += found_bursts(judge, kind, random.Random(piece), found)
    weeks = pieces * (PIECE - LEARNED)
    return [(some / weeks, hits / (pieces * BURSTS)) for some, hits in zip(told, seen, strict=True)]


def silences(kind: SeriesKind, seed: int, pieces: int) -> tuple[list[float], list[list[float]]]:
    """Return the false alarms a week, and the hours until silences are told: of the product, of 6 hours and of 24."""
    told = [0, 0, 0]
    hours: list[list[float]] = [[], [], []]
    for piece in range(pieces):
        draw = random.Random(f"{seed} {kind.name} {piece}")
        found = moments(kind, draw, PIECE * 168)
        begin = START + LEARNED * 168 * HOUR
        judges: list[StillJudge] = [
            Eyes(found).flatline,
            *(partial(still, span=span) for span in (6 * HOUR, 24 * HOUR)),
        ]
        for place, judge in enumerate(judges):
            told[place] += false_silences(judge, found, begin)
        for _ in range(BURSTS):
            cut = begin + draw.random() * (PIECE - LEARNED - 1) * 168 * HOUR
            last = found[bisect_right(found, cut) - 1]
            judges[0] = Eyes(found[: bisect_right(found, cut)]).flatline
            for place, judge in enumerate(judges):
                hours[place].append(until_told(judge, last, cut))
    weeks = pieces * (PIECE - LEARNED)
    return [one / weeks for one in told], hours


def still(now: datetime, last: datetime, span: timedelta) -> CountVerdict:
    """Return whether nothing came for a fixed span."""
    return CountVerdict("flatline", now, span, 0, 1, alarm=now - last >= span)


def false_silences(judge: StillJudge, found: Sequence[datetime], begin: datetime) -> int:
    """Return how many of the pauses of a healthy series are told: a pause is most unlikely where it ends."""
    later = found[bisect_right(found, begin) :]
    return sum(judge(end, last).alarm for last, end in pairwise(later) if end - last >= HOUR / 2)


def until_told(judge: StillJudge, last: datetime, cut: datetime) -> float:
    """Return the hours from a cut until a silence is told; one that is told already at the cut counts as 0."""
    low, high = 0, LATEST // QUARTER
    if judge(cut, last).alarm:
        return 0.0
    while high - low > 1:  # a silence becomes less likely with each quarter of an hour
        middle = (low + high) // 2
        low, high = (low, middle) if judge(cut + middle * QUARTER, last).alarm else (middle, high)
    return high * QUARTER / HOUR


def main() -> None:
    """Print a line for each kind of series."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--weeks", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", type=int, nargs="+", default=range(len(KINDS)), help="places in the list, from 0")
    parser.add_argument("--only", choices=("spike", "silence"), default="")
    chosen = parser.parse_args()
    pieces = -(-chosen.weeks // (PIECE - LEARNED))
    if chosen.only != "silence":
        print("spikes: false alarms a week / share of bursts found    ours          hour against hour before x3")
        for kind in map(KINDS.__getitem__, chosen.kinds):
            print(
                f"{kind.name:50}",
                *(f"{told:9.2f} / {seen:4.2f}" for told, seen in spikes(kind, chosen.seed, pieces)),
                flush=True,
            )
    if chosen.only != "spike":
        print("silences: false alarms a week / hours until told (p90)  ours          fixed 6 h          fixed 24 h")
        for kind in map(KINDS.__getitem__, chosen.kinds):
            told, hours = silences(kind, chosen.seed, pieces)
            cells = (
                f"{one:7.3f} / {statistics.median(some):5.1f} ({quantile(some):5.1f})"
                for one, some in zip(told, hours, strict=True)
            )
            print(f"{kind.name:50}", *cells, flush=True)


def quantile(values: list[float]) -> float:
    """Return the 90 % quantile."""
    return sorted(values)[len(values) * 9 // 10]


if __name__ == "__main__":
    main()
