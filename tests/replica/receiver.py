"""A real webhook receiver on loopback that can be told to fail; in a test's own loop, or as a process of its own.

    async with Receiver(secrets=(SECRET,)) as receiver:
        receiver.then(Reply(503, {"retry-after": "7"}), Reply(drop=True))
        ...
        posts = await receiver.received(3)

    python -m tests.replica.receiver --port 0 --log posts.ndjson --fail-rate 0.15 --drop-rate 0.05 --seed 7

As a process it prints one line of JSON with its port and URL, writes each post to the log before it answers (or cuts the
line), and ends on SIGTERM or after --max-seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from tests.patience import PATIENCE
from tests.replica.mood import Mood, Reply
from tests.replica.signatures import problem_with

MAX_BODY = 1 << 20  # bytes of a request
ENDLESS_CHUNKS = 4096  # of 16 KiB: an "endless" answer ends after 64 MiB all the same
BODILESS = frozenset({204, 304})  # RFC 9110, section 6.4.1

__all__ = ["Mood", "Post", "Receiver", "Reply"]


@dataclass(frozen=True, slots=True)
class Post:
    """One recorded post. `verified` is None where the receiver has no secret; `answered` is a status, or "dropped"."""

    at: float
    path: str
    id: str
    seq: int | None
    attempt: int | None
    headers: Mapping[str, str]
    body: bytes
    verified: bool | None
    problem: str
    answered: str

    def line(self) -> str:
        """Return the post as a line of NDJSON."""
        row = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(row | {"body": self.body.decode(errors="replace")}, ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP/1.1 request as it came; header names are lower-case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Receiver:
    """Listens on 127.0.0.1 while it is entered. All posts since the start are in `posts`."""

    def __init__(
        self,
        mood: Mood | None = None,
        *,
        secrets: tuple[str, ...] = (),
        port: int = 0,
        log: Path | None = None,
        check_age: bool = True,
        refuse_unverified: bool = False,
        on_post: Callable[[Post], None] | None = None,
    ) -> None:
        self.mood = mood or Mood()
        self.posts: list[Post] = []
        self.secrets = secrets
        self.port = port
        self._log_path = log
        self._log: IO[str] | None = None
        self._check_age = check_age
        self._refuse = refuse_unverified
        self.on_post = on_post
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self._news = asyncio.Condition()

    @property
    def url(self) -> str:
        """Return the address to post to; any other path is taken as well."""
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def ids(self) -> list[str]:
        """Return the webhook ids in order of arrival, repeats included."""
        return [post.id for post in self.posts]

    @property
    def accepted(self) -> list[Post]:
        """Return the posts that were answered with 2xx."""
        return [post for post in self.posts if post.answered.startswith("2")]

    def then(self, *replies: Reply) -> None:
        """Return the next posts like this, in order."""
        self.mood.script.extend(replies)

    async def received(self, count: int, timeout: float = PATIENCE) -> list[Post]:  # noqa: ASYNC109 - a bound for tests
        """Wait until at least `count` posts have come; return all of them. Raises TimeoutError."""
        async with asyncio.timeout(timeout), self._news:
            await self._news.wait_for(lambda: len(self.posts) >= count)
        return list(self.posts)

    async def __aenter__(self) -> Self:
        """Begin to listen."""
        if self._log_path is not None:
            self._log = self._log_path.open("a", encoding="utf-8")
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening, cut what is open, close the log."""
        if self._server is not None:
            self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        if self._server is not None:
            await self._server.wait_closed()
        if self._log is not None:
            self._log.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until either side has had enough."""
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            while await self._exchange(reader, writer):
                pass
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError):
            pass  # a client that leaves or talks nonsense is served no further
        except asyncio.CancelledError:
            pass  # only closing cancels; asyncio.streams of 3.11 complains on stderr about a cancelled handler
        finally:
            self._open.discard(task)
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Take one request and answer it; tell whether the connection goes on."""
        request = await read_request(reader)
        if request.method != "POST":
            await write_reply(writer, Reply(405, {"allow": "POST"}, b""))
            return True
        reply = await self._take(request)
        if reply.drop:
            writer.transport.abort()
            return False
        await asyncio.sleep(reply.delay)
        await write_reply(writer, reply)
        return not reply.endless

    async def _take(self, request: Request) -> Reply:
        """Check, decide, record: on disk before anything is answered."""
        problem = problem_with(request.headers, request.body, self.secrets, check_age=self._check_age)
        reply = Reply(401, body=problem.encode()) if self._refuse and problem else self.mood.next()
        post = _post(request, reply, problem, None if not self.secrets else not problem)
        if self._log is not None:
            self._log.write(post.line())
            self._log.flush()
        if self.on_post is not None:
            self.on_post(post)
        async with self._news:
            self.posts.append(post)
            self._news.notify_all()
        return reply


def _post(request: Request, reply: Reply, problem: str, verified: bool | None) -> Post:  # noqa: FBT001 - a recorded fact
    """Return the record of one post."""
    headers = request.headers
    seq, attempt = (headers.get(name, "") for name in ("monitor-seq", "monitor-attempt"))
    return Post(
        at=time.time(),
        path=request.path,
        id=headers.get("webhook-id", ""),
        seq=int(seq) if seq.isdecimal() else None,
        attempt=int(attempt) if attempt.isdecimal() else None,
        headers=headers,
        body=request.body,
        verified=verified,
        problem=problem,
        answered="dropped" if reply.drop else str(reply.status),
    )


async def read_request(reader: asyncio.StreamReader) -> Request:
    """Read one request with a Content-Length. Raises EOFError at the end of the stream, ValueError for nonsense."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, path, _version = first.split(" ")
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _colon, value in pairs}
    length = int(headers.get("content-length", "0"))
    if not 0 <= length <= MAX_BODY:
        raise ValueError("body too large")
    return Request(method, path, headers, await reader.readexactly(length))


async def write_reply(writer: asyncio.StreamWriter, reply: Reply) -> None:
    """Write a reply; an endless one in chunks, until the client is gone or ENDLESS_CHUNKS are out."""
    phrase = HTTPStatus(reply.status).phrase if reply.status in set(HTTPStatus) else "Odd"
    body = b"" if reply.status in BODILESS else reply.body
    framing = {"transfer-encoding": "chunked"} if reply.endless else {"content-length": str(len(body))}
    lines = [f"{name}: {value}\r\n" for name, value in {**framing, **reply.headers}.items()]
    writer.write(f"HTTP/1.1 {reply.status} {phrase}\r\n{''.join(lines)}\r\n".encode("latin-1"))
    if not reply.endless:
        writer.write(body)
    for _ in range(ENDLESS_CHUNKS if reply.endless else 0):
        writer.write(b"4000\r\n" + b"x" * 0x4000 + b"\r\n")
        await writer.drain()
    await writer.drain()


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.replica.receiver", description="A webhook receiver.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--log", type=Path, help="append each post as a line of JSON")
    parser.add_argument("--secret", action="append", default=[], help="whsec_...; may be repeated")
    parser.add_argument("--fail-rate", type=float, default=0.0, help="share of posts answered with --fail-status")
    parser.add_argument("--fail-status", type=int, default=500)
    parser.add_argument("--retry-after", default="", help="header of failures: seconds or a date")
    parser.add_argument("--drop-rate", type=float, default=0.0, help="share of posts recorded and cut off")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each ordinary answer")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--refuse-unverified", action="store_true", help="answer 401 to what is not signed rightly")
    parser.add_argument("--max-seconds", type=float, default=600.0, help="end by itself after so long")
    return parser.parse_args(arguments)


async def main(arguments: list[str]) -> None:
    """Receive until SIGTERM, SIGINT or the time is up."""
    options = parse(arguments)
    wait = {"retry-after": options.retry_after} if options.retry_after else {}
    failure = Reply(options.fail_status, wait, b"told to fail")
    mood = Mood(options.fail_rate, options.drop_rate, options.seed, failure, Reply(delay=options.delay))
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    secrets, refuse = tuple(options.secret), options.refuse_unverified
    async with Receiver(
        mood, secrets=secrets, port=options.port, log=options.log, refuse_unverified=refuse
    ) as receiver:
        sys.stdout.write(json.dumps({"port": receiver.port, "url": receiver.url}) + "\n")
        sys.stdout.flush()
        try:
            async with asyncio.timeout(options.max_seconds):
                await stop.wait()
        except TimeoutError:
            pass


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
