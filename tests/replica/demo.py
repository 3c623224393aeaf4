"""The whole line in one terminal, without internet: a newspaper, a receiver, and the real daemon between them.

    python -m tests.replica.demo

Waits until the daemon knows what is on the page, publishes a new article, prints each signed alert as it arrives, then
how long each step took. Ends by itself in under a minute: 0 when everything came, 1 with a reason when something did not.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import secrets
import shutil
import signal
import sys
import tempfile
import time
import unicodedata
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import yaml

from tests.replica.newspapers import Newspapers, Newsroom, Piece, Writer, mediapen
from tests.replica.receiver import Post, Receiver

ROOT = Path(__file__).resolve().parents[2]
ARTICLES = 20
TERMS = ("openai", "stargate")


class DemoError(Exception):
    """Something did not come; the message says what."""


@dataclass(slots=True)
class Daemon:
    """The running program: its process, and what it has logged."""

    process: asyncio.subprocess.Process
    patience: float
    lines: list[str] = field(default_factory=list)
    closed: asyncio.Event = field(default_factory=asyncio.Event)

    def events(self, name: str) -> list[Mapping[str, object]]:
        """Return the logged events of that name, oldest first."""
        found = [json.loads(line) for line in self.lines if line.startswith("{")]
        return [event for event in found if event.get("event") == name]

    @property
    def read(self) -> int:
        """Return how many articles it has read so far."""
        return sum(int(str(event["articles"])) for event in self.events("source.polled"))

    async def listen(self) -> None:
        """Collect log lines until the process closes them."""
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.lines.append(line.decode(errors="replace").rstrip())
        self.closed.set()

    async def wait_for(self, condition: Callable[[], bool], what: str) -> None:
        """Look until the condition holds. Raises DemoError when it does not in time, or when the daemon has ended."""
        until = time.monotonic() + self.patience
        while not condition():
            if self.process.returncode is not None:
                await asyncio.wait_for(self.closed.wait(), self.patience)  # its last words may still be on their way
                raise DemoError(f"the daemon ended with exit code {self.process.returncode}{self.tail()}")
            if time.monotonic() > until:
                raise DemoError(f"not within {self.patience:.0f} s: {what}{self.tail()}")
            await asyncio.sleep(0.01)

    def tail(self) -> str:
        """Return the last log lines, for a message."""
        return "".join(f"\n    {line}" for line in self.lines[-12:])


@dataclass(frozen=True, slots=True)
class Steps:
    """How long after publication one alert reached each step, in milliseconds."""

    rule: str
    seen: float
    matched: float
    delivered: float


def configure(folder: Path, shipped: Path, room: Newsroom) -> None:
    """Write a configuration: the shipped rules and channels, and the replica in MediaPen's place."""
    shutil.copytree(shipped, folder, ignore=shutil.ignore_patterns("sources.d"))
    networks = {"allow_networks": ["127.0.0.0/8"]}
    settings = {"fetch": {**networks, "per_host_interval": "20ms"}, "deliver": networks}
    source = {
        "id": "mediapen",
        "name": "미디어펜",
        "kind": "list",
        "url": room.lists,
        "site": "mediapen",
        "every": "1s",
    }
    for name, content in (("monitor", settings), ("sources", {"sources": [source]})):
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")


def environment(folder: Path, receiver: Receiver) -> dict[str, str]:
    """Return the daemon's environment; nothing of the caller's own installation leaks in."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("MONITOR_")}
    return kept | {
        "MONITOR_CONFIG": str(folder / "config"),
        "MONITOR_DATA_DIR": str(folder / "data"),
        "MONITOR_DATABASE_URL": f"sqlite:///{folder / 'data' / 'monitor.db'}",
        "MONITOR_WEBHOOK_URL": receiver.url,
        "MONITOR_WEBHOOK_SECRET": receiver.secrets[0],
    }


@asynccontextmanager
async def daemon(program: str, folder: Path, environ: Mapping[str, str], patience: float) -> AsyncIterator[Daemon]:
    """Run the daemon for the length of the block, then end it as an operator would. Raises DemoError."""
    try:
        process = await asyncio.create_subprocess_exec(
            program,
            "run",
            "--log-format",
            "json",
            cwd=folder,
            env=dict(environ),
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C in the terminal is for the demonstration, which then ends the daemon
        )
    except OSError as error:
        raise DemoError(f"{program} cannot be started: {error.strerror}; make install prepares it") from None
    running = Daemon(process, patience)
    listening = asyncio.create_task(running.listen())
    try:
        yield running
        await stop(running)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await listening


async def stop(running: Daemon) -> None:
    """Send SIGTERM and wait for an orderly end. Raises DemoError."""
    running.process.send_signal(signal.SIGTERM)
    try:
        code = await asyncio.wait_for(running.process.wait(), running.patience)
    except TimeoutError:
        raise DemoError(f"the daemon did not end within {running.patience:.0f} s of SIGTERM{running.tail()}") from None
    if code != 0:
        raise DemoError(f"the daemon ended with exit code {code}{running.tail()}")


def moment(text: object) -> float:
    """Return seconds since 1970 of a time in a payload."""
    return datetime.fromisoformat(str(text)).timestamp()


def steps(post: Post, published: float) -> Steps:
    """Measure one alert: first_seen_at and created_at are the daemon's clock, arrival is the receiver's."""
    body = json.loads(post.body)
    first_seen = moment(body["data"]["article"]["first_seen_at"])
    times = (first_seen, moment(body["data"]["created_at"]), post.at)
    return Steps(str(body["data"]["rule"]["name"]), *((at - published) * 1000 for at in times))


def say(title: str, *lines: str) -> None:
    """Print one station of the line."""
    sys.stdout.write(f"\n■ {title}\n" + "".join(f"    {line}\n" for line in lines))
    sys.stdout.flush()


def show(post: Post, piece: Piece) -> None:
    """Print an alert as a desk would read it. Raises DemoError when its signature or its contents are wrong."""
    if not post.verified:
        raise DemoError(f"알림의 서명이 틀립니다 / the signature of an alert does not hold: {post.problem}")
    body = json.loads(post.body)
    data = body["data"]
    article = data["article"]
    if data["matches_total"] != piece.terms.get(data["rule"]["id"]) or article["title"] != piece.title:
        raise DemoError(
            f"알림의 내용이 기사와 다릅니다 / the alert does not agree with the article: {post.body.decode()}"
        )
    words = ", ".join(dict.fromkeys(str(match["surface"]) for match in data["matches"]))
    say(
        f"알림 도착 / alert received: {data['rule']['name']}",
        f"제목 / title       {article['title']}",
        f"주소 / url         {article['url']}",
        f"기자 / author      {article['author']}",
        f"발행 / published   {article['published_at']}",
        f"적중 / matches     {data['matches_total']} ({words})",
        f"발췌 / excerpt     {' '.join(str(data['excerpt']).split())}",
        f"서명 / signature   확인됨 / verified (Standard Webhooks, {body['type']})",
        f"번호 / webhook-id  {post.id}, seq {body['seq']}",
    )


def summary(measured: list[Steps]) -> None:
    """Print how long each step took."""
    rows = [("규칙 / rule", "발견 / seen", "적중 / matched", "전송 / delivered")]
    rows += [(one.rule, f"{one.seen:.0f}", f"{one.matched:.0f}", f"{one.delivered:.0f}") for one in measured]
    lines = [pad(rule, 24) + "".join(pad(cell, -18) for cell in cells) for rule, *cells in rows]
    say("요약 / summary: 발행 뒤 걸린 시간, 밀리초 / milliseconds since publication", *lines)


def pad(text: str, width: int) -> str:
    """Fill with blanks to so many columns, on the left when negative; a Korean syllable takes two columns."""
    columns = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    blanks = " " * (abs(width) - columns)
    return text + blanks if width > 0 else blanks + text


async def play(options: argparse.Namespace, folder: Path) -> None:
    """Play the whole piece. Raises DemoError."""
    writer = Writer(seed=options.seed, rate=0.25)
    room = mediapen(writer.day(ARTICLES, datetime.fromtimestamp(time.time(), UTC)))
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    async with Newspapers(room), Receiver(secrets=(secret,)) as receiver:
        say("신문사 / newspaper", *room.lists, f"기사 {ARTICLES}건 / {ARTICLES} articles")
        say("수신기 / receiver", receiver.url)
        configure(folder / "config", options.config, room)
        async with daemon(options.program, folder, environment(folder, receiver), options.patience) as running:
            say("감시 시작 / daemon started", f"pid {running.process.pid}, {options.program} run")
            await running.wait_for(lambda: running.read >= ARTICLES, "the articles that were on the page at the start")
            if receiver.posts:
                raise DemoError("기존 기사로 알림이 왔습니다 / an article of the baseline was alerted")
            hits = len(running.events("hit.stored"))
            expected = sum(len(piece.terms) for piece in room.shelf.newest())
            if hits != expected:
                raise DemoError(f"{expected} hits stand on the page, {hits} were stored{running.tail()}")
            say(
                "기준선 / baseline",
                f"기존 기사 {running.read}건을 읽어 적중 {hits}건 저장, 알림은 보내지 않음",
                f"{running.read} articles read, {hits} hits stored, nothing sent",
            )
            measured = await breaking_news(room, writer, receiver, running)
        summary(measured)
    say("끝 / end", "모두 정상 종료 / everything has stopped in order")


async def breaking_news(room: Newsroom, writer: Writer, receiver: Receiver, running: Daemon) -> list[Steps]:
    """Publish an article, show its alerts as they come, return how long they took. Raises DemoError."""
    published = time.time()
    piece: Piece = writer.piece(datetime.fromtimestamp(published, UTC), terms=TERMS)
    url = room.publish(piece)
    say("새 기사 발행 / article published", piece.title, url)
    for count in range(1, len(TERMS) + 1):
        await running.wait_for(lambda: len(receiver.posts) >= count, f"alert {count} of {len(TERMS)}")  # noqa: B023 - awaited here
        show(receiver.posts[count - 1], piece)
    return [steps(post, published) for post in receiver.posts]


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.replica.demo", description="The whole line, on loopback.")
    parser.add_argument("--program", default=str(Path(sys.executable).with_name("monitor")), help="the daemon")
    parser.add_argument("--config", type=Path, default=ROOT / "config", help="where rules and channels come from")
    parser.add_argument("--seed", type=int, default=7, help="another seed, another newspaper")
    parser.add_argument("--patience", type=float, default=60.0, help="seconds for each thing that is waited for")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Play, and answer the exit code."""
    options = parse(arguments)
    with tempfile.TemporaryDirectory(prefix="monitor-demo-") as folder:
        try:
            asyncio.run(play(options, Path(folder)))
        except DemoError as error:
            sys.stderr.write(f"\n실패 / failed: {error}\n")
            return 1
        except KeyboardInterrupt:
            return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
