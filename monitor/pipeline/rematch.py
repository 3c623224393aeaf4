"""Rematch: a new or changed rule against what is already stored, silently."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from monitor.model.event import Rematched
from monitor.model.task import Rematch
from monitor.notify.policy import decide_hits
from monitor.pipeline.articles import ReadResult, hits_of, write_article
from monitor.pipeline.ports import Clock, Observer, Plans
from monitor.store.write.article_store import ArticleStore
from monitor.store.write.source_store import SourceStore

PAGE = 200


@dataclass(frozen=True, slots=True)
class Rematcher:
    """The step behind Rematch. A walk that is cut short is simply found stale again."""

    plans: Plans
    article_store: ArticleStore
    source_store: SourceStore
    observer: Observer
    clock: Clock
    stopping: Callable[[], bool]

    async def __call__(self, task: Rematch) -> None:
        """Walk all stored articles; new hits are stored as suppressed, so nobody is alerted about old news."""
        plan, matcher = self.plans.current()
        rule = plan.rule(task.rule_id)
        if rule is None:
            return
        seen = hits = last = 0
        while page := await self.article_store.articles_after(last, PAGE):
            for stored in page:
                if self.stopping():
                    return
                found = await hits_of(stored.article, plan, matcher)
                mine = tuple(hit for hit in found if hit.rule_id == rule.id)
                if mine:
                    decide = partial(decide_hits, plan=plan, rematch=True)
                    result = ReadResult(stored.article)
                    written = await write_article(self.article_store, result, mine, decide, self.clock())
                    hits += len(written.hits)
            seen += len(page)
            last = page[-1].id
        await self.source_store.mark_matched(rule, plan, self.clock())
        self.observer.report(Rematched(rule.id, seen, hits))
