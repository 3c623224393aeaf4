"""What a cadence comes to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.model.plan import Adaptive, Cron, Interval, Source
from monitor.model.rhythm import Burst
from monitor.schedule.outlook import adapted, fixed
from tests.schedule.test_adaptive import NOON, URL, asks


def source(every: Interval | Cron | Adaptive, *urls: str) -> Source:
    return Source("a", "A", "feed", urls or (URL,), every)


def test_a_duration_waits_half_of_itself() -> None:
    told = fixed(source(Interval(300.0), URL, "https://a.example/2"), Interval(300.0), NOON)
    assert (told.every, told.interval, told.mean_delay, told.requests_a_day) == ("300s", 300.0, 150.0, 576.0)
    assert (told.why, told.articles_a_day, told.budget_share) == ("fixed", None, None)


@pytest.mark.parametrize(
    ("expression", "requests", "delay"),
    [
        ("*/5 * * * *", 288.0, 150.0),
        ("0 9 * * *", 1.0, 43_200.0),
        ("0,10 * * * *", 48.0, 1300.0),
        ("0 0 1 * *", 0.0, 1_296_000.0),
    ],
)
def test_a_cron_expression_waits_by_its_gaps(expression: str, requests: float, delay: float) -> None:
    every = Cron(expression)
    told = fixed(source(every), every, NOON)
    assert told.requests_a_day == pytest.approx(requests, abs=0.1)
    assert told.mean_delay == pytest.approx(delay, rel=0.04)
    assert (told.every, told.why) == (f'cron "{expression}"', "cron")


def test_an_adaptive_cadence_says_its_rate_and_reason() -> None:
    asked = asks("a", 4.0, least=30.0)
    told = adapted(source(Adaptive()), asked, 600.0, None, NOON)
    assert (told.every, told.interval, told.mean_delay, told.requests_a_day) == ("adaptive", 300.0, 150.0, 288.0)
    assert (told.why, told.articles_a_day) == ("rate", 96.0)
    quick = adapted(source(Adaptive()), asked, 600.0, Burst(NOON + timedelta(minutes=5), NOON), NOON)
    assert (quick.interval, quick.why, quick.requests_a_day) == (30.0, "burst", 288.0)
