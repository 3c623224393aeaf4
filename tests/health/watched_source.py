"""One source under watch, for every test of what polls in a row say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from monitor.health.judge import Judgement, judge
from monitor.health.memory import Memory, pack, unpack
from monitor.model.article import Entry, ListWrite
from monitor.model.health import Alarm, ListCheck, Notice, Peer, PollReport, SourceProblem
from monitor.model.page import Validators
from monitor.model.rhythm import Arrivals
from monitor.schedule.arrivals import learn
from monitor.schedule.rates import usual

START = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)
LIST = "https://paper.example/list"
ZONE = "Asia/Seoul"


class WatchedSource:
    """One source under watch: polls of it in a row, its memory going through JSON each time as in the store,
    its rhythm learned from lists that show something new.
    """

    def __init__(self) -> None:
        self.now = START
        self.memory = Memory()
        self.arrivals: Arrivals | None = None
        self.outage: Alarm | None = None
        self.peers: list[Peer] = []
        self.told: list[Notice] = []
        self.number = 1_100_000

    def report(
        self, *lists: ListCheck, articles: Sequence[dict[str, str]] = (), minutes: float = 5, basis: str = "a"
    ) -> Judgement:
        self.now += timedelta(minutes=minutes)
        report = PollReport("paper", "신문", self.now, basis, lists, tuple(articles))
        for check in lists:
            if check.new:
                self._learn(check)
        rhythm = usual(self.arrivals, self.memory.polled_at, self.now, ZONE)
        found = judge(unpack(pack(self.memory)), report, self.outage, lambda: self.peers, rhythm)
        self.memory, self.outage = found.memory, found.outage
        self.told += found.notices
        return found

    def _learn(self, check: ListCheck) -> None:
        shown = tuple(Entry(key, "") for key in check.entries)
        listing = ListWrite("paper", check.url, shown, Validators(), check.first, self.memory.polled_at)
        self.arrivals = learn(self.arrivals, shown[: check.new], listing, self.now, ZONE)

    def fail(
        self, problem: SourceProblem = SourceProblem.UNREACHABLE, minutes: float = 5, cause: str = "connect"
    ) -> Judgement:
        return self.report(ListCheck(LIST, problem, "it failed", cause), minutes=minutes)

    def well(self, new: int = 0, minutes: float = 5, *, skipped: int = 0, charset: str = "utf-8") -> Judgement:
        self.number += new + skipped
        keys = tuple(f"https://paper.example/news/view/{self.number - n}" for n in range(20))
        return self.report(ListCheck(LIST, entries=keys, new=new, charset=charset), minutes=minutes)

    @property
    def says(self) -> list[tuple[bool, str]]:
        return [(notice.broken, notice.alarm.problem.value) for notice in self.told]
