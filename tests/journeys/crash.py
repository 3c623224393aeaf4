"""Kill the real daemon again and again, at random moments, and count what was lost.

    python -m tests.journeys.crash --kills 150 [--seed 1] [--fail-rate 0.15] [--drop-rate 0.05]

A newspaper publishes all the time; every piece mentions all watched terms. The daemon is started, killed with SIGKILL
after a random while, and started again, `--kills` times, against a receiver that answers 500 to some posts and records
others but cuts the line. Then the daemon is left alone until the outbox is empty, and the database and the receiver's
record are compared with what was published. Exits 1 when anything was lost or doubled.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.journeys.installation import ALIASES, SECRET, Installation, stop, until
from tests.replica.mood import Mood
from tests.replica.newspapers import Newspapers, Newsroom, mediapen
from tests.replica.receiver import Receiver
from tests.replica.writer import Writer

CHANNELS = ("desk", "night", "press", "invest")  # four queues: a failure holds back one of them
TERMS = tuple(ALIASES)
SETTLE = 900.0  # seconds for the outbox to run empty in the end


@dataclass(frozen=True, slots=True)
class Ordeal:
    """How hard to try."""

    kills: int
    seed: int = 1
    fail_rate: float = 0.15
    drop_rate: float = 0.05
    pieces: int = 60
    longest: float = 2.5


@dataclass(frozen=True, slots=True)
class Account:
    """What an ordeal came to; all of `faults` must be zero."""

    figures: dict[str, int]
    faults: dict[str, int]

    def table(self) -> str:
        """Return the account as lines of text."""
        rows = [*self.figures.items(), *((f"FAULT {name}", count) for name, count in self.faults.items())]
        return "\n".join(f"{name:58}{count:8}" for name, count in rows)


class Publisher:
    """Publishes a piece now and then until it is told to stop."""

    def __init__(self, room: Newsroom, writer: Writer, pieces: int, span: float) -> None:
        self._room = room
        self._writer = writer
        self._pieces = pieces
        self._pause = span / pieces
        self.published = 0

    async def run(self) -> None:
        for _ in range(self._pieces):
            self._room.publish(self._writer.piece(datetime.now(UTC), terms=TERMS))  # noqa: TID251 - real processes
            self.published += 1
            await asyncio.sleep(self._pause)


async def torment(ordeal: Ordeal, folder: Path) -> Account:
    """Run the ordeal in `folder`."""
    rng = random.Random(ordeal.seed)
    writer = Writer(seed=ordeal.seed, rate=0.0)
    past = datetime.now(UTC) - timedelta(hours=1)  # noqa: TID251
    room = mediapen(writer.day(8, past))
    mood = Mood(fail_rate=ordeal.fail_rate, drop_rate=ordeal.drop_rate, seed=ordeal.seed)
    with Newspapers(room).threaded(max_seconds=3600.0):
        async with Receiver(mood, secrets=(SECRET,)) as receiver:
            installation = Installation(folder, webhook=receiver.url, channels=CHANNELS)
            installation.watch(room)
            await installation.command("run", "--once")
            publisher = Publisher(room, writer, ordeal.pieces, ordeal.kills * ordeal.longest * 0.55)
            publishing = asyncio.create_task(publisher.run())
            for _ in range(ordeal.kills):
                await kill_once(installation, rng.uniform(0.05, ordeal.longest))
            await publishing
            await complete(installation, publisher.published, mood)
            return account(installation, receiver, ordeal, publisher.published)


async def kill_once(installation: Installation, after: float) -> None:
    """Start the daemon and kill it `after` seconds later."""
    process = installation.start()
    await asyncio.sleep(after)
    if process.poll() is not None:
        raise AssertionError(f"the daemon ended by itself: {installation.log()[-3:]}")
    process.kill()
    await asyncio.to_thread(process.wait)


async def complete(installation: Installation, published: int, mood: Mood) -> None:
    """Leave the daemon alone until everything published is read and the outbox is empty.

    A head that fails five times holds its queue for longer than anybody waits here: from a third of the time on the
    receiver is well.
    """
    process = installation.start()

    def done() -> bool:
        (articles,) = installation.rows("SELECT count(DISTINCT article_id) FROM v_hits")[0]
        (waiting,) = installation.rows("SELECT count(*) FROM delivery WHERE state IN ('pending', 'leased')")[0]
        return bool(articles >= published and waiting == 0)

    try:
        try:
            await until(done, SETTLE / 3, "an empty outbox")
        except AssertionError:
            mood.fail_rate = mood.drop_rate = 0.0
            await until(done, SETTLE, "an empty outbox")
    finally:
        await asyncio.to_thread(stop, process)


def account(installation: Installation, receiver: Receiver, ordeal: Ordeal, published: int) -> Account:
    """Compare the database and the receiver's record with what was published."""
    expected = published * len(TERMS)
    posts = Counter(post.id for post in receiver.posts)

    def count(statement: str) -> int:
        return int(installation.rows(statement)[0][0])

    sent = {str(row[0]) for row in installation.rows("SELECT id FROM delivery WHERE state = 'done'")}
    hits, deliveries = count("SELECT count(*) FROM hit"), count("SELECT count(*) FROM notification")
    extra = sum(posts.values()) - len(posts)
    figures = {
        "kills": ordeal.kills,
        "pieces published": published,
        "hits stored": hits,
        "deliveries": deliveries,
        "posts received": sum(posts.values()),
        "posts that repeat an id already seen": extra,
        "of them after a 500 or a cut line, as told": sum(post.answered != "200" for post in receiver.posts),
    }
    faults = {
        "hits lost": expected - hits,
        "hits stored twice": hits - count("SELECT count(*) FROM (SELECT DISTINCT article_id, rule_id FROM hit)"),
        "articles stored twice": count("SELECT count(*) - count(DISTINCT url) FROM article"),
        "hits without a notification": count(
            "SELECT count(*) FROM hit WHERE id NOT IN (SELECT hit_id FROM notification)"
        ),
        "alerts never received": hits * len(CHANNELS) - len(sent & posts.keys()),
        "posts under an id the store does not know": len(posts.keys() - sent),
        "gaps in a channel's seq": count(
            "SELECT count(*) FROM (SELECT max(seq) - count(*) AS gap FROM delivery GROUP BY channel_id) WHERE gap <> 0"
        ),
        "posts with a bad signature": sum(not post.verified for post in receiver.posts),
        "database not intact": int(installation.rows("PRAGMA integrity_check")[0][0] != "ok"),
    }
    return Account(figures, faults)


def main() -> int:
    parser = argparse.ArgumentParser(description="Kill the daemon at random moments and count what was lost.")
    parser.add_argument("--kills", type=int, default=150)
    parser.add_argument("--pieces", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fail-rate", type=float, default=0.15)
    parser.add_argument("--drop-rate", type=float, default=0.05)
    options = parser.parse_args()
    ordeal = Ordeal(options.kills, options.seed, options.fail_rate, options.drop_rate, options.pieces)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        result = asyncio.run(torment(ordeal, Path(folder)))
    print(result.table())  # noqa: T201 - the account is what this program is for
    print(f"{'seconds':58}{time.monotonic() - began:8.0f}")  # noqa: T201
    return 1 if any(result.faults.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
