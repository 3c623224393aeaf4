"""Article: entry -> page -> article -> hits -> ONE transaction."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from monitor.channels.registry import can_edit
from monitor.channels.words.compose import compose
from monitor.channels.words.visible import visible_line
from monitor.cluster.rarity import shipped
from monitor.cluster.signature import sign
from monitor.extract.page.listed import NOT_THE_ARTICLE
from monitor.extract.reader import article_from_entry
from monitor.health.yields import SHORT as SHORT_ARTICLE
from monitor.match.brought import Met
from monitor.match.excerpt import excerpt
from monitor.model.article import Article, Entry
from monitor.model.confidential import hide
from monitor.model.errors import ExtractError, FetchError, StoreError
from monitor.model.event import ArticleRewritten, EntryFailed, HitStored, TaskFailed
from monitor.model.hit import Hit, brief
from monitor.model.notification import Decide
from monitor.model.plan import Plan, Source
from monitor.model.story import Signature
from monitor.notify.follow import decide_followed
from monitor.notify.policy import decide_hits, suppressed_as
from monitor.pipeline.deliver import DeliveryLeases
from monitor.pipeline.outcome import ArticleOutcome
from monitor.pipeline.page_reader import PageReader
from monitor.pipeline.ports import Clock, Matcher, Observer, Plans
from monitor.schedule.backoff import entry_retry
from monitor.schedule.calendar import CALENDAR
from monitor.store.write.article_store import ArticleStore, ArticleWrite, Following, PutOff, WriteResult
from monitor.store.write.source_store import PendingEntry, SourceStore

OFTEN_EARLY = frozenset({401, 403, 404})
"""A list may be ahead of the pages behind it, and a wall throttles with a 403: these deserve a few more tries."""

EARLY_TRIES = 3
FLASH = 200  # characters of a body below which an article is a flash or a notice, without much of what others have
LEFT_ALONE = timedelta(hours=6)  # after an entry broke us even by its headline alone
SHORT = 60  # of the reason why a page could not be read


@dataclass(frozen=True, slots=True)
class ReadResult:
    """The article as far as it could be read. `failure` is set when its entry was all there was to go by."""

    article: Article
    failure: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Postponed:
    """The article could not be read yet."""

    until: datetime
    failure: str
    detail: str

    @property
    def why(self) -> str:
        """Return why not, in one line."""
        return f"{self.failure}: {self.detail}"


@dataclass(frozen=True, slots=True)
class ReadFailure:
    """Why an article could not be read; whether to try `again`, and after how many seconds at the earliest."""

    name: str
    detail: str
    again: bool
    least: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleReader:
    """Fetches and extracts the article behind an entry. `chance` draws a uniform number in [0, 1)."""

    pages: PageReader
    article_store: ArticleStore
    clock: Clock
    chance: Callable[[], float]

    async def read(self, pending: PendingEntry, source: Source) -> ReadResult | Postponed:
        """Return the article. What another source already brought is not fetched again, unless the list shows a change.

        When the page cannot be had after the last try, the entry's own title and summary stand in for it, so that a
        watched word in a headline is never lost.
        """
        stored = await self._stored(pending, source)
        if stored is not None and not pending.again:
            return ReadResult(stored)
        if not pending.entry.has_page:
            return ReadResult(article_from_entry(pending.entry, source.id, pending.first_seen_at))
        try:
            article = await self.pages.read(pending.entry, source, pending.first_seen_at)
            return ReadResult(article if stored is None else _newly_read(article, stored, pending.entry))
        except FetchError as error:
            early = error.status in OFTEN_EARLY and pending.attempts < EARLY_TRIES
            failed = ReadFailure(error.reason.value, error.detail, error.transient or early, error.retry_after or 0.0)
        except ExtractError as error:
            failed = ReadFailure("extract", str(error), error.transient)
        return self._later(pending, source, failed, stored)

    async def after_fault(self, pending: PendingEntry, source: Source, detail: str) -> ReadResult | Postponed:
        """Return what becomes of an entry whose article broke a step: later, and in the end its headline has to do."""
        return self._later(
            pending, source, ReadFailure("fault", detail, again=True), await self._stored(pending, source)
        )

    async def _stored(self, pending: PendingEntry, source: Source) -> Article | None:
        if pending.article_id is None:
            return None
        stored = await self.article_store.article(pending.article_id)
        return None if stored is None else replace(stored.article, source_id=source.id)

    def _later(
        self, pending: PendingEntry, source: Source, failed: ReadFailure, stored: Article | None
    ) -> ReadResult | Postponed:
        """Put an entry off, if it is to be tried again and a try is left; else its headline has to do."""
        wait = entry_retry(pending.attempts + 1, self.chance()) if failed.again else None
        if wait is not None:
            return Postponed(self.clock() + timedelta(seconds=max(wait, failed.least)), failed.name, failed.detail)
        if stored is not None:
            return ReadResult(_renamed(stored, pending.entry), failed.name, failed.detail)
        alone = article_from_entry(pending.entry, source.id, pending.first_seen_at)
        # Nobody could say later why there is no more of it than its headline: the entry is done, and its error gone.
        why = {NOT_THE_ARTICLE: f"{failed.name}: {failed.detail}"}
        told = replace(alone, field_sources={**alone.field_sources, **why})
        return ReadResult(told, failed.name, failed.detail)


@dataclass(frozen=True, slots=True)
class ArticleWriter:
    """Stores an article with all that follows from it, and takes the messages that can be sent at once."""

    article_store: ArticleStore
    leases: DeliveryLeases
    clock: Clock

    async def __call__(
        self, write: ArticleWrite, decide: Decide, follow: Following | None = None, desk_url: str = ""
    ) -> WriteResult:
        """Return what was stored; messages lead to pages at `desk_url`. Raises StoreError, and what `decide` raises."""
        composing = partial(compose, desk_url=desk_url)
        return await self.leases.with_claim(
            lambda claim: self.article_store.commit(write, decide, composing, self.clock(), claim, follow)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleStep:
    """Reads one entry, holds its article against the rules, and stores all of it."""

    plans: Plans
    reader: ArticleReader
    source_store: SourceStore
    writer: ArticleWriter
    observer: Observer
    clock: Clock

    async def __call__(self, pending: PendingEntry, source: Source) -> ArticleOutcome:
        """Do one entry; an article that breaks us is put off, and in the end known by its headline, like one that fails.

        Only the database may end the poll: without it nothing could be stored.
        """
        try:
            return await self._store(await self.reader.read(pending, source), pending, source)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - one page must not silence its source
            self.observer.report(TaskFailed(f"read {pending.entry.url}", repr(error), traceback.format_exc()))
            result = await self.reader.after_fault(pending, source, hide(repr(error)))
        try:
            return await self._store(result, pending, source, plain=True)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - nor must its headline
            until = self.clock() + LEFT_ALONE
            return await self._store(Postponed(until, "fault", hide(repr(error))), pending, source, plain=True)

    async def _store(
        self, result: ReadResult | Postponed, pending: PendingEntry, source: Source, *, plain: bool = False
    ) -> ArticleOutcome:
        """Store what was read, or that it has to be tried again; `plain`: in a story of its own, compared with nothing.

        The plan is asked for each article: a reload must not wait for the end of a long poll.
        """
        ways = {} if pending.article_id is not None else ways_of(result)
        if result.failure is not None:
            final = isinstance(result, ReadResult)
            self.observer.report(EntryFailed(source.id, pending.entry.url, result.failure, result.detail, final))
        if isinstance(result, ReadResult):
            return await self._keep(result.article, pending, ways, plain=plain)
        if pending.article_id is None and not plain:
            # An alert must not wait for a page that may come in hours: when it comes, it tells what it adds.
            alone = article_from_entry(pending.entry, source.id, pending.first_seen_at)
            if (await held_against(alone, self.plans))[1]:
                return await self._keep(alone, pending, ways, put_off=PutOff(result.until, result.why))
        await self.source_store.postpone_entry(pending.id, result.why, result.until)
        return ArticleOutcome(ways)

    async def _keep(
        self,
        article: Article,
        pending: PendingEntry,
        ways: Mapping[str, str],
        *,
        plain: bool = False,
        put_off: PutOff | None = None,
    ) -> ArticleOutcome:
        """Store an article with all that follows from it; `put_off`: its page is still to be read."""
        plan, hits = await held_against(article, self.plans)
        decide = partial(
            decide_hits,
            plan=plan,
            calendar=CALENDAR,
            baseline=pending.baseline,
            again=pending.again,
            listed_at=pending.entry.published_at,
        )
        # A story is told through its hits: what no rule meets is compared with nothing, and costs nothing.
        signature = sign(article, shipped()) if hits and not plain else Signature()
        again = pending.again and pending.article_id is not None
        write = ArticleWrite(
            pending.id,
            article,
            signature,
            hits,
            again,
            plan.version,
            put_off,
            edits=any(map(can_edit, plan.channels)),
            linked=plan.rights(article.source_id) == "link",
        )
        written = await self.writer(write, decide, following(plan, self.clock()), plan.desk_url)
        if written.before is not None:
            self.observer.report(ArticleRewritten(article.source_id, article.url, written.before, article.title))
        for event in hits_stored(article.source_id, article, written):
            self.observer.report(event)
        met = () if pending.baseline else tuple(hit.rule_id for hit in written.hits)
        return ArticleOutcome(ways, written.new_article, len(written.hits), written.deliveries, pending.baseline, met)


def following(plan: Plan, now: datetime) -> Following | None:
    """Return when an article that somebody is told of is looked at again, and what is told of a change; None: it is not."""
    if not plan.follow_up:
        return None
    return Following(now + plan.follow_up[0], partial(decide_followed, plan=plan, calendar=CALENDAR))


async def held_against(article: Article, plans: Plans) -> tuple[Plan, tuple[Hit, ...]]:
    """Return the plan in force and what its rules find; again, when it changed while a slow matcher was at work.

    The article is handed to the store without waiting for anything in between: a rematch relies on it that, behind
    whatever it asks of the store, no article comes that was held against an older plan than its own.
    """
    while True:
        plan, matcher = plans.current()
        hits = await hits_of(article, plan, matcher)
        if plans.current()[0] is plan:
            return plan, hits


async def hits_of(article: Article, plan: Plan, matcher: Matcher) -> tuple[Hit, ...]:
    """Hold an article against all rules."""
    return await asyncio.to_thread(hits_in, article, plan, matcher) if matcher.slow else hits_in(article, plan, matcher)


def hits_in(article: Article, plan: Plan, matcher: Matcher) -> tuple[Hit, ...]:
    """Return the hits of an article, each with its excerpt."""
    return as_hits(article, matcher.match(article), plan)


def as_hits(article: Article, met: Met, plan: Plan) -> tuple[Hit, ...]:
    """Return what an article meets as hits, each with its excerpt; a rule that the plan lacks has none."""
    rules = ((plan.rule(rule_id), matches) for rule_id, matches in met)
    return tuple(
        Hit(rule.id, rule.name, plan.version, brief(matches), excerpt(article, matches))
        for rule, matches in rules
        if rule is not None
    )


def _newly_read(article: Article, stored: Article, entry: Entry) -> Article:
    """Return an article as it reads now, under the identity that it is stored with.

    Where its page could not be had the text that is stored stays.
    """
    if article.field_sources.get("body") == "entry" or not article.body:
        return _renamed(stored, entry)
    return replace(article, key=stored.key)


def _renamed(stored: Article, entry: Entry) -> Article:
    """Return a stored article with what the list says of it by now."""
    summary = entry.summary if entry.summary and entry.summary not in stored.body else stored.listed_summary
    title = entry.title if entry.title not in {"", stored.title} else stored.listed_title
    return replace(stored, listed_title=title, listed_summary=summary)


def ways_of(result: ReadResult | Postponed) -> Mapping[str, str]:
    """Return which way won each field, as the health of a source is judged by; of a page that failed, why."""
    if result.failure is not None:
        return {"page": "!" + visible_line(f"{result.failure}: {result.detail}", SHORT)}
    if isinstance(result, Postponed):
        return {}
    missed = result.article.field_sources.get("check", "")
    check = "!" + visible_line(missed, SHORT) if missed else "passed"
    foreign = result.article.field_sources.get(NOT_THE_ARTICLE, "")
    page = "!" + visible_line(foreign, SHORT) if foreign else "read"
    short = {SHORT_ARTICLE: "yes"} if len(result.article.body) < FLASH else {}
    return {**result.article.field_sources, "page": page, "check": check, **short}


def hits_stored(source_id: str, article: Article, written: WriteResult) -> tuple[HitStored, ...]:
    """Return what a transaction added, hit by hit."""

    def reason(hit: Hit) -> str:
        return suppressed_as([told for told in written.notifications if told.rule_id == hit.rule_id])

    return tuple(
        HitStored(source_id, hit.rule_id, article.url, article.title, len(hit.matches), reason(hit))
        for hit in written.hits
    )
