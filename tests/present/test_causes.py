"""A failure is said as people read it, each cause once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.present.causes import causes, is_network, plain_error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("", ""),
        ("dns: [Errno -3] Temporary failure <http://a.kr/1>", "dns: Temporary failure <http://a.kr/1>"),
        ("dns: robots.txt: [Errno -2] Name unknown <http://a.kr/1>", "dns: Name unknown <http://a.kr/1>"),
        (
            "status: robots.txt: robots.txt: answered 503 <http://a.kr/>",
            "status: robots.txt: answered 503 <http://a.kr/>",
        ),
        (
            "robots: robots.txt: robots.txt disallows it <http://a.kr/>",
            "robots: robots.txt disallows it <http://a.kr/>",
        ),
        (
            "tls: x; y <http://a.kr/1>; tls: x; y <http://a.kr/2>; dns: z <http://b.kr/>",
            "tls: x; y (2 addresses); dns: z <http://b.kr/>",
        ),
    ],
)
def test_an_error_is_plain(error: str, words: str) -> None:
    assert plain_error(error) == words


REASONS = st.sampled_from(["dns: no name", "status: the server answered 503", "timeout: [Errno 110] late; very"])


@given(REASONS, st.integers(1, 9), st.integers(1, 9))
def test_the_same_cause_is_equal_whatever_the_addresses(cause: str, one: int, other: int) -> None:
    first, second = (
        "; ".join(f"{cause} <http://{host}.kr/{n}>" for n in range(many)) for host, many in (("a", one), ("b", other))
    )
    assert causes(first) == causes(second)
    assert plain_error(first).count(causes(first)) == 1
    assert is_network(causes(first)) == (not cause.startswith("status"))
