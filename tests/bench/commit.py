"""What the transaction of an article costs, and what each notification adds to it, beside a bare INSERT of as many bytes.

    python -m tests.bench.commit [--articles 400] [--rounds 5]

Articles come one after the other, so that each has a COMMIT of its own (synchronous=FULL, as the daemon stores them).
Figures are processor time of the whole process; a round takes the cases in turn, the best of all rounds counts. `ratio`
is to the article that no rule meets.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import Connection, text

from monitor.channels.words.compose import compose
from monitor.cluster.choice import WINDOW, choose
from monitor.cluster.rarity import shipped
from monitor.cluster.signature import sign
from monitor.model.hit import Hit, Match
from monitor.model.plan import Channel, Plan, Rule
from monitor.model.story import Signature
from monitor.notify.policy import decide_hits
from monitor.schedule.calendar import CALENDAR
from monitor.store.db.database import Database
from monitor.store.db.migrate import upgrade
from monitor.store.write.article_store import ArticleStore, ArticleWrite
from tests.contracts.reports import told

NOW = datetime(2026, 11, 5, tzinfo=UTC)
CHANNELS = tuple(f"c{number}" for number in range(10))
MATCH = Match("OpenAI", "오픈AI", "title", 0, 4, "오픈AI", "bare")
CASES: Mapping[str, tuple[int, bool] | None] = {
    "a bare INSERT of the text": None,
    "no rule meets it": (-1, False),
    "a hit, no channel": (0, False),
    "a hit, 1 channel, suppressed": (1, True),
    "a hit, 1 channel, told": (1, False),
    "a hit, 10 channels, suppressed": (10, True),
    "a hit, 10 channels, told": (10, False),
}


def bare(number: int, connection: Connection) -> None:
    """Insert the text of an article and nothing else."""
    article = told(number, f"k{number}", NOW)
    connection.execute(text("INSERT INTO bare VALUES (:title, :body)"), {"title": article.title, "body": article.body})


async def store(database: Database, numbers: range, channels: int, *, baseline: bool) -> None:
    """Store articles, each with a hit that concerns so many channels (-1: without a hit)."""
    rule = Rule("openai", "OpenAI", "오픈AI", channels=CHANNELS[: max(channels, 0)])
    plan = Plan("v1", rules=(rule,), channels=tuple(Channel(name, "webhook", "https://x.example") for name in CHANNELS))
    archive = ArticleStore(database, choose, WINDOW)
    hits = () if channels < 0 else (Hit("openai", "OpenAI", "v1", (MATCH,), "오픈AI, 서울에 사무소"),)
    decide = partial(decide_hits, plan=plan, calendar=CALENDAR, baseline=baseline)
    for number in numbers:
        article = told(number, f"k{number}", NOW)
        signature = sign(article, shipped()) if hits else Signature()
        await archive.commit(ArticleWrite(None, article, signature, hits), decide, compose, NOW)


async def measure(articles: int, case: tuple[int, bool] | None) -> float:
    """Return the milliseconds of processor time that one article took."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        upgrade(url)
        database = Database(url)
        await database.write(lambda connection: connection.execute(text("CREATE TABLE bare (title TEXT, body TEXT)")))
        warm = range(articles, articles + 20)  # every statement once
        if case is not None:
            await store(database, warm, case[0], baseline=case[1])
        started = time.process_time()
        if case is None:
            for number in range(articles):
                await database.write(partial(bare, number))
        else:
            await store(database, range(articles), case[0], baseline=case[1])
        spent = time.process_time() - started
        await database.aclose()
    return spent * 1000 / articles


def main() -> None:
    """Measure all cases in turn, print the best of each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    best: dict[str, float] = {}
    for _ in range(options.rounds):
        for name, case in CASES.items():
            best[name] = min(best.get(name, 1e9), asyncio.run(measure(options.articles, case)))
    base = best["no rule meets it"]
    for name, spent in best.items():
        print(f"{name:34}{spent:8.3f} ms   ratio {spent / base:5.2f}")
    each = (best["a hit, 10 channels, suppressed"] - best["a hit, no channel"]) / 10
    sent = (best["a hit, 10 channels, told"] - best["a hit, no channel"]) / 10
    print(f"one notification {each:.3f} ms; with the message made of it {sent:.3f} ms")


if __name__ == "__main__":
    main()
