"""One address through the line, tried just now, with what each step took; nothing is stored or sent (`monitor doctor --trace`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, TypeVar

from monitor.cluster.choice import WINDOW, choose
from monitor.cluster.rarity import shipped
from monitor.cluster.signature import sign
from monitor.fetch.fetcher import PoliteFetcher
from monitor.model.article import Article, Entry, PageContent
from monitor.model.errors import ExtractError, FetchError
from monitor.model.explained import (
    AddressFate,
    Cause,
    EarlierMessage,
    Explained,
    LineStep,
    RuleRecord,
    StoryPlace,
)
from monitor.model.page import Page, Validators
from monitor.model.plan import Plan, Source
from monitor.model.records import HearingRecord
from monitor.model.story import Member, Signature, StoryChoice
from monitor.model.story_records import StoryQuery, StoryRecord
from monitor.pipeline.page_reader import PageReader
from monitor.pipeline.ports import Clock, Fetcher, Parser
from monitor.service.explain import Ground, read_record, rule_records
from monitor.service.rule_trial import ANYWHERE
from monitor.store.read.queries import SqlReader

T = TypeVar("T")

Timer = Callable[[], float]
"""Returns seconds of a clock that is never set."""

NOT_TOLD: Final = "not told"
_MS: Final = 1000.0
_FIELDS: Final = frozenset(
    {"title", "subtitle", "body", "captions", "authors", "section", "published_at", "modified_at"}
)


@dataclass(slots=True)
class TimedFetcher:
    """A Fetcher that remembers what came, and how many seconds it took in all."""

    inner: Fetcher
    timer: Timer
    pages: list[Page] = field(default_factory=list)
    spent: float = 0.0

    async def fetch(self, url: str, known: Validators | None = None, headers: Mapping[str, str] | None = None) -> Page:
        """Fetch as the inner one does. Raises FetchError."""
        began = self.timer()
        try:
            page = await self.inner.fetch(url, known, headers)
        finally:
            self.spent += self.timer() - began
        self.pages.append(page)
        return page


@dataclass(slots=True)
class TimedParser:
    """A Parser of articles that remembers how many seconds it took in all."""

    inner: Parser
    timer: Timer
    spent: float = 0.0

    async def entries(self, page: Page, source: Source, now: datetime) -> tuple[Entry, ...]:
        """Read a list as the inner one does. Raises ExtractError."""
        return await self.inner.entries(page, source, now)

    async def maps(self, page: Page, source: Source, since: datetime | None, now: datetime) -> tuple[str, ...] | None:
        """Read an index as the inner one does. Raises ExtractError."""
        return await self.inner.maps(page, source, since, now)

    async def content(
        self, page: Page, source: Source, entry: Entry, first_seen_at: datetime, now: datetime
    ) -> PageContent:
        """Read a page as the inner one does. Raises ExtractError."""
        began = self.timer()
        try:
            return await self.inner.content(page, source, entry, first_seen_at, now)
        finally:
            self.spent += self.timer() - began


@dataclass(frozen=True, slots=True)
class LiveReading:
    """What came of reading a page just now: the steps, and its article where the last of them went well."""

    steps: tuple[LineStep, ...]
    article: Article | None = None


@dataclass(frozen=True, slots=True)
class StoryProspect:
    """Which story an article would join, or continue, and who was told of that one: by channel and rule."""

    choice: StoryChoice
    story: StoryRecord | None
    told: Mapping[tuple[str, str], EarlierMessage]


def likely_source(sources: Sequence[str], plan: Plan) -> Source:
    """Return the source that would show the address: the first of its host that is on; else one that reads any page."""
    known = [source for name in sources if (source := plan.source(name)) is not None]
    return next((one for one in known if one.enabled), known[0] if known else ANYWHERE)


async def read_live(
    entry: Entry, source: Source, fetcher: PoliteFetcher, parser: Parser, clock: Clock, timer: Timer
) -> LiveReading:
    """Ask for the page as the daemon would, and read it: robots, fetch, extract."""
    began = timer()
    try:
        rules = await fetcher.permission(entry.url)
    except FetchError as error:
        return LiveReading((_step("robots", str(error), timer() - began, ok=False),))
    pause = "" if rules.crawl_delay is None else f", {rules.crawl_delay:g} s between requests"
    asked = _step("robots", f"robots.txt allows it{pause}", timer() - began)
    pages, parsed = TimedFetcher(fetcher, timer), TimedParser(parser, timer)
    try:
        article = await PageReader(pages, parsed, clock).read(entry, source, clock())
    except FetchError as error:
        return LiveReading((asked, _step("fetch", str(error), pages.spent, ok=False)))
    except ExtractError as error:
        return LiveReading((asked, _fetched(pages), _step("extract", str(error), parsed.spent, ok=False)))
    ways = ", ".join(f"{name} by {way}" for name, way in article.field_sources.items() if name in _FIELDS)
    reader = f"as source {source.id} is read" if source is not ANYWHERE else "as any page is read"
    text = f"{len(article.body)} characters, {reader}: {ways or 'nothing found'}"
    return LiveReading((asked, _fetched(pages), _step("extract", text, parsed.spent)), article)


def _fetched(pages: TimedFetcher) -> LineStep:
    last = pages.pages[-1]
    more = f", {len(pages.pages)} pages" if len(pages.pages) > 1 else ""
    moved = f", from {last.final_url}" if last.final_url != last.url else ""
    detail = f"status {last.status}, {len(last.text)} characters, {last.charset} ({last.charset_from}){moved}{more}"
    return _step("fetch", detail, pages.spent)


def matched(found: Explained, article: Article, source: Source, ground: Ground, asked: str, timer: Timer) -> Explained:
    """Return the answer with how the article was read, and which rules it meets in that source."""
    began = timer()
    sources = () if source is ANYWHERE else (source.id,)
    rules, others = rule_records(article, sources, ground, asked)
    met = [rule.rule for rule in rules if would_hit(rule)]
    took = _step("match", f"rules that hit: {', '.join(met) or 'none'}", timer() - began)
    steps = (*found.steps, took)
    return replace(found, read=read_record(article, rights=source.rights), rules=rules, others=others, steps=steps)


def would_hit(rule: RuleRecord) -> bool:
    """Return whether a rule would have a hit of the article."""
    return rule.matches and rule.looks_here


def story_prospect(reader: SqlReader, article: Article, now: datetime) -> StoryProspect:
    """Return which story the article would join now. Raises StoreError."""
    signature: Signature = sign(article, shipped())
    members: Iterable[Member] = reader.members_near(signature, now, WINDOW)
    choice = choose(signature, members, now)
    near = choice.joins or choice.continues
    story = reader.story(near, StoryQuery(limit=1), now) if near else None
    return StoryProspect(choice, story, reader.told_of_story(choice.joins) if choice.joins else {})


def placed(found: Explained, prospect: StoryProspect | None, seconds: float) -> Explained:
    """Return the answer with the story that it would join; None: the database could not be asked."""
    if prospect is None:
        return replace(found, steps=(*found.steps, _step("story", "there is no database to ask yet", seconds)))
    title = f"«{prospect.story.title}»" if prospect.story else ""
    if prospect.choice.joins:
        words = f"it would join {title}"
    elif prospect.choice.continues:
        words = f"it would begin the next act of {title}"
    else:
        words = "it would begin a story of its own"
    place = None
    if prospect.story is not None:
        acts = [act.id for act in prospect.story.acts]
        joins = prospect.choice.joins
        number = acts.index(joins) + 1 if joins in acts else len(acts)
        place = StoryPlace(prospect.story, number, first=False)
    return replace(found, place=place, steps=(*found.steps, _step("story", words, seconds)))


def heard(
    found: Explained, hearing: Sequence[HearingRecord], prospect: StoryProspect | None, plan: Plan, seconds: float
) -> Explained:
    """Return the answer with who would hear now, and the reasons why: those of a story that was told already among them."""
    told = prospect.told if prospect else {}
    records = tuple(_after_story(one, told, plan) for one in hearing)
    met = any(map(would_hit, found.rules))
    who = ", ".join(dict.fromkeys(f"{one.channel} {one.outcome}" for one in records if one.channel))
    words = who or ("no channel would hear of it" if met else "nothing to tell: no rule hits")
    why = [*found.why, Cause(f"tried just now: {found.steps[2].detail.partition(',')[0]} were read")]
    why += [Cause(f"rule {one.rule} would hit; {_outcome(one)}") for one in records]
    steps = (*found.steps, _step("tell", words, seconds))
    return replace(found, fate=AddressFate.TRIED, why=tuple(why), hearing=records, live=True, steps=steps)


def _outcome(one: HearingRecord) -> str:
    return f"{one.channel}: {one.outcome}" if one.channel else "nobody would hear of it"


def _after_story(one: HearingRecord, told: Mapping[tuple[str, str], EarlierMessage], plan: Plan) -> HearingRecord:
    """Return what a channel would hear where its rule has told it of the story: nothing, unless the rule tells of each article."""
    earlier, rule = told.get((one.channel, one.rule)), plan.rule(one.rule)
    if earlier is None or rule is None or rule.stories.mode != "escalate":
        return one
    words = f"its story was told already, with «{earlier.title}»"
    return replace(one, outcome=NOT_TOLD, why=(words, *one.why), until=(None, *one.until))


def failed(found: Explained, reading: LiveReading) -> Explained:
    """Return the answer where the page could not be read: which step ended it, and of what."""
    last = reading.steps[-1]
    why = (*found.why, Cause(f"tried just now: {last.name} failed: {last.detail}"))
    return replace(found, fate=AddressFate.TRIED, why=why, live=True, steps=reading.steps)


def _step(name: str, detail: str, seconds: float, *, ok: bool = True) -> LineStep:
    return LineStep(name, ok, detail, seconds * _MS)
