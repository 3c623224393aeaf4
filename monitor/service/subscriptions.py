"""Feeds that come from a feed reader, and go to one, as OPML."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from monitor.config.values import web_url
from monitor.extract.feeds import opml
from monitor.extract.page.site_links import stem
from monitor.extract.registry import SOURCE_KINDS
from monitor.fetch.charset import decode
from monitor.model.errors import InvalidValueError, MonitorError, public_url
from monitor.model.plan import Source
from monitor.service.discovery import free, item_yaml, same

KIND = next(name for name, kind in SOURCE_KINDS.items() if kind.subscribable)
MAX_BYTES = 4 * 1024 * 1024
LONGEST_URL = 2_000
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """What a file of subscriptions comes to: (id, name, address) of each new source, (address, reason) of all others."""

    sources: tuple[tuple[str, str, str], ...]
    left_out: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """Return the file that makes them sources; none has been seen to work yet."""
        items = (
            item_yaml(name, KIND, url, source_id, "unverified_live: true") for source_id, name, url in self.sources
        )
        return "sources:\n" + "".join(items)


def read(path: Path, present: Collection[Source]) -> Subscriptions:
    """Read an OPML file beside the sources that there are. Raises ExtractError, MonitorError, OSError."""
    with path.open("rb") as stream:
        body = stream.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise MonitorError(f"{path} is larger than {MAX_BYTES // 1024**2} MB")
    return chosen(opml.read(decode(body).text, str(path)), present)


def chosen(outlines: Iterable[opml.Subscription], present: Collection[Source]) -> Subscriptions:
    """Return which outlines become sources: those with a usable address that nothing watches yet, each once."""
    watched = {same(url): source.id for source in present for url in source.urls}
    ids = {source.id for source in present}
    sources: list[tuple[str, str, str]] = []
    left_out: list[tuple[str, str]] = []
    for outline in outlines:
        if reason := _unusable(outline.url):
            left_out.append((public_url(outline.url), reason))
        elif known := watched.get(same(outline.url)):
            left_out.append((public_url(outline.url), f"{known} watches it already"))
        else:
            source_id = free(stem(outline.url), ids.__contains__)
            ids.add(source_id)
            watched[same(outline.url)] = source_id
            sources.append((source_id, outline.name[:LONGEST_NAME].strip() or source_id, outline.url))
    return Subscriptions(tuple(sources), tuple(left_out))


def exported(sources: Iterable[Source]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the feeds of these sources as OPML, and (id, reason) of the sources, or addresses of one, that are not in it."""
    outlines: list[opml.Subscription] = []
    left_out: list[tuple[str, str]] = []
    for source in sources:
        if not SOURCE_KINDS[source.kind].subscribable:
            left_out.append((source.id, f"a {source.kind} is no feed"))
            continue
        open_urls = [url for url in source.urls if public_url(url) == url]
        outlines += [opml.Subscription(source.name, url) for url in open_urls]
        if len(open_urls) < len(source.urls) or source.headers:
            left_out.append((source.id, "an address or header holds a secret"))
    return opml.write(outlines), tuple(left_out)


def file_id(path: Path) -> str:
    """Return what the file of the new sources may be called."""
    return re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")[:50] or "subscriptions"


def _unusable(url: str) -> str:
    """Return why no source can have this address, "" when one can."""
    if len(url) > LONGEST_URL:
        return f"the address is longer than {LONGEST_URL} characters"
    try:
        web_url(url)
    except InvalidValueError as error:
        return f"the address {error}"
    return ""
