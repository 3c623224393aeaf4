"""List: the URL of a source -> the entries it shows, through the maps of an index where it is one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.extract.registry import SOURCE_KINDS
from monitor.model.article import Entry
from monitor.model.errors import EmptyError, ExtractError, FetchError
from monitor.model.page import Page, Validators
from monitor.model.plan import Source
from monitor.pipeline.ports import Clock, Fetcher, Parser

BLANK = 64  # characters below which an answer without articles has no content at all
MOST_MAPS = 20  # read in one poll, over all levels
DEEPEST = 2  # levels below the first document; the protocol allows one


@dataclass(frozen=True, slots=True)
class ListResult:
    """What one list or feed showed. `errors` are of maps that could not be read beside others that could.

    `max_age` and `time_to_live` are for how many seconds the server, and the feed, ask not to be polled again; None
    where the feed's text was not there to say so.
    The validators of an index are empty: its maps may change while it does not, so it is always read.
    """

    entries: tuple[Entry, ...]
    validators: Validators
    errors: tuple[str, ...] = ()
    charset: str = ""
    unchanged: bool = False
    max_age: float = 0.0
    time_to_live: float | None = None


@dataclass(frozen=True, slots=True)
class ListReader:
    """Reads one URL of a source."""

    fetcher: Fetcher
    parser: Parser
    clock: Clock

    async def read(self, url: str, source: Source, known: Validators | None, since: datetime | None) -> ListResult:
        """Return what the URL shows. `since` is the source's last good poll: maps that have not changed since are not read.

        Raises FetchError and ExtractError; of an index only when no map could be read, or, at the first poll, when any
        could not: what that one holds would later be taken for news. A first poll that shows nothing has failed too.
        """
        page = await self.fetcher.fetch(url, known, dict(source.headers) or None)
        if page.unchanged:
            return ListResult((), page.validators, unchanged=True, max_age=page.max_age)
        try:
            return await self._read(page, source, None if known is None else since, first=known is None)
        except ExtractError as error:
            if error.transient or len(page.text.strip()) >= BLANK:
                raise
            raise EmptyError(url, f"{error.message}: the answer has no content") from error

    async def _read(self, page: Page, source: Source, since: datetime | None, *, first: bool) -> ListResult:
        """Return what a page that came shows, or the maps that it leads to."""
        kind = SOURCE_KINDS[source.kind]
        maps = await self.parser.maps(page, source, since, self.clock())
        if maps is None:
            entries = await self.parser.entries(page, source, self.clock())
            life = kind.time_to_live(page.text)
            result = ListResult(entries, page.validators, charset=page.charset, max_age=page.max_age, time_to_live=life)
        else:
            result = await self._below(maps, source, since)
        if not result.entries and not kind.may_be_empty and (maps is None or first):
            raise ExtractError(page.url, "it shows no recent article")
        return result

    async def _below(self, maps: tuple[str, ...], source: Source, since: datetime | None) -> ListResult:
        """Read the maps of an index, level by level."""
        entries: dict[str, Entry] = {}
        failures: list[FetchError | ExtractError] = []
        good, left = 0, MOST_MAPS
        for _ in range(DEEPEST):
            level, maps = maps[:left], ()
            left -= len(level)
            for url in level:
                try:
                    found, further = await self._map(url, source, since)
                except (FetchError, ExtractError) as error:
                    failures.append(error)
                    continue
                good += 1
                entries |= {entry.key: entry for entry in found if entry.key not in entries}
                maps += further
        if failures and (not good or since is None):
            raise failures[0]
        return ListResult(tuple(entries.values()), Validators(), tuple(map(str, failures)))

    async def _map(self, url: str, source: Source, since: datetime | None) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
        """Return the entries of a map, and the maps that it leads to when it is an index itself."""
        page: Page = await self.fetcher.fetch(url)
        further = await self.parser.maps(page, source, since, self.clock())
        return (await self.parser.entries(page, source, self.clock()) if further is None else ()), further or ()
