"""What a kind of channel is, and what this room asks of the clients that speak to receivers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias, runtime_checkable

from monitor.model.delivery import Delivery, Outcome
from monitor.model.kind import KindSettings
from monitor.model.letter import Letter
from monitor.model.page import Response
from monitor.model.plan import Channel


class Poster(Protocol):
    """An HTTP client with caps, a total deadline and no way into private networks (monitor.net.client)."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Response:
        """Post once, following no redirect. Any status is a Response; raises FetchError for failures below HTTP."""
        ...

    async def change(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Response:
        """Send a change of what was posted, by PATCH or PUT; in all else as `post`."""
        ...


class Mailer(Protocol):
    """An SMTP client with a total deadline and no way into private networks (monitor.net.mail_client)."""

    async def mail(self, letter: Letter) -> Response:
        """Hand in one letter. Any reply is a Response, its code the status; raises FetchError for failures below SMTP."""
        ...


class Relay(Protocol):
    """A library that speaks to services by itself (monitor.net.apprise_client)."""

    async def relay(self, url: str, title: str, text: str) -> None:
        """Send plain words; return when they were taken, raise FetchError when not."""
        ...


@dataclass(frozen=True, slots=True)
class PostRequest:
    """One request as it goes out. `url` and `headers` are confidential. `token`: what its `Authorization: Bearer …` is to be.

    `note` is for the record of the attempt, "" for none. `method`: POST, or for an edit PATCH or PUT.
    """

    url: str = field(repr=False)
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    token: TokenRequest | None = None
    note: str = ""
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """A token that a post needs first. Under one `key` one token is kept, and `ask` makes the request for it when there is none."""

    key: str = field(repr=False)
    ask: Callable[[], PostRequest] = field(repr=False)


@dataclass(frozen=True, slots=True)
class TokenRefusal:
    """What a service said that gave no token: the message was not sent."""

    response: Response


@dataclass(frozen=True, slots=True)
class RelayRequest:
    """Plain words for a service that only a library knows. `url` is confidential."""

    url: str = field(repr=False)
    title: str
    text: str


Request: TypeAlias = PostRequest | Letter | RelayRequest
"""What a kind may want carried to its receiver: a value; monitor.channels.carrier has a way for each form."""


class ChannelKind(Protocol):
    """One kind of channel: the KIND of a module of monitor.channels.kinds."""

    @property
    def settings(self) -> KindSettings:
        """Return what the configuration may say of such a channel."""
        ...

    def compose(self, delivery: Delivery, channel: Channel, now: datetime) -> Request:
        """Return the request of this attempt. Raises MessageError when the channel's settings forbid one."""
        ...

    def judge(self, response: Response, channel: Channel, now: datetime) -> Outcome:
        """Return what the receiver's response means. `elapsed_ms` is left at 0 for the sender to fill."""
        ...


@runtime_checkable
class EditingKind(ChannelKind, Protocol):
    """A kind whose receiver can edit a message that it has taken."""

    def edits(self, channel: Channel) -> bool:
        """Return whether messages of the channel can be edited: some need more than an address."""
        ...

    def edit(self, delivery: Delivery, channel: Channel, now: datetime, receipt: str) -> PostRequest:
        """Return the request that puts the body of `delivery` in the place of a message's; `judge` reads the answer.

        `receipt` is what the Outcome of the message held. Raises MessageError as `compose` does.
        """
        ...
