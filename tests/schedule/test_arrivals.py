"""What lists teach of a source's rhythm."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.article import Entry, ListWrite
from monitor.model.page import Validators
from monitor.model.rhythm import SLOTS, Arrivals, UsualRhythm
from monitor.schedule.arrivals import learn, too_late
from monitor.schedule.hours import slot
from monitor.schedule.rates import HALF_LIFE, PRIOR_RATE, expected, next_day, rates, usual, watched

SEOUL = "Asia/Seoul"
MIDNIGHT = datetime(2026, 11, 1, 15, 0, tzinfo=UTC)  # in Seoul
URL = "https://a.example/"


def entries(*ages: float | None, now: datetime) -> tuple[Entry, ...]:
    """Return entries of those ages in hours; None for no date."""
    return tuple(
        Entry(f"{number}@{now}", "", published_at=None if age is None else now - timedelta(hours=age))
        for number, age in enumerate(ages)
    )


def seen(shown: Sequence[Entry], since: datetime | None, url: str = URL, *, first: bool = False) -> ListWrite:
    return ListWrite("a", url, tuple(shown), Validators(), first, since)


def day_by_day(days: int, hourly: Sequence[int], *, dated: bool = True) -> tuple[Arrivals, datetime]:
    """Poll each half hour a list of 40 that gets `hourly` articles in each hour of the day, at half past."""
    known, now, old = None, MIDNIGHT, list(entries(*range(1, 41), now=MIDNIGHT))
    known = learn(None, old, seen(old, None, first=True), now, SEOUL)
    for half in range(1, days * 48 + 1):
        since, now = now, MIDNIGHT + timedelta(hours=half / 2)
        count = hourly[(half // 2) % 24] if half % 2 == 1 else 0
        fresh = entries(*[0.0 if dated else None] * count, now=now)
        old = [*fresh, *old][:40]
        if fresh:
            known = learn(known, fresh, seen(old, since), now, SEOUL)
    return known, now


def test_nothing_known_is_the_prior_at_every_hour() -> None:
    assert rates(None, MIDNIGHT, SEOUL) == (PRIOR_RATE,) * SLOTS


@pytest.mark.parametrize("dated", [True, False])
def test_the_hours_of_a_newsroom_are_learned(dated: bool) -> None:  # noqa: FBT001 - test parameter
    hourly = [0] * 6 + [4] * 12 + [1] * 6
    known, now = day_by_day(10, hourly, dated=dated)
    learnt = next_day(rates(known, now, SEOUL), now, SEOUL)
    assert sum(learnt) == pytest.approx(sum(hourly), rel=0.15)
    assert max(learnt[1:5]) < 0.6
    assert min(learnt[8:16]) > 2.5
    assert learnt[10] == pytest.approx(4, rel=0.3)


def test_hours_are_those_of_the_sources_zone() -> None:
    known, now = day_by_day(5, [0] * 12 + [6] * 12)
    learnt = next_day(rates(known, now, SEOUL), now, SEOUL)
    assert learnt[20] > 5 * learnt[6]
    fresh = entries(0.0, now=now)
    there = learn(None, fresh, seen(fresh, None, first=True), now, "UTC")
    assert learn(there, fresh, seen(fresh, now - timedelta(hours=1)), now, "UTC").counts[slot(now, "UTC")] == 1


def test_the_types_of_days_are_learned_and_the_next_night_is_saturdays() -> None:
    known, now = None, MIDNIGHT  # a Monday
    for hour in range(5 * 7 * 24):
        since, now = now, MIDNIGHT + timedelta(hours=hour + 1)
        weekend = hour // 24 % 7 > 4
        fresh = entries(*[None] * (1 if weekend else 6), now=now)
        known = learn(known, fresh, seen([*fresh, *entries(*[None] * 9, now=since)], since), now, SEOUL)
    assert known is not None
    friday = now + timedelta(days=4, hours=12)
    day = next_day(rates(replace(known, at=friday), friday, SEOUL), friday, SEOUL)
    assert day[12:] == pytest.approx([6.0] * 12, rel=0.15), "the rest of Friday"
    assert day[:12] == pytest.approx([1.0] * 12, rel=0.3), "Saturday"


@pytest.mark.parametrize(("burst", "least", "most"), [(1, 0.3, 0.8), (5, 3.0, 7.0)])
def test_bursts_are_measured_against_the_same_rates(burst: int, least: float, most: float) -> None:
    chance, known, now = random.Random(burst), None, MIDNIGHT
    last = now
    for _ in range(35 * 48):
        now += timedelta(minutes=30)
        fresh = entries(*[None] * burst * (chance.random() < 0.5 / burst), now=now)
        if fresh or known is None:
            known = learn(known, fresh, seen([*fresh, *entries(*[None] * 9, now=last)], last), now, SEOUL)
        last = now
    found = usual(known, now - timedelta(hours=2), now, SEOUL)
    assert least < found.spread < most
    assert found.rate == pytest.approx(1.0, rel=0.35)
    assert found.due == pytest.approx(2.0, rel=0.35)


def test_nothing_is_usual_where_nothing_came() -> None:
    assert usual(None, MIDNIGHT, MIDNIGHT, SEOUL) == UsualRhythm()
    later = MIDNIGHT + timedelta(days=3)
    assert usual(Arrivals(MIDNIGHT), MIDNIGHT, later, SEOUL) == UsualRhythm(), "the prior is for polling"


def test_the_past_fades_by_half_and_silence_counts() -> None:
    known, now = day_by_day(10, [2] * 24)
    later = now + timedelta(hours=HALF_LIFE)
    quiet = watched(known, later, SEOUL)
    assert sum(quiet.counts) == pytest.approx(sum(watched(known, now, SEOUL).counts) / 2)
    assert sum(rates(known, later, SEOUL)) < 0.6 * sum(rates(known, now, SEOUL))
    assert watched(known, known.at - timedelta(hours=1), SEOUL) is known


def test_a_first_list_counts_as_far_as_its_dates_are_even() -> None:
    shown = entries(0.5, 1, 2, 3, 4, 5, 6, 7, 8, 900.0, now=MIDNIGHT)  # the last one is pinned there
    known = learn(None, shown, seen(shown, None, first=True), MIDNIGHT, SEOUL)
    assert sum(known.counts) == 7
    assert sum(known.spans) == pytest.approx(7)
    assert known.reach[URL].seconds == 7 * 3600
    undated = entries(*[None] * 20, now=MIDNIGHT)
    nothing = learn(None, undated, seen(undated, None, first=True), MIDNIGHT, SEOUL)
    assert (sum(nothing.counts), sum(nothing.spans), dict(nothing.reach)) == (0, 0, {})


def test_a_second_address_teaches_only_how_far_it_goes_back() -> None:
    shown = entries(*range(1, 11), now=MIDNIGHT)
    one = learn(None, shown, seen(shown, None, first=True), MIDNIGHT, SEOUL)
    two = learn(one, shown, seen(shown, None, "https://a.example/2", first=True), MIDNIGHT, SEOUL)
    assert (two.counts, two.spans, set(two.reach)) == (one.counts, one.spans, {URL, "https://a.example/2"})


def test_a_date_before_the_last_poll_counts_after_it() -> None:
    known, now = day_by_day(1, [1] * 24)
    later = now + timedelta(hours=2, minutes=30)
    old = entries(100.0, now=later)
    after = learn(known, old, seen([*old, *entries(*range(1, 10), now=later)], now), later, SEOUL)
    place = slot(now, SEOUL)
    assert after.counts[place] - watched(known, later, SEOUL).counts[place] == pytest.approx(1)


@pytest.mark.parametrize(("fresh", "hours"), [(10, 0.5), (5, 2.0), (1, 10.0)])
def test_a_list_without_dates_tells_its_depth_by_its_turnover(fresh: int, hours: float) -> None:
    known = learn(None, (), seen((), None, first=True), MIDNIGHT, SEOUL)
    now = MIDNIGHT + timedelta(hours=1)
    shown = entries(*[None] * 10, now=now)
    after = learn(known, shown[:fresh], seen(shown, MIDNIGHT), now, SEOUL)
    assert after.reach[URL].seconds == pytest.approx(hours * 3600)


def test_without_overlap_a_list_was_polled_too_late_and_its_depth_shrinks_each_time() -> None:
    known = learn(None, (), seen((), None, first=True), MIDNIGHT, SEOUL)
    now = MIDNIGHT
    depths: list[float] = []
    for _ in range(4):
        since, wait = now, depths[-1] / 2 if depths else 7200.0
        now += timedelta(seconds=wait)
        shown = entries(*[None] * 10, now=now)
        assert too_late(len(shown), seen(shown, since))
        known = learn(known, shown, seen(shown, since), now, SEOUL)
        depths.append(known.reach[URL].seconds)
    assert depths == [3600.0, 900.0, 225.0, 56.25]
    since, now = now, now + timedelta(seconds=28)
    shown = entries(*[None] * 10, now=now)
    known = learn(known, shown[:1], seen(shown, since), now, SEOUL)
    assert known.reach[URL].seconds == 112.5, "it grows again by no more than twice"


def test_an_overrun_counts_no_hours_that_the_list_does_not_tell_of() -> None:
    known, now = day_by_day(2, [2] * 24)
    later = now + timedelta(days=3)  # switched off
    shown = entries(*(number / 10 for number in range(40)), now=later)
    after = learn(known, shown, seen(shown, now), later, SEOUL)
    assert sum(after.spans) - sum(known.spans) < 4
    assert sum(after.counts) == pytest.approx(sum(known.counts) + 40, abs=4)


def test_few_entries_or_first_ones_are_no_overrun() -> None:
    shown = entries(*[None] * 4, now=MIDNIGHT)
    assert not too_late(4, seen(shown, MIDNIGHT))
    assert not too_late(9, seen(entries(*[None] * 9, now=MIDNIGHT), None, first=True))


def test_a_list_that_shows_one_known_article_is_complete() -> None:
    shown = entries(*[None] * 9, now=MIDNIGHT)
    assert too_late(9, seen(shown, MIDNIGHT))
    assert not too_late(8, seen(shown, MIDNIGHT))
    assert too_late(5, seen(shown[:5], MIDNIGHT)), "five are a list"


def test_a_clock_that_ran_ahead_does_not_stop_the_learning() -> None:
    known, now = day_by_day(2, [2] * 24)
    ahead = learn(known, entries(0.0, now=now), seen(entries(*range(9), now=now), now), now + timedelta(days=40), SEOUL)
    fresh = entries(0.1, now=now)
    after = learn(ahead, fresh, seen([*fresh, *entries(*range(9), now=now)], ahead.at), now, SEOUL)
    assert after.at == now
    assert sum(after.counts) == pytest.approx(sum(ahead.counts) + 1)


def test_a_night_and_a_day_let_different_numbers_come() -> None:
    hourly = [*[0.5] * 12, *[2.0] * 12] * 3
    assert expected(hourly, MIDNIGHT, MIDNIGHT + timedelta(days=2), SEOUL) == pytest.approx(60)
    assert expected(hourly, MIDNIGHT + timedelta(hours=11.5), MIDNIGHT + timedelta(hours=13), SEOUL) == 2.25


@given(
    st.lists(st.one_of(st.none(), st.floats(-1000, 1000)), max_size=12),
    st.floats(-300, 300),
    st.integers(0, 12),
    st.booleans(),
)
def test_whatever_a_list_states_rates_are_numbers_above_nothing(
    ages: list[float | None],
    hours: float,
    new: int,
    first: bool,  # noqa: FBT001 - drawn
) -> None:
    known, before = day_by_day(1, [1] * 24)
    now = before + timedelta(hours=hours)
    shown = entries(*ages, now=now)
    for past in (None, known):
        after = learn(past, shown[:new], seen(shown, None if first else before, first=first), now, SEOUL)
        assert len(after.counts) == len(after.spans) == SLOTS
        assert all(value > 0 for value in rates(after, now, SEOUL))
        assert all(reach.seconds >= 1 for reach in after.reach.values())
        assert after.at <= max(now, before)
