"""What a backtest says that a rule would have told is what was told: the real decisions, stores and stories, read again."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from monitor.channels.words.compose import compose
from monitor.cluster.choice import WINDOW, choose
from monitor.cluster.rarity import shipped
from monitor.cluster.signature import sign
from monitor.match.ruleset import compile_rules
from monitor.model.article import Article
from monitor.model.backtest import Backtest, BacktestQuery, RuleBacktest
from monitor.model.notification import NewSilence
from monitor.model.plan import Channel, Plan, Rule
from monitor.model.policy import Grouping, NotifyPolicy, QuietHours, StoryBurst, StoryPolicy, Throttle
from monitor.model.story import Signature
from monitor.notify.policy import decide_hits
from monitor.pipeline.articles import hits_in
from monitor.schedule.calendar import CALENDAR
from monitor.service.backtest import backtest
from monitor.service.backtest_walk import tried
from monitor.store.db.database import Database
from monitor.store.db.dialects import UtcDateTime
from monitor.store.read.queries import SqlReader
from monitor.store.write.article_store import ArticleStore, ArticleWrite
from monitor.store.write.notification_store import NotificationStore
from monitor.store.write.silence_store import SilenceStore
from monitor.store.write.source_store import SourceStore
from tests.contracts.databases import SqliteFactory
from tests.contracts.invented import entry, listing, source
from tests.contracts.reports import told

START = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
OUTLETS = ("herald", "daily", "weekly", "evening")
CHANNELS = ("desk", "team")
WORD = "반도체"


@dataclass(frozen=True)
class Publish:
    """An outlet brings an article of a matter, with the word or without; perhaps it stood on its list before."""

    gap: float
    matter: int
    outlet: str
    named: bool = True
    baseline: bool = False
    old: bool = False


@dataclass(frozen=True)
class Twin:
    """Another outlet brings an article that is there."""

    gap: float
    which: int
    outlet: str
    baseline: bool = False


@dataclass(frozen=True)
class Hush:
    """Somebody asks for silence."""

    gap: float
    hours: float
    outlet: str = ""
    word: str = ""


@dataclass(frozen=True)
class End:
    """Somebody ends the latest silence."""

    gap: float


Step = Publish | Twin | Hush | End


@dataclass
class Newsroom:
    """Plays steps on a real store with a rule in force, or with none."""

    url: str
    plan: Plan
    watched: bool
    now: datetime = START
    articles: list[Article] = field(default_factory=list)
    silences: list[int] = field(default_factory=list)

    async def play(self, steps: Sequence[Step]) -> None:
        """Do the steps one after the other, and send what is due in between at its very moment."""
        self.db = Database(self.url)
        self.article_store = ArticleStore(self.db, choose, WINDOW)
        self.source_store, self.silence_store = SourceStore(self.db), SilenceStore(self.db)
        self.notification_store = NotificationStore(self.db)
        self.rules = compile_rules(self.plan.rules if self.watched else (), {})
        try:
            await self.source_store.sync_plan(self.plan if self.watched else replace(self.plan, rules=()), self.now)
            for step in steps:
                await self.flush(self.now + timedelta(seconds=step.gap))
                await self.do(step)
            await self.flush(self.now + timedelta(days=40))
        finally:
            await self.db.aclose()

    async def do(self, step: Step) -> None:
        match step:
            case Publish():
                await self.publish(step)
            case Twin():
                if self.articles:
                    known = self.articles[step.which % len(self.articles)]
                    await self.bring(replace(known, source_id=step.outlet), step.baseline)
            case Hush():
                wanted = NewSilence(
                    created_at=self.now,
                    ends_at=self.now + timedelta(hours=step.hours),
                    author="kim",
                    why="시험",
                    source_id=step.outlet,
                    word=step.word,
                )
                self.silences.append(await self.silence_store.add(wanted))
            case End():
                if self.silences:
                    await self.silence_store.end(self.silences[-1], self.now)

    async def publish(self, step: Publish) -> None:
        number = len(self.articles)
        piece = told(step.matter, f"k{number}", self.now, step.outlet, cut=number % 5)
        piece = replace(piece, body=f"{piece.body} {WORD if step.named else '배터리'}는 올랐다.")
        self.articles.append(piece)
        await self.bring(piece, step.baseline, self.now - timedelta(days=30) if step.old else None)

    async def bring(self, piece: Article, baseline: bool, listed_at: datetime | None = None) -> None:  # noqa: FBT001 - drawn
        """Store an article as the pipeline does, through an entry of its source's list."""
        shown = listing(entry(piece.key, published_at=listed_at), source_id=piece.source_id)
        await self.source_store.commit_list(shown, self.now, baseline=baseline, ignore=False)
        waiting = [
            one
            for one in await self.source_store.pending_entries(piece.source_id, self.now, 100)
            if one.entry.key == piece.key
        ]
        hits = hits_in(piece, self.plan, self.rules)
        decide = partial(decide_hits, plan=self.plan, calendar=CALENDAR, baseline=baseline, listed_at=listed_at)
        signature = sign(piece, shipped()) if hits else Signature()
        for one in waiting:
            await self.article_store.commit(ArticleWrite(one.id, piece, signature, hits), decide, compose, self.now)

    async def flush(self, until: datetime) -> None:
        """Let the time pass; each group goes when it is due."""
        while True:
            moment = await self.soonest()
            if moment is None or moment > until:
                break
            for channel_id, key in await self.notification_store.due_groups(moment, 1):
                channel = self.plan.channel(channel_id)
                assert channel is not None
                await self.notification_store.flush(channel_id, key, channel.policy.most, compose, moment)
        self.now = until

    async def soonest(self) -> datetime | None:
        question = text("SELECT min(not_before) AS soonest FROM notification WHERE state = 'held'")
        asked = question.columns(soonest=UtcDateTime())
        return await self.db.read(lambda connection: connection.execute(asked).scalar())


def told_of(url: str, zone: ZoneInfo) -> tuple[Counter[Any], Counter[Any], int]:
    """Return what is stored: messages by channel and day, what was kept back by channel and reason, the hits."""

    async def ask() -> tuple[Counter[Any], Counter[Any], int]:
        db = Database(url)
        try:
            made = text("SELECT channel_id, created_at FROM delivery").columns(created_at=UtcDateTime())
            messages = await db.read(lambda connection: connection.execute(made).all())
            kept = text("SELECT channel_id, reason FROM notification WHERE state = 'suppressed'")
            untold = await db.read(lambda connection: connection.execute(kept).all())
            hits = await db.read(lambda connection: connection.execute(text("SELECT count(*) FROM hit")).scalar_one())
            days = Counter((row.channel_id, row.created_at.astimezone(zone).date()) for row in messages)
            return days, Counter((row.channel_id, row.reason) for row in untold), hits
        finally:
            await db.aclose()

    return asyncio.run(ask())


def replayed(url: str, plan: Plan, until: datetime) -> Backtest:
    """Return the backtest of the plan's rules."""
    query = BacktestQuery(since=START - timedelta(days=1), until=until)
    with SqlReader(url) as reader:
        return backtest(reader, query, tried(plan, plan.rules, None, None), lambda *_: None, lambda: False)


def as_told(found: RuleBacktest) -> tuple[Counter[Any], Counter[Any], int]:
    """Return a backtest in the form of `told_of`."""
    days = Counter({(name, day.day): n for day in found.days for name, n in day.messages.items() if n})
    kept = Counter({(one.channel_id, reason): n for one in found.channels for reason, n in one.kept_back.items()})
    assert sum(days.values()) == found.messages
    assert sum(day.hits for day in found.days) == found.hits
    return days, kept, found.hits


gaps = st.sampled_from([1.0, 20.0, 60.0, 300.0, 900.0, 3600.0, 6 * 3600.0, 20 * 3600.0, 80 * 3600.0])
outlets = st.sampled_from(OUTLETS)
rarely = st.sampled_from([False] * 7 + [True])
steps = st.lists(
    st.builds(Publish, gaps, st.integers(0, 2), outlets, st.sampled_from([True] * 5 + [False]), rarely, rarely)
    | st.builds(Publish, gaps, st.integers(0, 2), outlets)
    | st.builds(Twin, gaps, st.integers(0, 20), outlets, rarely)
    | st.builds(Hush, gaps, st.sampled_from([0.5, 5.0, 30.0]), st.sampled_from(["", *OUTLETS]), st.sampled_from(["", WORD]))
    | st.builds(End, gaps),
    min_size=1,
    max_size=16,
)  # fmt: skip
policies = st.builds(
    NotifyPolicy,
    st.sampled_from(["hit", "article", "story"]),
    st.none()
    | st.builds(
        Grouping, st.sampled_from([0.0, 30.0]), st.sampled_from([60.0, 3600.0]), st.sampled_from(["all", "story"])
    ),
    st.sampled_from(["", "", "0 8,17 * * 1-5"]),
    st.none() | st.builds(Throttle, st.integers(1, 3), st.sampled_from([60.0, 3600.0])),
    st.none()
    | st.builds(QuietHours, st.just(22 * 60), st.just(7 * 60), st.sampled_from([(), (5, 6)]), st.sampled_from(["", "KR"])),
    st.sampled_from([0, 0, 2]),
    st.sampled_from([1, 8]),
)  # fmt: skip
rules = st.builds(
    Rule,
    st.just("chip"),
    st.just("반도체"),
    st.just(WORD),
    st.sampled_from([(), (), ("daily", "weekly")]),
    st.just(CHANNELS),
    stories=st.sampled_from(
        [
            StoryPolicy(outlets=(2, 3), burst=StoryBurst(2, 1200.0), majors=("weekly",)),
            StoryPolicy(),
            StoryPolicy("all"),
            StoryPolicy("off"),
        ]
    ),
)


def planned(rule: Rule, *policy: NotifyPolicy) -> Plan:
    channels = tuple(
        Channel(name, "webhook", f"https://hooks.example/{name}", policy=one)
        for name, one in zip(CHANNELS, policy, strict=True)
    )
    return Plan("v1", tuple(source(name, urls=(f"https://{name}.example/",)) for name in OUTLETS), (rule,), channels)


@pytest.mark.slow
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(played=steps, rule=rules, one=policies, other=policies)
def test_it_counts_what_was_told(
    sqlite_factory: SqliteFactory, played: list[Step], rule: Rule, one: NotifyPolicy, other: NotifyPolicy
) -> None:
    plan = planned(rule, one, other)
    room = Newsroom(sqlite_factory.migrated(), plan, watched=True)
    asyncio.run(room.play(played))
    (found,) = replayed(room.url, plan, room.now).rules
    assert as_told(found) == told_of(room.url, ZoneInfo(plan.zone))
    before = Newsroom(sqlite_factory.migrated(), plan, watched=False)
    asyncio.run(before.play(played))
    (ahead,) = replayed(before.url, plan, before.now).rules
    assert as_told(ahead) == as_told(found), "of a rule that was not there yet"


NEWS: tuple[Step, ...] = (
    *(Publish(40.0, 1, outlet) for outlet in OUTLETS),
    Twin(60.0, 1, "weekly"),
    Publish(3600.0, 2, "herald", baseline=True),
    Twin(60.0, 4, "daily"),
    Hush(60.0, 5.0, word=WORD),
    Publish(60.0, 3, "evening"),
    Publish(14 * 3600.0, 5, "daily"),
    Publish(60.0, 6, "daily", old=True),
    Publish(60.0, 6, "herald", named=False),
)


def test_both_databases_say_the_same(url: str) -> None:
    policy = NotifyPolicy(throttle=Throttle(2, 3600.0), quiet=QuietHours(22 * 60, 7 * 60))
    plan = planned(Rule("chip", "반도체", WORD, channels=CHANNELS), policy, NotifyPolicy("article", Grouping(30, 3600)))
    room = Newsroom(url, plan, watched=True)
    asyncio.run(room.play(NEWS))
    done = replayed(url, plan, room.now)
    assert as_told(done.rules[0]) == told_of(url, ZoneInfo(plan.zone))
    assert (done.span.articles, done.span.without_body, done.span.stored_since) == (9, 0, START + timedelta(seconds=40))
    assert done.rules[0].hits == 8
    assert {reason for one in done.rules[0].channels for reason in one.kept_back} == {"same_story", "silenced", "old"}
