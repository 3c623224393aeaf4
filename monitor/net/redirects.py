"""Where a request goes, and where a response may send it next (RFC 9110 §15.4): pure."""

from __future__ import annotations

import re

import httpx

from monitor.model.errors import FetchReason
from monitor.net.failure import Failure

REDIRECTS = frozenset((301, 302, 303, 307, 308))
MAX_URL = 8192  # characters

_MEND = "write its http:// address as `url` of the source"
_FACES = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=.+\.)")


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

    From https down to http it is followed within a site only (`same_site`). Outlets whose articles are served in the
    clear send readers there, and what they say over https is authentic: refused, every article of theirs would be known by
    its headline alone. Towards another site there is no such word of the outlet for what comes in the clear from
    elsewhere. Credentials for another origin are dropped; http is another one.

    Raises Failure(BAD_REDIRECT) for a target that is unreadable, not http(s), or http at another site after https.
    """
    if status not in REDIRECTS or location is None:
        return None
    try:
        target = parse_url(str(url.join(location)))
    except (httpx.InvalidURL, ValueError, Failure) as error:
        detail = error.detail if isinstance(error, Failure) else str(error)
        what = f"leads to what cannot be fetched, {location[:200]!r}: {detail}"
        raise Failure(FetchReason.BAD_REDIRECT, what, transient=False) from error
    if url.scheme == "https" and target.scheme == "http" and not same_site(url.host, target.host):
        what = f"from https down to http at another site, {location[:200]!r}"
        raise Failure(FetchReason.BAD_REDIRECT, f"{what}; if that is where it stands now, {_MEND}", transient=False)
    return target.copy_with(userinfo=b"") if target.userinfo and origin(target) != origin(url) else target


def origin(url: httpx.URL) -> tuple[str, str, int | None]:
    """Return the origin (RFC 6454): credentials never travel from one to another."""
    return url.scheme, url.host, url.port


def same_site(one: str, other: str) -> bool:
    """Return whether two hosts are faces of one site: the same but for `www.`, `m.` and the like, or one inside the other.

    An address is the same site as itself alone.
    """
    first, second = (_FACES.sub("", host.lower().rstrip("."), count=1) for host in (one, other))
    if first == second:
        return True
    return any(_is_inside(inner, outer) for inner, outer in ((first, second), (second, first)))


def _is_inside(inner: str, outer: str) -> bool:
    return "." in outer and not outer[-1].isdigit() and inner.endswith(f".{outer}")
