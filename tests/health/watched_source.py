"""One source under watch, for every test of what polls in a row say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from monitor.health.judge import Judgement, judge
from monitor.health.memory import Memory, pack, unpack
from monitor.model.health import Alarm, ListCheck, Notice, Peer, PollReport, SourceProblem

START = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)
LIST = "https://paper.example/list"


class WatchedSource:
    """One source under watch: polls of it in a row, its memory going through JSON each time as in the store."""

    def __init__(self) -> None:
        self.now = START
        self.memory = Memory()
        self.outage: Alarm | None = None
        self.peers: list[Peer] = []
        self.told: list[Notice] = []
        self.number = 1_100_000

    def report(
        self, *lists: ListCheck, articles: Sequence[dict[str, str]] = (), minutes: float = 5, basis: str = "a"
    ) -> Judgement:
        self.now += timedelta(minutes=minutes)
        report = PollReport("paper", "신문", self.now, basis, lists, tuple(articles))
        found = judge(unpack(pack(self.memory)), report, self.outage, lambda: self.peers)
        self.memory, self.outage = found.memory, found.outage
        self.told += found.notices
        return found

    def fail(self, problem: SourceProblem = SourceProblem.UNREACHABLE, minutes: float = 5) -> Judgement:
        return self.report(ListCheck(LIST, problem, "it failed"), minutes=minutes)

    def well(self, new: int = 0, minutes: float = 5, *, skipped: int = 0, charset: str = "utf-8") -> Judgement:
        self.number += new + skipped
        keys = tuple(f"https://paper.example/news/view/{self.number - n}" for n in range(20))
        return self.report(ListCheck(LIST, entries=keys, new=new, charset=charset), minutes=minutes)

    @property
    def says(self) -> list[tuple[bool, str]]:
        return [(notice.broken, notice.alarm.problem.value) for notice in self.told]
