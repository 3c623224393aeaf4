"""An incident is told once, and another one after two hours of usual counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.counting import HOUR, QUIET, Incident
from monitor.trend.incident import CALM, follow
from monitor.trend.verdict import CountVerdict

NOW = datetime(2026, 11, 5, 2, 30, tzinfo=UTC)
STATES = {"!": (True, False), "-": (False, False), ".": (False, True)}


def told(states: str, step: timedelta = timedelta(minutes=30)) -> str:
    """Return which looks are told (t), in looks that see an alarm (!), something odd (-) or the usual (.)."""
    incident, line = QUIET, ""
    for number, state in enumerate(states):
        alarm, calm = STATES[state]
        incident, tell = follow(
            incident, CountVerdict("spike", NOW + number * step, HOUR, 5, 3, alarm=alarm, calm=calm)
        )
        line += "t" if tell else " "
    return line.rstrip()


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ("....", ""),
        ("!!!!", "t"),
        ("!.!.!.!", "t"),  # it comes and goes
        ("!...!", "t"),  # an hour and a half of calm
        ("!.....!", "t     t"),
        ("!....!", "t    t"),  # two hours from the first usual look on
        ("!..-..!", "t"),  # what is odd breaks the calm
        ("!..-.....!!", "t        t"),
        ("-!.", " t"),
    ],
)
def test_follow(states: str, expected: str) -> None:
    assert told(states) == expected


@given(st.text("!-.", max_size=60))
def test_between_two_that_are_told_lie_two_hours_of_usual_counts(states: str) -> None:
    places = [place for place, one in enumerate(told(states)) if one == "t"]
    assert ("!" in states) is bool(places)
    for one, other in pairwise(places):
        assert any(set(states[place : place + 4]) == {"."} for place in range(one, other))


def test_a_clock_that_is_set_back_tells_nothing_twice() -> None:
    incident, _ = follow(QUIET, CountVerdict("spike", NOW, HOUR, 5, 3, alarm=True))
    for alarm, calm in STATES.values():
        later, tell = follow(incident, CountVerdict("spike", NOW - CALM, HOUR, 5, 3, alarm=alarm, calm=calm))
        assert not tell
        assert later.since == NOW
    assert follow(Incident(NOW, NOW), CountVerdict("spike", NOW - HOUR, HOUR, 1, 3, calm=True))[0].calm_since == NOW
