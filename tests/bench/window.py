"""What a story costs while 50,000 articles are within reach, in SQLite and in PostgreSQL.

    python -m tests.bench.window [--window 50000] [--measured 5000] [--twice 1000]

The window is filled with invented articles: words of the public half of stories-ko, drawn as often as they occur there,
with names of their own for each matter; a matter is told 3 times on average. Then `measured` more articles come in.

  sign          ms to make the signature, outside of the transaction
  price, p99    ms inside the transaction: place, choice, article and signature written (mean, 99th percentile)
  choice        ms of that until its story is chosen: candidates asked for, members compared (mean)
  cpu           the same three in processor time of this process alone, which a busy machine changes little
  bare          ms to insert the same rows into the same tables again, and nothing else; `ratio` is price to that
  articles/s    signatures made and transactions committed by one process, 100 articles sharing a COMMIT at most
  MB            peak memory of the process, Python and its libraries included
  twice         two processes tell the same stories at once: how many stories and alerts came of how many (--measured 0: this alone)
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import random
import re
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, delete, func, insert, select

from monitor.cluster.choice import WINDOW, choose
from monitor.cluster.rarity import shipped
from monitor.cluster.signature import sign
from monitor.model.article import Article
from monitor.model.delivery import MessageDraft
from monitor.model.notification import Decide, Notification, Situation
from monitor.model.story import Signature, StoryChoice
from monitor.store.db.database import Database
from monitor.store.db.migrate import upgrade
from monitor.store.tables.schema import article, delivery, story, story_gram, story_signature
from monitor.store.write.article_store import ArticleStore, ArticleWrite, Following, WriteResult
from monitor.store.write.messages import MessageMaker
from tests.bench.rarity import SOURCE
from tests.contracts.databases import postgres_server
from tests.store.db import writers

NOW = datetime(2026, 11, 5, tzinfo=UTC)
SYLLABLES = [chr(code) for code in range(ord("가"), ord("힣"), 3)]
AT_ONCE = 500
SIGNED = story_signature.c.article_id
OPEN_MATTERS = 400  # that may be picked up next


class Watched(ArticleStore):
    """The archive, with a watch inside its transaction."""

    def __init__(self, db: Database) -> None:
        super().__init__(db, choose, WINDOW)
        self.prices: list[float] = []
        self.cpu: list[float] = []
        self.choices: list[float] = []
        self.choices_cpu: list[float] = []

    def _commit(
        self,
        connection: Connection,
        write: ArticleWrite,
        decide: Decide,
        maker: MessageMaker,
        follow: Following | None,
    ) -> WriteResult:
        started, busy = time.perf_counter(), time.thread_time()
        try:
            return super()._commit(connection, write, decide, maker, follow)
        finally:
            self.prices.append((time.perf_counter() - started) * 1000)
            self.cpu.append((time.thread_time() - busy) * 1000)

    def _choice(self, connection: Connection, signature: Signature, seen: datetime) -> StoryChoice:
        started, busy = time.perf_counter(), time.thread_time()
        choice = super()._choice(connection, signature, seen)
        self.choices.append((time.perf_counter() - started) * 1000)
        self.choices_cpu.append((time.thread_time() - busy) * 1000)
        return choice


def invented(spread: timedelta, number: int) -> Iterator[Article]:
    """Yield articles for ever, `number` of them in `spread`: new matters and pick-ups of open ones."""
    rng = random.Random(5)
    rows = [json.loads(line) for line in SOURCE.read_text("utf-8").splitlines()]
    words = [word for row in rows if row["kind"] == "base" for word in re.findall(r"\S+", row["body"])]
    kinds = sorted(set(words))
    open_matters: list[list[str]] = []
    at = 0
    while True:
        if len(open_matters) < OPEN_MATTERS or rng.random() < 1 / 3:
            names = ["".join(rng.choices(SYLLABLES, k=3)) for _ in range(4)]
            topic = names * 3 + rng.sample(kinds, 25)
            text = rng.choices(words, k=60) + topic
            rng.shuffle(text)
            open_matters.append(names[:2] + text)
            told = open_matters[-1]
            if len(open_matters) > OPEN_MATTERS:
                open_matters.pop(0)
        else:
            told = rng.choice(open_matters)
        kept = [word for word in told[2:] if rng.random() < 0.85]
        title = " ".join(told[:2] + kept[:3])
        yield Article(f"k{at}", "u", f"s{rng.randrange(60)}", title, NOW + spread * (at / number), body=" ".join(kept))
        at += 1


def signed(told: Article) -> ArticleWrite:
    return ArticleWrite(None, told, sign(told, shipped()), ())


def nobody(_situation: Situation) -> tuple[Notification, ...]:
    return ()


def nothing(_message: MessageDraft) -> bytes:
    return b""


async def store(archive: ArticleStore, articles: Iterator[Article], number: int) -> None:
    """Sign and store that many articles, some at a time."""
    for start in range(0, number, AT_ONCE):
        writes = [signed(told) for told in islice(articles, min(AT_ONCE, number - start))]
        await asyncio.gather(*(archive.commit(write, nobody, nothing, NOW) for write in writes))


def again(connection: Connection, ids: Sequence[int]) -> list[float]:
    """Take the rows of these articles out of the tables and insert them again; return the ms of each article."""
    kept = [
        [
            connection.execute(select(table).where(key == number)).mappings().all()
            for table, key in (
                (article, article.c.id),
                (story_signature, SIGNED),
                (story_gram, story_gram.c.article_id),
            )
        ]
        for number in ids
    ]
    for table, key in ((story_gram, story_gram.c.article_id), (story_signature, SIGNED), (article, article.c.id)):
        for number in ids:
            connection.execute(delete(table).where(key == number))
    prices = []
    for written in kept:
        rows = [[dict(row) for row in part] for part in written]
        started = time.perf_counter()
        for table, part in zip((article, story_signature, story_gram), rows, strict=True):
            connection.execute(insert(table), part)
        prices.append((time.perf_counter() - started) * 1000)
    return prices


async def bare(database: Database, number: int) -> float:
    """Return the mean ms that it takes to insert the rows of the last articles, as many in a transaction as otherwise."""
    latest = select(article.c.id).order_by(article.c.id.desc()).limit(number)
    ids = list(await database.read(lambda connection: connection.execute(latest).scalars().all()))[::-1]
    prices: list[float] = []
    for start in range(0, len(ids), 100):
        part = ids[start : start + 100]
        prices += await database.write(lambda connection, part=part: again(connection, part))  # type: ignore[misc]
    return statistics.mean(prices)


async def measure(name: str, url: str, window: int, measured: int) -> None:
    database = Database(url)
    archive = Watched(database)
    articles = invented(WINDOW, window)
    await store(archive, articles, window)
    ahead = list(islice(articles, measured))
    started, busy = time.perf_counter(), time.thread_time()
    for told in ahead[:1_000]:
        sign(told, shipped())
    each = 1000 / min(measured, 1_000)
    signing, signing_cpu = (time.perf_counter() - started) * each, (time.thread_time() - busy) * each
    for figures in (archive.prices, archive.cpu, archive.choices, archive.choices_cpu):
        figures.clear()
    started = time.perf_counter()
    await store(archive, iter(ahead), measured)
    wall = time.perf_counter() - started
    stories = await database.read(lambda connection: connection.execute(select(func.count(story.c.id))).scalar_one())
    plain = await bare(database, min(measured, 2_000))
    await database.aclose()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    mean, price = statistics.mean, statistics.mean(archive.prices)
    print(
        f"{name:12}{window:>9}{stories:>9}{signing:>8.2f}{mean(archive.choices):>8.2f}{price:>8.2f}{_p99(archive.prices):>8.2f}"
        f"{plain:>8.2f}{price / plain:>8.1f}{measured / wall:>12.0f}{memory:>6.0f}"
    )
    print(
        f"{'  cpu':30}{signing_cpu:>8.2f}{mean(archive.choices_cpu):>8.2f}{mean(archive.cpu):>8.2f}{_p99(archive.cpu):>8.2f}",
        flush=True,
    )


def _p99(figures: Sequence[float]) -> float:
    return statistics.quantiles(figures, n=100)[98]


def twice(name: str, url: str, stories: int) -> None:
    """Let two processes tell the same stories at once."""
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.map(writers.tell, [(url, worker, stories) for worker in ("one", "two")])
    made, told = asyncio.run(_count(url))
    print(f"{name:12}two processes, the same {stories} stories: {made} stories, {told} alerts", flush=True)


async def _count(url: str) -> tuple[int, int]:
    database = Database(url)
    questions = (select(func.count(story.c.id)), select(func.count(delivery.c.id)))
    made, told = await database.read(
        lambda connection: [connection.execute(question).scalar_one() for question in questions]
    )
    await database.aclose()
    return made, told


@contextmanager
def sqlite() -> Iterator[Callable[[], str]]:
    with tempfile.TemporaryDirectory() as folder:
        numbers = iter(range(100))
        yield lambda: f"sqlite:///{Path(folder)}/{next(numbers)}.db"


@contextmanager
def postgres() -> Iterator[Callable[[], str]]:
    with postgres_server() as factory:
        yield factory.empty


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--window", type=int, default=50_000)
    parser.add_argument("--measured", type=int, default=5_000)
    parser.add_argument("--twice", type=int, default=1_000)
    parser.add_argument("--on", choices=("SQLite", "PostgreSQL"), help="one of the two alone")
    arguments = parser.parse_args()
    print(
        f"{'':12}{'window':>9}{'stories':>9}{'sign':>8}{'choice':>8}{'price':>8}{'p99':>8}{'bare':>8}{'ratio':>8}{'articles/s':>12}{'MB':>6}"
    )
    for name, place in (("SQLite", sqlite), ("PostgreSQL", postgres)):
        if arguments.on not in {None, name}:
            continue
        with place() as empty:
            url, other = empty(), empty()
            upgrade(url)
            upgrade(other)
            if arguments.measured:
                asyncio.run(measure(name, url, arguments.window, arguments.measured))
            twice(name, other, arguments.twice)


if __name__ == "__main__":
    main()
