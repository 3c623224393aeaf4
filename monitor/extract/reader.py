"""A fetched page and its source, to entries or to an article: what the other rooms call."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from monitor.extract.definitions.canonical import canonical_key
from monitor.extract.definitions.catalog import sites, unsealed
from monitor.extract.definitions.identity import identity
from monitor.extract.definitions.site import Site
from monitor.extract.kind import Listing
from monitor.extract.page.article_page import KnownEntry, article_of, from_entry
from monitor.extract.page.listed import beside
from monitor.extract.page.onward import onward
from monitor.extract.page.parsed_page import ParsedPage, parse_page
from monitor.extract.registry import SOURCE_KINDS
from monitor.extract.text.urls import bare
from monitor.model.article import Article, Entry, PageContent
from monitor.model.errors import ExtractError
from monitor.model.page import Page
from monitor.model.plan import Source


def read_entries(page: Page, source: Source, now: datetime) -> tuple[Entry, ...]:
    """Return the articles that a list, feed, sitemap or search shows, in its order, each identity once.

    `now` is UTC. Raises ExtractError when the page shows none (an empty response of status 200 is a failure, not silence),
    when it is hostile, or when the source names an unknown site.
    """
    site = _site(source, page.final_url)
    entries = SOURCE_KINDS[source.kind].entries(Listing(page, source, site, now))
    return _folded(entries, site) if source.definition and site else entries


def read_maps(page: Page, source: Source, since: datetime | None, now: datetime) -> tuple[str, ...] | None:
    """Return the documents that a sitemap index leads to instead of articles; None for any other page.

    `since` is the last good poll, None before the first. Raises ExtractError for a hostile document and an empty index.
    """
    return SOURCE_KINDS[source.kind].maps(page, source, since, now)


def read_content(page: Page, source: Source, entry: Entry, first_seen_at: datetime, now: datetime) -> PageContent:
    """Return where a page sends its reader and, unless it does nothing else, its article: see read_article."""
    parsed = _parsed(page, source, now)
    leads = onward(parsed)
    return PageContent(leads, None if leads.forward else _article(parsed, source, entry, first_seen_at))


def read_article(page: Page, source: Source, entry: Entry, first_seen_at: datetime, now: datetime) -> Article:
    """Return the article of a page, wherever it may lead. `first_seen_at` and `now` are UTC.

    What the list said and the page does not is kept beside it; a page that is another one's does not replace the entry.
    The key is that of the page's canonical address, where that may be believed.
    Raises ExtractError when the page holds no article or is hostile, or when the source names an unknown site.
    """
    return _article(_parsed(page, source, now), source, entry, first_seen_at)


def _parsed(page: Page, source: Source, now: datetime) -> ParsedPage:
    return parse_page(page.text, page.final_url, _site(source, page.final_url), source.zone, now)


def _article(page: ParsedPage, source: Source, entry: Entry, first_seen_at: datetime) -> Article:
    article = beside(article_of(page, KnownEntry(entry, source.id, first_seen_at, page.url)), entry, page.url)
    if entry.shares_page or not article.canonical_url:
        return article
    rules = page.site.identity if source.definition and page.site else ()
    return replace(article, key=canonical_key(entry.key, (entry.url, page.url), article.canonical_url, rules))


def article_from_entry(entry: Entry, source_id: str, first_seen_at: datetime) -> Article:
    """Return what the list or feed alone told of an article, for pages that cannot be read."""
    return from_entry(entry, source_id, first_seen_at)


def missing_in_list(source: Source, entries: int) -> tuple[str, ...]:
    """Return what the self-check of the source's definition misses in its lists."""
    site = _site(source, "")
    least = max(1, site.check.entries if site else 0)
    return () if entries >= least else (f"{entries} articles are linked, {least} are usual",)


def site_names() -> tuple[str, ...]:
    """Return the names that a source's `site` may hold."""
    return tuple(sites())


def site_for(url: str) -> str:
    """Return the name of the definition that knows an article's URL by its shape; "" when none does."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    host, path = bare((parts.hostname or "").lower()), parts.path.rstrip("/") or "/"
    named = [
        (rule.any_host, -max(map(len, rule.hosts)), site.name)
        for site in sites().values()
        for rule in site.identity
        if rule.covers(host) and rule.parts(path, parts.query) is not None
    ]
    return min(named, default=(False, 0, ""))[2]


def _folded(entries: tuple[Entry, ...], site: Site) -> tuple[Entry, ...]:
    """Give the entries the keys of a definition that does not ship; those that become one count once."""
    unique: dict[str, Entry] = {}
    for entry in entries:
        key = identity(entry.url, site.identity)
        unique.setdefault(key, replace(entry, key=key))
    return tuple(unique.values())


def _site(source: Source, url: str) -> Site | None:
    """Return the source's page definition; None for the generic reader. Raises ExtractError for an unknown name.

    Where articles of any outlet are found, and for a page that no source led to, each URL chooses its own.
    """
    kind = SOURCE_KINDS.get(source.kind)
    name = source.site or ("" if kind and not kind.any_outlet else site_for(url))
    if not name:
        return None
    if source.definition:
        return unsealed(source.definition)
    site = sites().get(name)
    if site is None:
        raise ExtractError(source.urls[0] if source.urls else "", f"there is no page definition named {name!r}")
    return site
