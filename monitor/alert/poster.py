"""What this room asks of others: an HTTP client that posts, and of each channel: two pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from monitor.model.alert import Delivery, Outcome
from monitor.model.errors import FetchError
from monitor.model.plan import Channel


class Answer(Protocol):
    """What a receiver said. Header names are lower-case; `body` is the raw beginning of the answer."""

    @property
    def status(self) -> int:
        """Answer the HTTP status."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """Answer the headers by lower-case name."""
        ...

    @property
    def body(self) -> bytes:
        """Answer the first bytes of the body, as they came."""
        ...


class Poster(Protocol):
    """An HTTP client with caps, a total deadline and no way into private networks (monitor.net.client)."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Post once, following no redirect. Any status is an Answer; raises FetchError for failures below HTTP."""
        ...


@dataclass(frozen=True, slots=True)
class Message:
    """One request as it goes out. `url` is confidential."""

    url: str = field(repr=False)
    body: bytes = field(repr=False)
    headers: Mapping[str, str]


class Kind(Protocol):
    """One kind of receiver: a module of monitor.alert.channels."""

    def compose(self, delivery: Delivery, channel: Channel, now: datetime) -> Message:
        """Answer the request of this attempt. Raises ValueError when the channel's settings forbid one."""
        ...

    def judge(self, answer: Answer, channel: Channel, now: datetime) -> Outcome:
        """Answer what the receiver's answer means. `elapsed_ms` is left at 0 for the sender to fill."""
        ...

    def judge_failure(self, error: FetchError, channel: Channel) -> Outcome:
        """Answer what a failure below HTTP means. `elapsed_ms` is left at 0 for the sender to fill."""
        ...
