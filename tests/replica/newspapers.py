"""Replica newspapers: real HTTP servers on loopback, in a test's own loop, in a thread, or as a process.

    room = mediapen(Writer(seed=7).day(30, now))
    async with Newspapers(room, rss_paper(...)):
        room.lists, room.publish(piece), room.republish(number, title="..."), room.take_down(number)
        room.mode = Failing(503, retry_after=30)      # Open Refused Failing Slow Drip Notice
        room.drift = Drift(renamed={"date-repoter": "date-reporter"})
        room.robots = "User-agent: *\\nDisallow: /"
        room.visits("/news/view/", status=304)

    with Newspapers(room).threaded(): ...

    python -m tests.replica.newspapers --mediapen 1 --ndsoft 1 --rss 1 --atom 1 --articles 30 --publish-every 5

As a process it prints a line of JSON with the addresses, then one for each piece it publishes, with the terms that
occur in it; it ends on SIGTERM or after --max-seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Protocol

from tests.replica.family import Family
from tests.replica.feeds import AtomPaper, RssPaper
from tests.replica.mediapen import MediaPen, MobilePen, popup_piece
from tests.replica.ndsoft import NdSoft
from tests.replica.newsroom import (
    Document,
    Drift,
    Drip,
    Failing,
    Mode,
    Newsroom,
    Notice,
    Open,
    Refused,
    Shelf,
    Slow,
    Visit,
)
from tests.replica.piece import Mention, Piece
from tests.replica.printed import PRINTED
from tests.replica.scripted import SCRIPTED
from tests.replica.seed import seed_piece
from tests.replica.serving import Newspapers
from tests.replica.writer import Writer

__all__ = [
    "AtomPaper",
    "Document",
    "Drift",
    "Drip",
    "Failing",
    "MediaPen",
    "Mention",
    "MobilePen",
    "Mode",
    "NdSoft",
    "Newspapers",
    "Newsroom",
    "Notice",
    "Open",
    "Piece",
    "Refused",
    "RssPaper",
    "Shelf",
    "Slow",
    "Visit",
    "Writer",
    "addresses",
    "atom_paper",
    "mediapen",
    "mobilepen",
    "ndsoft",
    "rss_paper",
    "seed_piece",
]


def addresses(first: int = 1) -> Iterator[str]:
    """Return loopback addresses without end, a host each: 127.0.1.1, 127.0.1.2, ..."""
    number = first - 1
    while True:
        yield f"127.0.{1 + number // 250}.{1 + number % 250}"
        number += 1


def mediapen(pieces: Iterable[Piece] = (), host: str = "127.0.1.1", *, size: int = 0) -> Newsroom:
    """Open a desktop MediaPen. With pieces, its lists advertise an article of four months ago, which has a page."""
    shelf = Shelf()
    for piece in pieces:
        shelf.put(piece)
    newest = shelf.newest()
    stale = popup_piece(shelf, newest[0]).number if newest else 0
    return Newsroom(MediaPen(stale=stale), host, shelf=shelf, size=size)


def mobilepen(desktop: Newsroom, host: str = "127.0.1.2") -> Newsroom:
    """Open the mobile site of a MediaPen: the same articles at another address."""
    return Newsroom(MobilePen(), host, shelf=desktop.shelf)


def ndsoft(pieces: Iterable[Piece] = (), host: str = "127.0.1.3", *, size: int = 0) -> Newsroom:
    """Open a newspaper on the ndsoft system, in cp949."""
    return Newsroom(NdSoft(), host, pieces=pieces, size=size)


def rss_paper(pieces: Iterable[Piece] = (), host: str = "127.0.1.4", *, size: int = 0) -> Newsroom:
    """Open a newspaper with an RSS feed."""
    return Newsroom(RssPaper(), host, pieces=pieces, size=size)


def atom_paper(pieces: Iterable[Piece] = (), host: str = "127.0.1.5", *, size: int = 0) -> Newsroom:
    """Open a newspaper with an Atom feed."""
    return Newsroom(AtomPaper(), host, pieces=pieces, size=size)


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.replica.newspapers", description="Replica newspapers.")
    for kind in KINDS:
        parser.add_argument(f"--{kind}", type=int, default=0, metavar="N", help=f"newspapers of the kind {kind}")
    parser.add_argument("--articles", type=int, default=30, help="articles on each at the start")
    parser.add_argument("--rate", type=float, default=0.1, help="share of articles that mention watched terms")
    parser.add_argument("--size", type=int, default=0, help="bytes of furniture on each page; 45000 is realistic")
    parser.add_argument("--publish-every", type=float, default=0.0, help="seconds between new articles; 0 for none")
    parser.add_argument("--port", type=int, default=0, help="one port for all hosts; 0 takes free ones")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--max-seconds", type=float, default=600.0, help="end by itself after so long")
    return parser.parse_args(arguments)


class Opener(Protocol):
    """Opens a newsroom of one kind."""

    def __call__(self, pieces: Iterable[Piece] = ..., host: str = ..., *, size: int = ...) -> Newsroom:
        """Return a newsroom with these pieces at this address."""
        ...


def of_family(family: Family) -> Opener:
    """Return what opens newspapers of a CMS family."""

    def opened(pieces: Iterable[Piece] = (), host: str = "127.0.1.6", *, size: int = 0) -> Newsroom:
        return Newsroom(family, host, pieces=pieces, size=size)

    return opened


KINDS: dict[str, Opener] = {"mediapen": mediapen, "ndsoft": ndsoft, "rss": rss_paper, "atom": atom_paper}
KINDS |= {family.kind: of_family(family) for family in (*PRINTED, *SCRIPTED)}


def build(options: argparse.Namespace, now: datetime) -> list[tuple[Newsroom, Writer]]:
    """Open the newsrooms that were asked for, each with a writer of its own (a MediaPen when none was named)."""
    counts = {kind: getattr(options, kind) for kind in KINDS}
    if not any(counts.values()):
        counts["mediapen"] = 1
    hosts, rooms = addresses(), list[tuple[Newsroom, Writer]]()
    for kind, count in counts.items():
        for _ in range(count):
            writer = Writer(options.seed + len(rooms), rate=options.rate)
            pieces = writer.day(options.articles, now)
            rooms.append((KINDS[kind](pieces, next(hosts), size=options.size), writer))
    return rooms


async def publish(rooms: list[tuple[Newsroom, Writer]], every: float, seed: int) -> None:
    """Publish a new piece now and then, somewhere, and say so; for ever, or never when `every` is 0."""
    chance = random.Random(seed)
    while every > 0:
        await asyncio.sleep(every)
        room, writer = chance.choice(rooms)
        piece = writer.piece(datetime.fromtimestamp(time.time(), UTC))
        url = room.publish(piece)
        say({"published": url, "at": time.time(), "title": piece.title, "terms": piece.terms})


def say(value: object) -> None:
    """Print one line of JSON."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


async def main(arguments: list[str]) -> None:
    """Serve until SIGTERM, SIGINT or the time is up."""
    options = parse(arguments)
    rooms = build(options, datetime.fromtimestamp(time.time(), UTC))
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with Newspapers(*(room for room, _ in rooms), port=options.port):
        say({"rooms": [account_of(room) for room, _ in rooms]})
        publisher = asyncio.create_task(publish(rooms, options.publish_every, options.seed))
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), options.max_seconds)
        publisher.cancel()
        await asyncio.gather(publisher, return_exceptions=True)


def account_of(room: Newsroom) -> dict[str, object]:
    """Return what a reader of the first line needs: where everything is, and the truth about what is there."""
    mentions = {room.url(piece.number): piece.terms for piece in room.shelf.newest() if piece.terms}
    kind = room.style.kind if isinstance(room.style, Family) else type(room.style).__name__
    return {"kind": kind, "base": room.base, "lists": room.lists, "feeds": room.feeds, "mentions": mentions}


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
