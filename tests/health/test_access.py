"""Polls in a row, by list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.health.access import ADOPTED, IN_A_ROW, oddities, recovered_for, refusals, remember
from monitor.health.memory import UrlMemory
from monitor.model.health import HARD, ListCheck, SourceProblem

NOW = datetime(2026, 11, 24, tzinfo=UTC)
A, B = "https://a.example/", "https://b.example/"


def after(*lists: ListCheck, minutes: float = 5) -> tuple[dict[str, UrlMemory], datetime]:
    urls: dict[str, UrlMemory] = {}
    now = NOW
    for check in lists:
        now += timedelta(minutes=minutes)
        urls = remember(urls, [check], now)
    return urls, now


def test_every_hard_problem_has_a_number_of_polls() -> None:
    assert IN_A_ROW.keys() == HARD


@pytest.mark.parametrize("problem", sorted(HARD))
def test_an_alarm_is_due_after_that_many_polls_and_not_before(problem: SourceProblem) -> None:
    polls = IN_A_ROW[problem]
    early, then = after(*[ListCheck(A, problem, "why")] * (polls - 1), minutes=20)
    assert refusals(early, then) == ()
    urls, now = after(*[ListCheck(A, problem, "why")] * polls, minutes=20)
    (refusal,) = refusals(urls, now)
    assert (refusal.url, refusal.problem, refusal.polls, refusal.detail) == (A, problem, polls, "why")
    assert refusal.since == NOW + timedelta(minutes=20)


def test_one_good_poll_begins_the_count_anew() -> None:
    bad = ListCheck(A, SourceProblem.UNREACHABLE)
    urls, now = after(bad, bad, ListCheck(A, unchanged=True), bad, bad)
    assert refusals(urls, now) == ()


def test_the_longest_failure_stands_first() -> None:
    urls, now = after(*[ListCheck(B, SourceProblem.EMPTY), ListCheck(A, SourceProblem.EMPTY)] * 3)
    assert [refusal.url for refusal in refusals(urls, now)] == [B, A]


def test_calm_is_for_all_lists() -> None:
    urls, _ = after(ListCheck(A), ListCheck(A), ListCheck(B))
    assert recovered_for(urls, 1)
    assert not recovered_for(urls, 2)


def test_an_encoding_is_odd_from_the_second_poll_until_it_is_adopted() -> None:
    other = ListCheck(A, charset="utf-8")
    for polls, odd in ((1, 0), (2, 1), (ADOPTED, 1), (ADOPTED + 1, 0)):
        urls, _ = after(ListCheck(A, charset="cp949"), *[other] * polls)
        assert len(oddities(urls)) == odd, polls
    assert after(ListCheck(A, charset="cp949"), *[other] * (ADOPTED + 1))[0][A].charset == "utf-8"


def test_an_unchanged_page_says_nothing_of_its_encoding() -> None:
    urls, _ = after(ListCheck(A, charset="cp949"), ListCheck(A, charset="utf-8"), ListCheck(A, unchanged=True))
    assert urls[A].odd == 1


def test_a_long_reason_is_cut() -> None:
    urls, _ = after(ListCheck(A, SourceProblem.UNREACHABLE, "x" * 9999))
    assert len(urls[A].detail) == 300
