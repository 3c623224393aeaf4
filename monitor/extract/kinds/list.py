"""A page with links to articles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from monitor.extract.kind import Discovery, Home, Listing, SourceKind, needs_address
from monitor.model.article import Entry
from monitor.model.kind import KindSettings

_TRIED: Final = 4  # further lists that are tried
_LEAST: Final = 3  # articles on a list, or it is a page that happens to link to some


def entries(listing: Listing) -> tuple[Entry, ...]:
    """Return the articles that are linked. Raises ExtractError."""
    from monitor.extract.page.listing import read_list

    return read_list(listing.page.text, listing.page.final_url, listing.site, listing.source.zone, listing.now)


def stated(home: Home) -> Iterator[str]:
    """Yield the page itself and others of its site that look like lists. Raises ExtractError."""
    from monitor.extract.page.site_links import list_links

    if home.is_html:
        yield home.page.final_url
        yield from list_links(home.page.text, home.page.final_url)[:_TRIED]


def guessed(home: Home) -> Iterator[str]:
    """Yield nothing: no address of lists is common to many sites."""
    del home
    yield from ()


KIND = SourceKind(
    entries=entries,
    discovery=Discovery(2, stated, guessed, _LEAST),
    settings=KindSettings(check=needs_address, called=("html", "website", "web")),
)
