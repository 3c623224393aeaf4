"""The simulation of silences in small."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from tests.bench.silence import START, ZONE, live, measure, until_told


def test_a_healthy_source_is_seldom_called_silent_and_a_silent_one_within_a_day_and_a_half() -> None:
    false, hours = measure((1, 2), 30.0, 1, 49)
    assert false == 0
    assert min(hours) > 1
    assert max(hours) < 36


def test_a_night_is_no_silence_and_a_working_day_is() -> None:
    life = next(life for life in live(1, 30.0, 1, 40) if life.at >= START + timedelta(days=35))
    assert life.at.astimezone(ZoneInfo(ZONE)) == datetime(2026, 12, 7, 0, 0, tzinfo=ZoneInfo(ZONE)), (
        "a Monday at midnight"
    )
    assert 8 < until_told(life) < 16


def test_bursts_make_the_judgement_patient() -> None:
    last = timedelta(days=35)
    even, rough = (next(one for one in live(1, 30.0, burst, 40) if one.at >= START + last) for burst in (1, 6))
    assert until_told(replace(rough, told=False)) > until_told(replace(even, told=False))


def test_nothing_is_told_in_the_first_two_weeks() -> None:
    life = next(islice(live(1, 150.0, 1, 9), 7 * 72, None))
    assert until_told(life) >= 6 * 24
