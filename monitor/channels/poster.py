"""What this room asks of others: an HTTP client that posts; of each kind of channel three pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from monitor.model.delivery import Delivery, Outcome
from monitor.model.errors import FetchError
from monitor.model.page import Response
from monitor.model.plan import Channel


class Poster(Protocol):
    """An HTTP client with caps, a total deadline and no way into private networks (monitor.net.client)."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Response:
        """Post once, following no redirect. Any status is a Response; raises FetchError for failures below HTTP."""
        ...


@dataclass(frozen=True, slots=True)
class Message:
    """One request as it goes out. `url` is confidential."""

    url: str = field(repr=False)
    body: bytes = field(repr=False)
    headers: Mapping[str, str]


class Kind(Protocol):
    """One kind of channel: a module of monitor.channels.kinds, or the Chat that is its KIND."""

    def compose(self, delivery: Delivery, channel: Channel, now: datetime) -> Message:
        """Return the request of this attempt. Raises MessageError when the channel's settings forbid one."""
        ...

    def judge(self, response: Response, channel: Channel, now: datetime) -> Outcome:
        """Return what the receiver's response means. `elapsed_ms` is left at 0 for the sender to fill."""
        ...

    def judge_failure(self, error: FetchError, channel: Channel) -> Outcome:
        """Return what a failure below HTTP means. `elapsed_ms` is left at 0 for the sender to fill."""
        ...
