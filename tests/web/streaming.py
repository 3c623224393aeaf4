"""A stream of hits on a real socket, a database that is being written to, and a listener who is cut off again and again."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from monitor.cluster.choice import choose
from monitor.config.settings import WebSettings
from monitor.model.access import Grant, Scope
from monitor.model.hit import Hit, Match
from monitor.model.plan import Plan
from monitor.model.story import Signature
from monitor.service.desk import DeskQueries
from monitor.service.hit_ticker import HitTicker
from monitor.service.rate_limit import RateLimit
from monitor.service.reading import Reading
from monitor.store.db.database import Database
from monitor.store.write.article_store import ArticleStore
from monitor.web import feeds, problems, stream
from monitor.web.guard import Guard
from tests.contracts.invented import NOW, Finding, article, keep, later, render
from tests.contracts.invented import Reading as ArticleReading

MATCH = Match("OpenAI", "오픈AI", "body", 0, 4, "오픈AI", "bare")


@dataclass
class Door:
    """Who is let in; `open` can be shut meanwhile."""

    open: bool = True
    scope: Scope = Scope.READ
    token: str = "mon_feeds"

    async def grant(self, shown: object) -> Grant | None:
        return Grant("test", self.scope) if self.open and getattr(shown, "bearer", None) in {None, self.token} else None


@dataclass
class Served:
    """A server of streams: its address, its ticker, its door."""

    address: str
    ticker: HitTicker
    door: Door
    inner: FastAPI

    def rate(self, limit: RateLimit) -> None:
        """Let requests be counted so from now on."""
        self.inner.state.rate_limit = limit


@asynccontextmanager
async def served(url: str, plan: Plan | None = None) -> AsyncIterator[Served]:
    """Serve the stream of a database on a free port."""
    reading, door = Reading(url), Door()
    plans: Any = SimpleNamespace(current=lambda: (plan or Plan("v1"), None))
    queries = DeskQueries(reading, plans, NOW)
    ticker = HitTicker(queries, 0.02)
    app = FastAPI(openapi_url=None)
    problems.install(app)
    app.state.rate_limit = RateLimit(time.monotonic)
    app.state.desk = SimpleNamespace(queries=queries, ticker=ticker, access=door)
    app.include_router(stream.router)
    app.include_router(feeds.router)
    config = uvicorn.Config(
        Guard(app, WebSettings(), lambda *_: None), port=0, lifespan="off", log_config=None, log_level="critical"
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    (socket,) = server.servers[0].sockets
    turning = asyncio.create_task(server.main_loop())
    try:
        yield Served(f"http://127.0.0.1:{socket.getsockname()[1]}", ticker, door, app)
    finally:
        await ticker.aclose()
        server.should_exit = True
        await turning
        await server.shutdown()
        await reading.aclose()


async def store(url: str, first: int, count: int, rule: Callable[[int], str] = lambda _: "openai") -> None:
    """Store articles with a hit each, one after the other."""
    database = Database(url)
    articles = ArticleStore(database, choose, timedelta(days=2))
    for number in range(first, first + count):
        found = Finding(Hit(rule(number), "", "v1", (MATCH,), "…"), ())
        what = ArticleReading(None, article(f"k{number}"), Signature(), (found,))
        await keep(articles, what, render, later(number))
    await database.aclose()


@dataclass
class Listener:
    """Reads a stream; cuts it off when told to, and comes back as a browser does."""

    address: str
    params: dict[str, str] = field(default_factory=dict)
    seen: list[int] = field(default_factory=list)
    last: str = ""
    drops: int = 0

    async def read(self, until: int, cut_after: Callable[[], int | None] = lambda: None) -> None:
        """Read until the event of that number came; each connection is cut after as many events as `cut_after` says."""
        while until not in self.seen[-1:]:
            left = cut_after()
            headers = {"Last-Event-ID": self.last} if self.last else {}
            async with (
                httpx.AsyncClient(timeout=20, trust_env=False) as client,
                client.stream(
                    "GET", f"{self.address}/api/v1/hits/stream", params=self.params, headers=headers
                ) as answer,
            ):
                answer.raise_for_status()
                async for line in answer.aiter_lines():
                    if line.startswith("id: "):
                        self.last = line[4:]
                    elif line.startswith("data: "):
                        self.seen.append(int(self.last))
                        left = None if left is None else left - 1
                    if left == 0 or until in self.seen[-1:]:
                        break
            self.drops += 1


async def lost(url: str, events: int, drops: int, seed: int = 1) -> tuple[int, int, int]:
    """Store so many hits while a listener is cut off so many times at least; return (lost, repeated or out of order, drops)."""
    draw = random.Random(seed)
    async with served(url) as server:
        listener = Listener(server.address, {"after": "0"})
        writing = asyncio.create_task(asyncio.to_thread(lambda: asyncio.run(store(url, 1, events))))
        await listener.read(events, lambda: draw.randint(1, 2 * events // drops))
        await writing
    in_order = sum(one >= other for one, other in zip(listener.seen, listener.seen[1:], strict=False))
    return len(set(range(1, events + 1)) - set(listener.seen)), in_order, listener.drops
