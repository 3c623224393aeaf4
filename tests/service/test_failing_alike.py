"""What several sources have in common is said once: causes, problems, and that they are overdue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.records import SourceRecord
from monitor.service.failing_alike import (
    CONNECTED,
    LEAST,
    PROXIED,
    UNBELIEVED,
    AlikeFailure,
    failing_alike,
    troubled_alike,
)

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
SEOUL = ZoneInfo("Asia/Seoul")


def record(name: str, **changes: Any) -> SourceRecord:  # noqa: ANN401 - any field
    told: dict[str, Any] = {
        "id": name,
        "name": f"{name}신문",
        "kind": "feed",
        "enabled": True,
        "last_success_at": None,
        "last_error": "",
        "failures": 0,
        "next_poll_at": NOW,
        "articles_24h": 0,
        "hits_24h": 0,
    }
    return SourceRecord(**told | changes)


@pytest.mark.parametrize(
    "summary",
    [
        "no new article for {n} h, where one in 2 h is usual",
        "subtitle: 0 of the last {n} articles as usual, where 97 % were",
        "{id}: {n} of {n} articles could not be read",
        "{name} answers 403",
    ],
)
def test_a_problem_is_one_line_whatever_its_numbers_and_names(summary: str) -> None:
    ids = ("herald", "daily", "times", "post")
    records = [
        record(each, problem="silent", summary=summary.format(n=n, id=each, name=f"{each}신문"), action="look")
        for n, each in enumerate(ids)
    ]
    (group,) = troubled_alike(records, SEOUL)
    assert group.summary.startswith("4 sources alike: silent: ")
    assert group.summary.endswith("(herald, daily, times and 1 more)")
    assert group.action == "look"
    assert failing_alike(records) == ()


def test_different_problems_and_few_sources_stay_apart() -> None:
    other = [record(f"o{n}", problem="yield", summary="the list is empty", action="look") for n in range(LEAST - 1)]
    mixed = [record(f"m{n}", problem="silent", summary=said) for n, said in enumerate(("quiet", "a 403", "a 404"))]
    assert troubled_alike([*other, *mixed, record("well")], SEOUL) == ()


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        (SEOUL, "2026-11-23 11:57:00 KST"),
        (timezone(timedelta(hours=3)), "2026-11-23 05:57:00 UTC+03:00"),
        (ZoneInfo("America/Sao_Paulo"), "2026-11-22 23:57:00 -03"),
    ],
)
def test_overdue_sources_are_one_line_with_the_first_time_in_the_zone(zone: ZoneInfo, shown: str) -> None:
    late = [record(f"s{n}", overdue=True, next_poll_at=NOW - timedelta(minutes=n)) for n in range(4)]
    (group,) = troubled_alike(late, zone)
    assert group.summary == f"4 sources alike: overdue and not polled, the first since {shown} (s0, s1, s2 and 1 more)"


@given(st.lists(st.tuples(st.sampled_from(["", "silent", "yield"]), st.booleans(), st.booleans()), max_size=30))
def test_each_source_is_told_of_once_at_most_and_none_that_is_well_or_off(
    states: list[tuple[str, bool, bool]],
) -> None:
    records = [
        record(f"s{n}", problem=problem, overdue=overdue, enabled=enabled, summary=problem)
        for n, (problem, overdue, enabled) in enumerate(states)
    ]
    told = [each for group in troubled_alike(records, UTC) for each in group.sources]
    assert len(told) == len(set(told))
    assert set(told) <= {one.id for one in records if one.enabled and (one.problem or one.overdue)}


@pytest.mark.parametrize(
    ("cause", "action"),
    [
        ("proxy: the proxy http://10.0.0.1:3128 cannot be reached: 10.0.0.1 port 3128: refused", PROXIED),
        ("connect: the proxy socks5h://p.corp:1080 cannot reach it: Host unreachable", PROXIED),
        (
            "tls: the certificate is not believed: x; if its authority is your own, write its PEM file as `ca_file`",
            UNBELIEVED,
        ),
        ("connect: Network is unreachable", CONNECTED),
        ("status: 500", "monitor sources a"),
    ],
)
def test_what_fails_alike_is_asked_about_by_name(cause: str, action: str) -> None:
    assert AlikeFailure(cause, ("a", "b", "c"), 3).action == action


HOSTS = [f"news{n}.kr" for n in range(18)]
OFFLINE = [
    "dns: {host}: [Errno -3] Temporary failure in name resolution <https://{host}/rss>",
    "dns: robots.txt: {host}: [Errno -2] Name or service not known <https://{host}/robots.txt>",
    "dns: {host} has no address <https://{host}/rss>",
    "connect: 203.0.113.{n} port 443: [Errno 101] Network is unreachable <https://{host}/>",
    "connect: 2001:db8::{n} port 443: [Errno 111] Connect call failed ('2001:db8::{n}', 443, 0, 0) <https://{host}/>",
    "connect: robots.txt: 203.0.113.{n} port 80: no response (the host is left alone for another {n} s) <http://{host}/>",
    "timeout: no complete response within 20 s <https://{host}/>",
]


def offline(words: str, *, told: bool = False) -> list[SourceRecord]:
    """Return 18 sources that fail so, each with an alarm of its own where they have been `told`."""
    found = []
    for n, host in enumerate(HOSTS):
        error = words.format(host=host, n=n)
        said = {"problem": "unreachable", "summary": f"{n + 3} polls in a row failed: https://{host}/rss: {error}"}
        found.append(record(f"s{n}", last_error=error, failures=n, **(said if told else {})))
    return found


@pytest.mark.parametrize("told", [False, True])
@pytest.mark.parametrize("words", OFFLINE)
def test_a_machine_without_network_is_one_line_that_asks_about_it(words: str, *, told: bool) -> None:
    records = offline(words, told=told)
    (group,) = failing_alike(records)
    assert troubled_alike(records, SEOUL) == ()
    assert group.summary.startswith(f"18 of 18 sources fail alike: {words.partition(':')[0]}: ")
    assert not any(host in group.summary for host in HOSTS)
    assert group.action == CONNECTED


def test_several_causes_on_the_way_are_one_line_and_what_servers_answer_is_not() -> None:
    records = [*offline(OFFLINE[0])[:10], *offline(OFFLINE[3], told=True)[10:15], *offline(OFFLINE[6])[15:17]]
    answered = record("answered", last_error="status: the server answered 404 <https://news.kr/>")
    (group,) = failing_alike([*records, answered])
    assert group.summary == (
        "17 of 18 sources fail alike: dns: Temporary failure in name resolution (or of 2 other causes on the way) "
        "(s0, s1, s2 and 14 more)"
    )
    assert "answered" not in group.sources


def test_few_unreached_sources_among_many_that_answer_are_told_as_they_were() -> None:
    records = [*offline(OFFLINE[0])[:2], *offline(OFFLINE[3])[2:4], *(record(f"well{n}") for n in range(9))]
    assert failing_alike(records) == ()
    several = [*offline(OFFLINE[0], told=True)[:5], *(record(f"well{n}") for n in range(9))]
    (group,) = troubled_alike(several, SEOUL)
    assert (len(group.sources), group.action) == (5, CONNECTED)


@given(st.lists(st.tuples(st.sampled_from([*OFFLINE, "status: 404", ""]), st.booleans(), st.booleans()), max_size=30))
def test_no_source_stands_in_two_lines(states: list[tuple[str, bool, bool]]) -> None:
    records = [
        record(f"s{n}", last_error=error.format(host=f"h{n}", n=n), problem="unreachable" * told, overdue=late)
        for n, (error, told, late) in enumerate(states)
    ]
    ids = [each for group in failing_alike(records) for each in group.sources]
    ids += [each for group in troubled_alike(records, UTC) for each in group.sources]
    assert len(ids) == len(set(ids))
