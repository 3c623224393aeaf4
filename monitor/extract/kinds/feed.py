"""RSS, Atom and JSON Feed."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin

from monitor.extract.kind import Discovery, Home, Listing, SourceKind, needs_address
from monitor.model.article import Entry
from monitor.model.kind import KindSettings


def entries(listing: Listing) -> tuple[Entry, ...]:
    """Return the items of the feed. Raises ExtractError."""
    from monitor.extract.feeds.feed import parse_feed

    return parse_feed(listing.page.text, listing.page.final_url, listing.zone, listing.now)


def time_to_live(text: str) -> float:
    """Return for how many seconds the feed asks not to be polled again; 0 where it does not."""
    from monitor.extract.feeds import feed

    return feed.time_to_live(text)


def stated(home: Home) -> Iterator[str]:
    """Yield the feeds that a page advertises, or a document that may be one itself. Raises ExtractError."""
    from monitor.extract.page.site_links import feed_links

    yield from feed_links(home.page.text, home.page.final_url) if home.is_html else (home.page.final_url,)


def guessed(home: Home) -> Iterator[str]:
    """Yield where many sites have a feed. Raises ExtractError."""
    from monitor.extract.page.site_links import FEED_PATHS

    if home.is_html:
        yield from (urljoin(home.page.final_url, path) for path in FEED_PATHS)


KIND = SourceKind(
    entries=entries,
    time_to_live=time_to_live,
    may_be_empty=True,
    subscribable=True,
    discovery=Discovery(0, stated, guessed),
    settings=KindSettings(check=needs_address, called=("rss", "rss2", "atom", "xml", "json", "jsonfeed")),
)
