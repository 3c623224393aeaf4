"""Bearer tokens that a service hands out for a while (RFC 6749, RFC 6750): asked for when needed, kept until shortly before their end."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.channels.kind import Poster, TokenRefusal, TokenRequest
from monitor.model.confidential import remember
from monitor.model.page import Response

DEFAULT_LIFE = timedelta(hours=1)  # where a service does not say how long
LONGEST_LIFE = timedelta(days=1)
EARLY = 0.9  # of its life; a token must not end on the way

_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]{1,8192}=*")  # RFC 6750 section 2.1


@dataclass(slots=True)
class _Held:
    """The token under one key, and the line of those who want it."""

    line: asyncio.Lock = field(default_factory=asyncio.Lock)
    token: str = ""
    until: datetime | None = None


class TokenKeeper:
    """Keeps tokens in memory, one for each key. `poster` is shared and stays the caller's to close."""

    def __init__(self, poster: Poster) -> None:
        self._poster = poster
        self._held: dict[str, _Held] = {}

    async def token(self, asked: TokenRequest, now: datetime, refused: str = "") -> str | TokenRefusal:
        """Return a token that is good at `now`, or what the service said instead of one.

        `refused` is one that the receiver did not take: a new one is asked for, once for all who were refused it. Raises
        FetchError for failures below HTTP.
        """
        held = self._held.setdefault(asked.key, _Held())
        async with held.line:
            if held.until is not None and now < held.until and held.token != refused:
                return held.token
            request = asked.ask()
            response = await self._poster.post(request.url, request.body, request.headers)
            found, life = read_token(response)
            if not found:
                return TokenRefusal(response)
            remember((found,))
            held.token, held.until = found, now + life * EARLY
            return found


def read_token(response: Response) -> tuple[str, timedelta]:
    """Return the token of a service's response and how long it is good, "" where there is none in it (RFC 6749 section 5.1)."""
    try:
        said = json.loads(response.body)
    except (ValueError, RecursionError):
        return "", timedelta(0)
    if response.status // 100 != 2 or not isinstance(said, dict):  # noqa: PLR2004 - the class of success
        return "", timedelta(0)
    token = said.get("access_token")
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        return "", timedelta(0)
    return token, _life(said.get("expires_in"))


def _life(said: object) -> timedelta:
    """Return how long a token is good; a number, or as some services write it, a text that holds one."""
    text = str(said)
    if isinstance(said, bool) or not re.fullmatch(r"[0-9]{1,12}", text):
        return DEFAULT_LIFE
    return min(timedelta(seconds=int(text)), LONGEST_LIFE)
