"""Find out how a site can be watched, and write the source for it."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from monitor.config.settings import Settings
from monitor.config.values import RESERVED_ID
from monitor.extract.kind import Discovery, Home
from monitor.extract.page.site_links import site_name, stem
from monitor.extract.reader import site_for
from monitor.extract.registry import SOURCE_KINDS
from monitor.model.errors import ConfigError, ExtractError, FetchError, MonitorError
from monitor.model.plan import Interval, Source
from monitor.model.trial import Candidate, Found
from monitor.service.clients import Visitor, visiting
from monitor.service.clock import utc_now

MOST_TRIED = 24  # documents that are tried; an index of sitemaps costs more requests than one
ENOUGH = 3  # good candidates of one kind
SECONDS = 120.0
STALE = timedelta(days=7)

_DISCOVERIES: Mapping[str, Discovery] = {
    name: kind.discovery for name, kind in SOURCE_KINDS.items() if kind.discovery is not None
}


async def discover(url: str, settings: Settings) -> Found:
    """Look for feeds, sitemaps and lists of a site, with the manners and guards of the settings.

    Raises FetchError or ExtractError when the page itself cannot be had, and MonitorError when nothing on the site can
    be watched.
    """
    found = await _discover(url, settings)
    if not found.candidates:
        raise MonitorError(f"{url}: no feed, no sitemap and no list of articles was found; name one of its pages")
    return found


async def _discover(url: str, settings: Settings) -> Found:
    async with visiting(settings) as visitor:
        page = await visitor.fetcher.fetch(url)
        home = page.final_url
        candidates: list[Candidate] = []
        is_html = (
            page.text.lstrip("\ufeff \t\r\n")[:9].lower().startswith(("<!doctype", "<html", "<head", "<body", "<!--"))
        )
        try:
            async with asyncio.timeout(SECONDS):
                robots = await _robots(home, visitor)
                for kind, place in _places(Home(page, robots, is_html))[:MOST_TRIED]:
                    if sum(one.kind == kind for one in candidates) < ENOUGH:
                        candidates.extend(await _try(kind, place, visitor))
        except TimeoutError:
            pass  # what was found until now is the answer
        name = site_name(page.text, home) if is_html else stem(home)
    return Found(name, stem(home), _ranked(candidates, utc_now()))


async def _robots(home: str, visitor: Visitor) -> str:
    try:
        return (await visitor.fetcher.fetch(urljoin(home, "/robots.txt"))).text
    except FetchError:
        return ""


def _places(home: Home) -> list[tuple[str, str]]:
    """Return (kind, address) of what to try, the most promising first; what is stated before what is guessed."""
    ranked = sorted(_DISCOVERIES.items(), key=lambda named: named[1].rank)
    stated = [(kind, url) for kind, discovery in ranked for url in discovery.stated(home)]
    guessed = [(kind, url) for kind, discovery in ranked for url in discovery.guessed(home)]
    return list(dict.fromkeys([*stated, *guessed]))


async def _try(kind: str, url: str, visitor: Visitor) -> tuple[Candidate, ...]:
    source = Source("try", "try", kind, (url,), Interval(300.0))
    try:
        entries = (await visitor.list_reader().read(url, source, None, None)).entries
    except (FetchError, ExtractError):
        return ()
    if len(entries) < _DISCOVERIES[kind].least:
        return ()
    known = [name for entry in entries[:20] if (name := site_for(entry.url))]
    return (Candidate(kind, url, entries, max(set(known), key=known.count) if known else ""),)


def _ranked(candidates: list[Candidate], now: datetime) -> tuple[Candidate, ...]:
    """Put what is alive first, then by the rank of their kinds, then what shows more; twins count once."""

    def worth(one: Candidate) -> tuple[bool, int, int]:
        times = [entry.published_at for entry in one.entries if entry.published_at]
        stale = bool(times) and now - max(times) > STALE
        return stale, _DISCOVERIES[one.kind].rank, -len(one.entries)

    unique: dict[frozenset[str], Candidate] = {}
    for one in sorted(candidates, key=worth):
        unique.setdefault(frozenset(entry.key for entry in one.entries), one)
    return tuple(unique.values())


def same(url: str) -> tuple[str, str, str]:
    """Return what two addresses of one feed have in common."""
    parts = urlsplit(url)
    return parts.netloc.lower(), parts.path.rstrip("/"), parts.query


def watcher(url: str, present: Iterable[Source]) -> Source | None:
    """Return the source that has this address already, one that is switched on first."""
    having = [source for source in present if same(url) in map(same, source.urls)]
    return min(having, key=lambda source: not source.enabled, default=None)


def source_yaml(found: Found, chosen: Candidate, source_id: str) -> str:
    """Return the file that makes a candidate a source."""
    return "sources:\n" + item_yaml(
        found.name, chosen.kind, chosen.url, source_id, f"site: {chosen.site}" if chosen.site else ""
    )


def item_yaml(name: str, kind: str, url: str, source_id: str, more: str = "") -> str:
    """Return one item of `sources`, `more` being a line of its own. JSON's quoting is YAML's; a dollar sign is doubled."""

    def quoted(text: str) -> str:
        return json.dumps(text.replace("$", "$$"), ensure_ascii=False)

    lines = [
        f"  - id: {source_id}",
        f"    name: {quoted(name)}",
        f"    kind: {kind}",
        f"    url: {quoted(url)}",
        *([f"    {more}"] if more else []),
        "    every: 5m",
    ]
    return "\n".join(lines) + "\n"


def free_id(folder: Path, taken: Collection[str], wanted: str) -> str:
    """Return the wanted id, with a number where a source or a file has it already."""
    return free(wanted, lambda one: one in taken or place(folder, one).exists())


def free(wanted: str, taken: Callable[[str], bool]) -> str:
    """Return the wanted id, with a number where it is taken, or kept for the pages."""
    ids = itertools.chain([wanted], (f"{wanted}-{number}" for number in itertools.count(2)))
    return next(one for one in ids if one != RESERVED_ID and not taken(one))


def place(folder: Path, source_id: str) -> Path:
    """Return the file that a new source is written to."""
    return folder / "sources.d" / f"{source_id}.yaml"


def write(folder: Path, source_id: str, text: str, check: Callable[[], object]) -> Path:
    """Write a new source and check the whole configuration with it; where `check` raises ConfigError, the file goes again.

    Raises ConfigError, and FileExistsError rather than overwrite anything.
    """
    file = place(folder, source_id)
    file.parent.mkdir(exist_ok=True)
    with file.open("x", encoding="utf-8") as stream:
        stream.write(text)
    try:
        check()
    except ConfigError:
        file.unlink()
        raise
    return file
