"""How long the pages take at a million hits while articles are stored, alone and with twenty people; and what these cost storing.

    python -m tests.bench.pages --keep FILE [--hits 1000000] [--asked 100] [--seconds 30]

The database is that of tests.bench.desk, whose hits end now. A real daemon serves it over sockets, another process stores an
article in every fifth of a second:

  p50, p95, most    milliseconds until the last byte of a page, one after the other
  people            the same while twenty look at a page a second each
  stored            milliseconds of storing an article, without anybody and with the twenty
  alerted           the same of an alert, from the answer of the feed that had the article until its receiver has it
  looked late       by how much a feed was looked at later than it should be, in the same daemon
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

import httpx
import yaml

from tests.bench import desk
from tests.bench.desk import quantiles
from tests.bench.newswire import EVERY, FEEDS, WORD, newswire

PEOPLE = 20
PAGES = {
    "today": "/",
    "hits": "/hits",
    "hits of a rule": "/hits?rule=rule-3",
    "hits of a source": "/hits?source=source-2",
    "hits with a word": "/hits?text=%EC%98%A4%ED%94%88AI",
    "one open": "/hits?open=900000",
    "a hit": "/hits/900000",
    "stories": "/stories?since=24h",
    "a story": "/stories/s700000",
    "timeline": "/timeline",
    "timeline of a rule": "/timeline?rule=rule-3",
    "rules": "/rules",
    "sources": "/sources",
    "channels": "/channels",
    "deliveries": "/deliveries",
    "settings": "/settings",
}


def configured(folder: Path, wire: int = 9) -> Path:
    """Write a configuration with the rules and sources of the database, of which none is polled, and the feeds of a wire, which are."""
    config = folder / "config"
    config.mkdir()
    sources = [
        {"id": f"source-{one}", "name": f"신문{one}", "kind": "feed", "url": f"http://127.0.0.1:9/{one}", "every": "1d"}
        for one in range(desk.SOURCES)
    ] + [
        {
            "id": f"wire-{one}",
            "kind": "feed",
            "url": f"http://127.0.1.{one + 1}:{wire}/feed/{one}",
            "every": f"{EVERY}s",
        }
        for one in range(FEEDS if wire != 9 else 0)
    ]
    rules = [
        {"id": f"rule-{one}", "name": f"규칙 {one}", "match": f"없는말{one}", "channels": ["desk"]}
        for one in range(desk.RULES)
    ] + [{"id": "wire", "match": WORD, "channels": ["wire"]}]
    channels = [
        {"id": "desk", "kind": "webhook", "url": ""},
        {"id": "wire", "kind": "webhook", "url": f"http://127.0.0.1:{wire}/hook"},
    ]
    own = {"allow_networks": ["127.0.0.0/8"]}
    settings = {"web": {"listen": "127.0.0.1:0"}, "fetch": {**own, "per_host_interval": "0s"}, "deliver": own}
    for name, content in (
        ("monitor", settings),
        ("sources", {"sources": sources}),
        ("rules", {"rules": rules}),
        ("channels", {"channels": channels}),
    ):
        (config / f"{name}.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return config


@contextmanager
def daemon(folder: Path, database: Path, wire: int) -> Iterator[str]:
    """Serve the database for the block; return the address."""
    environ = {
        "MONITOR_CONFIG": str(configured(folder, wire)),
        "MONITOR_DATA_DIR": str(folder / "data"),
        "MONITOR_DATABASE_URL": f"sqlite:///{database}",
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    }
    with (folder / "log").open("w") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "monitor", "run", "--log-format", "json"], env=environ, stderr=log
        )
        try:
            file = folder / "data" / "web.json"
            while not file.exists():
                if running.poll() is not None:
                    raise SystemExit((folder / "log").read_text()[-2_000:])
                time.sleep(0.2)
            yield str(json.loads(file.read_text())["address"])
        finally:
            running.terminate()
            running.wait(60)
            for line in (folder / "log").read_text().splitlines():
                if "web.failed" in line:
                    print(json.loads(line)["trace"][-1_500:], flush=True)


def storing(url: str, orders: Connection) -> None:
    """Store articles until told to stop; at each order send how long those since the last one took."""
    desk.NOW = datetime.now(UTC)  # noqa: TID251 - a real daemon with a real clock
    stop, took = threading.Event(), list[float]()
    work = threading.Thread(target=lambda: asyncio.run(desk.store(url, stop, took, pause=0.2)))
    work.start()
    while orders.recv() == "report":
        orders.send(list(took))
        took.clear()
    stop.set()
    work.join()


def one_by_one(address: str, asked: int) -> None:
    """Ask for each page so often."""
    with httpx.Client(
        timeout=60, trust_env=False, headers={"Accept": "text/html", "Accept-Encoding": "gzip"}
    ) as client:
        print(f"{'':24}     p50      p95     most ms      bytes", flush=True)
        for name, path in PAGES.items():
            took, size = list[float](), 0
            for _ in range(asked):
                started = time.perf_counter()
                answer = client.get(address + path)
                took.append((time.perf_counter() - started) * 1000)
                answer.raise_for_status()
                size = answer.num_bytes_downloaded
            print(f"{name:24} {quantiles(took)}   {size:8d}", flush=True)


async def crowd(address: str, seconds: float) -> dict[str, list[float]]:
    """Let twenty people look at a page a second each."""
    took: dict[str, list[float]] = {name: [] for name in PAGES}
    refused: Counter[str] = Counter()
    until = time.monotonic() + seconds

    async def person(number: int) -> None:
        draw = random.Random(number)
        async with httpx.AsyncClient(timeout=60, trust_env=False, headers={"Accept": "text/html"}) as client:
            await asyncio.sleep(number / PEOPLE)
            while time.monotonic() < until:
                name = draw.choice(list(PAGES))
                started = time.perf_counter()
                answer = await client.get(address + PAGES[name])
                if answer.is_success:
                    took[name].append((time.perf_counter() - started) * 1000)
                else:
                    refused[name] += 1
                await asyncio.sleep(1)

    await asyncio.gather(*(person(number) for number in range(PEOPLE)))
    print(f"refused: {dict(refused) or 'none'}", flush=True)
    return took


def main() -> None:
    """Make the database where there is none, and measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--hits", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, required=True)
    parser.add_argument("--asked", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=30)
    chosen = parser.parse_args()
    url = f"sqlite:///{chosen.keep}"
    if not chosen.keep.exists():
        desk.NOW = datetime.now(UTC)  # noqa: TID251
        desk.prepare(url, chosen.hits, 300)
    with (
        tempfile.TemporaryDirectory() as folder,
        newswire() as wire,
        daemon(Path(folder), chosen.keep, wire.port) as address,
        articles(url) as took,
    ):
        time.sleep(chosen.seconds / 2)  # the first look tells nobody
        _ = took(), wire.report()
        time.sleep(chosen.seconds)
        alone = [took(), *wire.report()]
        one_by_one(address, chosen.asked)
        _ = took(), wire.report()
        seen = asyncio.run(crowd(address, chosen.seconds))
        together = [took(), *wire.report()]
    _tell(seen, alone, together)


@contextmanager
def articles(url: str) -> Iterator[Callable[[], list[float]]]:
    """Store articles in another process for the block; what is returned says how long those since the last call took."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=storing, args=(url, there), daemon=True)
    process.start()

    def took() -> list[float]:
        here.send("report")
        found: list[float] = here.recv()
        return found

    yield took
    here.send("stop")
    process.join()


def _tell(seen: dict[str, list[float]], alone: list[list[float]], together: list[list[float]]) -> None:
    everything = [one for took in seen.values() for one in took]
    print(f"{'people':24} {quantiles(everything)}   ({len(everything)} pages)")
    for name, took in seen.items():
        if took:
            print(f"  {name:22} {quantiles(took)}")
    for name, before, after in zip(("stored", "alerted", "looked late"), alone, together, strict=True):
        for who, took in (("nobody there", before), ("twenty people", after)):
            print(f"{name + ', ' + who:26} {quantiles(took) if took else 'none'}   ({len(took)})")


if __name__ == "__main__":
    main()
