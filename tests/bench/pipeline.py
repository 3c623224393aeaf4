"""How many pages a second one core takes through the whole line, beside its peers, in one run.

    python -m tests.bench.pipeline [--hosts 300] [--articles 8] [--rounds 1]

Every host is a newspaper on a loopback address (tests.bench.press): a list and its articles, 47 KB of HTML, gzipped,
answered after 100 ms as a real one would. All are due at once; 100 requests are in flight at a time.
Figures are pages per second of processor time of the measured process (the press runs in a process of its own), and
per second of the wall clock.

  ours           fetch, extract, match three rules, store articles, hits and outbox rows in SQLite (synchronous=FULL)
  one client     the same line and the same manners, with one httpx.AsyncClient, which may keep a connection to every
                 host, in the place of our client
  scrapy fetch   Scrapy fetching the same URLs and doing nothing with them (skipped when it is not installed)

All three ask every host for its robots.txt once; that counts as time and not as a page.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import httpx

from monitor.engine.local import LocalEngine
from monitor.extract.sandbox.parsers import InlineParser
from monitor.fetch.fetcher import PoliteFetcher
from monitor.match.ruleset import compile_rules
from monitor.model.event import Event, Polled, PollFailed, TaskFailed
from monitor.model.page import Page, Response, Validators
from monitor.model.plan import Interval, Plan, Rule, Source
from monitor.model.task import Deliver, Poll, Task
from monitor.net.client import HttpClient, Limits
from monitor.pipeline.ports import Fetcher
from monitor.service.wiring import Stores, Surroundings, make_leases, make_poller
from monitor.store.db.database import Database
from monitor.store.db.migrate import upgrade
from monitor.store.write.source_store import SourceStore
from tests.bench.press import addresses
from tests.pipeline.app import Post, conduct

IN_FLIGHT = 100
ALIASES = {
    "deepseek": ("DeepSeek", "딥시크"),
    "openai": ("OpenAI", "오픈AI", "오픈에이아이"),
    "stargate": ("Stargate", "스타게이트"),
}
RULES = tuple(Rule(name, name, f"@{name}") for name in ALIASES)


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured run."""

    name: str
    pages: int
    wall: float
    cpu: float

    @property
    def per_core(self) -> float:
        """Pages per second of processor time."""
        return self.pages / self.cpu


class InFlight:
    """At most 100 requests at a time, whoever asks."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._room = asyncio.Semaphore(IN_FLIGHT)

    async def fetch(self, url: str, known: Validators | None = None, headers: Mapping[str, str] | None = None) -> Page:
        async with self._room:
            return await self._fetcher.fetch(url, known, headers)


class Book:
    """The plan of the benchmark."""

    def __init__(self, sources: tuple[Source, ...]) -> None:
        self._plan = Plan("bench", sources, RULES, (), ALIASES)
        self._rules = compile_rules(RULES, ALIASES)

    def current(self) -> tuple[Plan, object]:
        return self._plan, self._rules


class Count:
    """Counts what was read; a failure ends the benchmark, or its figure would be a lie."""

    def __init__(self) -> None:
        self.pages = self.hits = 0

    def report(self, event: Event) -> None:
        if isinstance(event, PollFailed | TaskFailed):
            raise SystemExit(f"the run failed: {event}")
        if isinstance(event, Polled):
            self.pages += event.articles + 1
            self.hits += event.hits


class OneClient:
    """What stands in for monitor.net: one httpx.AsyncClient for everything, without caps or guard."""

    def __init__(self) -> None:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        self._client = httpx.AsyncClient(limits=limits, timeout=20.0)
        self.limits = Limits(20.0, 4_000_000, "monitor-bench")

    async def get(self, url: str, headers: Mapping[str, str] | None = None, **_: object) -> Response:
        try:
            response = await self._client.get(url, headers=headers)
        except httpx.TransportError:  # a kept connection that its pool has just dropped
            response = await self._client.get(url, headers=headers)
        return Response(url, response.status_code, dict(response.headers), response.content, 0.0)

    async def aclose(self) -> None:
        await self._client.aclose()


def bench_limits() -> Limits:
    """What our own client may do here: reach loopback addresses."""
    return Limits(20.0, 4_000_000, "monitor-bench", (ip_network("127.0.0.0/8"),))


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251


async def line(name: str, fetcher: Fetcher, sources: tuple[Source, ...]) -> Figure:
    """Take every source once through the whole line."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        upgrade(url)
        database, count, current_plan = Database(url), Count(), Book(sources)
        await SourceStore(database).sync_plan(current_plan.current()[0], now())
        taker = InFlight(fetcher)
        world = Surroundings(
            plans=current_plan,  # type: ignore[arg-type]  # Book gives RuleSet as object
            fetcher=taker,
            parser=InlineParser(),
            sender=Post(),
            observer=count,
            clock=now,
        )
        stores = Stores.on(database)
        poll = make_poller(stores, world, conduct(), make_leases(stores, world, conduct()))

        async def step(task: Task):  # type: ignore[no-untyped-def]  # noqa: ANN202 - an async generator of tasks
            assert isinstance(task, Poll)
            async for follower in poll(task):
                yield follower

        async def nothing() -> tuple[Task, ...]:
            return ()

        engine = LocalEngine(step, nothing, count.report, lanes={Poll: len(sources), Deliver: 1})
        wall, cpu = time.perf_counter(), time.process_time()
        for source in sources:
            engine.submit(Poll(source.id))
        await engine.join()
        figure = Figure(name, count.pages, time.perf_counter() - wall, time.process_time() - cpu)
        await database.aclose()
        assert count.hits > 0
        return figure


async def ours(sources: tuple[Source, ...]) -> Figure:
    client = HttpClient(bench_limits())
    try:
        return await line("ours", PoliteFetcher(client, now, per_host_interval=0.0), sources)
    finally:
        await client.aclose()


async def one_client(sources: tuple[Source, ...]) -> Figure:
    client = OneClient()
    try:
        fetcher = PoliteFetcher(client, now, per_host_interval=0.0)  # type: ignore[arg-type]  # it has what is called
        return await line("one client", fetcher, sources)
    finally:
        await client.aclose()


SCRAPY = """
import json, resource, sys, time
from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
urls = json.load(open(sys.argv[1]))
class Fetch(Spider):
    name = "fetch"
    pages = 0
    async def start(self):
        for url in urls:
            yield Request(url)
    def parse(self, response):
        Fetch.pages += 1
process = CrawlerProcess({"CONCURRENT_REQUESTS": 100, "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "DOWNLOAD_DELAY": 0,
    "ROBOTSTXT_OBEY": True, "LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, "RETRY_ENABLED": False})
process.crawl(Fetch)
use = resource.getrusage(resource.RUSAGE_SELF); cpu = use.ru_utime + use.ru_stime; wall = time.perf_counter()
process.start()
use = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([Fetch.pages, time.perf_counter() - wall, use.ru_utime + use.ru_stime - cpu]))
"""


def scrapy(urls: list[str]) -> Figure | None:
    if importlib.util.find_spec("scrapy") is None:
        return None
    with tempfile.NamedTemporaryFile("w", suffix=".json") as listing:
        json.dump(urls, listing)
        listing.flush()
        done = subprocess.run(
            [sys.executable, "-c", SCRAPY, listing.name], capture_output=True, text=True, check=True, timeout=600
        )
    pages, wall, cpu = json.loads(done.stdout.splitlines()[-1])
    return Figure("scrapy fetch", pages, wall, cpu)


@contextmanager
def press(hosts: int, articles: int) -> Iterator[int]:
    command = [sys.executable, "-m", "tests.bench.press", "--hosts", str(hosts), "--articles", str(articles)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None
        try:
            yield int(json.loads(process.stdout.readline())["port"])
        finally:
            process.terminate()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--hosts", type=int, default=300)
    parser.add_argument("--articles", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=1)
    arguments = parser.parse_args()
    with press(arguments.hosts, arguments.articles) as port:
        hosts = [f"http://{address}:{port}" for address in addresses(arguments.hosts)]
        every = Interval(timedelta(minutes=5).total_seconds())
        sources = tuple(Source(f"s{i}", f"s{i}", "list", (f"{host}/list",), every) for i, host in enumerate(hosts))
        urls = [
            f"{host}{path}"
            for host in hosts
            for path in ("/list", *(f"/news/view/{1000 + i}" for i in range(arguments.articles)))
        ]
        for _ in range(arguments.rounds):
            figures = [asyncio.run(ours(sources)), scrapy(urls), asyncio.run(one_client(sources))]
            show([figure for figure in figures if figure])


def show(figures: list[Figure]) -> None:
    first = figures[0]
    print(f"{'':14}{'pages':>7}{'wall s':>9}{'cpu s':>8}{'pages/s':>9}{'pages/core-s':>14}{'ours is':>9}")
    for figure in figures:
        print(
            f"{figure.name:14}{figure.pages:7}{figure.wall:9.2f}{figure.cpu:8.2f}{figure.pages / figure.wall:9.0f}"
            f"{figure.per_core:14.0f}{first.per_core / figure.per_core:8.1f}x"
        )


if __name__ == "__main__":
    main()
