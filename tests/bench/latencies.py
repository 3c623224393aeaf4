"""What p50 and p95 of every source and channel cost where much is stored, on both databases.

    python -m tests.bench.latencies [--messages 100000] [--sources 150] [--channels 4] [--rounds 5]

So many messages are stored, each of a hit of its own, all within the last 24 hours. Printed is the median of `rounds` for: one
source, all sources, all channels, and the same channels when everything behind the first message waits. PostgreSQL is asked
where this machine has it.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, create_engine, insert, text, update

from monitor.model.delivery import DeliveryState
from monitor.model.notification import NotificationState
from monitor.store.db.migrate import upgrade
from monitor.store.read.queries import SqlReader
from monitor.store.tables.schema import article, delivery, hit, notification, story
from tests.contracts.databases import postgres_server

NOW = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
CHUNK = 5_000


def rows(number: int, sources: int, channels: int, messages: int) -> dict[Any, dict[str, Any]]:
    """Return the rows of the `number`-th message: its article, hit, delivery and notification."""
    seen = NOW - timedelta(hours=23) * (1 - number / messages)
    source, row_id = f"source{number % sources:03d}", f"{number:036d}"
    channel, seq = f"channel{number % channels}", number // channels + 1
    made, sent = seen + timedelta(seconds=2), seen + timedelta(milliseconds=2_000 + number % 997)
    return {
        article: {
            "captions": [], "authors": [], "id": number + 1, "key": row_id, "source_id": source, "url": "u", "story_id": "s",
            "published_at": seen - timedelta(seconds=number % 3_600), "first_seen_at": seen, "stored_at": made,
            "field_sources": {},
        },
        hit: {
            "id": number + 1, "article_id": number + 1, "source_id": source, "rule_id": "r", "rule_name": "r",
            "plan_version": "v", "spans": [], "mentions": 1, "created_at": made,
        },
        delivery: {
            "id": row_id, "channel_id": channel, "seq": seq, "state": DeliveryState.DONE.value, "body": b"{}",
            "created_at": made, "done_at": sent,
        },
        notification: {
            "id": row_id, "hit_id": number + 1, "channel_id": channel, "state": NotificationState.QUEUED.value,
            "created_at": made, "delivery_id": row_id,
        },
    }  # fmt: skip


def fill(connection: Connection, sources: int, channels: int, messages: int) -> None:
    """Store so many messages, and let a planner count them."""
    connection.execute(insert(story), {"id": "s", "title": "s", "first_seen_at": NOW})
    for start in range(0, messages, CHUNK):
        made = [rows(number, sources, channels, messages) for number in range(start, min(start + CHUNK, messages))]
        for table in (article, hit, delivery, notification):
            connection.execute(insert(table), [row[table] for row in made])
    connection.execute(text("ANALYZE"))


def median(rounds: int, ask: Callable[[], object]) -> str:
    """Return what asking takes, in ms, after one time that is not counted."""
    ask()
    taken = []
    for _ in range(rounds):
        began = perf_counter()
        ask()
        taken.append((perf_counter() - began) * 1_000)
    return f"{statistics.median(taken):.1f} ms"


def measured(url: str, given: argparse.Namespace) -> Iterator[str]:
    """Yield a line for each question."""
    upgrade(url)
    engine = create_engine(url)
    with engine.begin() as connection:
        fill(connection, given.sources, given.channels, given.messages)
    ids = [f"source{number:03d}" for number in range(given.sources)]
    names = [f"channel{number}" for number in range(given.channels)]
    with SqlReader(url) as reader:
        yield f"one source             {median(given.rounds, lambda: reader.source_latencies(ids[:1], NOW))}"
        yield f"all {given.sources} sources        {median(given.rounds, lambda: reader.source_latencies(ids, NOW))}"
        heads: dict[str, int | None] = dict.fromkeys(names)
        yield f"all {given.channels} channels         {median(given.rounds, lambda: reader.channel_latencies(heads, NOW))}"
        with engine.begin() as connection:
            waiting = {"state": DeliveryState.PENDING.value, "done_at": None}
            connection.execute(update(delivery).where(delivery.c.seq > 1).values(**waiting))
        stuck: dict[str, int | None] = dict.fromkeys(names, 2)
        yield f"the same, all waiting  {median(given.rounds, lambda: reader.channel_latencies(stuck, NOW))}"
    engine.dispose()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name, default in (("messages", 100_000), ("sources", 150), ("channels", 4), ("rounds", 5)):
        parser.add_argument(f"--{name}", type=int, default=default)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print("SQLite", *measured(f"sqlite:///{Path(folder, 'm.db')}", given), sep="\n  ")
    with postgres_server() as factory, factory.lent() as url:
        print("PostgreSQL", *measured(url, given), sep="\n  ")


if __name__ == "__main__":
    main()
