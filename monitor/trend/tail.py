"""How likely it is to count so many, or so few, by chance alone. Pure.

A count with mean `mu` and variance `spread` times the mean is negative binomial; with a spread of about 1 it is Poisson's. The
terms are summed from the count outwards on the side where they are small, so that a chance of 1e-30 is exact too.
"""

from __future__ import annotations

from math import exp, inf, lgamma, log, log1p
from typing import Final

EVEN: Final = 1.02
"""Variance over mean up to which a count is taken to be Poisson's."""

_ENOUGH: Final = 1e-16


def at_least(count: int, mu: float, spread: float = 1.0) -> float:
    """Return the chance of `count` or more where `mu` are expected, with variance `spread` times `mu`."""
    if count <= 0:
        return 1.0
    if mu <= 0:
        return 0.0
    return _upward(count, mu, spread) if count > mu else max(0.0, 1.0 - _downward(count - 1, mu, spread))


def at_most(count: int, mu: float, spread: float = 1.0) -> float:
    """Return the chance of `count` or fewer where `mu` are expected, with variance `spread` times `mu`."""
    if count < 0:
        return 0.0
    if mu <= 0:
        return 1.0
    return min(1.0, _downward(count, mu, spread)) if count <= mu else max(0.0, 1.0 - _upward(count + 1, mu, spread))


def at_most_in_bursts(count: int, mu: float, spread: float = 1.0) -> float:
    """Return the chance of `count` or fewer where `mu` are expected in bursts of `spread` at once.

    Of all counts with this mean and variance these leave nothing at all most often: a silence that is rare here is rare
    however unevenly stories come.
    """
    size = max(spread, 1.0)
    return at_most(int(count / size), mu / size)


def _upward(count: int, mu: float, spread: float) -> float:
    """Sum the chances of `count` (above the mean), of one more, and so on."""
    total, term, bound = 0.0, _chance(count, mu, spread), _ratio(inf, mu, spread)
    while term > 0:
        total += term
        factor = _ratio(count, mu, spread)
        if term * max(factor, bound) <= _ENOUGH * total * (1 - max(factor, bound)):
            break
        term *= factor
        count += 1
    return total


def _downward(count: int, mu: float, spread: float) -> float:
    """Sum the chances of `count`, of one less, and so on to none."""
    total, term = 0.0, _chance(count, mu, spread)
    while count >= 0 and term > 0:
        total += term
        count -= 1
        term /= _ratio(count, mu, spread) if count >= 0 else 1.0
    return total


def _chance(count: int, mu: float, spread: float) -> float:
    """Return the chance of exactly `count`."""
    if spread <= EVEN:
        return exp(count * log(mu) - mu - lgamma(count + 1))
    size = mu / (spread - 1)
    ways = lgamma(count + size) - lgamma(size) - lgamma(count + 1)
    return exp(ways - size * log(spread) + count * log1p(-1 / spread))


def _ratio(count: float, mu: float, spread: float) -> float:
    """Return the chance of one more than `count` over that of `count`."""
    if spread <= EVEN:
        return 0.0 if count == inf else mu / (count + 1)
    factor = 1 - 1 / spread
    return factor if count == inf else factor * (count + mu / (spread - 1)) / (count + 1)
