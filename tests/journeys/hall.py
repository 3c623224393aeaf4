"""Newspapers inside the process, and a clock that is moved: days of news in seconds, through the real line.

What a real HTTP client would bring comes from the same code that serves the replicas over sockets; everything behind it
(manners, charset, extraction, store, outbox) is the product's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from monitor.fetch.fetcher import PoliteFetcher
from monitor.fetch.pace import Pace
from monitor.model.errors import FetchError, FetchReason
from monitor.model.page import Response
from monitor.net.client import HttpClient, Limits
from tests.pipeline.app import Clock
from tests.replica.newsroom import Newsroom
from tests.replica.responses import Counter

LIMITS = Limits(10.0, 2_000_000, "monitor-test/1")


class Hall(HttpClient):
    """The way to newsrooms past their sockets, by host name; one that listens keeps its address. `down`: no network here."""

    def __init__(self, *rooms: Newsroom) -> None:
        super().__init__(LIMITS)
        self.down = False
        self.asked = 0
        self._counters: dict[str, Counter] = {}
        for room in rooms:
            room.base = room.base or f"http://{room.host}"
            self._counters[urlsplit(room.base).netloc] = Counter(room)

    async def get(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        keep: int | None = None,
        follow: bool = True,
        seconds: float | None = None,
    ) -> Response:
        """Return as the newsroom of that host does. Raises FetchError while the network is down."""
        del keep, follow, seconds
        self.asked += 1
        parts = urlsplit(url)
        if self.down:
            raise FetchError(url, FetchReason.CONNECT, "the network is unreachable")
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        found = self._counters[parts.netloc].response("GET", target, headers or {})
        lines = found.head.decode("latin-1").split("\r\n")[1:]
        named = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines) if name}
        return Response(url, found.status, named, found.body, 1.0)


@dataclass(slots=True)
class Fetching:
    """Makes the real fetcher over a hall, on the app's clock."""

    hall: Hall
    made: list[PoliteFetcher] = field(default_factory=list)

    def __call__(self, clock: Clock) -> PoliteFetcher:
        """Return the fetcher; its pauses pass on the moved clock."""
        pace = Pace(0.0, monotonic=lambda: clock().timestamp())
        self.made.append(PoliteFetcher(self.hall, clock, per_host_interval=0.0, pace=pace))
        return self.made[-1]
