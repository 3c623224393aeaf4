"""An entry's address -> its article, through the pages that send on or continue it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.extract.page.onward import joined_pages
from monitor.model.article import Article, Entry
from monitor.model.errors import ExtractError, FetchError
from monitor.model.page import Page
from monitor.model.plan import Source
from monitor.pipeline.ports import Clock, Fetcher, Parser

MOST_FORWARDS = 3  # pages that do nothing but send on, in a row
MOST_PAGES = 5  # of one article


@dataclass(frozen=True, slots=True)
class PageReader:
    """Reads the article behind an entry. Each page on the way is asked for with the manners and guards of any other."""

    fetcher: Fetcher
    parser: Parser
    clock: Clock

    async def read(self, entry: Entry, source: Source, first_seen_at: datetime) -> Article:
        """Return the article. Raises FetchError and ExtractError for its first page; further ones can only add."""
        page, further = await self._arrive(await self.fetcher.fetch(entry.url))
        article = await self.parser.article(page, source, entry, first_seen_at, self.clock())
        read = {page.final_url}
        while further and further not in read and len(read) < MOST_PAGES:
            read.add(further)
            try:
                page = await self.fetcher.fetch(further)
                more = await self.parser.article(page, source, entry, first_seen_at, self.clock())
                further = (await self.parser.onward(page)).further
            except (FetchError, ExtractError):
                break
            article, before = joined_pages(article, more), article
            if article is before:
                break
        return article

    async def _arrive(self, page: Page) -> tuple[Page, str]:
        """Return the page that others send on to, and where its article continues."""
        for _ in range(MOST_FORWARDS):
            onward = await self.parser.onward(page)
            if not onward.forward:
                return page, onward.further
            page = await self.fetcher.fetch(onward.forward)
        return page, ""
