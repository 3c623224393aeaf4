"""Programs that tests run as processes of their own beside each other."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from datetime import timedelta
from functools import partial

from monitor.cluster.choice import choose
from monitor.model.plan import Plan, Rule
from monitor.notify.policy import decide_hits
from monitor.schedule.calendar import CALENDAR
from monitor.store.db.database import Database
from monitor.store.write.article_store import ArticleStore, ArticleWrite
from monitor.store.write.outbox import Outbox
from tests.contracts.invented import LEASE, NOW, UNTOLD, channel, composed, finding, hit, keep, reading, render, result
from tests.contracts.reports import signed, told

PLAN = Plan("v1", rules=(Rule("a", "a", "a", channels=("x",)),), channels=(channel("x"),))


async def _record(url: str, name: str, count: int) -> int:
    db = Database(url)
    article_store = ArticleStore(db, choose, timedelta(days=2))
    own = [keep(article_store, reading(f"{name}-{n}", finding("a", "x", "y")), render, NOW) for n in range(count)]
    shared = [keep(article_store, reading(f"shared-{n}", finding("a", "y", "x")), render, NOW) for n in range(count)]
    written = await asyncio.gather(*own, *shared)
    await db.aclose()
    return sum(len(one.deliveries) for one in written)


async def _tell(url: str, name: str, stories: int) -> None:
    db = Database(url)
    article_store = ArticleStore(db, choose, timedelta(days=2))
    order = list(range(stories))
    random.Random(name).shuffle(order)
    decide = partial(decide_hits, plan=PLAN, calendar=CALENDAR)
    articles = [told(n, f"{name}-{n}", NOW, name, cut=len(name)) for n in order]
    writes = [ArticleWrite(None, article, signed(article).signature, (hit("a"),)) for article in articles]
    await asyncio.gather(*(article_store.commit(write, decide, composed(render), NOW) for write in writes))
    await db.aclose()


async def _send(url: str, name: str) -> list[str]:
    db = Database(url)
    outbox = Outbox(db)
    sent: list[str] = []
    idle = 0
    while idle < 5:
        heads = await outbox.due_deliveries(NOW, 100)
        claims = await asyncio.gather(*(outbox.claim_delivery(head, name, NOW, LEASE) for head in heads))
        held = [claim for claim in claims if claim is not None]
        idle = 0 if heads else idle + 1
        for one in held:
            await outbox.complete_delivery(one, result(), NOW, UNTOLD)
            sent.append(f"{one.channel_id} {one.seq}")
    await db.aclose()
    return sent


async def _confess(url: str) -> None:
    """Store articles for ever and print each key once it is said to be stored."""
    article_store = ArticleStore(Database(url), choose, timedelta(days=2))

    async def one(number: int) -> None:
        await keep(article_store, reading(f"{os.getpid()}-{number}"), render, NOW)
        sys.stdout.write(f"{os.getpid()}-{number}\n")
        sys.stdout.flush()

    for start in range(0, 1_000_000, 20):
        await asyncio.gather(*(one(start + n) for n in range(20)))


def record(job: tuple[str, str, int]) -> int:
    """Record `count` articles of its own and as many that others record too; return how many deliveries were made."""
    return asyncio.run(_record(*job))


def tell(job: tuple[str, str, int]) -> None:
    """Record one article of each of that many matters, in an order of its own, and decide whom to tell as the product does."""
    asyncio.run(_tell(*job))


def send(job: tuple[str, str]) -> list[str]:
    """Claim and complete until nothing is due; return "channel seq" of each in the order of sending."""
    return asyncio.run(_send(*job))


if __name__ == "__main__":
    signal.alarm(60)  # should the test that started it be gone
    asyncio.run(_confess(sys.argv[1]))
