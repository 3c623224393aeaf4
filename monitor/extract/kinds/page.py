"""A page that is watched for new links, whatever they look like."""

from __future__ import annotations

from monitor.extract.kind import Listing, SourceKind
from monitor.model.article import Entry


def entries(listing: Listing) -> tuple[Entry, ...]:
    """Return all links to the page's host. Raises ExtractError."""
    from monitor.extract.page.listing import read_links

    return read_links(listing.page.text, listing.page.final_url, listing.zone, listing.now)


KIND = SourceKind(entries=entries)
