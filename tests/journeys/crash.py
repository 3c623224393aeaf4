"""Kill the real daemon again and again, at random moments and at chosen ones, and count what was lost.

    python -m tests.journeys.crash --kills 150 [--each 20] [--seed 1] [--fail-rate 0.15] [--drop-rate 0.05]

A newspaper publishes all the time; every piece mentions all watched terms. The daemon is started, killed with SIGKILL
after a random while, and started again, `--kills` times, against a receiver that answers 500 to some posts and records
others but cuts the line; then `--each` times at every fault point (tests.journeys.fault_points). At last the receiver is
well, the daemon is left alone until everything is told, and the database and the receiver's record are compared with what was
published. Exits 1 when anything was lost or doubled. One channel is told at once, one groups for seconds, one has a digest every
minute, and one quiet hours that end soon (`--at-once`: all are told at once).

A post that repeats an id is no fault, as long as it is the same message: a process that dies after its receiver has read the
post, and before that is written down, cannot know of it. They are counted for each kind of kill.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.journeys.fault_points import POINTS
from tests.journeys.installation import ALIASES, SECRET, Installation, source_of, stop
from tests.replica.mood import Mood
from tests.replica.newspapers import Newspapers, Newsroom, mediapen
from tests.replica.receiver import Post, Receiver
from tests.replica.writer import Writer

CHANNELS = ("desk", "night", "press", "invest")  # four queues: a failure holds back one of them
TERMS = tuple(ALIASES)
QUIET_FOR = timedelta(minutes=3)
SETTLE = 900.0  # seconds until everything is told in the end
RANDOM = "at random"
UNSEEN = 12


@dataclass(frozen=True, slots=True)
class Ordeal:
    """How hard to try: `kills` at random moments, `each` at every one of `points`.

    `policies` are further keys of channels, by id.
    """

    kills: int
    seed: int = 1
    fail_rate: float = 0.15
    drop_rate: float = 0.05
    pieces: int = 60
    longest: float = 2.5
    each: int = 0
    points: tuple[str, ...] = ()
    policies: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Account:
    """What an ordeal came to; all of `faults` must be zero."""

    figures: dict[str, int]
    faults: dict[str, int]

    def table(self) -> str:
        """Return the account as lines of text."""
        rows = [*self.figures.items(), *((f"FAULT {name}", count) for name, count in self.faults.items())]
        return "\n".join(f"{name:58}{count:8}" for name, count in rows)


def policies(now: datetime) -> dict[str, dict[str, object]]:
    """Return what three channels hold back: by groups, until the next full minute, and until quiet hours are over."""
    quiet = {"from": f"{now - QUIET_FOR:%H:%M}", "to": f"{now + QUIET_FOR:%H:%M}"}
    return {
        "night": {"per": "article", "group": {"wait": "2s", "interval": "3s", "by": "rule"}},
        "press": {"digest": 'cron "* * * * *"'},
        "invest": {"per": "article", "quiet_hours": quiet},
    }


class Publisher:
    """Publishes a piece now and then until all are out.

    It waits while as many as UNSEEN are on no list that the daemon has read: a list shows twenty, and what falls off it while
    nothing runs is lost to whoever comes later.
    """

    def __init__(self, room: Newsroom, writer: Writer, pieces: int, span: float, seen: Callable[[], int]) -> None:
        self._room = room
        self._writer = writer
        self._pieces = pieces
        self._pause = span / pieces
        self._seen = seen
        self.published = 0

    async def run(self) -> None:
        while self.published < self._pieces:
            self.publish()
            await asyncio.sleep(self._pause)

    def publish(self) -> None:
        if self.published - self._seen() < UNSEEN:
            self._room.publish(self._writer.piece(datetime.now(UTC), terms=TERMS))  # noqa: TID251 - real processes
            self.published += 1


async def torment(ordeal: Ordeal, folder: Path) -> Account:
    """Run the ordeal in `folder`."""
    writer = Writer(seed=ordeal.seed, rate=0.0)
    past = datetime.now(UTC) - timedelta(hours=1)  # noqa: TID251
    room = mediapen(writer.day(8, past))
    mood = Mood(fail_rate=ordeal.fail_rate, drop_rate=ordeal.drop_rate, seed=ordeal.seed)
    with Newspapers(room).threaded(max_seconds=7200.0):
        async with Receiver(mood, secrets=(SECRET,)) as receiver:
            installation = Installation(folder, webhook=receiver.url, channels=CHANNELS, policies=ordeal.policies)
            installation.watch(
                room, url=source_of(room)["url"][-1:]
            )  # the list that shows all: no piece is on one other alone
            await installation.command("run", "--once")
            first = installation.rows("SELECT count(*) FROM entry")[0][0]
            publisher = Publisher(
                room,
                writer,
                ordeal.pieces,
                ordeal.kills * ordeal.longest * 0.55,
                lambda: int(installation.rows("SELECT count(*) FROM entry")[0][0]) - int(first),
            )
            kills = await _kill(ordeal, installation, publisher, receiver)
            mood.fail_rate = mood.drop_rate = 0.0
            await complete(installation, publisher.published)
            return account(installation, receiver, kills, publisher.published)


async def _kill(ordeal: Ordeal, installation: Installation, publisher: Publisher, receiver: Receiver) -> list[Kill]:
    """Do all the killing; return how, and after which post."""
    rng = random.Random(ordeal.seed)
    kills = []
    publishing = asyncio.create_task(publisher.run())
    for _ in range(ordeal.kills):
        await kill_once(installation, rng.uniform(0.05, ordeal.longest))
        kills.append(Kill(RANDOM, len(receiver.posts)))
    await publishing
    for point in ordeal.points:
        for _ in range(ordeal.each):
            publisher.publish()
            installation.crash_at = f"{point}:{rng.randint(1, 2)}"
            came = await dies(installation)
            kills.append(Kill(point if came else RANDOM, len(receiver.posts)))
    installation.crash_at = ""
    return kills


@dataclass(frozen=True, slots=True)
class Kill:
    """One end of a daemon: how, and how many posts the receiver had seen by then."""

    kind: str
    posts: int


def repeats(kills: Sequence[Kill], posts: Sequence[Post]) -> Counter[str]:
    """Return, by the kind of the last kill before it, the posts under an id that the receiver had taken before."""
    taken: set[str] = set()
    found: Counter[str] = Counter()
    for place, post in enumerate(posts):
        if post.id in taken:
            found[next((kill.kind for kill in reversed(kills) if kill.posts <= place), "no kill")] += 1
        if post.answered == "200":
            taken.add(post.id)
    return found


async def kill_once(installation: Installation, after: float) -> None:
    """Start the daemon and kill it `after` seconds later."""
    process = installation.start()
    await asyncio.sleep(after)
    if process.poll() is not None:
        raise AssertionError(f"the daemon ended by itself: {installation.log()[-3:]}")
    process.kill()
    await asyncio.to_thread(process.wait)


async def dies(installation: Installation, within: float = 20.0) -> bool:
    """Start a daemon that dies at a fault point; return whether it came there. One that does not is killed."""
    process = installation.start()
    deadline = time.monotonic() + within
    while (code := process.poll()) is None and time.monotonic() < deadline:
        await asyncio.sleep(0.02)
    if code is None:
        process.kill()
        await asyncio.to_thread(process.wait)
    return code == -signal.SIGKILL


async def complete(installation: Installation, published: int) -> None:
    """Leave the daemon alone until everything published is read and told.

    The first message of a queue that failed may wait for five minutes: it is asked for at once, as an operator would.
    """
    process = installation.start()

    def done() -> bool:
        (articles,) = installation.rows("SELECT count(DISTINCT article_id) FROM v_hits")[0]
        (waiting,) = installation.rows("SELECT count(*) FROM delivery WHERE state IN ('pending', 'leased')")[0]
        (held,) = installation.rows("SELECT count(*) FROM notification WHERE state = 'held'")[0]
        return bool(articles >= published and waiting == held == 0)

    try:
        deadline = time.monotonic() + SETTLE
        while not done():
            if time.monotonic() > deadline:
                raise AssertionError(f"not told within {SETTLE:.0f} s: {installation.rows(WAITING)}")
            heads = [str(row[0]) for row in installation.rows(HEADS)]
            if heads:
                await installation.command("replay", *heads)
            await asyncio.sleep(1.0)
    finally:
        await asyncio.to_thread(stop, process)


HEADS = """
    SELECT id FROM delivery d WHERE state = 'pending' AND seq = (
        SELECT min(seq) FROM delivery o WHERE o.channel_id = d.channel_id AND o.state IN ('pending', 'leased'))
"""
WAITING = "SELECT channel_id, seq, state, attempts, due_at, last_error FROM delivery WHERE state <> 'done' LIMIT 9"


def account(installation: Installation, receiver: Receiver, kills: Sequence[Kill], published: int) -> Account:
    """Compare the database and the receiver's record with what was published."""
    posts = Counter(post.id for post in receiver.posts)

    def count(statement: str) -> int:
        return int(installation.rows(statement)[0][0])

    sent = {str(row[0]) for row in installation.rows("SELECT id FROM delivery WHERE state = 'done'")}
    taken = {post.id for post in receiver.accepted}
    told = [str(row[0]) for row in installation.rows("SELECT delivery_id FROM notification WHERE hit_id IS NOT NULL")]
    bodies = {(post.id, post.body) for post in receiver.posts}
    hits = count("SELECT count(*) FROM hit")
    twice = repeats(kills, receiver.posts)
    figures = {
        "kills": len(kills),
        **{f"kills: {kind}": number for kind, number in Counter(kill.kind for kill in kills).items()},
        "pieces published": published,
        "hits stored": hits,
        "messages": count("SELECT count(*) FROM delivery"),
        "posts received": sum(posts.values()),
        "posts after a 500 or a cut line, as told": sum(post.answered != "200" for post in receiver.posts),
        "posts under an id that was taken before": sum(twice.values()),
        "of 10,000 posts": round(10_000 * sum(twice.values()) / max(sum(posts.values()), 1)),
        **{f"of them after a kill: {kind}": number for kind, number in twice.items()},
    }
    faults = {
        "hits lost": published * len(TERMS) - hits,
        "hits stored twice": hits - count("SELECT count(*) FROM (SELECT DISTINCT article_id, rule_id FROM hit)"),
        "articles stored twice": count("SELECT count(*) - count(DISTINCT url) FROM article"),
        "hits and channels without a notification": hits * len(CHANNELS) - len(told),
        "notifications never received": sum(one not in taken for one in told),
        "messages never received": len(sent - taken),
        "posts under an id the store does not know": len(posts.keys() - sent),
        "ids with two bodies": len(bodies) - len(posts),
        "repeats more than kills": max(sum(twice.values()) - len(kills) * len(CHANNELS), 0),
        "gaps in a channel's seq": count(
            "SELECT count(*) FROM (SELECT max(seq) - count(*) AS gap FROM delivery GROUP BY channel_id) WHERE gap <> 0"
        ),
        "channels whose first receipts are out of order": sum(
            seqs != sorted(seqs) for seqs in _first_receipts(installation, receiver).values()
        ),
        "posts with a bad signature": sum(not post.verified for post in receiver.posts),
        "database not intact": int(installation.rows("PRAGMA integrity_check")[0][0] != "ok"),
    }
    return Account(figures, faults)


def _first_receipts(installation: Installation, receiver: Receiver) -> dict[str, list[int]]:
    """Return by channel the seqs of its messages in the order in which they were taken first."""
    channels = dict(installation.rows("SELECT id, channel_id FROM delivery"))
    found: dict[str, list[int]] = {}
    seen: set[str] = set()
    for post in receiver.accepted:
        if post.id not in seen:
            seen.add(post.id)
            found.setdefault(channels.get(post.id, ""), []).append(post.seq or 0)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Kill the daemon at random moments and count what was lost.")
    parser.add_argument("--kills", type=int, default=150)
    parser.add_argument("--pieces", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fail-rate", type=float, default=0.15)
    parser.add_argument("--drop-rate", type=float, default=0.05)
    parser.add_argument("--at-once", action="store_true", help="no channel groups, digests or has quiet hours")
    parser.add_argument("--each", type=int, default=0, help="kills at every fault point")
    parser.add_argument("--points", nargs="*", default=[*POINTS], choices=[*POINTS])
    options = parser.parse_args()
    rates = (options.fail_rate, options.drop_rate)
    points = tuple(options.points)
    held = {} if options.at_once else policies(datetime.now(ZoneInfo("Asia/Seoul")))  # noqa: TID251 - real processes
    ordeal = Ordeal(
        options.kills, options.seed, *rates, options.pieces, each=options.each, points=points, policies=held
    )
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        result = asyncio.run(torment(ordeal, Path(folder)))
    print(result.table())  # noqa: T201 - the account is what this program is for
    print(f"{'seconds':58}{time.monotonic() - began:8.0f}")  # noqa: T201
    return 1 if any(result.faults.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
