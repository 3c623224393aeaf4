"""JSON that lists articles: JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1), and responses of the Naver search API."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from monitor.extract.definitions.identity import LONGEST, identity
from monitor.extract.feeds.items import MOST
from monitor.extract.text.bylines import stated_names
from monitor.extract.text.dates import parse_date
from monitor.extract.text.limits import FEED, check
from monitor.extract.text.markup import collapse_whitespace, excerpt, fuller_text, plain_text
from monitor.extract.text.urls import joined
from monitor.model.article import Entry
from monitor.model.errors import ExtractError

SUMMARY = 4_000  # code points kept of a summary
_VERSION = re.compile(r'"version"\s*:\s*"https?:(?:\\?/){2}jsonfeed\.org')
_HEAD = 4_096  # characters in which a feed says what it is
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def is_json(text: str) -> bool:
    """Return whether a document that should be a feed is JSON: no XML begins with a brace."""
    return text[:64].lstrip("\ufeff \t\r\n").startswith("{")


def parse_json_feed(text: str, url: str, zone: str, now: datetime) -> tuple[Entry, ...]:
    """Return the items of a JSON Feed in its order, also twins and those without a link (`url` and `key` are "" there).

    Raises ExtractError when the text is hostile or no feed.
    """
    items = tuple(_feed_entry(item, url, zone, now) for item in _items(text, url))
    if not items and _VERSION.search(text, 0, _HEAD) is None:
        raise ExtractError(url, "the JSON is no feed")
    return items


def parse_search(text: str, url: str, zone: str, now: datetime) -> tuple[Entry, ...]:
    """Return what a Naver search found, in its order.

    A result points to the paper's own page (`originallink`), else to Naver's copy. No result at all is no failure.
    Raises ExtractError when the text is hostile or no response of that search.
    """
    items = list(_items(text, url))
    found: dict[str, Entry] = {}
    for entry in (_search_entry(item, zone, now) for item in items):
        if entry:
            found.setdefault(entry.key, entry)
    if items and not found:
        raise ExtractError(url, "no result leads anywhere")
    return tuple(found.values())


def _items(text: str, url: str) -> Iterable[Mapping[str, object]]:
    check(text, url, FEED)
    try:
        data = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise ExtractError(url, "the text is no JSON") from error
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise ExtractError(url, "the JSON holds no list `items`")
    return (item for item in items[:MOST] if isinstance(item, dict))


def _feed_entry(item: Mapping[str, object], base: str, zone: str, now: datetime) -> Entry:
    """Turn an item into an entry. Content stands in for a missing summary."""
    shorter, longer = _text(item, "summary"), _text(item, "content_html") or _text(item, "content_text")
    summary = excerpt(shorter or longer, SUMMARY)
    found = _entry(base, (_text(item, "url"), _text(item, "external_url"), _text(item, "id"))) or Entry("", "")
    return Entry(
        found.key,
        found.url,
        plain_text(_text(item, "title")),
        summary,
        ", ".join(stated_names(_author(item))),
        _moment(_text(item, "date_published") or _text(item, "date_modified"), zone, now),
        _text(item, "id")[:LONGEST],
        fuller_text(summary, [longer], SUMMARY) if shorter else "",
        _moment(_text(item, "date_modified"), zone, now),
    )


def _search_entry(item: Mapping[str, object], zone: str, now: datetime) -> Entry | None:
    found = _entry("", (_text(item, "originallink"), _text(item, "link")))
    return found and Entry(
        found.key,
        found.url,
        plain_text(_text(item, "title")),
        excerpt(_text(item, "description"), SUMMARY),
        published_at=_moment(_text(item, "pubDate"), zone, now),
    )


def _entry(base: str, links: Iterable[str]) -> Entry | None:
    """Return an entry that is known by the first good link alone."""
    for link in links:
        url = joined(base, "".join(link.split())) if link else ""
        key = identity(url)
        if url.startswith(("http://", "https://")) and max(len(url), len(key)) <= LONGEST:
            return Entry(key, url)
    return None


def _author(item: Mapping[str, object]) -> str:
    """Return the names: version 1.1 has a list, 1.0 has one."""
    stated = item.get("authors")
    people = stated if isinstance(stated, list) else [item.get("author")]
    return collapse_whitespace(", ".join(_text(one, "name") for one in people[:20] if isinstance(one, dict)))


def _text(item: Mapping[str, object], key: str) -> str:
    """Return a text of an item; JSON can escape halves of characters, which no text may hold."""
    value = item.get(key)
    return _LONE_SURROGATE.sub("", value).strip() if isinstance(value, str) else ""


def _moment(stated: str, zone: str, now: datetime) -> datetime | None:
    return parse_date(stated, zone, now) if stated else None
