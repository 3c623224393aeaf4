"""The ways to receivers: each form of request goes out through the client that speaks its protocol."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Final

from monitor.channels.kind import Mailer, Poster, PostRequest, Relay, RelayRequest, Request, TokenRefusal, TokenRequest
from monitor.channels.tokens import TokenKeeper
from monitor.model.errors import FetchError, FetchReason
from monitor.model.letter import Letter
from monitor.model.page import Response

TAKEN: Final = 200  # what a library means that came back content
UNAUTHORIZED: Final = 401  # RFC 9110 section 15.5.2; a token may end before its time


class Carrier:
    """Carries requests of every form. The clients are shared and stay the caller's to close.

    `seconds` bounds what takes several posts, each of which has that deadline of its own.
    """

    def __init__(self, poster: Poster, mailer: Mailer, relay: Relay, seconds: float) -> None:
        self._poster = poster
        self._mailer = mailer
        self._relay = relay
        self._seconds = seconds
        self._tokens = TokenKeeper(poster)

    async def carry(self, request: Request, now: datetime) -> Response | TokenRefusal:
        """Send once and return what the receiver said, or what was said where a token was asked for, and none was given.

        Raises FetchError for failures below the receiver's protocol, and MessageError as `ask` of a TokenRequest does.
        """
        match request:
            case Letter():
                return await self._mailer.mail(request)
            case RelayRequest():
                await self._relay.relay(request.url, request.title, request.text)
                return Response("", TAKEN, {}, b"", 0.0)
            case PostRequest():
                if request.token is None:
                    return await self._post(request)
                try:
                    async with asyncio.timeout(self._seconds):
                        return await self._with_token(request, request.token, now)
                except TimeoutError as error:
                    what = f"no token and no complete response within {self._seconds:g} s"
                    raise FetchError("", FetchReason.TIMEOUT, what) from error

    async def _with_token(self, request: PostRequest, asked: TokenRequest, now: datetime) -> Response | TokenRefusal:
        """Post with a token; where the receiver does not take a kept one, once more with a new one."""
        refused = ""
        while True:
            token = await self._tokens.token(asked, now, refused)
            if isinstance(token, TokenRefusal):
                return token
            own = {"authorization": f"Bearer {token}"}
            response = await self._post(replace(request, headers=dict(request.headers) | own))
            if response.status != UNAUTHORIZED or refused:
                return response
            refused = token

    async def _post(self, request: PostRequest) -> Response:
        if request.method == "POST":
            return await self._poster.post(request.url, request.body, request.headers)
        return await self._poster.change(request.method, request.url, request.body, request.headers)
