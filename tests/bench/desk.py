"""How long questions about stored hits take while articles are being stored, at a million hits or as many as are asked for.

    python -m tests.bench.desk [--hits 1000000] [--length 300] [--on SQLite|PostgreSQL] [--keep FILE] [--questions 300]

The database is made first: articles of `length` letters of invented Korean, of Zipf's words with particles, an eighth of them with
two hits more; rules and sources of very different size; of each hit one notification, sent, suppressed or of the first run.
With --keep the file is made once and used again. Then a thread stores articles as fast as the store takes them, and each
kind of question is asked so often, with other values each time:

  p50, p95, most    milliseconds of one question, page of 50 hits with their fates included
  exported          lines of JSON in a second, the newest 300,000
  index / text      bytes of the text index beside the bytes of the texts that it holds
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, text

from monitor.channels.words.compose import compose
from monitor.cluster.choice import WINDOW, choose
from monitor.cluster.rarity import shipped
from monitor.cluster.signature import sign
from monitor.model.hit import Hit, Match
from monitor.model.plan import Channel, Plan, Rule
from monitor.model.records import HitQuery
from monitor.notify.policy import decide_hits
from monitor.present.hit_lines import hit_line
from monitor.schedule.calendar import CALENDAR
from monitor.store.db.database import Database
from monitor.store.db.engines import open_writer, read_url
from monitor.store.db.migrate import upgrade
from monitor.store.read.queries import SqlReader
from monitor.store.tables.facets import HitFacets, facets_of, hit_terms
from monitor.store.tables.fulltext import index_article
from monitor.store.tables.schema import article, channel_state, delivery, hit, notification, source_state, story
from monitor.store.write.article_store import ArticleStore, ArticleWrite
from tests.contracts.databases import postgres_server
from tests.contracts.reports import told

NOW = datetime(2026, 11, 5, tzinfo=UTC)
BATCH = 2_000
MOST_EXPORTED = 300_000
SPAN = timedelta(days=90)
RULES, SOURCES = 300, 60
DONE, BASELINE = 15, 19  # of twenty hits
NAMES = ("카카오", "딥시크", "오픈AI", "스타게이트", "메타", "구글", "삼성전자", "네이버", "엔비디아", "해솔소프트")
PARTICLES = ("", "는", "가", "를", "의", "에", "와", "에서", "으로", "도")
SYLLABLES = "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로모보소오조초코토포호구누두루무부수우주추"


class Writer:
    """Writes texts whose words are as unevenly common as those of a language."""

    def __init__(self, seed: int) -> None:
        """Make the words."""
        self.draw = random.Random(seed)
        words = ["".join(self.draw.choices(SYLLABLES, k=self.draw.choice((2, 2, 2, 3, 3, 4)))) for _ in range(30_000)]
        for place, name in enumerate(NAMES):
            words.insert(20 * (place + 1) ** 2, name)
        self.words = words
        self.weights = list(accumulate(1 / (place + 5) for place in range(len(words))))
        self.rules = list(accumulate(1 / (place + 1) for place in range(RULES)))
        self.sources = list(accumulate(1 / (place + 2) for place in range(SOURCES)))

    def text(self, letters: int) -> str:
        """Return a text of about so many letters."""
        words = self.draw.choices(self.words, cum_weights=self.weights, k=letters // 4)
        return " ".join(word + self.draw.choice(PARTICLES) for word in words)

    def rule(self) -> str:
        """Return the id of a rule, the first ones oftenest."""
        return f"rule-{self.draw.choices(range(RULES), cum_weights=self.rules)[0]}"

    def source(self) -> str:
        """Return the id of a source."""
        return f"source-{self.draw.choices(range(SOURCES), cum_weights=self.sources)[0]}"


class Newsroom:
    """Makes the rows of articles with hits; `made` hits so far, `size` bytes of text."""

    def __init__(self, wanted: int, length: int) -> None:
        """Take how many hits there will be, over which the days are spread, and how long articles are."""
        self.writer, self.wanted, self.length = Writer(1), wanted, length
        self.made = self.number = self.size = 0
        self.rows: dict[Any, list[dict[str, Any]]] = {}
        self.indexed: list[tuple[int, list[str], tuple[str, ...]]] = []

    def batch(self) -> None:
        """Make rows of BATCH articles in place of those before."""
        self.rows = {one: [] for one in (story, article, hit, delivery, notification)}
        self.indexed = []
        for _ in range(BATCH):
            self._article()

    def _article(self) -> None:
        self.number += 1
        number, at, writer = self.number, NOW - SPAN * (1 - self.made / self.wanted), self.writer
        title, body, source = writer.text(40), writer.text(self.length), writer.source()
        lang = "en" if number % 20 == 0 else "ko"
        self.size += len(title.encode()) + len(body.encode())
        self.rows[story].append({"id": f"s{number}", "root_id": f"s{number}", "title": title, "first_seen_at": at})
        self.rows[article].append(
            {
                "id": number, "key": f"k{number}", "source_id": source, "url": f"https://news.example/{number}",
                "title": title, "body": body, "captions": [], "authors": ["김기자"], "lang": lang, "published_at": at,
                "first_seen_at": at, "stored_at": at, "field_sources": {}, "story_id": f"s{number}",
            }
        )  # fmt: skip
        met = {writer.rule() for _ in range(3 if number % 8 == 0 else 1)}
        facets = [self._hit(rule, source, body[:80], at) for rule in sorted(met)]
        self.indexed.append((number, [title, "", body, ""], facets_of(facets, lang)))

    def _hit(self, rule: str, source: str, excerpt: str, at: datetime) -> HitFacets:
        self.made += 1
        word = self.writer.draw.choice(NAMES)
        spans = [{"term": word, "alias": "", "field": "title", "start": 0, "end": 3, "surface": word, "reason": "bare"}]
        terms = hit_terms(spans)
        self.rows[hit].append(
            {
                "id": self.made, "article_id": self.number, "source_id": source, "rule_id": rule, "rule_name": rule.upper(),
                "plan_version": "v1", "spans": spans, "mentions": 1, "excerpt": excerpt, "terms": terms, "created_at": at,
            }
        )  # fmt: skip
        self._told(at)
        return HitFacets(rule, source, terms)

    def _told(self, at: datetime) -> None:
        key, fate = f"n{self.made:012}", self.made % 20
        told_as = {"id": key, "hit_id": self.made, "channel_id": "desk", "created_at": at, "group_key": ""}
        if fate >= DONE:
            reason = "baseline" if fate == BASELINE else "same_story"
            self.rows[notification].append(told_as | {"state": "suppressed", "delivery_id": None, "reason": reason})
            return
        state = "dead" if self.made % 5000 == 0 else "done"
        self.rows[delivery].append(
            {
                "id": key, "channel_id": "desk", "seq": self.made, "state": state, "body": b"{}", "created_at": at,
                "due_at": None, "done_at": at, "attempts": 1,
            }
        )  # fmt: skip
        self.rows[notification].append(told_as | {"state": "queued", "delivery_id": key, "reason": ""})


def fill(connection: Connection, wanted: int, length: int) -> int:
    """Store so many hits; return how many bytes of text were indexed."""
    room = Newsroom(wanted, length)
    sources = [{"id": f"source-{one}", "name": f"신문{one}", "kind": "feed"} for one in range(SOURCES)]
    connection.execute(insert(source_state), [one | {"enabled": True, "validators": {}} for one in sources])
    connection.execute(insert(channel_state), {"id": "desk", "next_seq": 2 * wanted})
    while room.made < wanted:
        room.batch()
        for target, values in room.rows.items():
            connection.execute(insert(target), values)
        for numbered, texts, facets in room.indexed:
            index_article(connection, numbered, texts, facets)
    if connection.dialect.name == "postgresql":
        for name in ("article", "hit"):
            connection.exec_driver_sql(f"SELECT setval('{name}_id_seq', (SELECT max(id) FROM {name}))")  # noqa: S608
    return room.size


def prepare(url: str, wanted: int, length: int) -> None:
    """Make the database."""
    upgrade(url)
    engine = open_writer(read_url(url))
    with engine.begin() as connection:
        started = time.perf_counter()
        size = fill(connection, wanted, length)
        connection.execute(text("CREATE TABLE bench_text AS SELECT CAST(:size AS BIGINT) AS size"), {"size": size})
        print(f"made in {time.perf_counter() - started:.0f} s", flush=True)
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    engine.dispose()


def index_size(connection: Connection) -> tuple[int, int]:
    """Return the bytes of the text index and of the texts."""
    if connection.dialect.name == "sqlite":
        used = "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'search_index%'"
    else:
        used = "SELECT pg_total_relation_size('search_index')"
    return connection.execute(text(used)).scalar() or 0, connection.execute(
        text("SELECT size FROM bench_text")
    ).scalar() or 1


def questions(draw: random.Random, writer: Writer) -> Iterator[tuple[str, Callable[[], HitQuery]]]:
    """Yield each kind of question with a maker of one of it."""

    def word() -> str:
        return writer.words[min(int(10 ** draw.uniform(0, 4)), len(writer.words) - 1)]

    def rule() -> str:
        return f"rule-{min(int(10 ** draw.uniform(0, 2.48)), RULES) - 1}"

    def source() -> str:
        return f"source-{draw.randrange(SOURCES)}"

    def since() -> datetime:
        return NOW - SPAN * 10 ** draw.uniform(-3, 0)

    def rules() -> tuple[str, ...]:
        return tuple(f"rule-{one}" for one in draw.sample(range(RULES), 5))

    yield "newest", HitQuery
    yield "a rule", lambda: HitQuery(rule=rule())
    yield "a source", lambda: HitQuery(source=source())
    yield "five rules of a tag", lambda: HitQuery(rules=rules())
    yield "rule and source", lambda: HitQuery(rule=rule(), source=source())
    yield "a term", lambda: HitQuery(term=draw.choice(NAMES))
    yield "rule and term", lambda: HitQuery(rule=rule(), term=draw.choice(NAMES))
    yield "a language", lambda: HitQuery(lang=draw.choice(("ko", "en")))
    yield "since", lambda: HitQuery(since=since())
    yield "until", lambda: HitQuery(until=since())
    yield "rule since", lambda: HitQuery(rule=rule(), since=since())
    yield "one syllable", lambda: HitQuery(text=draw.choice(SYLLABLES))
    yield "a word", lambda: HitQuery(text=word())
    yield "two words", lambda: HitQuery(text=f"{word()} {word()}")
    yield "word and rule", lambda: HitQuery(text=word(), rule=rule())
    yield "word and source", lambda: HitQuery(text=word(), source=source())
    yield "word until", lambda: HitQuery(text=word(), until=since())
    yield "word since", lambda: HitQuery(text=word(), since=since())
    yield "sent", lambda: HitQuery(alerted="sent")
    yield "dead", lambda: HitQuery(alerted="dead")
    yield "baseline, rule", lambda: HitQuery(alerted="baseline", rule=rule())


async def store(url: str, stop: threading.Event, took: list[float], pause: float = 0.02) -> None:
    """Store articles with a hit each until told to stop, with a pause of so many seconds after each."""
    database = Database(url)
    rule = Rule("openai", "OpenAI", "오픈AI", channels=("desk",))
    plan = Plan("v1", rules=(rule,), channels=(Channel("desk", "webhook", "https://x.example"),))
    archive = ArticleStore(database, choose, WINDOW)
    match = Match("OpenAI", "오픈AI", "title", 0, 4, "오픈AI", "bare")
    decide = partial(decide_hits, plan=plan, calendar=CALENDAR, baseline=False)
    number, writer = 0, Writer(3)
    while not stop.is_set():
        number += 1
        found = replace(told(number, f"new{time.time_ns()}", NOW), title=writer.text(40), body=writer.text(300))
        write = ArticleWrite(None, found, sign(found, shipped()), (Hit("openai", "OpenAI", "v1", (match,), "…"),))
        started = time.perf_counter()
        await archive.commit(write, decide, compose, NOW)
        took.append((time.perf_counter() - started) * 1000)
        await asyncio.sleep(pause)
    await database.aclose()


def quantiles(took: list[float]) -> str:
    """Return p50, p95 and the most."""
    ranked = sorted(took)
    return f"{statistics.median(ranked):8.2f} {ranked[len(ranked) * 95 // 100]:8.2f} {ranked[-1]:8.2f}"


def measure(url: str, asked: int) -> None:
    """Ask, while articles are stored."""
    engine = open_writer(read_url(url))
    with engine.connect() as connection:
        used, size = index_size(connection)
        hits = connection.execute(text("SELECT count(*) FROM hit")).scalar()
    engine.dispose()
    print(f"{hits} hits, index {used / 1e6:.0f} MB / text {size / 1e6:.0f} MB = {used / size:.2f}", flush=True)
    stop, stored = threading.Event(), list[float]()
    storing = threading.Thread(target=lambda: asyncio.run(store(url, stop, stored)))
    storing.start()
    try:
        with SqlReader(url) as reader:
            draw, writer = random.Random(2), Writer(1)
            print(f"{'':24}     p50      p95     most ms;  counted up to 10,001: p95")
            for name, make in questions(draw, writer):
                took, counted = list[float](), list[float]()
                for place in range(asked):
                    query = make()
                    started = time.perf_counter()
                    reader.hit_page(query)
                    took.append((time.perf_counter() - started) * 1000)
                    if place % 10 == 0:
                        started = time.perf_counter()
                        reader.count_hits(query, 10_001)
                        counted.append((time.perf_counter() - started) * 1000)
                print(f"{name:24} {quantiles(took)}   {sorted(counted)[len(counted) * 95 // 100]:8.2f}", flush=True)
    finally:
        stop.set()
        storing.join()
    print(f"{'stored meanwhile':24} {quantiles(stored)}   ({len(stored)} articles)")


def export(url: str) -> None:
    """Print how many lines of an export are made in a second, of up to MOST_EXPORTED hits; nothing is stored meanwhile."""
    lines, began, used = 0, time.perf_counter(), time.process_time()
    with SqlReader(url) as reader:
        for batch in reader.hit_rows(HitQuery()):
            lines += len([hit_line(row) for row in batch])
            if lines >= MOST_EXPORTED:
                break
    took, used = time.perf_counter() - began, time.process_time() - used
    print(
        f"{'exported':24} {lines / took:8.0f} lines/s, {lines / used:.0f} for each second of the processor", flush=True
    )


def main() -> None:
    """Make the database where there is none, and measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--hits", type=int, default=1_000_000)
    parser.add_argument("--length", type=int, default=300)
    parser.add_argument("--on", choices=("SQLite", "PostgreSQL"), default="SQLite")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--questions", type=int, default=300)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if chosen.on == "PostgreSQL":
            with postgres_server() as factory:
                url = factory.empty()
                prepare(url, chosen.hits, chosen.length)
                measure(url, chosen.questions)
                export(url)
            return
        file = chosen.keep or Path(folder) / "desk.db"
        if not file.exists():
            prepare(f"sqlite:///{file}", chosen.hits, chosen.length)
        measure(f"sqlite:///{file}", chosen.questions)
        export(f"sqlite:///{file}")


if __name__ == "__main__":
    main()
