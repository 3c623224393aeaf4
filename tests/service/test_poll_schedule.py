"""How many articles a day usually brings, of sources that were watched for long enough to tell."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.model.plan import Interval, Plan, Source
from monitor.model.rhythm import SLOTS, Arrivals, Rhythm
from monitor.service.poll_schedule import usual_days

NOW = datetime(2026, 11, 27, tzinfo=UTC)
PLAN = Plan("v1", sources=tuple(Source(one, one, "feed", (), Interval(300)) for one in ("a", "b", "c")))


def seen(count: float, hours: float) -> Rhythm:
    return Rhythm(Arrivals(NOW, (count,) * SLOTS, (hours,) * SLOTS))


def test_a_day_is_known_once_one_was_watched() -> None:
    usual = usual_days(PLAN, {"a": seen(3.0, 2.0), "b": seen(0.1, 0.1), "c": Rhythm(), "gone": seen(1.0, 2.0)}, NOW)
    assert usual == {"a": pytest.approx(36, rel=0.02)}


def test_a_source_that_brought_nothing_is_usually_quiet() -> None:
    assert usual_days(PLAN, {"a": seen(0.0, 2.0)}, NOW) == {"a": pytest.approx(0, abs=0.5)}
