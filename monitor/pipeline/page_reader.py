"""An entry's address -> its article, through the pages that send on or continue it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.extract.page.onward import joined_pages
from monitor.model.article import Article, Entry, PageContent
from monitor.model.errors import ExtractError, FetchError
from monitor.model.page import Validators
from monitor.model.plan import Source
from monitor.pipeline.ports import Clock, Fetcher, Parser

MOST_FORWARDS = 3  # pages that do nothing but send on, in a row
MOST_PAGES = 5  # of one article


@dataclass(frozen=True, slots=True)
class PageAgain:
    """What stands behind an entry by now: its `article`, or why there is none to be read, or that nothing changed.

    `text` is the page as it came from `arrived_at`; "" where it was not looked at.
    """

    validators: Validators
    arrived_at: str
    text: str = ""
    article: Article | None = None
    failure: str = ""
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class PageReader:
    """Reads the article behind an entry. Each page on the way is asked for with the manners and guards of any other."""

    fetcher: Fetcher
    parser: Parser
    clock: Clock

    async def read(self, entry: Entry, source: Source, first_seen_at: datetime) -> Article:
        """Return the article. Raises FetchError and ExtractError for its first page; further ones can only add."""
        url = entry.url
        for _ in range(MOST_FORWARDS + 1):
            content = await self._content(url, entry, source, first_seen_at)
            if content.article is not None:
                return await self._whole(content.article, content.onward.further, {url}, entry, source)
            url = content.onward.forward
        raise ExtractError(url, f"more than {MOST_FORWARDS} pages in a row do nothing but send on")

    async def again(self, entry: Entry, source: Source, first_seen_at: datetime, known: Validators) -> PageAgain:
        """Return what stands behind an entry by now; `known` are the validators of the last time.

        They are of its first page: an article that goes on behind an unchanged one counts as unchanged. Raises FetchError for
        its first page, and for the one that this sends on to.
        """
        page = await self.fetcher.fetch(entry.url, known)
        if page.unchanged:
            return PageAgain(page.validators, page.final_url, unchanged=True)
        try:
            content = await self.parser.content(page, source, entry, first_seen_at, self.clock())
            if content.article is None:  # what is kept of a page that sends on says nothing of the one behind it
                article = await self.read(entry, source, first_seen_at)
                return PageAgain(Validators(), page.final_url, article=article)
        except ExtractError as error:
            return PageAgain(page.validators, page.final_url, page.text, failure=str(error))
        article = await self._whole(content.article, content.onward.further, {entry.url}, entry, source)
        return PageAgain(page.validators, page.final_url, page.text, article)

    async def _whole(self, article: Article, further: str, read: set[str], entry: Entry, source: Source) -> Article:
        """Return an article with the pages that continue it; one that cannot be had costs nothing but itself."""
        while further and further not in read and len(read) < MOST_PAGES:
            read.add(further)
            try:
                content = await self._content(further, entry, source, article.first_seen_at)
            except (FetchError, ExtractError):
                break
            more = joined_pages(article, content.article) if content.article is not None else article
            if more is article:
                break
            article, further = more, content.onward.further
        return article

    async def _content(self, url: str, entry: Entry, source: Source, first_seen_at: datetime) -> PageContent:
        page = await self.fetcher.fetch(url)
        return await self.parser.content(page, source, entry, first_seen_at, self.clock())
