"""Who looks: the visit before this one, and what a browser was told to remember."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.web.pages.viewer import AWAY, visits

NOW = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)


def test_a_visit_goes_on_while_somebody_looks_and_ends_when_they_are_away() -> None:
    before, kept = visits("", NOW)
    assert before is None
    later = NOW + AWAY - timedelta(minutes=1)
    before, kept = visits(kept, later)
    assert before is None, "still the first"
    morning = later + timedelta(hours=14)
    before, kept = visits(kept, morning)
    assert before == later
    before, _ = visits(kept, morning + timedelta(minutes=5))
    assert before == later, "to look again does not make a new visit"


@pytest.mark.parametrize("given_", ["x", "1", "1.x", "-5.3", "9.2", "0.99999999999999999999", "1.2.3"])
def test_what_no_visit_left_is_no_visit(given_: str) -> None:
    assert visits(given_, NOW)[0] is None


@given(st.text(max_size=30))
def test_whatever_a_browser_sends_is_read(given_: str) -> None:
    before, kept = visits(given_, NOW)
    assert before is None or before <= NOW
    assert visits(kept, NOW)[1] == kept
