"""What a backtest costs: `python -m tests.bench.backtest [--articles 100000] [--expr EXPR] [--database URL]`.

The database holds so many articles of about 900 characters of invented Korean news, stored over 30 days by forty outlets; it is
made in a temporary folder, or in an empty database at the URL. Nothing met a rule, so that the stories are chosen anew.

  read       the same rows with the same columns, and nothing done with them
  like       `body LIKE '%word%'`, counted by the database
  backtest   hits, messages and days of one rule
  ratio      of the backtest to each of these

Printed are the seconds of the wall clock, and in brackets those of the processor in this process: a server of PostgreSQL has its
own. Of `rounds` the quickest counts; ratios are of the wall clock.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import create_engine, func, insert, select

from monitor.model.backtest import BacktestQuery
from monitor.model.plan import Channel, Interval, Plan, Rule, Source
from monitor.service.backtest import backtest
from monitor.service.backtest_walk import PAGE, tried
from monitor.store.db.engines import read_url
from monitor.store.db.migrate import upgrade
from monitor.store.read.queries import SqlReader
from monitor.store.tables.schema import article, entry, story
from tests.replica.writer import Writer

NOW = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
SPAN = timedelta(days=30)
CHUNK = 2_000
OUTLETS = 40
LENGTH = 900
PIECES = 2_000
WORD = "해솔정밀"


def texts() -> list[tuple[str, str]]:
    """Return headlines and paragraphs that the articles are made of."""
    pieces = Writer(seed=5, rate=0.02).day(PIECES, NOW)
    return [(piece.title, "\n".join(piece.paragraphs)) for piece in pieces]


def fill(url: str, articles: int) -> None:
    """Store the articles, each with its entry and a story of its own."""
    upgrade(url)
    chance, pieces = random.Random(11), texts()
    engine = create_engine(read_url(url))
    try:
        for start in range(0, articles, CHUNK):
            rows = [row(number, articles, chance, pieces) for number in range(start, min(start + CHUNK, articles))]
            with engine.begin() as connection:
                for table in (story, article, entry):
                    connection.execute(insert(table), [one[table] for one in rows])
    finally:
        engine.dispose()


def row(number: int, of: int, chance: random.Random, pieces: list[tuple[str, str]]) -> dict[Any, dict[str, Any]]:
    """Return the rows of one article: its body is drawn from several reports until it is long enough."""
    at, source_id, key = NOW - SPAN + SPAN * number / of, f"outlet{number % OUTLETS}", f"k{number}"
    title, body = chance.choice(pieces)
    while len(body) < LENGTH:
        body += "\n" + chance.choice(pieces)[1]
    if number % 100 == 0:  # one in a hundred is what the rule looks for
        body = f"{WORD}은 5일 새 설비를 들인다고 밝혔다.\n{body}"
    return {
        story: {"id": f"s{number}", "title": title, "first_seen_at": at},
        article: {
            "id": number + 1, "key": key, "source_id": source_id, "url": f"https://news.example/{key}", "title": title,
            "body": body[:LENGTH], "captions": [], "authors": ["김가람"], "first_seen_at": at, "stored_at": at,
            "published_at": at, "field_sources": {}, "story_id": f"s{number}",
        },
        entry: {
            "source_id": source_id, "key": key, "url": f"https://news.example/{key}", "first_seen_at": at, "state": "done",
            "next_attempt_at": at, "article_id": number + 1, "done_at": at,
        },
    }  # fmt: skip


def read(reader: SqlReader) -> int:
    """Read every text, page by page, as a backtest does."""
    after, found = 0, 0
    while page := reader.stored.texts(after, 2**31, PAGE):
        after, found = page[-1].id, found + len(page)
    return found


def like(url: str, word: str) -> int:
    """Have the database look for a word in every body."""
    engine = create_engine(read_url(url))
    try:
        with engine.connect() as connection:
            return int(connection.execute(select(func.count()).where(article.c.body.contains(word))).scalar_one())
    finally:
        engine.dispose()


@dataclass(frozen=True, slots=True)
class Took:
    """The quickest round of some work: seconds of the wall clock and of the processor, and what it came to."""

    wall: float
    processor: float
    came: Any

    def line(self, articles: int) -> str:
        """Return it in words."""
        return f"{self.wall:.2f} s ({self.processor:.2f}), {articles / self.wall:,.0f} articles/s"


def timed(rounds: int, work: Callable[[], Any]) -> Took:
    """Return the quickest of so many rounds."""
    found = []
    for _ in range(rounds):
        wall, processor = perf_counter(), process_time()
        came = work()
        found.append(Took(perf_counter() - wall, process_time() - processor, came))
    return min(found, key=lambda one: one.wall)


def measure(url: str, articles: int, expression: str, rounds: int) -> None:
    """Fill the database and print what reading, looking and trying take."""
    fill(url, articles)
    sources = tuple(Source(f"outlet{n}", f"매체 {n}", "list", (), Interval(300.0)) for n in range(OUTLETS))
    rule = Rule("tried", "tried", expression, channels=("desk",))
    plan = Plan("v1", sources, (rule,), (Channel("desk", "webhook", "https://hooks.example/x"),))
    query = BacktestQuery(since=NOW - SPAN, until=NOW)
    with SqlReader(url) as reader:
        reading = timed(rounds, lambda: read(reader))
        looking = timed(rounds, lambda: like(url, expression.split(maxsplit=1)[0]))
        trying = timed(
            rounds,
            lambda: backtest(reader, query, tried(plan, (rule,), None, None), lambda *_: None, lambda: False),
        )
    (found,) = trying.came.rules
    print(f"articles   {reading.came}; hits {found.hits}, messages {found.messages}")
    print(f"read       {reading.line(reading.came)}")
    print(f"like       {looking.line(reading.came)}")
    print(f"backtest   {trying.line(reading.came)}")
    print(f"ratio      {trying.wall / reading.wall:.2f} to reading, {trying.wall / looking.wall:.2f} to LIKE")


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--expr", default=WORD)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--database", default="", help="an empty database, sqlite:/// or postgresql://")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(asked.database or f"sqlite:///{Path(folder)}/monitor.db", asked.articles, asked.expr, asked.rounds)


if __name__ == "__main__":
    main()
