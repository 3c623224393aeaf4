"""Where a request goes, and where a response may send it next (RFC 9110 §15.4): pure."""

from __future__ import annotations

import httpx

from monitor.model.errors import FetchReason
from monitor.net.failure import Failure

REDIRECTS = frozenset((301, 302, 303, 307, 308))
MAX_URL = 8192  # characters


def parse_url(url: str) -> httpx.URL:
    """Read an absolute http or https URL. Raises Failure(BAD_URL)."""
    if len(url) > MAX_URL:
        raise Failure(FetchReason.BAD_URL, f"longer than {MAX_URL} characters", transient=False)
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:  # UnicodeError from host names is a ValueError
        raise Failure(FetchReason.BAD_URL, str(error), transient=False) from error
    if parsed.scheme not in {"http", "https"}:
        raise Failure(FetchReason.BAD_URL, f"scheme {parsed.scheme or 'missing'}, not http or https", transient=False)
    if not parsed.host or b"%" in parsed.raw_host:
        raise Failure(FetchReason.BAD_URL, "no readable host", transient=False)
    return parsed


def next_hop(url: httpx.URL, status: int, location: str | None) -> httpx.URL | None:
    """Return where a redirect leads; None when the response is no redirect.

    Raises Failure(BAD_REDIRECT) for a target that is unreadable, not http(s), or http after https. Credentials
    for another origin are dropped.
    """
    if status not in REDIRECTS or location is None:
        return None
    try:
        target = parse_url(str(url.join(location)))
    except (httpx.InvalidURL, ValueError, Failure) as error:
        detail = error.detail if isinstance(error, Failure) else str(error)
        raise Failure(FetchReason.BAD_REDIRECT, f"{location[:200]!r}: {detail}", transient=False) from error
    if url.scheme == "https" and target.scheme == "http":
        raise Failure(FetchReason.BAD_REDIRECT, f"{location[:200]!r}: from https down to http", transient=False)
    return target.copy_with(userinfo=b"") if target.userinfo and origin(target) != origin(url) else target


def origin(url: httpx.URL) -> tuple[str, str, int | None]:
    """Return the origin (RFC 6454): credentials never travel from one to another."""
    return url.scheme, url.host, url.port
