"""Entry -> article -> what is to be stored of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.channels.words.compose import compose
from monitor.cluster.rarity import shipped
from monitor.cluster.signature import sign
from monitor.extract.reader import article_from_entry
from monitor.match.excerpt import excerpt
from monitor.model.article import Article
from monitor.model.errors import ExtractError, FetchError
from monitor.model.hit import Hit
from monitor.model.notification import Decide
from monitor.model.plan import Plan, Source
from monitor.model.story import Signature
from monitor.pipeline.ports import Clock, Fetcher, Matcher, Parser
from monitor.schedule.backoff import entry_retry
from monitor.store.write.article_store import ArticleStore, ArticleWrite, WriteResult
from monitor.store.write.source_store import PendingEntry

OFTEN_EARLY = frozenset({401, 403, 404})
"""A list may be ahead of the pages behind it, and a wall throttles with a 403: these deserve a few more tries."""

EARLY_TRIES = 3


@dataclass(frozen=True, slots=True)
class ReadResult:
    """The article as far as it could be read. `failure` is set when its entry was all there was to go by."""

    article: Article
    failure: str | None = None
    detail: str = ""
    entry_id: int | None = None


@dataclass(frozen=True, slots=True)
class Postponed:
    """The article could not be read yet."""

    until: datetime
    failure: str
    detail: str


@dataclass(frozen=True, slots=True)
class ArticleReader:
    """Fetches and extracts the article behind an entry."""

    fetcher: Fetcher
    parser: Parser
    article_store: ArticleStore
    clock: Clock

    async def read(self, pending: PendingEntry, source: Source, chance: float) -> ReadResult | Postponed:
        """Return the article. What another source already brought is not fetched again.

        When the page cannot be had after the last try, the entry's own title and summary stand in for it, so that a
        watched word in a headline is never lost.
        """
        stored = await self.article_store.article(pending.entry.key) if pending.known else None
        if stored is not None:
            return ReadResult(replace(stored.article, source_id=source.id))
        try:
            page = await self.fetcher.fetch(pending.entry.url)
            now = self.clock()
            return ReadResult(await self.parser.article(page, source, pending.entry, pending.first_seen_at, now))
        except FetchError as error:
            early = error.status in OFTEN_EARLY and pending.attempts < EARLY_TRIES
            wait = entry_retry(pending.attempts + 1, chance) if error.transient or early else None
            if wait is not None:
                due = self.clock() + timedelta(seconds=max(wait, error.retry_after or 0.0))
                return Postponed(due, error.reason.value, error.detail)
            reason, detail = error.reason.value, error.detail
        except ExtractError as error:
            wait = entry_retry(pending.attempts + 1, chance) if error.transient else None
            if wait is not None:
                return Postponed(self.clock() + timedelta(seconds=wait), "extract", str(error))
            reason, detail = "extract", str(error)
        return ReadResult(article_from_entry(pending.entry, source.id, pending.first_seen_at), reason, detail)


def after_fault(
    pending: PendingEntry, source: Source, detail: str, now: datetime, chance: float
) -> ReadResult | Postponed:
    """Return what becomes of an entry whose article broke a step: later, and in the end its headline has to do."""
    wait = entry_retry(pending.attempts + 1, chance)
    if wait is not None:
        return Postponed(now + timedelta(seconds=wait), "fault", detail)
    return ReadResult(article_from_entry(pending.entry, source.id, pending.first_seen_at), "fault", detail)


async def hits_of(article: Article, plan: Plan, matcher: Matcher) -> tuple[Hit, ...]:
    """Hold an article against all rules."""
    met = await asyncio.to_thread(matcher.match, article) if matcher.slow else matcher.match(article)
    rules = ((plan.rule(rule_id), matches) for rule_id, matches in met)
    return tuple(
        Hit(rule.id, rule.name, plan.version, matches, excerpt(article, matches))
        for rule, matches in rules
        if rule is not None
    )


async def write_article(
    article_store: ArticleStore, final: ReadResult, hits: tuple[Hit, ...], decide: Decide, now: datetime
) -> WriteResult:
    """Store the article, its story, its hits, whom to tell, and the messages, at one stroke."""
    # A story is told through its hits: what no rule meets is compared with nothing, and costs nothing.
    signature = sign(final.article, shipped()) if hits else Signature()
    return await article_store.commit(
        ArticleWrite(final.entry_id, final.article, signature, hits), decide, compose, now
    )
