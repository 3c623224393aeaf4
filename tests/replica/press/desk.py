"""The desk with two days of invented news, to be looked at in a browser, without internet.

    python -m tests.replica.press.desk [--seconds N] [--every 4]

Newspapers of several designs, a receiver and the real daemon with its pages. Two days go through the real line first, in
seconds; then an article is published every few seconds, until Ctrl-C or --seconds are over. Nothing stays behind.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import secrets
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tests.replica.demo import Daemon, DemoError, daemon, environment, say
from tests.replica.newspapers import Newspapers, Newsroom
from tests.replica.press import settings
from tests.replica.press.news import Newsdesk, Print
from tests.replica.press.outlets import OUTLETS
from tests.replica.press.past import Past
from tests.replica.receiver import Post, Receiver

PORT: Final = 8765
"""The port of the pages, where it is free."""
_PAST_EVERY: Final = "20m"
_NOW_EVERY: Final = "5s"


def free_port(wanted: int) -> int:
    """Return the port if it is free on the loopback, else another that is."""
    for port in (wanted, 0):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)) as listener:
            return int(listener.getsockname()[1])
    raise DemoError("no port is free on 127.0.0.1")


@dataclass(slots=True)
class Desk:
    """The parts of a running demonstration."""

    folder: Path
    receiver: Receiver
    rooms: Sequence[Newsroom]
    newsdesk: Newsdesk
    now: datetime
    listen: str

    @property
    def environ(self) -> Mapping[str, str]:
        """Return the environment of the daemon."""
        return environment(self.folder, self.receiver)

    async def live_the_past(self) -> float:
        """Let the two days pass; return how many seconds that took."""
        started = time.perf_counter()
        (self.folder / "data").mkdir()
        self.configure(_PAST_EVERY)
        past = Past(self.folder / "config", self.environ, self.now, self.rooms, self.newsdesk.past())
        await past.live()
        for room in self.rooms:
            room.shelf.clock = time.time
        self.configure(_NOW_EVERY)
        return time.perf_counter() - started

    def configure(self, every: str) -> None:
        """Write the configuration in which each outlet is polled so often."""
        hooks = self.receiver.url.removesuffix("/hook")
        settings.write(self.folder / "config", self.rooms, hooks, now=self.now, every=every, listen=self.listen)

    async def publish(self, coming: Iterator[Print], every: float, running: Daemon) -> None:
        """Publish an article every so many seconds, until the daemon has ended."""
        rooms = {outlet.id: (outlet, room) for outlet, room in zip(OUTLETS, self.rooms, strict=True)}
        while running.process.returncode is None:
            with suppress(TimeoutError):
                await asyncio.wait_for(running.closed.wait(), every)
                return
            one = next(coming)
            outlet, room = rooms[one.outlet]
            room.publish(replace(one.piece, published_at=datetime.fromtimestamp(time.time() // 1, UTC)))
            line(f"발행 / published  {outlet.name}: {one.piece.title}")


def line(text: str) -> None:
    """Print a line of what happens."""
    sys.stdout.write(f"    {text}\n")
    sys.stdout.flush()


def heard(post: Post) -> None:
    """Print which channel heard of what."""
    with suppress(ValueError):
        body = json.loads(post.body)
        data = body.get("data", {}) if isinstance(body, dict) else {}
        title = data.get("article", {}).get("title", "") if isinstance(data, dict) else ""
        line(f"알림 / alert      {post.path.strip('/')}: {title or body.get('type', '') or '…'}")


async def play(options: argparse.Namespace, folder: Path, stop: asyncio.Event) -> None:
    """Play until it is stopped. Raises DemoError."""
    now = datetime.fromtimestamp(time.time() // 1, UTC)
    rooms = [outlet.opened(place) for place, outlet in enumerate(OUTLETS)]
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    address = f"127.0.0.1:{free_port(options.port)}"
    async with Newspapers(*rooms), Receiver(secrets=(), on_post=heard) as receiver:
        receiver.secrets = (secret,)
        newsdesk = Newsdesk(now, options.seed)
        desk = Desk(folder, receiver, rooms, newsdesk, now, address)
        say("이틀 치 뉴스를 만드는 중 / two days of news are being made", f"매체 {len(rooms)}곳 / {len(rooms)} outlets")
        line(f"{await desk.live_the_past():.0f} s")
        async with daemon(options.program, folder, desk.environ, options.patience) as running:
            await running.wait_for(lambda: bool(running.events("web.listening")), "the pages")
            say("데스크 / the desk", f"http://{address}/", "끝내기 / end: Ctrl-C")
            publishing = asyncio.create_task(desk.publish(newsdesk.coming(), options.every, running))
            stopping = asyncio.create_task(stop.wait())
            bound = timedelta(seconds=options.seconds).total_seconds() if options.seconds else None
            await asyncio.wait((publishing, stopping), timeout=bound, return_when=asyncio.FIRST_COMPLETED)
            for task in (publishing, stopping):
                task.cancel()
            await asyncio.gather(publishing, stopping, return_exceptions=True)
    say("끝 / end", "모두 정상 종료 / everything has stopped in order")


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.replica.press.desk", description="A desk to look at.")
    parser.add_argument("--program", default=str(Path(sys.executable).with_name("monitor")), help="the daemon")
    parser.add_argument("--port", type=int, default=PORT, help="of the pages; another where it is taken")
    parser.add_argument("--every", type=float, default=4.0, help="seconds between two new articles")
    parser.add_argument("--seconds", type=float, default=0.0, help="end by itself after so long; 0 for never")
    parser.add_argument("--seed", type=int, default=7, help="another seed, other words")
    parser.add_argument("--patience", type=float, default=60.0, help="seconds for each thing that is waited for")
    return parser.parse_args(arguments)


async def run(options: argparse.Namespace) -> None:
    """Play until SIGINT, SIGTERM or the time is up. Raises DemoError."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    with tempfile.TemporaryDirectory(prefix="monitor-demo-") as folder:
        await play(options, Path(folder), stop)


def main(arguments: list[str]) -> int:
    """Play, and answer the exit code."""
    try:
        asyncio.run(run(parse(arguments)))
    except DemoError as error:
        sys.stderr.write(f"\n실패 / failed: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
