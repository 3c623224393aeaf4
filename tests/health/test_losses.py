"""What went by unseen: numbers in identities, densities, lists that turned over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.health.losses import day, density, lossy, number, remember
from monitor.health.memory import Losses
from monitor.model.health import ListCheck, SourceProblem

START = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)
URL = "https://paper.example/list"


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("https://www.mediapen.com/news/view/1105525", 1_105_525),
        ("https://paper.example/news/articleView.html?idxno=81234", 81_234),
        ("https://paper.example/2026/11/24/words-of-a-title", 0),
        ("https://paper.example/20261124/words", 0),
        ("https://paper.example/2026/11/24/55123", 55_123),
        ("https://paper.example/view/AKR20261124012345678", 0),  # a day and a time run together
        ("https://paper.example/a/12", 0),
        ("12345", 12_345),
        ("http://10000/x", 10_000),
        ("", 0),
    ],
)
def test_the_number_of_an_article(key: str, expected: int) -> None:
    found = number(key if "://" in key else f"x://{key}")
    assert found == expected


@given(st.text(max_size=300))
def test_any_identity_has_a_number_of_at_most_ten_digits(key: str) -> None:
    assert 0 <= number(key) < 10**10


def check(top: int, new: int, length: int = 20) -> ListCheck:
    return ListCheck(URL, entries=tuple(f"https://paper.example/news/view/{top - n}" for n in range(length)), new=new)


def after(polls: list[tuple[int, int]], minutes: float = 10) -> Losses:
    """Return what is remembered after looks that showed (greatest number, new ones)."""
    losses, last, now = Losses(), None, START
    for top, new in polls:
        losses = remember(losses, (check(top, new),), last, now, 6.0, frozen=False)
        last, now = now, now + timedelta(minutes=minutes)
    return losses


def test_the_first_number_loses_nothing() -> None:
    assert day(after([(500_000, 0)])).missed == 0
    assert density(after([(500_000, 0)])) == 0


@pytest.mark.parametrize("share", [1, 2, 5])
def test_the_density_of_numbers_is_learned(share: int) -> None:
    losses = after([(500_000 + 10 * share * n, 10) for n in range(60)])
    assert density(losses) == pytest.approx(1 / share, rel=0.05)
    assert day(losses).missed == 0


def test_a_new_way_of_numbering_is_no_loss() -> None:
    losses = after([(50_000 + n, 1) for n in range(200)] + [(9_000_000, 1)])
    assert day(losses).missed == 0
    assert not lossy(losses, raised=False)
    assert density(losses) == 0


def test_articles_that_come_late_are_not_missed() -> None:
    steps = [(500_000 + 10 * n, 10) for n in range(40)]
    losses = after([*steps, (500_420, 2), (500_421, 29)])
    assert day(losses).missed == 0


def test_a_new_day_begins_at_midnight_in_korea() -> None:
    losses = after([(500_000 + n, 1) for n in range(100)])
    assert day(losses).date == "2026-11-03"  # 00:00 UTC is nine in the morning; 16 hours later it is past midnight
    assert day(losses).seen == 10


def test_a_first_poll_and_a_failure_count_nothing() -> None:
    losses = after([(500_000 + n, 1) for n in range(10)])
    first = ListCheck(
        "https://paper.example/two", first=True, entries=("https://paper.example/news/view/500500",), new=400
    )
    failed = ListCheck(URL, SourceProblem.NO_ENTRIES)
    again = remember(losses, (first, failed), START, START + timedelta(hours=2), 6.0, frozen=False)
    assert day(again).seen == day(losses).seen
    assert again.top == 500_500


@given(st.lists(st.tuples(st.integers(0, 10**10), st.integers(0, 2000)), max_size=30), st.booleans())
def test_estimates_are_never_negative_nor_without_bound(polls: list[tuple[int, int]], raised: bool) -> None:  # noqa: FBT001 - drawn
    losses = after(polls)
    found = day(losses)
    assert found.missed >= 0
    assert found.missed <= sum(max(2000, 50 * new) for _, new in polls)
    lossy(losses, raised=raised)
