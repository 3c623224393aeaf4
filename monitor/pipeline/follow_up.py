"""Follow-up: an article that somebody was told of is looked at again, a few times within a day.

A look is a request as polite as any other, conditional since the first one. What it finds is stored as when a list shows
another headline: a change is told by the transaction that stores it (monitor.notify.follow).
"""

from __future__ import annotations

import traceback
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Final

from monitor.channels.words.compose import compose
from monitor.model.article import Article
from monitor.model.confidential import hide
from monitor.model.errors import FetchError, FetchReason, StoreError
from monitor.model.event import ArticleRemoved, ArticleRewritten, FollowUpFailed, TaskFailed
from monitor.model.page import Validators
from monitor.model.plan import Plan, Source
from monitor.model.story import Signature
from monitor.model.task import Deliver, FollowUp, Task
from monitor.notify.difference import is_readable, is_same
from monitor.notify.follow import decide_followed
from monitor.notify.policy import decide_hits
from monitor.pipeline.articles import ArticleWriter, following, held_against, hits_stored
from monitor.pipeline.gone import CONFIRM, STATUSES, confirmed_after, is_of_site, says_gone, told_after
from monitor.pipeline.page_reader import PageAgain, PageReader
from monitor.pipeline.ports import Observer, Plans
from monitor.schedule.calendar import CALENDAR
from monitor.store.write.article_store import ArticleWrite
from monitor.store.write.follow_up_store import Claimed, FollowUpStore, Look

MOST_FAILURES: Final = 6
"""Looks in a row that gave no page, after which an article is left alone."""

RETRY: Final = timedelta(minutes=10)
"""How long after a first such look the next one is; then twice as long each time, as far as LONGEST."""

LONGEST: Final = timedelta(hours=6)

LATE: Final = timedelta(days=1)
"""How long after its last moment an article may still be looked at: its source was ill, or the daemon was down."""

_number = count(1)


@dataclass(frozen=True, slots=True)
class LookResult:
    """What a look found. Exactly one of: the article as it is `now`, `gone`, `unchanged`, or a `failure` in one line.

    It is told to be gone when it is so after `confirm` as well.
    """

    now: Article | None = None
    gone: bool = False
    confirm: timedelta = CONFIRM
    unchanged: bool = False
    failure: str = ""
    retry_after: float = 0.0
    validators: Validators | None = None


@dataclass(frozen=True, slots=True)
class Looker:
    """Looks at an article's page."""

    pages: PageReader

    async def __call__(self, claimed: Claimed, source: Source) -> LookResult:
        """Return what is there; whatever keeps a page from being read is a failure, and never a removal."""
        stored = claimed.article
        try:
            seen = await self.pages.again(claimed.entry, source, stored.first_seen_at, claimed.validators)
        except FetchError as error:
            if error.status in STATUSES and error.reason is FetchReason.STATUS:
                return LookResult(gone=True)
            return LookResult(failure=f"{error.reason.value}: {error.detail}", retry_after=error.retry_after or 0.0)
        if seen.unchanged:
            return LookResult(unchanged=True, validators=seen.validators)
        if says_gone(seen.text, seen.arrived_at, stored):
            return LookResult(gone=True, confirm=confirmed_after(seen.arrived_at, stored))
        return _read(stored, seen)


def _read(stored: Article, seen: PageAgain) -> LookResult:
    """Return what a page says now, if it is the article's own and was read whole."""
    if seen.article is None:
        return LookResult(failure=f"extract: {seen.failure}")
    article = replace(seen.article, key=stored.key, source_id=stored.source_id)
    if not is_readable(article, article):
        return LookResult(failure="extract: the page is not the article's own")
    if is_readable(stored, stored) and not is_same(stored, article):
        return LookResult(failure="extract: the page shows another text")
    return LookResult(now=article, validators=seen.validators)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpStep:
    """The step behind FollowUp. `owner` names this process."""

    plans: Plans
    look: Looker
    store: FollowUpStore
    writer: ArticleWriter
    observer: Observer
    owner: str

    async def __call__(self, task: FollowUp) -> AsyncIterator[Task]:
        """Look at one article; yield a Deliver for each message that follows. Raises StoreError."""
        clock = self.writer.clock
        claimed = await self.store.claim(task.article_id, f"{self.owner}:f{next(_number)}", clock())
        if claimed is None:
            return
        plan = self.plans.current()[0]
        source = plan.source(claimed.source_id)
        if source is None or not plan.follow_up:
            await self.store.complete(claimed, Look(None, "not followed any more"), clock())
        elif clock() > claimed.started_at + plan.follow_up[-1] + LATE:
            await self.store.complete(claimed, Look(None, "not looked at in time"), clock())
        else:
            for delivery_id in await self._safely_looked(claimed, plan, source):
                yield Deliver(delivery_id)

    async def _safely_looked(self, claimed: Claimed, plan: Plan, source: Source) -> Sequence[str]:
        """Look at an article; one that breaks us is a look that failed: it must not stand before others of its source."""
        try:
            return await self._looked(claimed, plan, await self.look(claimed, source))
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a page does to us
            self.observer.report(TaskFailed(f"look at {claimed.article.url}", repr(error), traceback.format_exc()))
            return await self._looked(claimed, plan, LookResult(failure=f"fault: {error!r}"))

    async def _looked(self, claimed: Claimed, plan: Plan, found: LookResult) -> Sequence[str]:
        """Store what a look found, then how it ended: a process that dies between looks once more and finds nothing new."""
        clock = self.writer.clock
        if found.gone:
            return await self._gone(claimed, plan, found.confirm, clock())
        made = () if found.now is None else await self._rewrite(found.now, claimed)
        look = failed(claimed, plan, found, clock()) if found.failure else read(claimed, plan, found, clock())
        if found.failure:
            url = claimed.article.url
            self.observer.report(FollowUpFailed(claimed.source_id, url, hide(found.failure), look.outcome))
        await self.store.complete(claimed, look, clock())
        return made

    async def _rewrite(self, article: Article, claimed: Claimed) -> Sequence[str]:
        """Store what an article says now, if that is something else; return the ids of messages about it."""
        plan, hits = await held_against(article, self.plans)
        decide = partial(decide_hits, plan=plan, calendar=CALENDAR, again=True, listed_at=claimed.entry.published_at)
        write = ArticleWrite(None, article, Signature(), hits, again=True, plan_version=plan.version)
        write = replace(write, linked=plan.rights(article.source_id) == "link")
        written = await self.writer(write, decide, following(plan, self.writer.clock()), plan.desk_url)
        if written.before is not None:
            self.observer.report(ArticleRewritten(article.source_id, article.url, written.before, article.title))
        for event in hits_stored(article.source_id, article, written):
            self.observer.report(event)
        return written.deliveries

    async def _gone(self, claimed: Claimed, plan: Plan, confirm: timedelta, now: datetime) -> Sequence[str]:
        """Tell that an article was removed, once that is sure; return the ids of messages about it."""
        gone_at = claimed.gone_at or now
        once_more, sure = (
            gone_at + min(wait, plan.follow_up[0] * (wait / CONFIRM))
            for wait in (confirm, told_after(confirm, claimed.there, fresh=claimed.fresh))
        )
        if claimed.gone_at is None or now < sure:
            await self.store.complete(claimed, Look(once_more if now < once_more else sure, gone_at=gone_at), now)
            return ()
        if is_of_site(claimed.gone, claimed.there, fresh=claimed.fresh):
            due_at = after(claimed, plan, now)
            outcome = "" if due_at else "gone together with most other articles of its source"
            await self.store.complete(claimed, Look(due_at, outcome, gone_at=claimed.gone_at), now)
            return ()
        decide = partial(decide_followed, plan=plan, calendar=CALENDAR)
        made = await self.store.remove(claimed, decide, compose, now)
        self.observer.report(ArticleRemoved(claimed.source_id, claimed.article.url, claimed.article.title))
        return made


def after(claimed: Claimed, plan: Plan, now: datetime) -> datetime | None:
    """Return when an article is looked at next, None after its last moment; moments that went by are left out."""
    return next((due for step in plan.follow_up if (due := claimed.started_at + step) > now), None)


def read(claimed: Claimed, plan: Plan, found: LookResult, now: datetime) -> Look:
    """Return how a look ended that found the article there."""
    due_at = after(claimed, plan, now)
    return Look(due_at, "" if due_at else "done", there=True, validators=found.validators)


def failed(claimed: Claimed, plan: Plan, found: LookResult, now: datetime) -> Look:
    """Return how a look ended that could not read the page: it is tried again, later each time, and in the end no more."""
    failures = claimed.failures + 1
    wait = min(min(RETRY, plan.follow_up[0]) * 2 ** (failures - 1), LONGEST)
    due_at = now + max(wait, timedelta(seconds=found.retry_after))
    if failures >= MOST_FAILURES or due_at > claimed.started_at + plan.follow_up[-1] + LATE:
        return Look(None, f"given up: {hide(found.failure)}", gone_at=claimed.gone_at, failures=failures)
    return Look(due_at, gone_at=claimed.gone_at, failures=failures)
