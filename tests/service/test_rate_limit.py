"""A bucket for each asker: so many at once, then a steady rate, and a bounded memory."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.service import rate_limit
from monitor.service.rate_limit import RateLimit


@given(st.lists(st.floats(0, 3), min_size=1, max_size=60), st.floats(0.5, 5), st.integers(1, 6))
def test_in_no_span_more_are_allowed_than_the_burst_and_the_rate(waits: list[float], rate: float, burst: int) -> None:
    now = 0.0
    limit, allowed = RateLimit(lambda: now, rate=rate, burst=burst), list[float]()
    for wait in waits:
        now += wait
        left = limit.wait("a")
        taken = limit.take("a")
        assert (left == 0) == (taken == 0)
        if taken == 0:
            allowed.append(now)
        else:
            assert taken <= 1 / rate
    for start in range(len(allowed)):
        for end in range(start, len(allowed)):
            span = allowed[end] - allowed[start]
            assert end - start + 1 <= burst + span * rate + 1e-6


def test_who_waits_as_told_is_let_in() -> None:
    now = 0.0
    limit = RateLimit(lambda: now, rate=4, burst=1)
    assert limit.take("a") == 0
    now += limit.take("a")
    assert now == 0.25
    assert limit.take("a") == 0


def test_askers_do_not_share_and_are_forgotten_beyond_a_bound() -> None:
    limit = RateLimit(lambda: 0.0, rate=1, burst=1)
    assert limit.take("first") == 0
    assert limit.take("first") > 0
    for number in range(rate_limit.MOST):
        assert limit.take(f"other {number}") == 0
    assert limit.take("first") == 0, "forgotten: the table is bounded"
