"""Who tries passwords waits longer and longer; who mistypes does not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.service.login_throttle import FORGOTTEN, FREE, FREE_OF_ALL, LONGEST_WAIT, MOST, LoginThrottle


class Watch:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def failing(watch: Watch, addresses: Sequence[str]) -> LoginThrottle:
    """Return a throttle after failures of those addresses."""
    throttle = LoginThrottle(watch)
    for address in addresses:
        throttle.failed(address)
    return throttle


def test_who_mistypes_waits_for_nothing() -> None:
    throttle = failing(Watch(), ["192.0.2.1"] * (FREE - 1))
    assert throttle.wait("192.0.2.1") == 0


def test_each_further_failure_doubles_the_wait_up_to_a_quarter_of_an_hour() -> None:
    watch = Watch()
    throttle = failing(watch, ["192.0.2.1"] * FREE)
    waits = []
    for _ in range(30):
        waits.append(throttle.wait("192.0.2.1"))
        watch.now += waits[-1]
        assert throttle.wait("192.0.2.1") == 0
        throttle.failed("192.0.2.1")
    assert waits[:4] == [5.0, 10.0, 20.0, 40.0]
    assert waits[-1] == LONGEST_WAIT
    assert throttle.wait("192.0.2.2") == 0, "another address is not to blame"


@pytest.mark.parametrize(
    ("failed", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1"),
        ("192.0.2.1", "::ffff:192.0.2.1"),
        ("", "nonsense"),
        ("fe80::1%eth0", "fe80::2"),
    ],
)
def test_what_one_household_has_counts_as_one_address(failed: str, same: str) -> None:
    assert failing(Watch(), [failed] * FREE).wait(same) > 0


def test_who_has_many_addresses_is_slowed_down_too() -> None:
    watch = Watch()
    throttle = failing(watch, [f"10.0.{number // 200}.{number % 200}" for number in range(FREE_OF_ALL)])
    assert throttle.wait("192.0.2.1") > 0
    watch.now += FORGOTTEN
    assert throttle.wait("192.0.2.1") == 0


def test_who_knows_the_password_is_forgiven_and_slows_nobody_down() -> None:
    throttle = LoginThrottle(Watch())
    for number in range(3 * FREE_OF_ALL):
        address = f"10.0.{number // 200}.{number % 200}"
        throttle.failed(address)  # each try counts until it is right
        throttle.succeeded(address)
    assert throttle.wait("192.0.2.1") == 0


def test_the_table_is_bounded() -> None:
    throttle = failing(Watch(), [f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}" for n in range(MOST + 50)])
    assert len(throttle._failed) == MOST


@example([("", 2_000.1 / 3)] * 30)  # moments that binary fractions only come near to
@given(st.lists(st.tuples(st.text(max_size=12), st.floats(0, 4000)), max_size=60))
def test_no_wait_is_longer_than_a_quarter_of_an_hour(tries: list[tuple[str, float]]) -> None:
    watch = Watch()
    throttle = LoginThrottle(watch)
    for address, later in tries:
        watch.now += later
        throttle.failed(address)
        assert 0 <= throttle.wait(address) <= LONGEST_WAIT
