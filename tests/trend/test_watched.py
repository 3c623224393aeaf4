"""Which hours were watched, where something comes late, and which hours teach nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.counting import HOUR, SLOT, SLOTS
from monitor.trend.watched import CATCHING_UP, is_catching_up, shares, untaught

BEGIN = datetime(2026, 11, 5, 2, 0, tzinfo=UTC)
FULL = 4095
MINUTE = timedelta(minutes=1)


def polled(begin: datetime, *spans: tuple[int, int]) -> dict[datetime, int]:
    """Return the slots in which the sources were polled, from spans in slots behind `begin`."""
    slots: dict[datetime, int] = {}
    for first, last in spans:
        for slot in range(first, last):
            hour = begin + slot // SLOTS * HOUR
            slots[hour] = slots.get(hour, 0) | 1 << slot % SLOTS
    return slots


@pytest.mark.parametrize(
    ("slots", "minutes", "expected"),
    [
        ({}, 0, (1.0,)),  # nothing of it is over yet
        ({}, 5, (0.0,)),
        ({BEGIN: 1}, 5, (1.0,)),
        ({BEGIN: 0b10}, 14.9, (0.5,)),
        ({BEGIN: 0b11}, 60, (2 / 12, 1.0)),
        ({BEGIN: FULL, BEGIN + 2 * HOUR: FULL}, 150, (1.0, 0.0, 1.0)),
        ({BEGIN - HOUR: FULL}, 65, (0.0, 0.0)),
    ],
)
def test_shares(slots: dict[datetime, int], minutes: float, expected: tuple[float, ...]) -> None:
    assert shares(slots, BEGIN, BEGIN + minutes * MINUTE) == expected


@pytest.mark.parametrize(
    ("missed", "behind", "late"),
    [
        (0, 0, False),
        (5, 0, False),  # a restart
        (6, 0, True),
        (96, 0, True),
        (96, 18, True),  # an hour and a half later
        (96, 19, False),  # its window begins half an hour behind
        (6, 17, True),
        (300, 30, False),
    ],
)
def test_what_comes_behind_half_an_hour_without_polls_may_be_late(missed: int, behind: int, *, late: bool) -> None:
    """`missed` slots without a poll, `behind` slots with some since."""
    begin = BEGIN - 30 * HOUR
    now = BEGIN + MINUTE
    end = 30 * SLOTS
    slots = polled(begin, (-600, end - behind - missed), (end - behind, end))
    assert is_catching_up(slots, now, HOUR) is late


@given(st.integers(0, 200), st.integers(0, 4))
def test_where_all_is_polled_nothing_is_late_and_where_nothing_is_all_is(minutes: int, hours: int) -> None:
    now, window = BEGIN + minutes * MINUTE, hours * HOUR + SLOT
    slots = polled(BEGIN - 12 * HOUR, (0, 20 * SLOTS))
    assert not is_catching_up(slots, now, window)
    assert is_catching_up({}, now, window)
    assert timedelta() < CATCHING_UP < HOUR


@pytest.mark.parametrize(
    ("watched", "told", "places"),
    [
        ((1.0, 1.0, 1.0), [], set()),
        ((1.0, 0.4, 1.0, 1.0), [], {1, 2}),  # not watched, and what came behind it
        ((0.0, 0.0, 1.0, 1.0), [], {0, 1, 2}),
        ((1.0,) * 4, [(BEGIN + 90 * MINUTE, BEGIN + 125 * MINUTE)], {1, 2}),
        ((1.0,) * 4, [(BEGIN + 150 * MINUTE, None)], {2, 3}),
        ((1.0,) * 4, [(BEGIN - 150 * MINUTE, BEGIN + MINUTE)], {0}),
        ((1.0,) * 4, [(BEGIN - 150 * MINUTE, BEGIN - 61 * MINUTE), (BEGIN + 9 * HOUR, None)], set()),
    ],
)
def test_hours_that_teach_nothing(
    watched: tuple[float, ...], told: list[tuple[datetime, datetime | None]], places: set[int]
) -> None:
    assert untaught(watched, BEGIN, told) == places
