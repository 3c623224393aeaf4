"""The ways to receivers: each form of request goes out through the client that speaks its protocol."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.channels.kind import Mailer, Poster, PostRequest, Request
from monitor.model.letter import Letter
from monitor.model.page import Response


@dataclass(frozen=True, slots=True)
class Carrier:
    """Carries requests of every form. The clients are shared and stay the caller's to close."""

    poster: Poster
    mailer: Mailer

    async def carry(self, request: Request) -> Response:
        """Send once and return what the receiver said. Raises FetchError for failures below its protocol."""
        match request:
            case PostRequest():
                return await self.poster.post(request.url, request.body, request.headers)
            case Letter():
                return await self.mailer.mail(request)
