"""A ticker that nobody prints: a line `path|headline` for each article. What adding a kind of source takes."""

from __future__ import annotations

from urllib.parse import quote, urljoin

from monitor.extract.kind import Listing, SourceKind, needs_address
from monitor.model.article import Entry
from monitor.model.errors import ExtractError, InvalidValueError
from monitor.model.kind import KindSettings, OwnKey, Requests, Written


def topic(text: str) -> str:
    """Return a topic as it is. Raises InvalidValueError."""
    if not text.isalpha():
        raise InvalidValueError("must be letters alone")
    return text


def requests(written: Written) -> Requests:
    """Return an address for each topic, with the pass in a header."""
    urls = tuple(f"{url}?topic={quote(name)}" for url in written.urls for name in written.given("topics"))
    return Requests(urls, (("x-pass", "".join(written.given("pass"))),))


def entries(listing: Listing) -> tuple[Entry, ...]:
    """Return an entry for each line. Raises ExtractError."""
    rows = [line.split("|") for line in listing.page.text.splitlines()]
    if any(len(row) != 2 for row in rows):
        raise ExtractError(listing.page.final_url, "a line is no path and headline")
    return tuple(
        Entry(url, url, title=title)
        for url, title in ((urljoin(listing.page.final_url, path), title) for path, title in rows)
    )


KIND = SourceKind(
    entries=entries,
    settings=KindSettings(
        keys=(OwnKey("topics", topic, many=True), OwnKey("pass", str, confidential=True)),
        check=needs_address,
        requests=requests,
    ),
    may_be_empty=True,
)
