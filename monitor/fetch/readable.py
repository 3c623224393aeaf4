"""Whether a body is text that can be read: by what the server calls it, or else by what it is.

Servers call feeds anything, from octet-stream to an image. A feed, a sitemap and JSON are known by their own beginning; an
HTML page is not taken against its server's word, because error pages stand behind addresses of pictures and files.
"""

from __future__ import annotations

import json
import re

_READABLE = frozenset(
    (
        *("text/html", "application/xhtml+xml", "text/xml", "application/xml", "text/plain"),
        *("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/x-rss+xml", "text/rss"),
        *("application/json", "application/feed+json", "text/json"),
    )
)
_HEAD = 8192  # bytes searched for the first element; comments of a licence stand before it
_FEED = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*+"
    rb"(?:(?:<\?[^>]*+>|<!--(?:[^-]|-(?!->))*+-->|<!DOCTYPE[^>\[]*+(?:\[[^\]]*+\])?[^>]*+>)\s*+)*+"
    rb"<(?:[\w.-]{1,40}:)?(?:rss|feed|rdf|urlset|sitemapindex|channel)[\s/>]",
    re.IGNORECASE,
)


def is_readable(content_type: str, body: bytes) -> bool:
    """Return whether a body is worth decoding; `content_type` is its HTTP header."""
    kind = content_type.split(";", maxsplit=1)[0].strip().lower()
    if not kind or kind in _READABLE or (kind.startswith("application/") and kind.endswith(("+xml", "+json"))):
        return True
    return _is_feed(body) or _is_json(body)


def _is_feed(body: bytes) -> bool:
    return _FEED.match(body[:_HEAD].replace(b"\0", b"")) is not None  # NULs: UTF-16


def _is_json(body: bytes) -> bool:
    """Return whether a body is one JSON object or list from end to end: a script may begin like one."""
    text = body.removeprefix(b"\xef\xbb\xbf").strip()
    if (text[:1], text[-1:]) not in {(b"{", b"}"), (b"[", b"]")}:
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
