"""What a rematch costs: `python -m tests.bench.rematch [--rules 2000] [--all-rules 2000] [--articles 1100] [--database URL]`.

Articles are invented news of the writer in tests.replica; they lie in the store before the rules come. `rules` of the
plan's `all-rules` are new: one in a hundred is a word of that news, the others are two-word phrases that nobody writes.

  articles     that the walk saw, and how often an article was matched: once each
  rules        that were evaluated, of all
  seconds      of the walk, by the wall clock, transactions included
  hits         stored
  stall        the longest time for which the event loop could not do anything else, in ms
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from monitor.channels.words.compose import compose
from monitor.cluster.choice import WINDOW, choose
from monitor.match.ruleset import RuleSet, compile_rules
from monitor.model.article import Article
from monitor.model.event import Event
from monitor.model.hit import Match
from monitor.model.plan import Channel, Plan, Rule
from monitor.model.story import Signature
from monitor.model.task import Rematch
from monitor.pipeline.rematch import Rematcher
from monitor.store.db.database import Database
from monitor.store.db.migrate import upgrade
from monitor.store.write.article_store import ArticleStore, ArticleWrite
from monitor.store.write.rule_store import RuleStore
from monitor.store.write.source_store import SourceStore
from tests.replica.writer import Writer

NOW = datetime(2026, 11, 5, tzinfo=UTC)
WORDS = ("공개", "판교", "클라우드", "반도체", "로봇", "대표", "연구소장", "자율주행", "올해", "서비스")
SYLLABLES = "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허"


class Counted:
    """The rules of a plan, which count what they are asked."""

    slow = False

    def __init__(self, rules: RuleSet, evaluated: int) -> None:
        self.rules, self.evaluated, self.asked = rules, evaluated, [0]

    def match(self, article: Article) -> Sequence[tuple[str, tuple[Match, ...]]]:
        """Match and count."""
        self.asked[0] += 1
        return self.rules.match(article)

    def only(self, rule_ids: Collection[str]) -> Counted:
        """Narrow, and note to how many."""
        other = Counted(self.rules.only(rule_ids), len(rule_ids))
        other.asked, self.evaluated = self.asked, len(rule_ids)
        return other


class Book:
    """The plan in force."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.rules = Counted(compile_rules(plan.rules, plan.aliases), 0)

    def current(self) -> tuple[Plan, Counted]:
        """Return it with its rules."""
        return self.plan, self.rules


class Quiet:
    """Hears what happened and keeps it."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def report(self, event: Event) -> None:
        """Keep it."""
        self.events.append(event)


def rules(count: int) -> tuple[Rule, ...]:
    """Return that many rules, the same on every machine."""
    chance = random.Random(1)

    def word() -> str:
        return "".join(chance.choice(SYLLABLES) for _ in range(3))

    phrases = (chance.choice(WORDS) if number % 100 == 0 else f'"{word()} {word()}"' for number in range(count))
    return tuple(Rule(f"r{number}", f"r{number}", phrase, (), ("desk",)) for number, phrase in enumerate(phrases))


def articles(count: int) -> list[Article]:
    """Return invented news."""
    return [
        Article(
            f"k{n}",
            f"https://paper.example/{n}",
            "paper",
            piece.title,
            NOW,
            piece.subtitle,
            "\n".join(piece.paragraphs),
        )
        for n, piece in enumerate(Writer(seed=3, rate=0.0).day(count, NOW))
    ]


async def longest_stall(stop: asyncio.Event) -> float:
    """Return the longest time, in ms, that a coroutine had to wait for its turn beyond the ms it asked for."""
    worst = 0.0
    while not stop.is_set():
        before = time.perf_counter()
        await asyncio.sleep(0.001)
        worst = max(worst, time.perf_counter() - before - 0.001)
    return worst * 1e3


async def measure(url: str, stale: int, every: int, count: int) -> None:
    """Fill a store, put the rules in force, walk, and print what it took."""
    upgrade(url)
    database = Database(url)
    article_store, source_store, rule_store = (
        ArticleStore(database, choose, WINDOW),
        SourceStore(database),
        RuleStore(database),
    )
    writes = (ArticleWrite(None, article, Signature(), ()) for article in articles(count))
    await asyncio.gather(*(article_store.commit(write, lambda _: (), compose, NOW) for write in writes))
    plan = Plan("v1", (), rules(every), (Channel("desk", "webhook", "https://hooks.example/x"),))
    await source_store.sync_plan(replace(plan, rules=plan.rules[stale:]), NOW)
    known = await rule_store.stale_rules(plan)
    await rule_store.complete(known.rules, NOW)
    await source_store.sync_plan(plan, NOW)
    book, quiet, stop = Book(plan), Quiet(), asyncio.Event()
    step = Rematcher(
        plans=book,
        article_store=article_store,
        rule_store=rule_store,
        observer=quiet,
        clock=lambda: NOW,
        stopping=stop.is_set,
    )
    stalled, begun = asyncio.create_task(longest_stall(stop)), time.perf_counter()
    async for _ in step(Rematch()):
        pass
    took = time.perf_counter() - begun
    stop.set()
    stall = await stalled
    print(f"{quiet.events[-1]}")
    print(
        f"articles {book.rules.asked[0]}  rules {book.rules.evaluated} of {every}  seconds {took:.2f}  stall {stall:.0f} ms"
    )
    await database.aclose()


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules", type=int, default=2_000)
    parser.add_argument("--all-rules", type=int, default=2_000)
    parser.add_argument("--articles", type=int, default=1_100)
    parser.add_argument("--database", default="", help="empty: a SQLite file in a temporary folder")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = asked.database or f"sqlite:///{folder}/rematch.db"
        asyncio.run(measure(url, asked.rules, asked.all_rules, asked.articles))


if __name__ == "__main__":
    main()
