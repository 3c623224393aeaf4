"""A news sitemap, or an index of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urljoin

from monitor.extract.kind import Discovery, Home, Listing, SourceKind
from monitor.model.article import Entry
from monitor.model.page import Page
from monitor.model.plan import Source


def entries(listing: Listing) -> tuple[Entry, ...]:
    """Return the articles of the map. Raises ExtractError."""
    from monitor.extract.feeds.sitemap import parse_sitemap

    return parse_sitemap(listing.page.text, listing.page.final_url, listing.site, listing.zone, listing.now)


def maps(page: Page, source: Source, since: datetime | None, now: datetime) -> tuple[str, ...] | None:
    """Return the maps that an index leads to, None for a map. Raises ExtractError."""
    from monitor.extract.feeds.sitemap import child_maps

    return child_maps(page.text, page.final_url, source.zone, since, now)


def stated(home: Home) -> Iterator[str]:
    """Yield the maps that robots.txt names, or a document that may be one itself."""
    from monitor.extract.page.site_links import robots_maps

    yield from robots_maps(home.robots, home.page.final_url) if home.is_html else (home.page.final_url,)


def guessed(home: Home) -> Iterator[str]:
    """Yield where many sites have a map."""
    from monitor.extract.page.site_links import MAP_PATHS

    if home.is_html:
        yield from (urljoin(home.page.final_url, path) for path in MAP_PATHS)


KIND = SourceKind(entries=entries, maps=maps, most=1_000, discovery=Discovery(1, stated, guessed))
