"""The figures of docs/health.md are those that alarms go by."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.model.health import ListCheck, Peer, SourceProblem
from tests.health.watched_source import LIST, START, WatchedSource

MANUAL = (Path(__file__).parents[2] / "docs" / "health.md").read_text("utf-8")
CELLS = [
    [cell.strip() for cell in line.strip("|").split(" | ")] for line in MANUAL.splitlines() if line.startswith("| `")
]
RAISED = {cells[0].strip("` "): cells[1] for cells in CELLS}
OVER = {cells[0].strip("` "): cells[2] for cells in CELLS}
NUMBERS = {"twice": 2, "three": 3, "four": 4, "five": 5, "ten": 10, "half": 0.5, "quarter": 0.25, "quarters": 0.25}


def figures(pattern: str, text: str) -> list[float]:
    """Return the numbers that a passage states, in words or digits; each group of the pattern is one."""
    found = re.search(pattern, text)
    assert found, f"{pattern!r} is not in {text!r}"
    return [NUMBERS[word] if word in NUMBERS else float(word) for word in found.groups()]


def fresh() -> WatchedSource:
    source = WatchedSource()
    source.report(ListCheck(LIST, entries=("https://paper.example/news/view/1100000",), new=1, first=True))
    return source


def test_every_problem_is_in_the_table() -> None:
    assert RAISED.keys() == {problem.value for problem in SourceProblem}


def test_a_list_is_unreachable_after_as_many_failures_and_minutes_as_stated() -> None:
    polls, minutes = figures(r"fails (\w+) times in a row, over at least (\w+) minutes", RAISED["unreachable"])
    source = fresh()
    for _ in range(int(polls) - 1):
        source.fail(minutes=60)
        assert source.says == []
    source.fail(minutes=60)
    assert source.says == [(True, "unreachable")]
    for short, said in ((0.5, []), (0.0, [(True, "unreachable")])):
        source = fresh()
        for _ in range(int(polls)):
            source.fail(minutes=(minutes - short) / (polls - 1))
        assert source.says == said, f"{short} minutes short"


@pytest.mark.parametrize("problem", [SourceProblem.ROBOTS, SourceProblem.EMPTY, SourceProblem.NO_ENTRIES])
def test_a_list_without_articles_is_told_after_as_many_polls_as_stated(problem: SourceProblem) -> None:
    (polls,) = figures(r"(\w+) in a row", RAISED[problem.value])
    source = fresh()
    for _ in range(int(polls) - 1):
        source.fail(problem)
        assert source.says == []
    source.fail(problem)
    assert source.says == [(True, problem.value)]


@pytest.mark.parametrize(
    "problem", [SourceProblem.UNREACHABLE, SourceProblem.ROBOTS, SourceProblem.EMPTY, SourceProblem.NO_ENTRIES]
)
def test_an_alarm_about_access_ends_after_as_many_good_polls_as_stated(problem: SourceProblem) -> None:
    stated = OVER[problem.value]
    (polls,) = figures(r"answer (\w+) in a row", OVER["unreachable"] if stated == "the same" else stated)
    source = fresh()
    for _ in range(5):
        source.fail(problem)
    for _ in range(int(polls) - 1):
        source.well()
        assert len(source.told) == 1
    source.well()
    assert source.says == [(True, problem.value), (False, problem.value)]


def failing_together(others: int, well: int, apart: float = 0.0, cause: str = "connect") -> list[str]:
    """Return what is told of a source that fails with `others`, begun so many minutes before, while `well` answer."""
    source = fresh()
    begun = source.now + timedelta(minutes=20)
    source.peers = [Peer(START, begun - timedelta(minutes=apart), cause)] * others
    source.peers += [Peer(begun + timedelta(hours=1), None)] * well
    for _ in range(3):
        source.fail(minutes=20)
    return [problem for _, problem in source.says]


def test_an_outage_is_as_many_sources_and_as_great_a_share_as_stated() -> None:
    least, share, hours = figures(
        r"(\w+) sources or more, and over three (quarters) of those polled, begin within (\w+) an hour",
        RAISED["network"],
    )
    share *= 3
    failing = int(least)
    assert failing_together(failing - 2, 0) == ["unreachable"]
    assert failing_together(failing - 1, 0) == ["network"]
    assert failing_together(failing - 1, int(failing / share) - failing) == ["unreachable"], "exactly that share"
    assert failing_together(failing, int(failing / share) - failing) == ["network"]
    assert failing_together(failing - 1, 0, cause="status 404") == ["unreachable"]
    assert failing_together(failing - 1, 0, cause="timeout") == ["unreachable"], "one of three has this cause"
    assert failing_together(failing - 1, 0, hours * 60) == ["network"]
    assert failing_together(failing - 1, 0, hours * 60 + 1) == ["unreachable"]


@pytest.mark.parametrize("failing", [1, 2, 5])
def test_an_outage_is_over_when_fewer_than_the_share_stated_fail(failing: int) -> None:
    (share,) = figures(r"fewer than a (\w+) get no answer", OVER["network"])
    most = int(failing / share)  # sources, of which these are exactly the share
    for sources, over in ((most, False), (most + 1, True)):
        source = fresh()
        source.peers = [Peer(START, START, "connect")] * max(failing, 3)
        for _ in range(3):
            source.fail(minutes=5)
        source.peers = [Peer(source.now, START, "connect")] * failing + [Peer(source.now, None)] * (
            sources - failing - 1
        )
        assert source.says == [(True, "network")]
        source.well()
        assert source.says[1:] == [(False, "network")] * over, sources


def test_an_encoding_is_odd_after_as_many_polls_and_usual_after_as_many_as_stated() -> None:
    three, ten, polls = figures(r"in (\w+) of (\w+) titles, (\w+) in a row", RAISED["encoding"])
    (adopted,) = figures(r"after (\w+) polls", OVER["encoding"])
    source = fresh()
    source.well(charset="utf-8")
    for _ in range(int(polls) - 1):
        source.well(charset="cp949")
        assert source.says == []
    source.well(charset="cp949")
    assert source.says == [(True, "encoding")]
    for _ in range(int(adopted) - int(polls)):
        source.well(charset="cp949")
    assert len(source.told) == 1
    source.well(charset="cp949")
    assert source.says == [(True, "encoding"), (False, "encoding")]
    for share, odd in ((three / ten, 1), (three / ten - 0.01, 0)):
        source = fresh()
        for _ in range(int(polls)):
            source.report(
                ListCheck(LIST, entries=("https://paper.example/news/view/1",), charset="utf-8", garbled=share)
            )
        assert len(source.told) == odd


def article(**ways: str) -> dict[str, str]:
    return {"page": "read", "title": "site", "body": "site"} | ways


def test_a_fall_of_the_yield_is_over_as_stated() -> None:
    last, days = figures(r"of the last (\w+) articles are as before; after (\w+) days", OVER["yield"])
    for well, over in ((int(last / 2), False), (int(last / 2) + 1, True)):
        source = fresh()
        for _ in range(30):
            source.report(articles=[article()])
        while not source.says:
            source.report(articles=[article(body="generic")])
        for _ in range(int(last)):
            source.report(articles=[article(body="generic")])
        for _ in range(well):
            source.report(articles=[article()])
        assert source.says == [(True, "yield"), (False, "yield")][: 1 + over], well
    source = fresh()
    for _ in range(30):
        source.report(articles=[article()])
    while not source.says:
        source.report(articles=[article(body="generic")])
    source.report(articles=[article(body="generic")], minutes=days * 24 * 60 - 1)
    assert len(source.told) == 1
    source.report(articles=[article(body="generic")], minutes=1)
    assert source.says == [(True, "yield"), (False, "yield")]
