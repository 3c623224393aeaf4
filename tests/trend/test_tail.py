"""Chances agree with sums in exact arithmetic, however rare or common, and keep their order."""

from __future__ import annotations

import random
from decimal import Decimal, localcontext
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.trend.tail import at_least, at_most, at_most_in_bursts

MEANS = st.floats(0.001, 400)
SPREADS = st.one_of(st.just(1.0), st.floats(1.0, 60))
COUNTS = st.integers(0, 900)


def exact_poisson(count: int, mu: str) -> Decimal:
    """Return the chance of `count` or more, from one minus the terms below it, to a hundred places."""
    with localcontext() as places:
        places.prec = 100
        term = (-Decimal(mu)).exp()
        total = Decimal(0)
        for below in range(count):
            total += term
            term = term * Decimal(mu) / (below + 1)
        return 1 - total


def exact_negative_binomial(count: int, size: int, spread: Fraction) -> Fraction:
    """Return the chance of `count` or more where size is whole: the failures before so many successes."""
    success = 1 / spread
    below = sum(
        (comb(some + size - 1, some) * success**size * (1 - success) ** some for some in range(count)), Fraction(0)
    )
    return 1 - below


@pytest.mark.parametrize(
    ("count", "mu"),
    [
        (1, "0.2"),
        (3, "0.01"),
        (5, "0.4"),
        (9, "2"),
        (20, "2"),
        (60, "20"),
        (21, "20"),
        (3, "20"),
        (150, "90.5"),
        (40, "400"),
    ],
)
def test_poisson(count: int, mu: str) -> None:
    exact = exact_poisson(count, mu)
    assert at_least(count, float(mu)) == pytest.approx(float(exact), rel=1e-9)
    assert at_most(count - 1, float(mu)) == pytest.approx(float(1 - exact), rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("count", [0, 1, 2, 7, 12, 40, 90])
@pytest.mark.parametrize(
    ("size", "spread"), [(1, Fraction(3)), (3, Fraction(5, 2)), (2, Fraction(20)), (40, Fraction(11, 10))]
)
def test_negative_binomial(count: int, size: int, spread: Fraction) -> None:
    exact = exact_negative_binomial(count, size, spread)
    mu = size * float(spread - 1)
    assert at_least(count, mu, float(spread)) == pytest.approx(float(exact), rel=1e-9)
    assert at_most(count - 1, mu, float(spread)) == pytest.approx(float(1 - exact), rel=1e-9, abs=1e-15)


@given(COUNTS, MEANS, SPREADS)
def test_what_is_not_so_few_is_so_many(count: int, mu: float, spread: float) -> None:
    assert 0 <= at_least(count, mu, spread) <= 1
    assert at_least(count + 1, mu, spread) + at_most(count, mu, spread) == pytest.approx(1, abs=1e-9)


@given(COUNTS, MEANS, SPREADS)
def test_more_is_rarer(count: int, mu: float, spread: float) -> None:
    assert at_least(count + 1, mu, spread) <= at_least(count, mu, spread) * (1 + 1e-9)


@given(st.integers(1, 300), MEANS, MEANS, SPREADS)
def test_more_that_is_due_makes_many_commoner_and_few_rarer(
    count: int, one: float, other: float, spread: float
) -> None:
    little, much = sorted((one, other))
    assert at_least(count, little, spread) <= at_least(count, much, spread) + 1e-12
    assert at_most(count, much, spread) <= at_most(count, little, spread) + 1e-12


@given(MEANS, st.floats(1.03, 60))
def test_unevenness_makes_nothing_at_all_commoner_and_bursts_most_of_all(mu: float, spread: float) -> None:
    assert at_most(0, mu) <= at_most(0, mu, spread) * (1 + 1e-9)
    assert at_most(0, mu, spread) <= at_most_in_bursts(0, mu, spread) * (1 + 1e-9)


def test_nothing_due() -> None:
    assert (at_least(0, 0.0), at_least(1, 0.0), at_most(0, 0.0), at_most(-1, 2.0)) == (1.0, 0.0, 1.0, 0.0)


def test_silences_of_bursts_are_as_frequent_as_they_are_said_to_be() -> None:
    draw, none, size, bursts = random.Random(5), 0, 4, 2.0
    for _ in range(20_000):
        none += draw.expovariate(1.0) > bursts  # no burst at all comes
    assert none / 20_000 == pytest.approx(at_most_in_bursts(0, size * bursts, size), rel=0.05)
