"""The worker for suspicious documents: a real process, really killed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.extract.definitions.catalog import sealed
from monitor.extract.reader import read_article, read_entries
from monitor.extract.sandbox.parsers import Allowance, GuardedParser, _environment
from monitor.model.errors import ExtractError, SuspectError
from tests.contracts.test_parser import ENTRY, FEED, LIST, NOW, article_page, feed_page, list_page, page

pytestmark = pytest.mark.slow

CROWDED = "<br>" * 50_001  # over the bounds, and harmless all the same
DEEP = "<div>" * 400_000


@asynccontextmanager
async def guarded(seconds: float = 20.0, **more: float) -> AsyncIterator[GuardedParser]:
    parser = GuardedParser(Allowance(seconds=seconds, **more))  # type: ignore[arg-type]  # the tests give whole numbers
    try:
        yield parser
    finally:
        await parser.aclose()


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


async def gone(pid: int) -> None:
    async with asyncio.timeout(20):
        while alive(pid):
            await asyncio.sleep(0.02)


async def test_nothing_is_started_for_harmless_pages() -> None:
    async with guarded() as parser:
        await parser.entries(page(list_page()), LIST, NOW)
        await parser.content(page(article_page()), LIST, ENTRY, NOW, NOW)
        assert parser.worker_pid is None


async def test_a_suspicious_page_that_is_harmless_reads_as_it_would_have_read_here() -> None:
    text = article_page(CROWDED)
    with pytest.raises(SuspectError):
        read_article(page(text), LIST, ENTRY, NOW, NOW)
    async with guarded() as parser:
        article = (await parser.content(page(text), LIST, ENTRY, NOW, NOW)).article
        entries = await parser.entries(page(list_page(CROWDED)), LIST, NOW)
    assert article == read_article(page(article_page("<br>" * 49_000)), LIST, ENTRY, NOW, NOW)
    assert entries == read_entries(page(list_page()), LIST, NOW)


async def test_a_feed_that_only_the_slow_parser_reads_is_read_apart_when_it_is_long() -> None:
    long = (
        feed_page(1_500).replace('<rss version="2.0">', "<b></i>").replace("</rss>", "")
    )  # a form that only one parser knows
    with pytest.raises(SuspectError):
        read_entries(page(long), FEED, NOW)
    async with guarded() as parser:
        entries = await parser.entries(page(long), FEED, NOW)
    assert entries[0].title == "제목 1000"
    assert len(entries) == 1_500


async def test_one_worker_serves_many_and_is_replaced_when_it_was_killed() -> None:
    async with guarded() as parser:
        await parser.entries(page(list_page(CROWDED)), LIST, NOW)
        first = parser.worker_pid
        await parser.entries(page(list_page(CROWDED)), LIST, NOW)
        assert parser.worker_pid == first
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await gone(first)
        await asyncio.sleep(0.05)
        assert len(await parser.entries(page(list_page(CROWDED)), LIST, NOW)) == 8
        assert parser.worker_pid != first


async def test_a_page_that_takes_too_long_is_given_up_and_its_worker_killed() -> None:
    async with guarded(4.0) as parser:
        reading = asyncio.create_task(parser.content(page(article_page(DEEP)), LIST, ENTRY, NOW, NOW))
        async with asyncio.timeout(30):
            while (pid := parser.worker_pid) is None:
                await asyncio.sleep(0.01)
            with pytest.raises(ExtractError, match="more than 4 s"):
                await reading
        assert parser.worker_pid is None
        await gone(pid)
        assert len(await parser.entries(page(list_page(CROWDED)), LIST, NOW)) == 8


async def test_a_page_that_takes_too_much_memory_is_given_up() -> None:
    greedy = article_page("<br>" * 1_000_000)
    async with guarded(memory=150 * 2**20) as parser:
        with pytest.raises(ExtractError, match=r"memory|parse"):
            await parser.content(page(greedy), LIST, ENTRY, NOW, NOW)
        assert len(await parser.entries(page(list_page(CROWDED)), LIST, NOW)) == 8


async def test_a_worker_without_work_is_ended() -> None:
    async with guarded(idle=0.05) as parser:
        await parser.entries(page(list_page(CROWDED)), LIST, NOW)
        pid = parser.worker_pid
        assert pid is not None
        await gone(pid)
        assert parser.worker_pid is None


async def test_documents_queue_and_one_too_many_is_to_be_read_later() -> None:
    async with guarded(waiting=2) as parser:
        waiting = [asyncio.create_task(parser.entries(page(list_page(CROWDED)), LIST, NOW)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(ExtractError, match="wait") as caught:
            await parser.entries(page(list_page(CROWDED)), LIST, NOW)
        assert caught.value.transient
        assert [len(entries) for entries in await asyncio.gather(*waiting)] == [8, 8]


async def test_who_stops_waiting_leaves_no_stale_answer_behind() -> None:
    async with guarded() as parser:
        await parser.entries(page(list_page(CROWDED)), LIST, NOW)
        reading = asyncio.create_task(parser.content(page(article_page(DEEP)), LIST, ENTRY, NOW, NOW))
        await asyncio.sleep(0.3)
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading
        assert len(await parser.entries(page(list_page(CROWDED)), LIST, NOW)) == 8


async def test_without_processes_the_page_is_to_be_read_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    async with guarded() as parser:
        with pytest.raises(ExtractError, match="started") as caught:
            await parser.entries(page(list_page(CROWDED)), LIST, NOW)
    assert caught.value.transient


def test_the_worker_sees_no_secrets() -> None:
    environ = {"MONITOR_WEBHOOK_SECRET": "whsec_x", "AWS_SECRET": "y", "LANG": "C", "PYTHONHOME": "/p", "HOME": "/h"}
    passed = _environment(environ, ["", "/lib"])
    assert passed == {"LANG": "C", "PYTHONHOME": "/p", "PYTHONPATH": ".:/lib"}


KILLED = """
import asyncio
from monitor.extract.definitions.catalog import sealed
from monitor.extract.sandbox.parsers import Allowance, GuardedParser
from tests.contracts.test_parser import ENTRY, LIST, NOW, article_page, list_page, page
async def main():
    parser = GuardedParser(Allowance(seconds=4.0))
    await parser.entries(page(list_page("<br>" * 50_001)), LIST, NOW)
    print(parser.worker_pid, flush=True)
    {then}
asyncio.run(main())
"""


@pytest.mark.parametrize(
    "then",
    ["await asyncio.sleep(60)", 'await parser.content(page(article_page("<div>" * 400_000)), LIST, ENTRY, NOW, NOW)'],
)
async def test_a_killed_daemon_leaves_no_worker_behind(then: str) -> None:
    command = [sys.executable, "-c", KILLED.replace("{then}", then)]
    where = Path(__file__).parents[3]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=where) as daemon:  # noqa: ASYNC220 - it is read at once
        assert daemon.stdout is not None
        worker = int(daemon.stdout.readline())
        assert alive(worker)
        await asyncio.sleep(0.2)
        daemon.kill()
        daemon.wait()
        await gone(worker)


async def test_the_worker_reads_by_a_definition_that_does_not_ship() -> None:
    own = {"mine": {"title": ["h5"], "body": ["#mine"]}}
    told = replace(LIST, site="mine", definition=sealed("mine", own))
    text = f"<h5>제목이다</h5><div id=mine>본문이다.</div>{CROWDED}"
    async with guarded() as parser:
        article = (await parser.content(page(text), told, ENTRY, NOW, NOW)).article
        assert parser.worker_pid is not None
    assert article is not None
    assert (article.title, article.body, article.field_sources["body"]) == ("제목이다", "본문이다.", "site")
