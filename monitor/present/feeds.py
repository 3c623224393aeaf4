"""Hits as a feed for feed readers: Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1. Pure.

An item is an article, whatever number of rules it met, and its id is made of the address alone: it stays the same in every feed,
after a restart, and on another machine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from itertools import groupby
from typing import Final
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from monitor.model.records import HitRecord
from monitor.present.inert import inert_json, inert_text
from monitor.present.moments import rfc3339

_ATOM: Final = "http://www.w3.org/2005/Atom"
_DUBLIN_CORE: Final = "http://purl.org/dc/elements/1.1/"
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)  # of a feed in which nothing stands yet; Atom demands a moment
# What XML 1.0 allows (§2.2, Char); a text with anything else is no document.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
for _prefix, _space in (("atom", _ATOM), ("dc", _DUBLIN_CORE)):
    register_namespace(_prefix, _space)


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An article in a feed. `rules` are those it met, `surfaces` the words that were found; times are UTC."""

    id: str
    url: str
    title: str
    outlet: str
    author: str
    published: datetime
    updated: datetime
    excerpt: str
    rules: tuple[str, ...]
    surfaces: tuple[str, ...]

    @property
    def summary(self) -> str:
        """Return the passage, behind it the words that were found and where."""
        return f"{self.excerpt}\n[{' · '.join(self.surfaces)}] {self.outlet}".strip()


@dataclass(frozen=True, slots=True)
class HitFeed:
    """A feed: what it is called, the address under which it is asked for, its items, the newest first."""

    title: str
    address: str
    items: tuple[FeedItem, ...]

    @property
    def id(self) -> str:
        """Return what the feed is known by."""
        return _urn(self.address)

    @property
    def updated(self) -> datetime:
        """Return when an item was added last."""
        return max((item.updated for item in self.items), default=_NEVER)


def feed_items(hits: Iterable[HitRecord], most: int) -> tuple[FeedItem, ...]:
    """Return the articles of hits that stand together by article, at most so many."""
    some = groupby(hits, key=lambda hit: hit.article.id)
    return tuple(_item(list(of_article)) for _, (_, of_article) in zip(range(most), some, strict=False))


def _item(hits: list[HitRecord]) -> FeedItem:
    article = hits[0].article
    surfaces = dict.fromkeys(match.surface for hit in hits for match in hit.matches)
    return FeedItem(
        id=_urn(article.url),
        url=article.url,
        title=article.title,
        outlet=article.source_name or article.source,
        author=article.author,
        published=article.published_at or article.first_seen_at,
        updated=max(hit.created_at for hit in hits),
        excerpt=hits[0].excerpt,
        rules=tuple(dict.fromkeys(hit.rule_name or hit.rule_id for hit in hits)),
        surfaces=tuple(surfaces),
    )


def _urn(address: str) -> str:
    return uuid5(NAMESPACE_URL, address.encode("utf-8", "replace").decode()).urn


def atom(feed: HitFeed) -> bytes:
    """Return the feed as Atom. Texts are plain: whatever looks like markup is shown as it stands."""
    root = Element(f"{{{_ATOM}}}feed")
    _add(root, _ATOM, id=feed.id, title=feed.title, updated=rfc3339(feed.updated))
    SubElement(root, f"{{{_ATOM}}}link", rel="self", href=_xml(feed.address))
    _add(SubElement(root, f"{{{_ATOM}}}author"), _ATOM, name="monitor")
    for item in feed.items:
        entry = SubElement(root, f"{{{_ATOM}}}entry")
        times = {"published": rfc3339(item.published), "updated": rfc3339(item.updated)}
        _add(entry, _ATOM, id=item.id, title=item.title, summary=item.summary, **times)
        SubElement(entry, f"{{{_ATOM}}}link", rel="alternate", href=_xml(item.url))
        _add(SubElement(entry, f"{{{_ATOM}}}author"), _ATOM, name=item.author or item.outlet or "-")
        for rule in item.rules:
            SubElement(entry, f"{{{_ATOM}}}category", term=_xml(rule))
    return _document(root)


def rss(feed: HitFeed) -> bytes:
    """Return the feed as RSS 2.0. A description is HTML there (RSS 2.0, <item>), so that its text is escaped once more."""
    root = Element("rss", version="2.0")
    channel = SubElement(root, "channel")
    _add(channel, "", title=feed.title, link=feed.address, description=feed.title, lastBuildDate=_rfc822(feed.updated))
    SubElement(channel, f"{{{_ATOM}}}link", rel="self", href=_xml(feed.address), type="application/rss+xml")
    for item in feed.items:
        entry = SubElement(channel, "item")
        _add(entry, "", title=item.title, link=item.url, description=escape(item.summary).replace("\n", "<br>"))
        SubElement(entry, "guid", isPermaLink="false").text = item.id
        _add(entry, "", pubDate=_rfc822(item.published))
        _add(entry, _DUBLIN_CORE, creator=item.author or item.outlet)
        for rule in item.rules:
            _add(entry, "", category=rule)
    return _document(root)


def json_feed(feed: HitFeed) -> bytes:
    """Return the feed as JSON Feed 1.1 (jsonfeed.org/version/1.1)."""
    items = [
        {
            "id": item.id,
            "url": item.url,
            "title": inert_text(item.title),
            "content_text": inert_text(item.summary),
            "date_published": rfc3339(item.published),
            "date_modified": rfc3339(item.updated),
            "authors": [{"name": inert_text(item.author or item.outlet)}],
            "tags": [inert_text(one) for one in item.rules],
        }
        for item in feed.items
    ]
    head = {"version": "https://jsonfeed.org/version/1.1", "title": inert_text(feed.title), "feed_url": feed.address}
    return inert_json(json.dumps({**head, "items": items}, ensure_ascii=False)).encode()


FORMS: Final[Mapping[str, tuple[str, Callable[[HitFeed], bytes]]]] = {
    "atom": ("application/atom+xml", atom),
    "rss": ("application/rss+xml", rss),
    "json": ("application/feed+json", json_feed),
}
"""The forms of a feed by the ending of its address: the type of its document, and what writes it."""


def _add(parent: Element, space: str, **texts: str) -> None:
    for name, text in texts.items():
        SubElement(parent, f"{{{space}}}{name}" if space else name).text = _xml(text)


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", inert_text(text))


def _rfc822(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _document(root: Element) -> bytes:
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written
