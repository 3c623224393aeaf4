"""The figures of docs/configuration.md about how a host is treated are those that hosts are treated by."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from monitor.fetch.pace import Pace

MANUAL = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text("utf-8")
WORDS = {"a minute": 60.0, "half an hour": 1800.0, "five": 5.0}


def figure(pattern: str) -> float:
    """Return the number or the word for one that stands in the chapter where the pattern has its group."""
    found = re.search(pattern, re.sub(r"\s+", " ", MANUAL))
    assert found, pattern
    return WORDS[found[1]] if found[1] in WORDS else float(found[1])


class Time:
    """Seconds that pass only when somebody sleeps or a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


async def test_a_crawl_delay_is_kept_up_to_the_longest_that_is_stated() -> None:
    longest = figure(r"`Crawl-delay` is kept where that is longer than `per_host_interval` \(up to (\d+) s\)")
    for asked, kept in ((longest - 1, longest - 1), (longest, longest), (longest + 1, longest), (86_400.0, longest)):
        time = Time()
        pace = Pace(1.0, monotonic=time, sleep=time.sleep)
        for _ in range(2):
            async with pace.turn("a.kr", asked):
                pass
        assert time.now == kept, asked


async def test_a_host_that_fails_is_left_alone_after_as_many_failures_and_for_as_long_as_stated() -> None:
    failures = int(figure(r"after (\w+) failures in a row"))
    first = figure(r"the host is left alone for (a minute),")
    longest = figure(r"each further failure doubles the pause up to (half an hour)")
    time = Time()
    pace = Pace(1.0, monotonic=time, sleep=time.sleep)
    async with pace.turn("a.kr"):
        for _ in range(failures - 1):
            pace.note("a.kr", well=False)
            assert pace.cooling("a.kr") == 0
        pauses = []
        for _ in range(12):
            pace.note("a.kr", well=False)
            pauses.append(pace.cooling("a.kr"))
            time.now += pauses[-1]
        assert pauses == [min(first * 2**number, longest) for number in range(12)]
        pace.note("a.kr", well=True)
        pace.note("a.kr", well=False)
        assert pace.cooling("a.kr") == 0
