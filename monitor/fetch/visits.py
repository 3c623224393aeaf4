"""GET with manners: each hop of a redirect in the turn of its own host, and no host is pressed that is failing.

A request for robots.txt is a request like any other: it waits for its turn, and what its host answers is heeded.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import TypeAlias
from urllib.parse import urlsplit

from monitor.fetch.pace import MAX_COOL_DOWN, HostFailure, Pace
from monitor.model.errors import FetchError, FetchReason
from monitor.model.page import Response
from monitor.net.client import HttpClient
from monitor.net.retry_after import retry_after

Admit: TypeAlias = Callable[[str, str], Awaitable[float | None]]
"""Asked with (URL, origin) before each hop: returns the host's crawl delay, raises FetchError to forbid the hop."""

COOL_DOWN = 60.0  # seconds to leave a host alone that says 429 or 503 without saying for how long

_HOST_FAILS = frozenset(
    (FetchReason.CONNECT, FetchReason.DNS, FetchReason.TLS, FetchReason.TIMEOUT, FetchReason.PROTOCOL)
)
_REFUSALS = frozenset((401, 403, 429))


async def anywhere(_url: str, _origin: str) -> float | None:
    """Forbid nothing: for robots.txt itself, which no robots.txt can forbid (RFC 9309 §2.2.2)."""
    return None


class Visits:
    """Implements monitor.fetch.robots.Getter. `clock` returns the time, UTC and aware."""

    def __init__(self, client: HttpClient, pace: Pace, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._pace = pace
        self._clock = clock

    async def get(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        keep: int | None = None,
        admit: Admit = anywhere,
        follow: bool = True,
    ) -> Response:
        """Fetch a document, following redirects unless told not to; returns any status, as the client does.

        All hops together have the client's time; waiting for turns is not counted. Raises FetchError for a host that is to
        be left alone: what it failed of when no answer came, THROTTLED with its status when it answered so; and what the
        client and `admit` raise.
        """
        left, at = self._client.limits.timeout, url
        for _ in range(self._client.limits.max_redirects + 1):
            response = await self._visit(at, headers, keep, admit, left)
            if not (response.redirect and follow):
                return response
            left = max(0.0, left - response.elapsed_ms / 1000)
            at = response.redirect
        detail = f"more than {self._client.limits.max_redirects} redirects"
        raise FetchError(url, FetchReason.TOO_MANY_REDIRECTS, detail, transient=False)

    async def _visit(
        self, url: str, headers: Mapping[str, str] | None, keep: int | None, admit: Admit, seconds: float
    ) -> Response:
        """Make one hop."""
        origin, host = place(url)
        self._refuse_cooling(url, host, self._pace.cooling(host))
        delay = await admit(url, origin)
        async with self._pace.turn(host, delay) as cooling:
            self._refuse_cooling(url, host, cooling)
            try:
                response = await self._client.get(url, headers, keep=keep, follow=False, seconds=seconds)
            except FetchError as error:
                failure = HostFailure(error.reason, error.detail)
                self._pace.note(host, well=error.reason not in _HOST_FAILS, failure=failure)
                raise
            self._heed(host, response)
            return response

    def _heed(self, host: str, response: Response) -> None:
        """Take note of how the host is doing, and of its wish to be left alone."""
        refused = response.status in _REFUSALS or response.status >= 500  # noqa: PLR2004 - server errors (RFC 9110 §15.6)
        failure = HostFailure(FetchReason.THROTTLED, f"the server answered {response.status}", response.status)
        self._pace.note(host, well=not refused, failure=failure)
        if refused:
            asked = asked_cool_down(response, self._clock())
            if asked is not None:
                self._pace.cool_down(host, asked)

    def _refuse_cooling(self, url: str, host: str, seconds: float) -> None:
        """Raise what led to the pause, while it lasts: who reads it wants to know that, not how we take turns."""
        if seconds > 0:
            pause = f"the host is left alone for another {seconds:.0f} s"
            why = self._pace.last_failure(host)
            if why is None:
                raise FetchError(url, FetchReason.THROTTLED, pause, retry_after=seconds)
            raise FetchError(url, why.reason, f"{why.detail} ({pause})", status=why.status, retry_after=seconds)


def asked_cool_down(response: Response, now: datetime) -> float | None:
    """Return for how many seconds the host wants to be left alone; None when it does not say so."""
    asked = retry_after(response.headers.get("retry-after", ""), now, MAX_COOL_DOWN)
    return COOL_DOWN if asked is None and response.status in {429, 503} else asked


def place(url: str) -> tuple[str, str]:
    """Return (origin, host with its port when unusual). Raises FetchError(BAD_URL)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise FetchError(url, FetchReason.BAD_URL, str(error), transient=False) from error
    scheme = parts.scheme.lower()
    if scheme not in {"http", "https"} or not parts.hostname:
        raise FetchError(url, FetchReason.BAD_URL, "not an http or https URL", transient=False)
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if port is not None and port != {"http": 80, "https": 443}[scheme]:
        name = f"{name}:{port}"
    return f"{scheme}://{name}", name
