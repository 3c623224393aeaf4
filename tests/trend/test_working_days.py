"""A rule that only ever hits in working hours: its silent working day is told, its nights and weekends are not."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta

import pytest

from monitor.model.counting import HOUR, HourlyCounts
from monitor.schedule.counts import count_rhythm, usual_counts
from monitor.trend.flatline import flatline
from monitor.trend.series import learned
from monitor.trend.verdict import CountVerdict

ZONE = "Asia/Seoul"
START = datetime(
    2026, 2, 22, 15, 0, tzinfo=UTC
)  # a Monday, midnight in Seoul; 2 March is a holiday on which this newsroom works
DAY = 24 * HOUR


def poisson(mean: float, rng: random.Random) -> int:
    """Return how many came, by Knuth's product of chances."""
    count, product, limit = 0, rng.random(), math.exp(-mean)
    while product > limit:
        count, product = count + 1, product * rng.random()
    return count


def working(weeks: int, rate: float, silent: timedelta, seed: int = 1) -> HourlyCounts:
    """Return weeks of stories from nine to six on working days, then hours without any."""
    rng = random.Random(seed)
    counts = []
    for hour in range(weeks * 168):
        local = START + hour * HOUR + 9 * HOUR
        counts.append(poisson(rate, rng) if local.weekday() < 5 and 9 <= local.hour < 18 else 0)
    counts += [0] * (silent // HOUR)
    return HourlyCounts(START, tuple(counts), (1.0,) * len(counts))


def judged(past: HourlyCounts, weeks: int, window: timedelta) -> CountVerdict:
    """Return what is said at the end of the past, learned from its weeks alone."""
    rhythm = count_rhythm(past, START + weeks * 7 * DAY, ZONE)
    usual = usual_counts(rhythm, past, past.end, window)
    moments = [past.start + hour * HOUR for hour, count in enumerate(past.counts) for _ in range(count)]
    return flatline(moments, past.end, window, usual, learned(past, usual, window))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("window", [9 * HOUR, DAY])
@pytest.mark.parametrize("weeks", [3, 4, 6, 8])
def test_a_silent_working_day_is_told(weeks: int, window: timedelta, seed: int) -> None:
    verdict = judged(working(weeks, 4.3, 18 * HOUR, seed), weeks, window)
    assert (verdict.count, verdict.alarm) == (0, True)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("window", [9 * HOUR, DAY])
@pytest.mark.parametrize("weeks", [3, 8])
def test_a_night_and_a_weekend_are_not(weeks: int, window: timedelta, seed: int) -> None:
    past = working(weeks, 4.3, timedelta(), seed)
    friday = len(past.counts) - 54
    for hour in range(6, 63):  # from the evening of Friday to the morning of Monday
        counts = past.counts[:friday] + (0,) * hour
        verdict = judged(HourlyCounts(START, counts, (1.0,) * len(counts)), weeks, window)
        assert not verdict.alarm, hour
