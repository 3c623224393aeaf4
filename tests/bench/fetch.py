"""How many pages a second one core fetches, politely and safely, beside its peers, in one run.

    python -m tests.bench.fetch [--hosts 300] [--articles 8] [--rounds 1]

Three hundred newspapers on loopback addresses (tests.bench.press), 47 KB a page, gzipped, answered after 100 ms; 100
requests in flight, one at a time per host. Figures are pages per second of processor time of the measured process.

  ours        our fetcher: robots.txt, pace, guard, caps, deadline, decompression, hash, decoding to text
  scrapy      Scrapy with robots.txt, one request at a time per host (skipped when it is not installed)
  aiohttp     one aiohttp session, text decoded; no manners, no guard, no caps (skipped when it is not installed)
  one httpx   one httpx.AsyncClient, as its manual shows; no manners, no guard, no caps

Every peer reads the same URLs. Asking for robots.txt counts as time and not as a page.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import importlib.util
import time
from collections.abc import Awaitable, Callable, Sequence

import httpx

from monitor.fetch.fetcher import PoliteFetcher
from monitor.net.client import HttpClient
from tests.bench.pipeline import IN_FLIGHT, Figure, bench_limits, now, press, scrapy, show
from tests.bench.press import addresses

Read = Callable[[str], Awaitable[str]]


async def measure(name: str, read: Read, hosts: Sequence[Sequence[str]]) -> Figure:
    """Read all pages, host beside host, one at a time on each; an empty page ends the benchmark."""
    room = asyncio.Semaphore(IN_FLIGHT)

    async def one_host(urls: Sequence[str]) -> int:
        for url in urls:
            async with room:
                if not await read(url):
                    raise SystemExit(f"{name} brought nothing from {url}")
        return len(urls)

    wall, cpu = time.perf_counter(), time.process_time()
    pages = sum(await asyncio.gather(*(one_host(urls) for urls in hosts)))
    return Figure(name, pages, time.perf_counter() - wall, time.process_time() - cpu)


async def ours(hosts: Sequence[Sequence[str]]) -> Figure:
    client = HttpClient(bench_limits())
    fetcher = PoliteFetcher(client, now, per_host_interval=0.0)

    async def read(url: str) -> str:
        return (await fetcher.fetch(url)).text

    try:
        return await measure("ours", read, hosts)
    finally:
        await client.aclose()


async def one_httpx(hosts: Sequence[Sequence[str]]) -> Figure:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(limits=limits, timeout=20.0) as client:

        async def read(url: str) -> str:
            try:
                return (await client.get(url)).text
            except httpx.TransportError:  # a kept connection that its pool has just dropped
                return (await client.get(url)).text

        return await measure("one httpx", read, hosts)


async def aiohttp(hosts: Sequence[Sequence[str]]) -> Figure | None:
    if importlib.util.find_spec("aiohttp") is None:
        return None
    library = importlib.import_module("aiohttp")
    async with library.ClientSession(connector=library.TCPConnector(limit=0)) as session:

        async def read(url: str) -> str:
            async with session.get(url) as answer:
                return str(await answer.text())

        return await measure("aiohttp", read, hosts)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--hosts", type=int, default=300)
    parser.add_argument("--articles", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=1)
    arguments = parser.parse_args()
    paths = ("/list", *(f"/news/view/{1000 + i}" for i in range(arguments.articles)))
    with press(arguments.hosts, arguments.articles) as port:
        hosts = [[f"http://{address}:{port}{path}" for path in paths] for address in addresses(arguments.hosts)]
        for _ in range(arguments.rounds):
            found = {
                "ours": asyncio.run(ours(hosts)),
                "scrapy": scrapy([url for urls in hosts for url in urls]),
                "aiohttp": asyncio.run(aiohttp(hosts)),
                "one httpx": asyncio.run(one_httpx(hosts)),
            }
            show([figure for figure in found.values() if figure])
            for name in (name for name, figure in found.items() if figure is None):
                print(f"{name} is not installed: not measured")


if __name__ == "__main__":
    main()
