"""A term is new when several outlets use it within a day and none did for thirty."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.trend.new_term import MOST_A_DAY, WINDOW, TermMemory, TermUse, new_terms
from monitor.trend.verdict import CountVerdict

NOW = datetime(2026, 11, 5, 2, 30, tzinfo=UTC)
OLD = TermMemory(NOW - timedelta(days=14))


def use(text: str) -> TermUse:
    """Return a use from `term outlet story hours-ago`."""
    term, outlet, story, ago = text.split()
    return TermUse(term, outlet, story, NOW - float(ago) * timedelta(hours=1))


def told(*uses: str, known: Collection[str] = (), memory: TermMemory = OLD) -> tuple[str, ...]:
    return new_terms([use(one) for one in uses], known, memory, NOW).terms


@pytest.mark.parametrize(
    ("uses", "terms"),
    [
        ((), ()),
        (("소라 a 1 3", "소라 b 1 2", "소라 c 1 1"), ("소라",)),
        (("소라 a 1 3", "소라 b 1 2", "소라 b 2 1"), ()),  # two outlets
        (("소라 a 1 25", "소라 b 1 2", "소라 c 1 1"), ()),  # one of them yesterday
        (("소라 a 1 24", "소라 b 1 2", "소라 c 1 1"), ()),  # a window is half-open
        (("소라 a 1 -1", "소라 b 1 2", "소라 c 1 1"), ()),  # one of them in the future
        (("소라 a 1 3", "소라 b 2 2", "소라 c 3 1"), ("소라",)),  # of three stories
        (  # a story brings many terms: the one that most outlets use
            ("Sora a 1 3", "Sora b 1 2", "Sora c 1 1", "영상 a 1 3", "영상 b 1 2", "영상 c 1 1", "영상 d 1 1"),
            ("영상",),
        ),
        (  # two stories
            ("Sora a 1 3", "Sora b 1 2", "Sora c 1 1", "영상 a 2 3", "영상 b 2 2", "영상 c 2 1"),
            ("영상", "Sora"),  # of two that say as much the shorter first
        ),
    ],
)
def test_new_terms(uses: tuple[str, ...], terms: tuple[str, ...]) -> None:
    assert told(*uses) == terms


THREE = ("소라 a 1 3", "소라 b 1 2", "소라 c 1 1")


def test_what_is_known_or_told_is_not_new() -> None:
    assert told(*THREE, known={"소라"}) == ()
    assert told(*THREE, memory=TermMemory(OLD.since, ("소라",))) == ()
    assert told(*THREE, memory=TermMemory(OLD.since, ("Sora",), frozenset({"1"}))) == (), "its story was told"
    assert told(*THREE, memory=TermMemory(OLD.since, ("Sora",), frozenset({"2"}))) == ("소라",)


@pytest.mark.parametrize("since", [None, NOW, NOW - timedelta(days=13, hours=23)])
def test_while_little_is_remembered_nothing_is_new(since: datetime | None) -> None:
    verdict = new_terms([use(one) for one in THREE], (), TermMemory(since), NOW)
    assert verdict == CountVerdict("new_term", NOW, WINDOW, 0, 3, calm=True, silent="learning")


NAMES = st.sampled_from("가나다라마바사")
USES = st.builds(
    lambda term, outlet, story, ago: TermUse(term, outlet, story, NOW - timedelta(hours=ago)),
    NAMES,
    st.sampled_from("abcde"),
    st.sampled_from("12345"),
    st.integers(-2, 30),
)


@given(st.lists(USES, max_size=60), st.sets(NAMES), st.lists(NAMES, unique=True, max_size=MOST_A_DAY))
def test_never_more_than_three_a_day_and_never_one_twice(uses: list[TermUse], known: set[str], past: list[str]) -> None:
    verdict = new_terms(uses, known, TermMemory(OLD.since, tuple(past)), NOW)
    assert len(verdict.terms) + len(past) <= MOST_A_DAY
    assert not {*known, *past} & {*verdict.terms}
    assert verdict.alarm is bool(verdict.terms)
    for term in verdict.terms:
        outlets = {one.outlet for one in uses if one.term == term and NOW - WINDOW < one.at <= NOW}
        assert 3 <= len(outlets) <= verdict.count
    assert verdict == new_terms(uses[::-1], known, TermMemory(OLD.since, tuple(past)), NOW), "whatever the order"
