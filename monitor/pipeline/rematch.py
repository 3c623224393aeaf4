"""Rematch: rules that are new, changed or back against what is already stored, in one walk.

What is older than a rule is found silently. What came while the same rule was away is told, like fresh news: nobody
took it out for that (`rule_store.GAP_TOLD` says up to when).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from monitor.channels.words.compose import compose
from monitor.match.brought import newly_met
from monitor.model.event import Rematched
from monitor.model.hit import Hit
from monitor.model.notification import Decide
from monitor.model.plan import Plan
from monitor.model.story import Signature
from monitor.model.task import Deliver, Rematch
from monitor.notify.policy import decide_hits
from monitor.pipeline.articles import as_hits, following, hits_stored
from monitor.pipeline.ports import Clock, Matcher, Observer, Plans
from monitor.schedule.calendar import CALENDAR
from monitor.store.write.article_store import ArticleStore, ArticleWrite, StoredArticle
from monitor.store.write.rule_store import RuleStore, StaleRule, StaleRules

PAGE = 100  # articles that are matched in one go, off the loop, and after which the position is written down
TOGETHER = 8  # transactions handed to the writer at once: they share a commit, and hold up an alert only so long
CLOCKS = timedelta(minutes=5)  # what the clocks of two machines may be apart
NAMED = 5  # rules that the event names


@dataclass(frozen=True, slots=True)
class Leg:
    """A part of the walk: articles numbered above `after`, up to `to`, against the same rules all the way."""

    after: int
    to: int
    rules: tuple[StaleRule, ...]


def legs(stale: StaleRules) -> Iterator[Leg]:
    """Yield the walk leg by leg, in order: a rule joins where it was left, so that no article meets it twice."""
    starts = sorted({min(rule.matched_to, stale.horizon) for rule in stale.rules})
    for start, end in zip(starts, (*starts[1:], stale.horizon), strict=True):
        if start < end:
            yield Leg(start, end, tuple(rule for rule in stale.rules if rule.matched_to <= start))


@dataclass(slots=True)
class _Count:
    """What the walk has come to so far."""

    articles: int = 0
    hits: int = 0
    told: int = 0
    excerpts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rematcher:
    """The step behind Rematch.

    A walk that is cut short, by the end of the program or by another plan, goes on from its last page. Articles that
    are stored while it walks are matched by the poll that brings them, with the plan in force at that moment.
    """

    plans: Plans
    article_store: ArticleStore
    rule_store: RuleStore
    observer: Observer
    clock: Clock
    stopping: Callable[[], bool]

    async def __call__(self, task: Rematch) -> AsyncIterator[Deliver]:
        """Walk the stored articles that these rules have before them, evaluating no others; yield what is to be sent."""
        del task
        plan, matcher = self.plans.current()
        stale = await self.rule_store.stale_rules(plan)
        if not stale.rules:
            return
        count = _Count()
        async for delivery in self._walk(stale, plan, matcher, count):
            yield delivery
        if self._is_over(plan):
            return
        await self.rule_store.complete(stale.rules, self.clock())
        names = tuple(rule.rule_id for rule in stale.rules[:NAMED])
        more = len(stale.rules) - len(names)
        self.observer.report(Rematched(names, more, count.articles, count.hits, count.told, count.excerpts))

    async def _walk(self, stale: StaleRules, plan: Plan, matcher: Matcher, count: _Count) -> AsyncIterator[Deliver]:
        """Go as far as nobody says stop; the position is written down behind each page."""
        for leg in legs(stale):
            only = matcher.only({rule.rule_id for rule in leg.rules})
            after = leg.after
            while after < leg.to:
                page = await self._page(after, leg.to)
                found = await asyncio.to_thread(self._matched, page, plan, only)
                for start in range(0, len(found), TOGETHER):
                    if self._is_over(plan):
                        return
                    for delivery_id in await self._write(found[start : start + TOGETHER], leg, plan, count):
                        yield Deliver(delivery_id)
                if self._is_over(plan):
                    return
                after = page[-1].id if page else leg.to
                count.articles += len(page)
                count.excerpts += sum(bool(one.article.text_mark) for one in page)
                await self.rule_store.advance(leg.rules, after)
        async for delivery in self._brought_again(stale, plan, matcher, count):
            yield delivery

    async def _brought_again(
        self, stale: StaleRules, plan: Plan, matcher: Matcher, count: _Count
    ) -> AsyncIterator[Deliver]:
        """Hold rules of some sources, that were away, against what these brought meanwhile and others had brought before."""
        limited = {rule.id for rule in plan.rules if rule.sources}
        rules = tuple(rule for rule in stale.rules if rule.away_since is not None and rule.rule_id in limited)
        if not rules:
            return
        since = min(rule.away_since for rule in rules if rule.away_since is not None) - CLOCKS
        only, after = matcher.only({rule.rule_id for rule in rules}), 0
        leg = Leg(0, 0, tuple(replace(rule, silent_to=0) for rule in rules))
        while page := await self.article_store.brought_again(since, after, PAGE):
            found = await asyncio.to_thread(self._matched, [stored for _, stored in page], plan, only)
            for start in range(0, len(found), TOGETHER):
                if self._is_over(plan):
                    return
                for delivery_id in await self._write(found[start : start + TOGETHER], leg, plan, count):
                    yield Deliver(delivery_id)
            after = page[-1][0]

    def _is_over(self, plan: Plan) -> bool:
        """Return whether to leave the rest to the next walk."""
        return self.stopping() or self.plans.current()[0] is not plan

    async def _page(self, after: int, to: int) -> tuple[StoredArticle, ...]:
        page = await self.article_store.articles_after(after, PAGE)
        return tuple(stored for stored in page if stored.id <= to)

    def _matched(
        self, page: Sequence[StoredArticle], plan: Plan, matcher: Matcher
    ) -> list[tuple[StoredArticle, tuple[Hit, ...]]]:
        """Return the articles of a page that have hits; runs in a thread, and gives up when the program ends."""
        found = []
        for stored in page:
            if self.stopping():
                break
            baselines = dict(stored.others)
            sources = [source_id for source_id, _ in stored.others]
            for brought, met in newly_met(stored.article, sources, matcher.match):
                baseline = baselines.get(brought.source_id, stored.baseline)
                found.append((replace(stored, article=brought, baseline=baseline), as_hits(brought, met, plan)))
        return found

    async def _write(
        self, found: Sequence[tuple[StoredArticle, tuple[Hit, ...]]], leg: Leg, plan: Plan, count: _Count
    ) -> list[str]:
        """Store the hits of some articles, those on what is older than their rule silently; return what is to be sent."""
        silent_to = {rule.rule_id: rule.silent_to for rule in leg.rules}
        silently = partial(decide_hits, plan=plan, calendar=CALENDAR, rematch=True)
        writes: list[tuple[ArticleWrite, Decide]] = []
        for stored, hits in found:
            old = tuple(hit for hit in hits if stored.id <= silent_to[hit.rule_id])
            fresh = tuple(hit for hit in hits if stored.id > silent_to[hit.rule_id])
            openly = partial(decide_hits, plan=plan, calendar=CALENDAR, baseline=stored.baseline)
            # A stored article has its story already: it needs no signature.
            writes += [
                (ArticleWrite(None, stored.article, Signature(), some), decide)
                for some, decide in ((old, silently), (fresh, openly))
                if some
            ]
        now = self.clock()
        follow = following(plan, now)
        composing = partial(compose, desk_url=plan.desk_url)
        results = await asyncio.gather(
            *(self.article_store.commit(*write, composing, now, follow=follow) for write in writes)
        )
        for (write, _), result in zip(writes, results, strict=True):
            count.hits += len(result.hits)
            count.told += len(result.deliveries)
            for event in hits_stored(write.article.source_id, write.article, result):
                if not event.suppressed_as:
                    self.observer.report(event)
        return [delivery_id for result in results for delivery_id in result.deliveries]
