"""How soon a stored hit is at its receiver, and how many a second: `python -m tests.bench.deliver [--quick] [--postgres]`.

Everything is the product's own: the database as the daemon opens it (a file of SQLite with synchronous=FULL, or PostgreSQL),
engine, steps, outbox, client, guard, signatures. The receiver is a process of its own on loopback, and checks signatures.

  latency    articles are stored at --rate a second, at random moments, each with one hit of one of four channels: from the
             return of the COMMIT that stored the message to the moment at which the receiver has read and checked it
  in memory  the same bodies at the same rate through a queue in memory, one try each, nothing stored: what is saved by
             keeping no promise
  burst      --burst messages lie in the store when the engine starts, over four channels and over one: messages a second
             until the last was received
  ratio      to a loop of bare httpx posts of the same bodies, unsigned and unguarded, with as many posts under way

Exits 1 where a message was lost, doubled or out of order. Times are of the machine's clock, which both processes read.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from ipaddress import ip_network
from itertools import count as count_up
from pathlib import Path
from typing import IO

import httpx
from sqlalchemy import text

from monitor.cluster.rarity import shipped
from monitor.cluster.signature import sign
from monitor.config.settings import DeliverSettings, Settings
from monitor.match.ruleset import compile_rules
from monitor.model.event import Event
from monitor.model.hit import Hit, Match
from monitor.model.plan import Channel, Plan, Rule
from monitor.model.task import Deliver
from monitor.notify.policy import decide_hits
from monitor.pipeline.articles import ArticleWriter
from monitor.schedule.calendar import CALENDAR
from monitor.service.current_plan import CurrentPlan, Prepared
from monitor.service.wiring import Parts, ShutdownFlag, build
from monitor.store.db.migrate import upgrade
from monitor.store.write.article_store import ArticleWrite
from tests.contracts.databases import PostgresFactory, postgres_server
from tests.contracts.reports import told
from tests.patience import PATIENCE

SECRET = "whsec_" + "bW9uaXRvci1iZW5jaC1zZWNyZXQtb2YtMzItYnl0ZXMh"
MATCH = Match("OpenAI", "오픈AI", "title", 0, 4, "오픈AI", "bare")
EXCERPT = "오픈AI가 서울에 사무소를 연다고 5일 밝혔다. " * 6
HEADERS = {"content-type": "application/json", "accept-encoding": "identity"}


@dataclass(frozen=True, slots=True)
class Receipt:
    """One post as the receiver had it; `at` in seconds since 1970."""

    id: str
    channel: str
    seq: int
    at: float
    verified: bool


@dataclass(frozen=True, slots=True)
class Run:
    """What was stored, when (seconds since 1970, by id), and what was received."""

    stored: dict[str, float]
    receipts: tuple[Receipt, ...]

    @property
    def waits(self) -> list[float]:
        """Return the milliseconds from store to receipt of each message, shortest first."""
        return sorted((one.at - self.stored[one.id]) * 1000 for one in self.receipts if one.id in self.stored)

    @property
    def faults(self) -> dict[str, int]:
        """Return what must never happen, and how often it did."""
        found = Counter(one.id for one in self.receipts)
        channels: dict[str, list[int]] = defaultdict(list)
        for one in self.receipts:
            channels[one.channel].append(one.seq)
        return {
            "lost": len(self.stored.keys() - found.keys()),
            "doubled": sum(found.values()) - len(found),
            "unknown": len(found.keys() - self.stored.keys()),
            "out of order": sum(seqs != list(range(1, len(seqs) + 1)) for seqs in channels.values()),
            "badly signed": sum(not one.verified for one in self.receipts),
        }


class Deaf:
    """Hears of everything that happens and keeps nothing of it."""

    def report(self, event: Event) -> None:
        """Pass it over."""


class Receiving:
    """A receiver in a process of its own, and the record that it keeps."""

    def __init__(self, url: str, log: IO[bytes]) -> None:
        self.url = url
        self._log = log

    async def receipts(self, count: int) -> tuple[Receipt, ...]:
        """Wait for `count` more posts; return all since the last call. Raises TimeoutError."""
        found = b""
        async with asyncio.timeout(PATIENCE):
            while found.count(b"\n") < count:
                await asyncio.sleep(0.05)
                found += self._log.read()
        await asyncio.sleep(0.2)  # one that came twice comes soon
        found += self._log.read()
        return tuple(_receipt(json.loads(line)) for line in found.splitlines())


def _receipt(post: dict[str, object]) -> Receipt:
    seq = post["seq"]
    return Receipt(
        str(post["id"]),
        str(post["path"]),
        seq if isinstance(seq, int) else 0,
        float(str(post["at"])),
        bool(post["verified"]),
    )


@contextmanager
def receiving(folder: Path) -> Iterator[Receiving]:
    """Start a receiver that ends with the block."""
    log = folder / "posts.ndjson"
    log.touch()
    words = ["--log", str(log), "--secret", SECRET, "--max-seconds", "900"]
    command = [sys.executable, "-m", "tests.replica.receiver", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process, log.open("rb") as written:
        try:
            assert process.stdout is not None
            yield Receiving(json.loads(process.stdout.readline())["url"], written)
        finally:
            process.terminate()


def plan_of(channels: int, url: str) -> Plan:
    """Return a plan of so many webhook channels, each with a rule of its own."""
    ids = [f"c{number}" for number in range(channels)]
    return Plan(
        "v1",
        rules=tuple(Rule(f"r-{one}", f"규칙 {one}", "오픈AI", (), (one,)) for one in ids),
        channels=tuple(Channel(one, "webhook", f"{url}/{one}", (SECRET,)) for one in ids),
    )


@asynccontextmanager
async def daemon(database: str, folder: Path, plan: Plan) -> AsyncIterator[Parts]:
    """Wire the daemon's parts as it does; its engine is not started yet."""
    settings = Settings(
        database=database, data_dir=folder, deliver=DeliverSettings(allow_networks=(ip_network("127.0.0.0/8"),))
    )
    prepared = Prepared(settings, plan, compile_rules(plan.rules, plan.aliases))
    parts = build(settings, CurrentPlan(prepared), Deaf(), ShutdownFlag())
    try:
        await parts.stores.source_store.sync_plan(plan, now())
        yield parts
    finally:
        await parts.engine.drain(PATIENCE)
        await parts.aclose()


def now() -> datetime:
    """Return the time of the machine, which the receiver reads too."""
    return datetime.now(UTC)  # noqa: TID251 - real processes, real clock


async def store(parts: Parts, plan: Plan, number: int) -> dict[str, float]:
    """Store an article with a hit of one rule; return when its message was committed."""
    rule = plan.rules[number % len(plan.rules)]
    moment = now()
    article = told(number, f"k{number}", moment)
    hit = Hit(rule.id, rule.name, plan.version, (MATCH,), EXCERPT)
    write = ArticleWrite(None, article, sign(article, shipped()), (hit,))
    writer = ArticleWriter(parts.stores.article_store, parts.leases, now)  # as a poll does
    result = await writer(write, partial(decide_hits, plan=plan, calendar=CALENDAR))
    return dict.fromkeys(result.deliveries, time.time())


async def latency(parts: Parts, plan: Plan, receiver: Receiving, count: int, rate: float) -> Run:
    """Store `count` articles at random moments, `rate` a second on the average, while the engine runs."""
    parts.engine.start()

    async def one(number: int) -> dict[str, float]:
        made = await store(parts, plan, number)
        for told_of in made:
            parts.engine.submit(Deliver(told_of))  # as it follows from a poll
        return made

    stored: dict[str, float] = {}
    under_way = [asyncio.create_task(one(number)) async for number in paced(count, rate)]
    for made in await asyncio.gather(*under_way):
        stored.update(made)
    return Run(stored, await receiver.receipts(len(stored)))


async def paced(count: int, rate: float) -> AsyncIterator[int]:
    """Yield numbers at random moments, the same each time, `rate` a second on the average."""
    chance = random.Random(7)
    due = time.monotonic()
    for number in range(count):
        due += chance.expovariate(rate)
        await asyncio.sleep(max(due - time.monotonic(), 0.0))
        yield number


async def burst(parts: Parts, plan: Plan, receiver: Receiving, count: int) -> tuple[Run, float]:
    """Store `count` messages, then start the engine; return also how many a second were received."""
    stored: dict[str, float] = {}
    for number in range(count):
        stored.update(await store(parts, plan, number))
    await parts.leases.give_back()  # nobody came for what was claimed along
    began = time.time()
    parts.engine.start()
    run = Run(stored, await receiver.receipts(count))
    return run, count / (max(one.at for one in run.receipts) - began)


async def bare(receiver: Receiving, bodies: Sequence[bytes], width: int) -> float:
    """Post the bodies with httpx and nothing else, `width` at a time; return posts a second."""
    queue = iter(bodies)
    async with httpx.AsyncClient() as client:

        async def work() -> None:
            for body in queue:
                (await client.post(receiver.url, content=body, headers=HEADERS)).raise_for_status()

        began = time.time()
        await asyncio.gather(*(work() for _ in range(width)))
    receipts = await receiver.receipts(len(bodies))
    return len(bodies) / (max(one.at for one in receipts) - began)


async def in_memory(receiver: Receiving, bodies: Sequence[bytes], rate: float) -> list[float]:
    """Return the milliseconds from a queue in memory to the receipt, one try each."""
    queue: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
    stored: dict[str, float] = {}
    async with httpx.AsyncClient() as client:

        async def work() -> None:
            while True:
                identity, body = await queue.get()
                with contextlib.suppress(httpx.HTTPError):
                    await client.post(receiver.url, content=body, headers={**HEADERS, "webhook-id": identity})

        workers = [asyncio.create_task(work()) for _ in range(4)]
        async for number in paced(len(bodies), rate):
            stored[f"m{number}"] = time.time()
            queue.put_nowait((f"m{number}", bodies[number]))
        receipts = await receiver.receipts(len(bodies))
        for worker in workers:
            worker.cancel()
    return Run(stored, receipts).waits


async def bodies_of(parts: Parts) -> list[bytes]:
    """Return every body that lies in the outbox."""
    rows = await parts.database.read(lambda connection: connection.execute(text("SELECT body FROM delivery")).all())
    return [bytes(row.body) for row in rows]


def in_words(waits: Sequence[float]) -> str:
    """Return the median, the 99th of a hundred and the longest, in ms."""
    p99 = statistics.quantiles(waits, n=100)[98]
    return f"p50 {statistics.median(waits):6.1f} ms   p99 {p99:6.1f} ms   longest {waits[-1]:6.1f} ms"


async def compare(databases: Iterator[str], folder: Path, *, count: int, rate: float, many: int) -> bool:
    """Measure everything and print it; return whether nothing was lost, doubled or out of order."""
    right = True
    with receiving(folder) as receiver:
        plan = plan_of(4, receiver.url)
        async with daemon(next(databases), folder, plan) as parts:
            run = await latency(parts, plan, receiver, count, rate)
            bodies = await bodies_of(parts)
        right &= report(f"{rate:g} a second, 4 channels", run, in_words(run.waits))
        print(f"{'in memory, one try':32}{in_words(await in_memory(receiver, bodies, rate))}")
        for channels in (4, 1):
            plan = plan_of(channels, receiver.url)
            async with daemon(next(databases), folder, plan) as parts:
                run, each = await burst(parts, plan, receiver, many)
                bodies = await bodies_of(parts)
            raw = await bare(receiver, bodies, channels)
            words = f"{each:7.0f} a second   bare httpx {raw:7.0f}   ratio {each / raw:5.2f}"
            right &= report(f"burst of {many}, {channels} channel{'s' if channels > 1 else ''}", run, words)
    return right


def report(name: str, run: Run, words: str) -> bool:
    """Print a line, and what was wrong; return whether nothing was."""
    wrong = {fault: count for fault, count in run.faults.items() if count}
    print(f"{name:32}{words}" + (f"   FAULTS {wrong}" if wrong else ""))
    return not wrong


def sqlite_files(folder: Path) -> Iterator[str]:
    """Yield files with the newest schema."""
    for number in count_up():
        url = f"sqlite:///{folder}/{number}.db"
        upgrade(url)
        yield url


def postgres_databases(factory: PostgresFactory) -> Iterator[str]:
    """Yield databases with the newest schema."""
    while True:
        yield factory.migrated()


def main(arguments: list[str]) -> int:
    """Print the figures; return 1 where anything was lost, doubled or out of order."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=50.0, help="messages a second")
    parser.add_argument("--seconds", type=float, default=60.0, help="of the measure of latency")
    parser.add_argument("--burst", type=int, default=1_600, help="messages that lie ready")
    parser.add_argument("--quick", action="store_true", help="ten seconds, 400 messages")
    parser.add_argument(
        "--postgres", action="store_true", help="on a server of its own, which does not wait for the disk"
    )
    options = parser.parse_args(arguments)
    seconds, many = (10.0, 400) if options.quick else (options.seconds, options.burst)
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as open_for:
        folder = Path(name)
        databases = (
            postgres_databases(open_for.enter_context(postgres_server())) if options.postgres else sqlite_files(folder)
        )
        count = round(seconds * options.rate)
        return 0 if asyncio.run(compare(databases, folder, count=count, rate=options.rate, many=many)) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
