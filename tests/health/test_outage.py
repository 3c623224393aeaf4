"""The network, or the sources themselves?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.health.outage import BLOCKED, LEAST, OVER, SILENT, UNANSWERED, begun, over
from monitor.model.health import Alarm, Peer, SourceProblem
from tests.health.watched_source import START, WatchedSource

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SINCE = NOW - timedelta(minutes=20)
WELL = Peer(NOW, None)
OWN = ("status 404", "status 500", "status 503", "content", "robots", "too_large", "fault", "")


def failing(*causes: str, minutes: float = 0) -> list[Peer]:
    return [Peer(NOW, SINCE + timedelta(minutes=minutes), cause) for cause in causes]


@pytest.mark.parametrize(
    ("own", "others"),
    [
        ("status 404", failing("timeout", "content")),
        ("timeout", failing("status 404", "content")),
        ("content", failing("content", "content")),
        ("dns", failing("connect", "timeout")),
        ("dns", failing("dns", "connect", "connect", "status 500")),
        ("status 404", failing("status 404", "status 404", "status 404")),
        ("status 500", failing("status 500", "status 503", "timeout", "tls")),
        ("status 403", failing("status 403", "status 404")),
        ("status 403", [*failing("status 403", "status 403"), WELL]),
        ("dns", [*failing("dns", "dns"), WELL]),
        ("dns", [*failing("dns", "dns"), *failing("status 410", minutes=-9999)]),
        ("connect", failing("connect")),
        ("", failing("", "")),
    ],
)
def test_what_servers_say_and_faults_of_several_kinds_are_the_sources_own(own: str, others: list[Peer]) -> None:
    assert begun(SINCE, own, others) is None


@pytest.mark.parametrize(
    ("own", "others", "figures"),
    [
        ("dns", failing("dns", "dns"), (3, 3)),
        ("timeout", failing("dns", "dns", "dns", "dns"), (5, 5)),
        ("tls", failing(*["tls"] * 17), (18, 18)),
        ("proxy", [*failing(*["proxy"] * 8), WELL], (9, 10)),
        ("connect", [*failing(*["connect"] * 9), *failing("status 404")], (10, 11)),
        ("status 403", failing("status 403", "status 403"), (3, 3)),
        ("status 511", failing(*["status 511"] * 5), (6, 6)),
        ("dns", [*failing("dns", "dns"), *failing("dns", minutes=-9999)], (3, 3)),
    ],
)
def test_no_answer_from_any_server_is_the_network(own: str, others: list[Peer], figures: tuple[int, int]) -> None:
    assert begun(SINCE, own, others) == figures


@given(st.sampled_from([*UNANSWERED, *BLOCKED, *OWN]), st.lists(st.sampled_from([*UNANSWERED, *BLOCKED, *OWN, None])))
def test_a_network_that_is_said_to_be_down_has_let_hardly_any_server_answer(own: str, causes: list[str | None]) -> None:
    peers = [WELL if cause is None else failing(cause)[0] for cause in causes]
    found = begun(SINCE, own, peers)
    if found is None:
        return
    every = [own, *causes]
    assert found[0] >= LEAST
    assert sum(cause in UNANSWERED for cause in every) > SILENT * len(every) or set(every) == {own} <= BLOCKED


@given(st.lists(st.sampled_from([*OWN, None]), min_size=1), st.integers(0, 30))
def test_only_sources_without_an_answer_keep_the_alarm_up(answered: list[str | None], silent: int) -> None:
    peers = [WELL if cause is None else failing(cause)[0] for cause in answered] + failing(*["dns"] * silent)
    few = silent < OVER * len(peers) if len(peers) >= LEAST else not silent
    assert over(peers) == few


@pytest.mark.parametrize(
    ("others", "ended"), [(failing("status 403"), False), ([WELL], True), (failing("content"), True)]
)
def test_the_page_of_a_gate_is_gone_with_the_first_other_answer(others: list[Peer], *, ended: bool) -> None:
    assert over([*failing("status 403", "status 403"), *others]) is ended


def play(days: list[dict[str, tuple[SourceProblem, str]]]) -> list[tuple[str, bool, str]]:
    """Return what is told of four outlets, polled every ten minutes; each step names those that fail, and how."""
    outlets = {name: WatchedSource() for name in "abcd"}
    outage: Alarm | None = None
    told: list[tuple[str, bool, str]] = []
    for step in days:
        for name, outlet in outlets.items():
            outlet.outage = outage
            outlet.peers = [
                Peer(one.now, one.memory.failing_since, one.memory.cause)
                for other, one in outlets.items()
                if other != name and one.now > START
            ]
            problem, cause = step.get(name, (None, ""))
            found = outlet.well(1, 10) if problem is None else outlet.fail(problem, 10, cause)
            outage = found.outage
            told += [(name, notice.broken, notice.alarm.problem.value) for notice in found.notices]
    return told


GONE, SLOW = (SourceProblem.UNREACHABLE, "status 404"), (SourceProblem.UNREACHABLE, "timeout")
BARE, LOST = (SourceProblem.NO_ENTRIES, "content"), (SourceProblem.UNREACHABLE, "dns")


def test_a_wrong_address_a_slow_server_and_a_list_without_articles_are_three_alarms_of_their_own() -> None:
    told = play([{"a": GONE, "b": SLOW, "c": BARE}] * 6)
    assert sorted(told) == [("a", True, "unreachable"), ("b", True, "unreachable"), ("c", True, "no_entries")]


def test_a_source_that_is_answered_is_told_of_while_the_network_is_down_for_the_others() -> None:
    dark = dict.fromkeys("abcd", LOST)
    told = play([{}, *[dark] * 4, *[{**dark, "d": BARE}] * 3, *[{"d": BARE}] * 2])
    assert [one[1:] for one in told] == [(True, "network"), (True, "no_entries"), (False, "network")]


def test_what_is_broken_when_the_network_is_back_does_not_keep_its_alarm_up() -> None:
    told = play([{}, *[dict.fromkeys("abcd", LOST)] * 4, *[{"a": GONE, "b": BARE}] * 4])
    assert [one[1:] for one in told if one[2] == "network"] == [(True, "network"), (False, "network")]
    assert sorted(one for one in told if one[2] != "network") == [("a", True, "unreachable"), ("b", True, "no_entries")]
