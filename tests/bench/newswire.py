"""A feed that has another article at each look, and the receiver of the alerts about them, in a process of their own."""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from typing import Any

FEEDS = 5
EVERY = 2.0
"""Seconds between two looks at one feed."""
WORD = "단독중계"
"""Stands in every article."""
_NUMBER = re.compile(rf"{WORD} (\d+)호")
_SYLLABLES = "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로모보소오조초코토포호구누두루무부수우주추"
_FEED = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>통신</title>
<item><title>{title}</title><link>http://{host}/a/{number}</link><pubDate>{at}</pubDate></item></channel></rss>"""
_PAGE = """<!doctype html><html lang="ko"><head><meta charset="utf-8"><meta property="og:title" content="{title}"></head>
<body><article><h1>{title}</h1><p>{body}</p></article></body></html>"""


class Newswire:
    """What another process serves at `port`, on every address of this machine's loopback."""

    def __init__(self, port: int, orders: Connection) -> None:
        self.port = port
        self._orders = orders

    def report(self) -> tuple[list[float], list[float]]:
        """Return, in milliseconds, how long alerts took since the last report, from the answer of the feed on, and looks came late."""
        self._orders.send("report")
        alerts, late = self._orders.recv()
        return alerts, late


@contextmanager
def newswire() -> Iterator[Newswire]:
    """Serve feeds and a receiver for the block."""
    here, there = Pipe()
    process = get_context("spawn").Process(target=_serve, args=(there,), daemon=True)
    process.start()
    try:
        yield Newswire(here.recv(), here)
    finally:
        process.terminate()
        process.join()


def _words(number: int, most: int) -> str:
    """Return words that no other article has: each is a story of its own."""
    draw = random.Random(number)
    return " ".join("".join(draw.choices(_SYLLABLES, k=3)) for _ in range(most))


def _title(number: int) -> str:
    return f"{WORD} {number}호 {_words(number, 4)}"


def _feed(number: int, host: str) -> str:
    at = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime())
    return _FEED.format(title=_title(number), number=number, host=host, at=at)


class _Record:
    """When which article was shown first, when each feed was looked at, and what came of that."""

    def __init__(self) -> None:
        self._numbers = count(time.time_ns() // 1_000_000)  # no article is one of a run before
        self._shown: dict[int, float] = {}
        self._looked: dict[str, float] = {}
        self._alerts: list[float] = []
        self._late: list[float] = []

    def look(self, path: str) -> int:
        """Return the number of the article that a feed has now."""
        now = time.monotonic()
        if path in self._looked:
            self._late.append((now - self._looked[path] - EVERY) * 1000)
        self._looked[path] = now
        return next(self._numbers)

    def show(self, number: int) -> None:
        """Remember that the answer with an article is out."""
        self._shown[number] = time.monotonic()

    def alert(self, numbers: set[int]) -> None:
        """Remember an alert about these articles."""
        for number in numbers & self._shown.keys():
            self._alerts.append((time.monotonic() - self._shown.pop(number)) * 1000)

    def report(self) -> tuple[list[float], list[float]]:
        """Return what was measured since the last time."""
        found = self._alerts, self._late
        self._alerts, self._late = [], []
        return found


def _serve(orders: Connection) -> None:
    record = _Record()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path.startswith("/a/"):
                number = int(self.path.rpartition("/")[2])
                self._answer(_PAGE.format(title=_title(number), body=_words(-number, 120)), "text/html")
            else:
                number = record.look(self.path)
                self._answer(_feed(number, self.headers["Host"]), "application/rss+xml")
                record.show(number)

        def do_POST(self) -> None:
            told = json.dumps(json.loads(self.rfile.read(int(self.headers["Content-Length"]))), ensure_ascii=False)
            self._answer("", "text/plain")
            record.alert({int(one) for one in _NUMBER.findall(told)})

        def _answer(self, text: str, kind: str) -> None:
            content = text.encode()
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:  # noqa: ANN401 - as in the library
            """Say nothing."""

    server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)  # noqa: S104 - every 127.x.y.z
    threading.Thread(target=server.serve_forever, daemon=True).start()
    orders.send(server.server_port)
    while orders.recv() == "report":
        orders.send(record.report())
