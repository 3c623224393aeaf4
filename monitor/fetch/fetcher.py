"""URL -> Page, with manners: robots first, in turn, conditionally, and only what can be read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias
from urllib.parse import urlsplit

from monitor.fetch.charset import decode
from monitor.fetch.pace import Pace, retry_after
from monitor.fetch.robots import RobotsCache, Rules
from monitor.model.errors import FetchError, FetchReason
from monitor.model.page import Page, Validators
from monitor.net.client import Answer, HttpClient

Now: TypeAlias = Callable[[], datetime]

COOL_DOWN = 60.0  # seconds to leave a host alone that says 429 or 503 without saying for how long
MAX_VALIDATOR = 512  # characters; a longer one is not worth sending back

_TRANSIENT = frozenset((408, 425, 429))
_READABLE = frozenset(
    (
        *("text/html", "application/xhtml+xml", "text/xml", "application/xml", "text/plain"),
        *("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/x-rss+xml", "text/rss"),
        *("application/json", "application/feed+json", "text/json"),
    )
)


class PoliteFetcher:
    """Implements pipeline.ports.Fetcher.

    `clock` answers the time, UTC and aware; `per_host_interval` is in seconds; `agent` is the name looked for in
    robots.txt (default: the product token of the client's user agent). `pace` and `robots` may be shared.
    """

    def __init__(
        self,
        client: HttpClient,
        clock: Now,
        *,
        per_host_interval: float,
        agent: str = "",
        pace: Pace | None = None,
    ) -> None:
        self._client = client
        self._clock = clock
        self._pace = Pace(per_host_interval) if pace is None else pace
        self._robots = RobotsCache(client, agent or product_token(client.limits.user_agent))

    async def fetch(self, url: str, known: Validators | None = None) -> Page:
        """Fetch a document; `known` makes the request conditional.

        Raises FetchError: ROBOTS (refused by the host's rules), THROTTLED (429, or the host is cooling down; with
        `retry_after`), STATUS (any other status that is not 2xx), CONTENT_TYPE, and whatever the client raises.
        """
        origin, host = _place(url)
        _refuse_cooling(url, self._pace.cooling(host))
        rules = await self._permission(url, origin)
        async with self._pace.turn(host, rules.crawl_delay) as cooling:
            _refuse_cooling(url, cooling)
            answer = await self._client.get(url, _conditions(known))
            self._heed(host, url, answer)
        final_origin = origin if answer.url == url else _place(answer.url)[0]
        if final_origin != origin:
            await self._permission(answer.url, final_origin)
        return _page(url, answer, known, self._clock())

    async def _permission(self, url: str, origin: str) -> Rules:
        """Answer the rules when they allow the URL. Raises FetchError."""
        try:
            rules = await self._robots.rules(origin, self._clock())
        except FetchError as error:
            raise FetchError(
                url, error.reason, f"robots.txt: {error.detail}", transient=error.transient, status=error.status
            ) from error
        if not rules.allows(url):
            raise FetchError(url, FetchReason.ROBOTS, "robots.txt disallows it", transient=False)
        return rules

    def _heed(self, host: str, url: str, answer: Answer) -> None:
        """Raise FetchError for a status that brings no page, and leave the host alone when it asks for that."""
        if 200 <= answer.status < 300 or answer.status == 304:  # noqa: PLR2004 - status classes of RFC 9110
            return
        asked = retry_after(answer.headers.get("retry-after", ""), self._clock())
        if answer.status in {429, 503}:
            asked = COOL_DOWN if asked is None else asked
            self._pace.cool_down(host, asked)
        raise FetchError(
            url,
            FetchReason.THROTTLED if answer.status == 429 else FetchReason.STATUS,  # noqa: PLR2004 - RFC 6585
            f"the server answered {answer.status}",
            transient=answer.status in _TRANSIENT or answer.status >= 500,  # noqa: PLR2004 - server errors
            status=answer.status,
            retry_after=asked,
        )


def _refuse_cooling(url: str, seconds: float) -> None:
    if seconds > 0:
        detail = f"the host asked to be left alone for {seconds:.0f} s"
        raise FetchError(url, FetchReason.THROTTLED, detail, retry_after=seconds)


def product_token(user_agent: str) -> str:
    """Answer the name in a User-Agent header, as robots.txt files write it ("NewsBot/1.0 (+…)" -> "NewsBot")."""
    return user_agent.strip().split("/")[0].split(" ")[0] or "*"


def _place(url: str) -> tuple[str, str]:
    """Answer (origin, host with its port when unusual). Raises FetchError(BAD_URL)."""
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


def _conditions(known: Validators | None) -> dict[str, str]:
    if known is None:
        return {}
    pairs = (("if-none-match", known.etag), ("if-modified-since", known.last_modified))
    return {name: value for name, value in pairs if value}


def _page(url: str, answer: Answer, known: Validators | None, now: datetime) -> Page:
    """Build the page. Raises FetchError for a 304 nobody asked for and for a content type that cannot be read."""
    content_type = answer.headers.get("content-type", "")
    if answer.status == 304:  # noqa: PLR2004 - Not Modified
        if known is None:
            raise FetchError(url, FetchReason.STATUS, "304 to an unconditional request", status=304)
        return _unchanged(url, answer, _validators(answer, known.body_hash, known), now)
    if not _is_readable(content_type):
        raise FetchError(url, FetchReason.CONTENT_TYPE, content_type[:100], transient=False, status=answer.status)
    body_hash = hashlib.sha256(answer.body).hexdigest()
    validators = _validators(answer, body_hash, None)
    if known is not None and known.body_hash == body_hash:
        return _unchanged(url, answer, validators, now)
    decoded = decode(answer.body, content_type)
    return Page(
        url=url,
        final_url=answer.url,
        status=answer.status,
        text=decoded.text,
        content_type=content_type,
        charset=decoded.charset,
        charset_from=decoded.charset_from,
        validators=validators,
        fetched_at=now,
        elapsed_ms=answer.elapsed_ms,
    )


def _unchanged(url: str, answer: Answer, validators: Validators, now: datetime) -> Page:
    return Page(
        url=url,
        final_url=answer.url,
        status=answer.status,
        text="",
        content_type=answer.headers.get("content-type", ""),
        charset="",
        charset_from="",
        validators=validators,
        fetched_at=now,
        elapsed_ms=answer.elapsed_ms,
        unchanged=True,
    )


def _validators(answer: Answer, body_hash: str, old: Validators | None) -> Validators:
    """Take the answer's validators, and what a 304 left out from the old ones."""
    etag = _sendable(answer.headers.get("etag", "")) or (old.etag if old else "")
    modified = _sendable(answer.headers.get("last-modified", "")) or (old.last_modified if old else "")
    return Validators(etag, modified, body_hash)


def _sendable(value: str) -> str:
    return value if value.isascii() and value.isprintable() and len(value) <= MAX_VALIDATOR else ""


def _is_readable(content_type: str) -> bool:
    kind = content_type.split(";", maxsplit=1)[0].strip().lower()
    return not kind or kind in _READABLE or (kind.startswith("application/") and kind.endswith("+xml"))
