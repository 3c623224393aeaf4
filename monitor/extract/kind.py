"""What a kind of source is: its keys, how its lists are read, where it may be found. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from monitor.extract.definitions.site import Site
from monitor.model.article import Entry
from monitor.model.kind import Complaint, KindSettings, Written, missing
from monitor.model.page import Page
from monitor.model.plan import Source


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that came, and what it is read with: its source, the page definition where there is one, the moment (UTC)."""

    page: Page
    source: Source
    site: Site | None
    now: datetime

    @property
    def zone(self) -> str:
        """Return the IANA zone of dates that state none: the outlet's, where its definition has one."""
        return (self.site.zone if self.site else "") or self.source.zone


@dataclass(frozen=True, slots=True)
class Home:
    """A page of a site that somebody wants watched, and the site's robots.txt, "" without one."""

    page: Page
    robots: str
    is_html: bool


Maps: TypeAlias = "Callable[[Page, Source, datetime | None, datetime], tuple[str, ...] | None]"


@dataclass(frozen=True, slots=True)
class Discovery:
    """How sources of a kind are found on a site.

    `stated` yields addresses that the page itself names, `guessed` those where many sites have one. Of two kinds that show
    the same, the one of lower `rank` is taken; fewer than `least` entries are none.
    """

    rank: int
    stated: Callable[[Home], Iterator[str]]
    guessed: Callable[[Home], Iterator[str]]
    least: int = 1


def _no_maps(page: Page, source: Source, since: datetime | None, now: datetime) -> None:
    del page, source, since, now


def _states_none(text: str) -> float:
    del text
    return 0.0


def needs_address(written: Written) -> Iterator[Complaint]:
    """Complain of a source without `url`."""
    if not written.urls:
        yield missing(written, "url", "the address of the page, feed or sitemap")


ADDRESSED: Final = KindSettings(check=needs_address)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceKind:
    """One kind of source: the KIND of a module of monitor.extract.kinds.

    `entries` returns what a list shows and raises ExtractError. `maps` returns the documents that an index leads to
    instead, None for any other page. `time_to_live` returns for how many seconds a list asks not to be polled again.
    `subscribable`: its address is one that any reader of feeds takes, as files of subscriptions list them.
    `may_be_empty`: no entry at all is no failure. `any_outlet`: it shows articles of others, so that the address of each
    chooses the page definition. `most`: entries that are taken of one document, those behind them are left.
    `discovery`: how `monitor add` finds one.
    """

    entries: Callable[[Listing], tuple[Entry, ...]]
    settings: KindSettings = ADDRESSED
    maps: Maps = _no_maps
    time_to_live: Callable[[str], float] = _states_none
    may_be_empty: bool = False
    subscribable: bool = False
    any_outlet: bool = False
    most: int = 2_000
    discovery: Discovery | None = None
