"""List: the URL of a source -> the entries it shows, through the maps of an index where it is one -> stored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from monitor.channels.words.visible import visible_line
from monitor.extract.registry import SOURCE_KINDS
from monitor.model.article import Entry, ListWrite
from monitor.model.confidential import hide
from monitor.model.errors import EmptyError, ExtractError, FetchError, FetchReason
from monitor.model.event import ListCut, ListOverrun
from monitor.model.health import ListCheck, SourceProblem
from monitor.model.page import Page, Validators
from monitor.model.plan import Source
from monitor.pipeline.outcome import ListOutcome
from monitor.pipeline.pacing import Pacer
from monitor.pipeline.ports import Clock, Fetcher, Observer, Parser
from monitor.schedule.arrivals import learn, too_late
from monitor.store.write.source_store import SourceState, SourceStore

DETAIL = 300
REPLACEMENT = "\ufffd"  # what stands for bytes that could not be decoded
BLANK = 64  # characters below which an answer without articles has no content at all
MOST_MAPS = 20  # read in one poll, over all levels
DEEPEST = 2  # levels below the first document; the protocol allows one


@dataclass(frozen=True, slots=True)
class ListResult:
    """What one list or feed showed. `errors` are of maps that could not be read beside others that could.

    `max_age` and `time_to_live` are for how many seconds the server, and the feed, ask not to be polled again; None
    where the feed's text was not there to say so. `cut`: a document showed more entries than are taken of one, or as many.
    The validators of an index are empty: its maps may change while it does not, so it is always read.
    """

    entries: tuple[Entry, ...]
    validators: Validators
    errors: tuple[str, ...] = ()
    charset: str = ""
    unchanged: bool = False
    max_age: float = 0.0
    time_to_live: float | None = None
    cut: bool = False


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
            result = replace(result, cut=len(entries) >= kind.most)
        else:
            result = await self._below(maps, source, since)
        if not result.entries and not kind.may_be_empty and (maps is None or first):
            raise ExtractError(page.url, "it shows no recent article")
        return result

    async def _below(self, maps: tuple[str, ...], source: Source, since: datetime | None) -> ListResult:
        """Read the maps of an index, level by level."""
        entries: dict[str, Entry] = {}
        failures: list[FetchError | ExtractError] = []
        good, left, cut = 0, MOST_MAPS, False
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
                cut = cut or len(found) >= SOURCE_KINDS[source.kind].most
                entries |= {entry.key: entry for entry in found if entry.key not in entries}
                maps += further
        if failures and (not good or since is None):
            raise failures[0]
        return ListResult(tuple(entries.values()), Validators(), tuple(map(str, failures)), cut=cut)

    async def _map(self, url: str, source: Source, since: datetime | None) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
        """Return the entries of a map, and the maps that it leads to when it is an index itself."""
        page: Page = await self.fetcher.fetch(url)
        further = await self.parser.maps(page, source, since, self.clock())
        return (await self.parser.entries(page, source, self.clock()) if further is None else ()), further or ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPoller:
    """Reads one URL of a source and stores what is new there."""

    reader: ListReader
    source_store: SourceStore
    pacer: Pacer
    observer: Observer
    clock: Clock

    async def poll(self, url: str, source: Source, state: SourceState) -> ListOutcome:
        """Return how it went; a failure leaves what is known of the URL as it was. Raises StoreError."""
        known = state.known(url)
        try:
            result = await self.reader.read(url, source, known, state.last_success_at)
        except (FetchError, ExtractError) as error:
            return _failed(url, error)
        cause = "content" if result.errors else ""
        least_gap = self.pacer.least_gap(url, result.max_age, result.time_to_live)
        if result.unchanged:
            news = known is not None and known.repute != result.validators.repute
            learned = result.validators if news else None
            return ListOutcome(ListCheck(hide(url), unchanged=True), least_gap=least_gap, learned=learned)
        listing = ListWrite(source.id, url, result.entries, result.validators, known is None, state.last_success_at)
        new = await self._store(listing, source)
        check = _check(listing, new, result.charset)
        if result.cut:
            self.observer.report(ListCut(source.id, url, len(result.entries)))
        if check.overrun:
            self.observer.report(ListOverrun(source.id, url, new))
        return ListOutcome(check, result.errors, cause, least_gap=least_gap)

    async def _store(self, listing: ListWrite, source: Source) -> int:
        """Store the entries that are new, and what they teach of the source's rhythm; return how many they are."""
        now = self.clock()
        return await self.source_store.commit_list(
            listing,
            now,
            baseline=listing.first and source.first_run == "baseline",
            ignore=listing.first and source.first_run == "ignore",
            learn=lambda past, fresh: learn(past, fresh, listing, now, source.zone),
        )


def crashed(source: Source, error: Exception) -> ListOutcome:
    """Return how a source stands whose poll was ended by an error that nobody expected."""
    return replace(_failed(next(iter(source.urls), source.id), error), errors=(hide(repr(error)),), cause="fault")


def problem_of(error: Exception) -> SourceProblem:
    """Return what the failure of a list says of its source."""
    if isinstance(error, FetchError):
        return SourceProblem.ROBOTS if error.reason is FetchReason.ROBOTS else SourceProblem.UNREACHABLE
    if not isinstance(error, ExtractError) or error.transient:
        return SourceProblem.UNREACHABLE
    return SourceProblem.EMPTY if isinstance(error, EmptyError) else SourceProblem.NO_ENTRIES


def alike(error: Exception) -> str:
    """Return what the failure has in common with those of other addresses: "dns", "status 403", "content"."""
    if isinstance(error, FetchError):
        return error.reason.value if error.status is None else f"status {error.status}"
    return "content" if isinstance(error, ExtractError) else "fault"


def _failed(url: str, error: Exception) -> ListOutcome:
    check = ListCheck(hide(url), problem_of(error), visible_line(str(error), DETAIL), alike(error))
    if isinstance(error, FetchError):
        return ListOutcome(check, (str(error),), error.reason, error.retry_after or 0.0)
    return ListOutcome(check, (str(error),), "content")


def _check(listing: ListWrite, new: int, charset: str) -> ListCheck:
    """Return what a list that showed entries, `new` of them for the first time, says of its source."""
    entries = listing.entries
    garbled = sum(REPLACEMENT in entry.title for entry in entries) / len(entries) if entries else 0.0
    return ListCheck(
        hide(listing.url),
        first=listing.first,
        entries=tuple(entry.key for entry in entries),
        new=new,
        overrun=too_late(new, listing),
        charset=charset,
        garbled=garbled,
    )
