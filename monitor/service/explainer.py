"""Answers why something was told, or not: from the store, and where nothing is known of an address, by trying it just now."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.config.settings import Settings
from monitor.model.article import Article, Entry
from monitor.model.errors import StoreError
from monitor.model.explained import AddressFate, Cause, Explained
from monitor.model.records import HearingRecord
from monitor.service.clients import visiting
from monitor.service.clock import utc_now
from monitor.service.explain import ExplainQuery, Ground, explain_stored, keys_of, lists_at, sources_of_host
from monitor.service.live_walk import (
    StoryProspect,
    Timer,
    failed,
    heard,
    likely_source,
    matched,
    placed,
    read_live,
    story_prospect,
    would_hit,
)
from monitor.service.queries import Queries


@dataclass(frozen=True, slots=True, kw_only=True)
class Explainer:
    """Explains by `ground`. `audience` says who would hear of a rule's hit in a source at a moment; `settings` None: nothing can be tried.

    `queries` asks the database, and raises StoreError where there is none.
    """

    queries: Queries
    ground: Ground
    settings: Settings | None
    audience: Callable[[str, str, datetime], Awaitable[tuple[HearingRecord, ...]]]
    timer: Timer

    async def explain(self, query: ExplainQuery, *, live: bool) -> Explained:
        """Return the answer; with `live` an address that no list has shown is tried. Raises StoreError, MonitorError."""
        found = await self.queries.ask(lambda reader: explain_stored(reader, query, self.ground))
        if found.fate is AddressFate.NEVER_LISTED and live and self.settings is not None:
            return await self._tried(found, query, self.settings)
        if found.fate is not AddressFate.NOBODY or found.read is None or self.settings is None:
            return found
        rules = [one.rule for one in found.rules if one.hit_id is not None]
        return replace(found, hearing=await self._hearing(rules, found.read.article.source_id, query.now))

    async def trace(self, query: ExplainQuery, settings: Settings) -> Explained:
        """Return what the line would make of an address now, whatever is stored of it. Raises MonitorError."""
        url, plan = query.url, self.ground.plan
        found = Explained(
            url=url,
            key=keys_of(url, plan)[0],
            asked_at=query.now,
            fate=AddressFate.TRIED,
            why=(),
            lists=lists_at(url, plan),
            sources=sources_of_host(url, plan),
        )
        try:
            known = await self.queries.ask(lambda reader: explain_stored(reader, query, self.ground))
        except StoreError:
            known = found
        if known.listed:
            words = f"it is stored already: monitor explain {url} says what became of it"
            found = replace(found, listed=known.listed, why=(Cause(words),))
        return await self._tried(found, query, settings)

    async def _tried(self, found: Explained, query: ExplainQuery, settings: Settings) -> Explained:
        source = likely_source(found.sources, self.ground.plan)
        async with visiting(settings) as visitor:
            entry = Entry(found.key, found.url)
            reading = await read_live(entry, source, visitor.fetcher, visitor.parser, utc_now, self.timer)
        if reading.article is None:
            return failed(found, reading)
        article = reading.article
        found = replace(found, steps=reading.steps)
        found = await asyncio.to_thread(matched, found, article, source, self.ground, query.rule, self.timer)
        began = self.timer()
        prospect = await self._prospect(article, query.now)
        found = placed(found, prospect, self.timer() - began)
        began = self.timer()
        hearing = await self._hearing([one.rule for one in found.rules if would_hit(one)], source.id, query.now)
        return heard(found, hearing, prospect, self.ground.plan, self.timer() - began)

    async def _prospect(self, article: Article, now: datetime) -> StoryProspect | None:
        """Return which story it would join; None where there is no database yet."""
        try:
            return await self.queries.ask(lambda reader: story_prospect(reader, article, now))
        except StoreError:
            return None

    async def _hearing(self, rules: list[str], source_id: str, now: datetime) -> tuple[HearingRecord, ...]:
        """Return who would hear of these rules, as far as the files know them."""
        known = {rule.id for rule in self.ground.plan.all_rules}
        return tuple([one for rule in rules if rule in known for one in await self.audience(rule, source_id, now)])
