"""RSS, RDF, Atom and JSON Feed text -> entries.

XML is repaired first (repair), then read by expat (items). Only what is not well-formed goes to lenient parsers:
fastfeedparser, then feedparser, which is 40 times slower and sees only what is small. No HTML parser ever sees a feed:
`<link>` is a void element in HTML, so every link would be lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from urllib.parse import urljoin

import fastfeedparser
import feedparser

from monitor.extract.definitions.identity import LONGEST, identity
from monitor.extract.feeds.apart import told_apart
from monitor.extract.feeds.items import MOST, read_items
from monitor.extract.feeds.json_feed import SUMMARY, is_json, parse_json_feed
from monitor.extract.feeds.repair import Repaired, repair
from monitor.extract.text.bylines import stated_names
from monitor.extract.text.limits import FEED, SLOW_FEED, check
from monitor.extract.text.markup import excerpt, fuller_text, plain_text
from monitor.extract.text.urls import joined
from monitor.model.article import Entry
from monitor.model.errors import ExtractError

_XML_BASE = re.compile(r"""<(?:rss|feed|channel|rdf:RDF)\b[^<>]*?\sxml:base\s*=\s*["']([^"'<>]{1,500})["']""")
_MAILBOX = re.compile(r"<[^<>@\s]{1,100}@[^<>\s]{1,200}>")
_TTL = re.compile(r"<ttl>\s{0,9}([0-9]{1,6})\s{0,9}</ttl>", re.ASCII | re.IGNORECASE)
_HEAD = 8_192  # characters in which the properties of a channel stand before its items
_WORD = re.compile(r"\w")
_ROOT = re.compile(r"<(?:[\w.-]{1,20}:)?(?:channel|feed)[\s/>]", re.IGNORECASE)


def parse_feed(text: str, url: str, zone: str, now: datetime) -> tuple[Entry, ...]:
    """Return the items of a feed in its order, each identity once, at most 2,000.

    `text` is decoded already. Titles and summaries are plain text; times without a zone are local to `zone` (IANA);
    links are joined to xml:base or `url`. An Atom entry that states no publish time gives its time of change, the only
    one that RFC 4287 obliges it to state. None at all of a feed that has no items yet, which is a good answer.
    Raises ExtractError when the text is hostile, no feed, or when none of its items says anything.
    """
    items = parse_items(text, url, zone, now)
    entries = told_apart(items, url)
    if items and not entries:
        raise ExtractError(url, "the feed holds no items that say anything")
    return entries


def parse_items(text: str, url: str, zone: str, now: datetime) -> tuple[Entry, ...]:
    """Return every item of a feed, also twins and those without a link (`url` and `key` are "" there); raises as above."""
    if is_json(text):
        return parse_json_feed(text, url, zone, now)
    check(text, url, FEED)
    repaired = repair(text, zone, now)
    items = _read(repaired.text, url)
    found = _XML_BASE.search(repaired.text, 0, 4096)
    base = urljoin(url, found[1]) if found else url
    return tuple(_entry(item, base, repaired) for item in items[:MOST])


def time_to_live(text: str) -> float:
    """Return for how many seconds a feed asks not to be read again: `<ttl>`, in minutes (RSS 2.0); 0 where it does not."""
    found = _TTL.search(text, 0, _HEAD)
    return 60.0 * int(found[1]) if found else 0.0


def _read(text: str, url: str) -> Sequence[Mapping[str, object]]:
    """Read what is well-formed; of anything else take the parser that finds most. Raises ExtractError."""
    strict, whole = read_items(text, url)
    if strict and whole:
        return strict
    for read in (_fast, _slow):
        items = _attempt(read, text, url)
        if len(items) > len(strict) and any(item.get("title") for item in items):
            return items
    if strict:
        return strict
    if whole and _ROOT.search(text, 0, _HEAD):
        return ()
    raise ExtractError(url, "the text is no feed")


def _attempt(
    read: Callable[[str], Sequence[Mapping[str, object]]], text: str, url: str
) -> Sequence[Mapping[str, object]]:
    if read is _slow:
        check(text, url, SLOW_FEED)
    try:
        return read(text)
    except Exception:  # noqa: BLE001 - parsers of hostile input raise anything; the next one has its turn
        return ()


def _fast(text: str) -> Sequence[Mapping[str, object]]:
    # Bytes, never text: a text that looks like a URL would be fetched.
    parsed = fastfeedparser.parse(text.encode(), include_tags=False, include_media=False, include_enclosures=False)
    return list(parsed.entries)


def _slow(text: str) -> Sequence[Mapping[str, object]]:
    parsed = feedparser.parse(text.encode(), sanitize_html=False, resolve_relative_uris=False)
    return list(parsed.entries)


def _entry(item: Mapping[str, object], base: str, repaired: Repaired) -> Entry:
    url = _link(item, base)
    published, updated = _text(item, "published"), _text(item, "updated")
    modified_at = repaired.moment(updated) if updated else None
    summary, content = _texts(item)
    return Entry(
        key=identity(url) if url else "",
        url=url,
        title=plain_text(_text(item, "title")),
        summary=summary,
        author=author_names(_text(item, "author")),
        published_at=repaired.moment(published) if published and published != updated else modified_at,
        item_id=_text(item, "id")[:LONGEST],
        content=content,
        modified_at=modified_at,
    )


def _text(item: Mapping[str, object], key: str) -> str:
    value = item.get(key)
    return value.strip() if isinstance(value, str) else ""


def _link(item: Mapping[str, object], base: str) -> str:
    """Return the absolute http(s) link; a permanent id serves where there is none."""
    for stated in (_text(item, "link"), _text(item, "id")):
        url = joined(base, "".join(plain_text(stated).split())) if stated else ""
        if url.startswith(("http://", "https://")) and len(url) <= LONGEST:
            return url
    return ""


def _texts(item: Mapping[str, object]) -> tuple[str, str]:
    """Return (summary, content): the description, or the content where it stands alone, and what all texts of the item say,
    "" where that is no more. Flashes carry a lone bracket, which is nothing."""
    shorter = _text(item, "description") or _text(item, "summary")
    others = [text for text in (_text(item, "further"), _content(item)) if text]
    summary = excerpt(shorter or (others[-1] if others else ""), SUMMARY)
    if not _WORD.search(summary):
        summary = ""
    content = fuller_text(summary, others, SUMMARY) if shorter or len(others) > 1 else ""
    return summary, content if _WORD.search(content) else ""


def _content(item: Mapping[str, object]) -> str:
    parts = item.get("content")
    if isinstance(parts, str):
        return parts
    first = parts[0] if isinstance(parts, list) and parts else None
    value = first.get("value") if isinstance(first, dict) else None
    return value if isinstance(value, str) else ""


def author_names(stated: str) -> str:
    """Return the names in an author line, joined by commas."""
    return ", ".join(stated_names(plain_text(_MAILBOX.sub(" ", stated))))
