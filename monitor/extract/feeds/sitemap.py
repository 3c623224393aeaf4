"""Sitemap text -> entries, or the further sitemaps that an index names (sitemaps.org/protocol.html, and Google's news tags).

`repair` cut the document type out, so there are no entities to resolve. What stands before an error counts: a map that was
cut off is half a map.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from monitor.extract.definitions.identity import LONGEST, identity
from monitor.extract.definitions.site import Site
from monitor.extract.feeds.repair import repair
from monitor.extract.feeds.scanning import Namespaces, scan
from monitor.extract.text.dates import parse_date
from monitor.extract.text.limits import FEED, check
from monitor.extract.text.markup import plain_text
from monitor.extract.text.urls import bare, looks_like_article
from monitor.model.article import Entry
from monitor.model.errors import ExtractError

MOST = 1_000  # entries of one map; Google takes no more in a news sitemap
MOST_MAPS = 10  # maps that one poll of an index leads to
AGE = timedelta(days=30)  # what is older is an archive, not news
FRESH = timedelta(days=3)  # maps of an index that are read at the first poll

_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_ROWS = 50_000  # the protocol's own limit
_LONGEST_TEXT = 4_096
_NEWS = re.compile(r"news|latest|recent|today", re.IGNORECASE)
_FIELDS = frozenset({"loc", "lastmod", "news:title", "news:publication_date", "news:keywords"})
_HEADS = frozenset({"urlset", "sitemapindex"})


@dataclass(slots=True)
class _SitemapScan:
    """What a map has told so far."""

    kind: str = ""
    rows: list[dict[str, str]] = field(default_factory=list)
    namespaces: Namespaces = field(default_factory=Namespaces)
    at: str = ""
    pieces: list[str] = field(default_factory=list)
    inside: bool = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Open an element."""
        self.namespaces.declare(attributes)
        name = self.namespaces.name(tag)
        if name in _HEADS:
            self.kind = self.kind or name
        elif name in {"url", "sitemap"} and len(self.rows) < _MOST_ROWS:
            self.rows.append({})
            self.inside = True
        self.at, self.pieces = name if name in _FIELDS and self.inside else "", []

    def text(self, piece: str) -> None:
        """Take characters."""
        if self.at and len(self.pieces) < _LONGEST_TEXT:
            self.pieces.append(piece)

    def end(self, tag: str) -> None:
        """Close an element; the first of each kind in a row counts."""
        name = self.namespaces.name(tag)
        if self.at and name == self.at:
            self.rows[-1].setdefault(name, "".join(self.pieces)[:_LONGEST_TEXT].strip())
            self.at = ""
        if name in {"url", "sitemap"}:
            self.inside = False


def parse_sitemap(text: str, url: str, site: Site | None, zone: str, now: datetime) -> tuple[Entry, ...]:
    """Return the articles of a sitemap, newest first, undated ones last, at most 1,000, each identity once.

    Where rows carry news tags only those are articles; else those whose link the site's pattern finds, or, without a
    site, that look like one. Left out: other sites, and what is older than 30 days. Keywords stand as the summary.
    `lastmod` tells a row's age but is no time of publication. () when there are no such articles: an archive. Raises
    ExtractError when the text is hostile or no sitemap.
    """
    rows = [row for row in _scan(text, url, zone, now).rows if _ours(row.get("loc", ""), url)]
    if any("news:publication_date" in row or "news:title" in row for row in rows):
        rows = [row for row in rows if "news:publication_date" in row or "news:title" in row]
    else:
        rows = [row for row in rows if _is_article(row["loc"], site)]
    found: dict[str, Entry] = {}
    for _, row in _by_age(rows, ("news:publication_date", "lastmod"), (zone, now - AGE, now)):
        entry = _entry(row, url, zone, now)
        if len(entry.key) <= LONGEST:
            found.setdefault(entry.key, entry)
    return tuple(found.values())[:MOST]


def child_maps(text: str, url: str, zone: str, since: datetime | None, now: datetime) -> tuple[str, ...] | None:
    """Return the maps of an index that may hold something new, newest first, at most ten; None for what is no index.

    `since`: the last good poll; maps that changed before it are passed over (at the first poll, those that rested for
    three days; should all have rested, the two that changed last). Of maps without a date those go first that call
    themselves news, then the first and the last ones. Raises ExtractError for an index without maps.
    """
    found = _scan(text, url, zone, now)
    if found.kind != "sitemapindex":
        return None
    rows = [row for row in found.rows if _ours(row.get("loc", ""), url)]
    if not rows:
        raise ExtractError(url, "the sitemap index names no sitemap of this site")
    floor = now - FRESH if since is None else since - timedelta(hours=1)
    dated = [row for at, row in _by_age(rows, ("lastmod",), (zone, floor, now)) if at]
    if not dated and since is None:
        dated = [row for at, row in _by_age(rows, ("lastmod",), (zone, _EVER, now)) if at][:2]
    undated = [row for row in rows if parse_date(row.get("lastmod", ""), zone, now) is None]
    chosen = [urljoin(url, row["loc"]) for row in (*dated, *_likely(undated))]
    return tuple(dict.fromkeys(chosen))[:MOST_MAPS]


def _likely(undated: list[dict[str, str]]) -> list[dict[str, str]]:
    named = [row for row in undated if _NEWS.search(urlsplit(row["loc"]).path)]
    return named or undated[:3] + undated[3:][-3:]


def _scan(text: str, url: str, zone: str, now: datetime) -> _SitemapScan:
    """Raises ExtractError when the text is hostile or holds no sitemap."""
    check(text, url, FEED)
    found = _SitemapScan()
    fault = scan(repair(text, zone, now).text, found)
    if fault and not found.rows:
        raise ExtractError(url, f"the text is no sitemap: {fault}")
    if not found.kind:
        raise ExtractError(url, "the text is no sitemap")
    return found


def _ours(link: str, url: str) -> bool:
    """Return whether a link stays with the site of the map, as the protocol demands; subdomains and parents are the site."""
    try:
        target = urlsplit(urljoin(url, link))
        here, there = bare(urlsplit(url).hostname or ""), bare(target.hostname or "")
    except ValueError:
        return False
    if not link or target.scheme not in {"http", "https"} or len(link) > LONGEST:
        return False
    return here == there or there.endswith(f".{here}") or here.endswith(f".{there}")


def _is_article(link: str, site: Site | None) -> bool:
    return looks_like_article(link) if site is None else site.number(link) is not None


def _by_age(
    rows: Iterable[dict[str, str]], keys: tuple[str, ...], span: tuple[str, datetime, datetime]
) -> list[tuple[datetime | None, dict[str, str]]]:
    """Return (time, row), newest first, then the undated in their order; without what is older than the floor.

    `span`: zone, floor, now. A bare date means until the end of that day.
    """
    zone, floor, now = span
    dated, undated = [], []
    for row in rows:
        stated = next((row[key] for key in keys if row.get(key)), "")
        at = parse_date(stated, zone, now) if stated else None
        if at is None:
            undated.append((None, row))
            continue
        whole_day = timedelta(days=1) if len(stated) <= len("2026-01-01") else timedelta()
        if at + whole_day >= floor:
            dated.append((at, row))
    return [*sorted(dated, key=lambda one: one[0], reverse=True), *undated]


def _entry(row: Mapping[str, str], base: str, zone: str, now: datetime) -> Entry:
    url = urljoin(base, row["loc"])
    stated, changed = row.get("news:publication_date", ""), row.get("lastmod", "")
    return Entry(
        key=identity(url),
        url=url,
        title=plain_text(row.get("news:title", "")),
        summary=plain_text(row.get("news:keywords", "")),
        published_at=parse_date(stated, zone, now) if stated else None,
        modified_at=parse_date(changed, zone, now) if changed else None,
    )
