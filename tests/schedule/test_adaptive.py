"""Waits that a budget, a target and the sources' own rhythm ask for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model.plan import Adaptive, Pacing, Source
from monitor.model.rhythm import DAY_TYPES, SLOTS, Arrivals, Burst, Reach, Rhythm
from monitor.schedule.adaptive import (
    BURST,
    FRESH,
    Demand,
    Tempo,
    after_poll,
    bursting,
    demand,
    mean_delay,
    reason,
    requests_a_day,
    respecting,
    solve,
    spent,
    spent_a_day,
    wait,
)

SEOUL = "Asia/Seoul"
NOON = datetime(2026, 11, 5, 3, 0, tzinfo=UTC)  # in Seoul
URL = "https://a.example/"
FREE = Pacing(host_requests_per_hour=0)
RATES = st.lists(st.floats(0.01, 200), min_size=24, max_size=24).map(tuple)


def asks(name: str = "a", *rates: float, **changes: Any) -> Demand:  # noqa: ANN401 - any field
    """Return a demand with bounds that bind nowhere; one rate is the same at every hour."""
    hourly = (rates or (1.0,)) * (24 // len(rates or (1.0,)))
    made = Demand(name, f"{name}.example", 1, 1.0, 86_400.0, SEOUL, hourly, (1e9,) * 24)
    return replace(made, **changes)


def test_the_wait_goes_with_one_over_the_root_of_the_rate_and_the_root_of_the_cost() -> None:
    assert asks("a", 4.0).interval(100, 0) == asks("a", 1.0).interval(100, 0) / 2
    assert asks("a", 1.0, cost=9).interval(100, 0) == 3 * asks("a", 1.0).interval(100, 0)


def test_a_budget_is_met_and_spent_so_that_no_other_share_of_it_is_better() -> None:
    pair = [asks("busy", 16.0), asks("slow", 1.0)]
    pacing = replace(FREE, target_delay=1.0, requests_per_day=2000)
    k = solve(pair, pacing, 0.0).k
    assert sum(requests_a_day(asked, k) for asked in pair) == pytest.approx(2000, rel=0.002)
    best = delay(pair, (k, k))
    for shift in (0.8, 0.95, 1.05, 1.25):
        other = k * shift
        rest = 2000 - requests_a_day(pair[0], other)
        assert delay(pair, (other, 86_400 / rest)) > best * 0.9999


def delay(pair: list[Demand], ks: tuple[float, float]) -> float:
    """Return the mean delay of the articles of two sources, each at its own k."""
    total = sum(sum(asked.rates) * mean_delay(asked, k) for asked, k in zip(pair, ks, strict=True))
    return total / sum(sum(asked.rates) for asked in pair)


def test_the_target_is_kept_with_no_more_requests_than_it_takes() -> None:
    pair = [asks("busy", 16.0), asks("slow", 1.0)]
    k = solve(pair, replace(FREE, target_delay=150.0), 0.0).k
    assert delay(pair, (k, k)) == pytest.approx(150, rel=0.002)
    tight = solve(pair, replace(FREE, target_delay=150.0, requests_per_day=100), 0.0).k
    assert sum(requests_a_day(asked, tight) for asked in pair) == pytest.approx(100, rel=0.002)
    ample = solve(pair, replace(FREE, target_delay=150.0, requests_per_day=100_000), 0.0).k
    assert ample == pytest.approx(k)


def test_bursts_take_from_the_budget_and_at_most_a_quarter() -> None:
    pacing = replace(FREE, target_delay=1.0, requests_per_day=1000)
    for taken, left in ((100.0, 900), (5000.0, 750)):
        assert requests_a_day(asks(), solve([asks()], pacing, taken).k) == pytest.approx(left, rel=0.002)


def test_a_host_with_many_sources_is_asked_no_more_than_allowed() -> None:
    many = [asks(f"s{n}", *([1.0] * 12 + [9.0] * 12), host="big.example") for n in range(10)]
    alone = asks("alone", 0.2)
    tempo = solve([*many, alone], Pacing(target_delay=10.0, host_requests_per_hour=60), 0.0)
    for hour in range(24):
        total = sum(3600 / asked.interval(tempo.of(asked), hour) for asked in many)
        assert total <= 60.001
        assert total == pytest.approx(60 if hour >= 12 else 20, rel=0.01)
    assert tempo.of(alone) == tempo.k < tempo.of(many[0])


@pytest.mark.parametrize(
    ("changes", "k", "seconds", "why"),
    [
        ({}, 500.0, 500.0, "rate"),
        ({"least": 600.0}, 500.0, 600.0, "min"),
        ({"most": 300.0}, 500.0, 300.0, "max"),
        ({"ceilings": (200.0,) * 24}, 500.0, 200.0, "depth"),
        ({"ceilings": (FRESH,) * 24, "known": False}, 5000.0, FRESH, "new"),
        ({"ceilings": (200.0,) * 24, "known": False}, 500.0, 200.0, "depth"),
        ({"ceilings": (20.0,) * 24, "least": 30.0}, 500.0, 30.0, "min"),
        ({"ceilings": (200.0,) * 24}, 50.0, 50.0, "rate"),
    ],
)
def test_each_bound_says_its_name(changes: dict[str, Any], k: float, seconds: float, why: str) -> None:
    asked = asks("a", 1.0, **changes)
    assert asked.interval(k, 5) == seconds
    assert reason(asked, k, 5) == why


def source(*urls: str) -> Source:
    return Source("a", "A", "feed", urls or (URL,), Adaptive())


def known(rates: tuple[float, ...], reach: float, urls: tuple[str, ...] = (URL,)) -> Arrivals:
    """Return arrivals of weeks at those rates, whose lists went back so many seconds at noon."""
    spans = (100.0,) * SLOTS
    counts = tuple(rate * 100.0 for rate in rates) * DAY_TYPES
    return Arrivals(NOON, counts, spans, {url: Reach(reach, NOON) for url in urls})


def test_a_list_is_polled_twice_in_the_time_in_which_it_turns_over() -> None:
    asked = demand(source(), Adaptive(), known((5.0,) * 24, 3600.0), "a.example", NOON)
    assert asked.ceilings == pytest.approx((1800.0,) * 24, rel=0.01)
    assert wait(asked, 1e9, NOON, 0.5) == pytest.approx(1800.0, rel=0.01)


def test_what_an_hour_holds_at_noon_is_a_whole_night() -> None:
    rates = (0.5,) * 9 + (8.0,) * 15
    asked = demand(source(), Adaptive(), known(rates, 3600.0), "a.example", NOON)
    assert asked.ceilings[12] == pytest.approx(1800, rel=0.05)
    assert asked.ceilings[4] > 6 * asked.ceilings[12]


def test_a_source_that_nobody_knows_is_polled_each_quarter_of_an_hour() -> None:
    asked = demand(source(), Adaptive(), None, "a.example", NOON)
    assert (asked.known, set(asked.ceilings), FRESH) == (False, {FRESH}, 15 * 60)
    half = demand(source(URL, "https://a.example/2"), Adaptive(), known((5.0,) * 24, 36_000.0), "a.example", NOON)
    assert (half.cost, half.known, max(half.ceilings)) == (2, False, FRESH)


def test_the_night_ends_with_the_night() -> None:
    hourly = (0.01,) * 7 + (100.0,) * 17
    asked = asks("a", *hourly, most=7200.0)
    before = NOON.replace(hour=21, minute=30) - timedelta(days=1)  # 06:30 in Seoul
    seconds = wait(asked, 600.0, before, 0.5)
    assert 1800 < seconds < 1800 + 60, "soon after seven, though a poll at half past six asked for 100 minutes"


@settings(max_examples=60)
@given(RATES, st.floats(1, 1e6), st.floats(0, 1, exclude_max=True), st.integers(0, 86_400))
def test_a_wait_lies_between_the_bounds(rates: tuple[float, ...], k: float, chance: float, offset: int) -> None:
    asked = asks("a", *rates, least=30.0, most=7200.0)
    seconds = wait(asked, k, NOON + timedelta(seconds=offset), chance)
    assert 0.9 * 30 - 1e-6 <= seconds <= 1.1 * 7200 + 1e-6


@settings(max_examples=40)
@given(st.lists(RATES, min_size=1, max_size=4), st.integers(1, 100_000), st.floats(1, 86_400), st.integers(0, 500))
def test_no_budget_is_exceeded_unless_the_bounds_ask_for_it(
    sources: list[tuple[float, ...]], budget: int, target: float, host: int
) -> None:
    demands = [asks(f"s{n}", *rates, least=30.0, most=7200.0) for n, rates in enumerate(sources)]
    tempo = solve(demands, Pacing(target, budget, host), 0.0)
    total = sum(requests_a_day(asked, tempo.of(asked)) for asked in demands)
    assert total <= max(budget, sum(requests_a_day(asked, 1e12) for asked in demands)) * 1.0001


def test_chance_moves_a_wait_by_a_tenth() -> None:
    assert wait(asks("a", 1.0), 600.0, NOON, 0.0) == pytest.approx(540)
    assert wait(asks("a", 1.0), 600.0, NOON, 0.5) == pytest.approx(600)


@pytest.mark.parametrize(
    ("least_gap", "ceiling", "seconds"),
    [(0.0, 1e9, 100.0), (50.0, 1e9, 100.0), (600.0, 1e9, 600.0), (86_400.0, 1e9, 3600.0), (3600.0, 900.0, 900.0)],
)
def test_a_servers_wish_is_kept_to_an_hour_and_to_the_depth(least_gap: float, ceiling: float, seconds: float) -> None:
    assert respecting(100.0, asks("a", ceilings=(ceiling,) * 24), least_gap, NOON) == seconds


def test_a_hit_begins_a_quarter_of_an_hour_of_quick_polls() -> None:
    assert after_poll(None, NOON, 0.0, hit=False, allowed=True) is None
    burst = after_poll(None, NOON, 0.0, hit=True, allowed=True)
    assert burst == Burst(NOON + BURST, NOON, 0.0)
    assert bursting(burst, NOON)
    assert bursting(burst, NOON + BURST - timedelta(seconds=1))
    assert not bursting(burst, NOON + BURST)
    assert not bursting(None, NOON)
    assert not bursting(burst, NOON - timedelta(days=1)), "the clock ran ahead when it began"
    refused = after_poll(None, NOON, 0.0, hit=True, allowed=False)
    assert not bursting(refused, NOON)


def test_what_bursts_took_is_summed_up_and_forgotten() -> None:
    burst = after_poll(None, NOON, 0.0, hit=True, allowed=True)
    for minute in range(10):
        burst = after_poll(burst, NOON + timedelta(minutes=minute), 0.8, hit=False, allowed=True)
    assert burst is not None
    assert burst.until == NOON + BURST
    assert spent(burst, burst.at) == pytest.approx(8, rel=0.01)
    assert spent(burst, burst.at + timedelta(days=1)) == pytest.approx(4, rel=0.01)
    assert spent_a_day((Rhythm(burst=burst), Rhythm()), burst.at) == pytest.approx(8 * 0.693, rel=0.02)


def test_no_demands_need_no_tempo() -> None:
    assert solve([], Pacing(requests_per_day=10), 0.0).hosts == {}
    assert Tempo(3.0).of(asks()) == 3.0
