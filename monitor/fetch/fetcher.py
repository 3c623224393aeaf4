"""URL -> Page, with manners: robots first, in turn, conditionally, and only what can be read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from monitor.fetch.charset import decode
from monitor.fetch.pace import Pace
from monitor.fetch.packed import is_packed, unpack
from monitor.fetch.readable import is_readable
from monitor.fetch.robots import RobotsCache, Rules
from monitor.fetch.trust import conditions, learned
from monitor.fetch.visits import Visits, asked_cool_down, place
from monitor.model.errors import FetchError, FetchReason
from monitor.model.page import Page, Response, Validators
from monitor.net.client import HttpClient

Now: TypeAlias = Callable[[], datetime]

NOT_MODIFIED = 304
MAX_VALIDATOR = 512  # characters; a longer one is not worth sending back

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?([0-9]{1,9})", re.ASCII)
_LONGEST_AGE = 9  # digits
_TRANSIENT = frozenset((408, 425, 429))


class PoliteFetcher:
    """Implements pipeline.ports.Fetcher.

    `clock` returns the time, UTC and aware; `per_host_interval` is in seconds; `agent` is the name looked for in
    robots.txt (default: the product token of the client's user agent). `pace` may be shared.
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
        self._clock = clock
        self._visits = Visits(client, Pace(per_host_interval) if pace is None else pace, clock)
        self._robots = RobotsCache(self._visits, agent or product_token(client.limits.user_agent))
        self._limit = client.limits.max_bytes

    async def fetch(self, url: str, known: Validators | None = None, headers: Mapping[str, str] | None = None) -> Page:
        """Fetch a document; `known` makes the request conditional, unless the server has shown that it lies.

        The page's validators are to be kept and given back at the next fetch, of an unchanged page too: they hold what
        has been learned of the server.

        `headers` are keys to an interface: its owner has agreed, so robots.txt, which speaks to crawlers (RFC 9309 §1),
        is not asked; a redirect is not followed, because the keys are for nobody else.
        Raises FetchError: ROBOTS (refused by the rules of a host on the way), THROTTLED (429, or a host that is to be
        left alone after what it answered; with `retry_after`), STATUS (any other status that is not 2xx), CONTENT_TYPE, and whatever the
        client raises.
        """
        asking = conditions(known)
        if headers:
            response = await self._visits.get(url, {**asking, **headers}, follow=False)
        else:
            response = await self._visits.get(url, asking, admit=self._admit)
        now = self._clock()
        _insist(url, response, now)
        if is_packed(response.body):
            inside = {**response.headers, "content-type": ""}  # the header speaks of the file
            response = replace(response, body=unpack(response.body, url, self._limit), headers=inside)
        page = _page(url, response, known, now, asked=bool(asking))
        fresh = _validators(response, "" if response.status == NOT_MODIFIED else page.validators.body_hash, None)
        repute = learned(known, fresh, asked=bool(asking), same=page.unchanged)
        return replace(page, validators=replace(page.validators, repute=repute))

    async def permission(self, url: str) -> Rules:
        """Return the rules of a URL's host, which allow it. Raises FetchError, with ROBOTS where they forbid it."""
        return await self._permission(url, place(url)[0])

    async def _admit(self, url: str, origin: str) -> float | None:
        return (await self._permission(url, origin)).crawl_delay

    async def _permission(self, url: str, origin: str) -> Rules:
        """Return the rules when they allow the URL. Raises FetchError."""
        try:
            rules = await self._robots.rules(origin, self._clock())
        except FetchError as error:
            raise FetchError(
                url, error.reason, f"robots.txt: {error.detail}", transient=error.transient, status=error.status
            ) from error
        if not rules.allows(url):
            raise FetchError(url, FetchReason.ROBOTS, "robots.txt disallows it", transient=False)
        return rules


def _insist(url: str, response: Response, now: datetime) -> None:
    """Raise FetchError for a status that brings no page."""
    if 200 <= response.status < 300 or response.status == NOT_MODIFIED:  # noqa: PLR2004 - status classes of RFC 9110
        return
    raise FetchError(
        url,
        FetchReason.THROTTLED if response.status == 429 else FetchReason.STATUS,  # noqa: PLR2004 - RFC 6585
        f"the server answered {response.status}",
        transient=response.status in _TRANSIENT or response.status >= 500,  # noqa: PLR2004 - server errors
        status=response.status,
        retry_after=asked_cool_down(response, now),
    )


def product_token(user_agent: str) -> str:
    """Return the name in a User-Agent header, as robots.txt files write it ("NewsBot/1.0 (+…)" -> "NewsBot")."""
    return user_agent.strip().split("/")[0].split(" ")[0] or "*"


def _page(url: str, response: Response, known: Validators | None, now: datetime, *, asked: bool) -> Page:
    """Build the page. Raises FetchError for a 304 nobody asked for and for a content type that cannot be read."""
    content_type = response.headers.get("content-type", "")
    if response.status == NOT_MODIFIED:
        if known is None or not asked:
            raise FetchError(url, FetchReason.STATUS, "304 to an unconditional request", status=NOT_MODIFIED)
        return _unchanged(url, response, _validators(response, known.body_hash, known), now)
    if not is_readable(content_type, response.body):
        raise FetchError(url, FetchReason.CONTENT_TYPE, content_type[:100], transient=False, status=response.status)
    body_hash = hashlib.sha256(response.body).hexdigest()
    validators = _validators(response, body_hash, None)
    if known is not None and known.body_hash == body_hash:
        return _unchanged(url, response, validators, now)
    decoded = decode(response.body, content_type)
    return Page(
        url=url,
        final_url=response.url,
        status=response.status,
        text=decoded.text,
        content_type=content_type,
        charset=decoded.charset,
        charset_from=decoded.charset_from,
        validators=validators,
        fetched_at=now,
        elapsed_ms=response.elapsed_ms,
        max_age=max_age(response.headers),
    )


def max_age(headers: Mapping[str, str]) -> float:
    """Return for how many seconds a response is fresh yet (RFC 9111 §4.2.1 and §4.2.3); 0 where the server does not say.

    `no-cache` and `no-store` mean that it may be asked again at any time.
    """
    control = headers.get("cache-control", "").lower()
    found = _MAX_AGE.search(control)
    if found is None or "no-cache" in control or "no-store" in control:
        return 0.0
    age = headers.get("age", "").strip()
    spent = float(age) if age.isascii() and age.isdigit() and len(age) <= _LONGEST_AGE else 0.0
    return max(float(found[1]) - spent, 0.0)


def _unchanged(url: str, response: Response, validators: Validators, now: datetime) -> Page:
    return Page(
        url=url,
        final_url=response.url,
        status=response.status,
        text="",
        content_type=response.headers.get("content-type", ""),
        charset="",
        charset_from="",
        validators=validators,
        fetched_at=now,
        elapsed_ms=response.elapsed_ms,
        unchanged=True,
        max_age=max_age(response.headers),
    )


def _validators(response: Response, body_hash: str, old: Validators | None) -> Validators:
    """Take the response's validators, and what a 304 left out from the old ones."""
    etag = _sendable(response.headers.get("etag", "")) or (old.etag if old else "")
    modified = _sendable(response.headers.get("last-modified", "")) or (old.last_modified if old else "")
    return Validators(etag, modified, body_hash)


def _sendable(value: str) -> str:
    return value if value.isascii() and value.isprintable() and len(value) <= MAX_VALIDATOR else ""
