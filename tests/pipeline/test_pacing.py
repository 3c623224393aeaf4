"""Adaptive polls over the real line and a real database, with a clock that jumps from poll to poll."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.model.errors import FetchError, FetchReason
from monitor.model.event import ListOverrun
from monitor.model.page import Page, Validators
from monitor.model.plan import Adaptive, Interval, Pacing, Plan, Source
from monitor.model.rhythm import Rhythm
from monitor.pipeline.pacing import SOLVE_EVERY, Pacer, PollFacts, adaptive, host
from monitor.store.read.queries import SqlReader
from monitor.store.write.source_store import SourceStore
from tests.pipeline.app import START, App, build, plan

pytestmark = pytest.mark.slow

FEED = "https://paper.example/rss"
SEOUL = ZoneInfo("Asia/Seoul")
PACING = Pacing(target_delay=1.0, requests_per_day=96)
PAPER = Source("paper", "신문", "feed", (FEED,), Adaptive(30.0, 7200.0))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of the story, by Seoul's clock; it begins at 15:00 of day 0."""
    return START.astimezone(SEOUL).replace(hour=hour, minute=minute) + timedelta(days=day)


def newsroom(hour: int) -> int:
    """Return how many articles an ordinary weekday brings in that hour."""
    return 6 if 8 <= hour < 18 else 0


@dataclass
class Story:
    """A newspaper whose feed holds the latest `room` articles, and the polls of it."""

    app: App
    hourly: Callable[[int], int] = newsroom
    room: int = 30
    printed: list[tuple[datetime, str]] = field(default_factory=list)
    polls: list[tuple[datetime, float]] = field(default_factory=list)
    written: datetime = START - timedelta(days=2)
    ttl: str = ""

    def print_until(self, now: datetime) -> None:
        while self.written < now:
            local = self.written.astimezone(SEOUL)
            count = self.hourly(local.hour)
            if count and local.minute % (60 // count) == 0:
                self.printed.append((self.written, f"{len(self.printed)}번째 소식을 전합니다"))
            self.written += timedelta(minutes=1)
        items = "".join(
            f"<item><title>{title}</title><link>{self.app.press.article(number, title, title)}</link>"
            f"<pubDate>{format_datetime(moment)}</pubDate></item>"
            for number, (moment, title) in reversed(list(enumerate(self.printed))[-self.room :])
        )
        self.app.press.pages[FEED] = f'<rss version="2.0"><channel><title>신문</title>{self.ttl}{items}</channel></rss>'

    async def live(self, until: datetime) -> None:
        """Go from poll to poll; a poll's wait is noted with it."""
        while self.app.clock.now < until:
            self.print_until(self.app.clock.now)
            await self.app.tick()
            following = await due(self.app)
            self.polls.append((self.app.clock.now, (following - self.app.clock.now).total_seconds()))
            self.app.clock.now = following

    def waits(self, begin: datetime, end: datetime) -> list[float]:
        return [wait for moment, wait in self.polls if begin <= moment < end]


async def due(app: App) -> datetime:
    rows = await app.database.read(
        lambda connection: connection.exec_driver_sql("SELECT next_poll_at FROM source_state").all()
    )
    return min(datetime.fromisoformat(row[0]).replace(tzinfo=UTC) for row in rows)


async def rhythm(app: App) -> Rhythm:
    return (await app.source_store.rhythms(("paper",)))["paper"]


async def opened(folder: Path, source: Source = PAPER, pacing: Pacing = PACING) -> App:
    return await build(folder, plan(sources=(source,), pacing=pacing))


@pytest.fixture
async def story(tmp_path: Path):  # type: ignore[no-untyped-def]  # noqa: ANN201 - a generator of stories
    app = await opened(tmp_path)
    yield Story(app)
    await app.database.aclose()


@pytest.mark.long
async def test_nights_are_quiet_and_mornings_busy_within_the_budget(story: Story) -> None:
    await story.live(at(3, 8))
    night, day = story.waits(at(2, 22), at(3, 5)), story.waits(at(2, 9), at(2, 17))
    assert max(day) < 12 * 60
    assert min(night) > 2 * max(day)
    assert len(story.waits(at(2, 0), at(3, 0))) <= 96 * 1.15
    early = [moment for moment, _ in story.polls if at(3, 7, 30) <= moment < at(3, 8, 20)]
    assert early, "the last wait of the night does not reach far into the morning"
    with story.app.reader() as reader:
        assert reader.sources(story.app.clock())[0].failures == 0
    assert story.app.witness.of(ListOverrun) == []


async def test_what_was_learned_outlives_the_process(story: Story, tmp_path: Path) -> None:
    await story.live(at(2, 3))
    before = await rhythm(story.app)
    reopened = SourceStore(story.app.database)
    wanted, now = story.app.current_plan.plan, story.app.clock.now
    facts = PollFacts(now, 0.5)
    again = await Pacer(source_store=reopened).next(PAPER, wanted, facts)
    assert again == await Pacer(source_store=story.app.source_store).next(PAPER, wanted, facts)
    await story.app.source_store.sync_plan(wanted, now)
    assert await rhythm(story.app) == before
    with SqlReader(f"sqlite:///{tmp_path}/app.db") as reader:
        assert reader.rhythms() == {"paper": before}


@pytest.mark.long
async def test_a_hit_brings_a_quarter_of_an_hour_of_quick_polls(story: Story) -> None:
    await story.live(at(2, 22))
    now = story.app.clock.now
    story.printed.append((now - timedelta(minutes=1), "오픈AI, 서울에 사무소를 연다"))
    await story.live(now + timedelta(hours=3))
    quick = [moment for moment, wait in story.polls if moment >= now and wait <= 33.0]
    assert 25 <= len(quick) <= 32
    assert max(quick) - min(quick) < timedelta(minutes=15)
    assert min(wait for moment, wait in story.polls if moment > max(quick)) > 120
    assert len(story.app.post.sent) == 1
    burst = (await rhythm(story.app)).burst
    assert burst is not None
    assert 15 < burst.spent < 32, "and it is remembered what that took"


async def test_hits_of_a_first_run_are_no_news(story: Story) -> None:
    story.print_until(story.app.clock.now)
    story.printed.append((story.app.clock.now - timedelta(minutes=1), "오픈AI, 지난 소식"))
    await story.live(START + timedelta(minutes=1))
    assert (await rhythm(story.app)).burst is None


async def test_a_feed_that_holds_an_hour_is_polled_well_inside_it(tmp_path: Path) -> None:
    app = await opened(tmp_path, pacing=Pacing(target_delay=86_400.0, requests_per_day=1))
    told = Story(app, hourly=lambda _: 12, room=12)
    await told.live(at(1, 6))
    waits = told.waits(at(0, 18), at(1, 6))
    assert max(waits) <= 31 * 60, "whatever the budget says"
    assert min(waits) > 15 * 60
    assert app.witness.of(ListOverrun) == []
    stored = await app.database.read(lambda connection: connection.exec_driver_sql("SELECT url FROM entry").all())
    first = len([moment for moment, _ in told.printed if moment < START]) - 12
    assert len(stored) == len(told.printed) - first, "nothing went by unseen"
    await app.database.aclose()


async def test_a_list_polled_too_late_is_told_of_and_polled_sooner(tmp_path: Path) -> None:
    app = await opened(tmp_path, replace(PAPER, every=Interval(7200.0)))
    told = Story(app, hourly=lambda _: 12, room=12)
    await told.live(START + timedelta(hours=5))
    overruns = app.witness.of(ListOverrun)
    assert overruns
    assert overruns[0] == ListOverrun("paper", FEED, 12)
    with SqlReader(f"sqlite:///{tmp_path}/app.db") as reader:
        (health,) = reader.sources(app.clock.now)
    assert health.missed_today >= len(overruns), "each of them is estimated from the same answer"
    await app.put(plan(version="v2", sources=(PAPER,), pacing=PACING))
    told.polls.clear()
    await told.live(app.clock.now + timedelta(minutes=1))
    assert told.polls[0][1] <= 31 * 60
    await app.database.aclose()


async def test_a_feeds_and_a_servers_wish_is_kept_where_the_depth_allows(story: Story) -> None:
    story.ttl = "<ttl>50</ttl>"
    await story.live(at(1, 12))
    waits = story.waits(at(1, 0), at(1, 12))
    assert min(waits) >= 50 * 60
    story.ttl = ""
    await story.live(at(1, 17))
    assert min(story.waits(at(1, 13, 30), at(1, 17))) < 20 * 60


async def test_failures_back_off_from_the_present_wait(story: Story) -> None:
    await story.live(at(1, 12))
    app, usual = story.app, story.polls[-1][1]
    waits = []
    for asked in (None, None, None, None, 7000.0):
        app.press.pages[FEED] = FetchError(FEED, FetchReason.STATUS, "503", status=503, retry_after=asked)
        await app.tick()
        following = await due(app)
        waits.append((following - app.clock.now).total_seconds())
        app.clock.now = following
    assert waits[0] == pytest.approx(usual, rel=0.2)
    assert waits[1] > 1.5 * waits[0]
    assert waits[3] == 1800.0, "half an hour is as long as a failure waits by itself"
    assert waits[4] == 7000.0


async def test_the_tempo_is_solved_each_hour_and_for_each_plan(story: Story) -> None:
    pacer, wanted, now = Pacer(source_store=story.app.source_store), story.app.current_plan.plan, story.app.clock.now

    async def solve_tempo(moment: datetime, known: Plan = wanted) -> datetime:
        await pacer.next(PAPER, known, PollFacts(moment, 0.5))
        assert pacer.solved is not None
        return pacer.solved.at

    assert await solve_tempo(now) == now
    assert await solve_tempo(now + SOLVE_EVERY / 2) == now
    late = now + SOLVE_EVERY
    assert await solve_tempo(late) == late
    assert await solve_tempo(late + timedelta(minutes=1), replace(wanted, version="v2")) == late + timedelta(minutes=1)
    assert await solve_tempo(now, replace(wanted, version="v2")) == now, "the clock was put back"


async def test_a_source_of_a_fixed_cadence_asks_nobody(story: Story) -> None:
    fixed, now = replace(PAPER, every=Interval(60.0)), story.app.clock.now
    facts = PollFacts(now, 0.5)
    pacer = Pacer(source_store=story.app.source_store)
    assert await pacer.next(fixed, plan(), facts) == (now + timedelta(minutes=1), None)
    failed = await pacer.next(fixed, plan(), replace(facts, failures=2))
    assert failed == (now + timedelta(minutes=2), None)
    assert pacer.solved is None


def test_who_shares_the_budget_and_which_host_is_asked() -> None:
    sources = (PAPER, replace(PAPER, id="off", enabled=False), replace(PAPER, id="fixed", every=Interval(60.0)))
    assert adaptive(plan(sources=sources)) == ("paper",)
    assert host(PAPER) == "paper.example"
    assert host(replace(PAPER, urls=())) == ""


async def test_a_wish_is_remembered_while_the_feed_does_not_change(story: Story) -> None:
    pacer = Pacer(source_store=story.app.source_store)
    assert pacer.least_gap(FEED, 10.0, 600.0) == 600.0
    assert pacer.least_gap(FEED, 10.0, None) == 600.0
    assert pacer.least_gap(FEED, 900.0, None) == 900.0
    assert pacer.least_gap(FEED, 10.0, 0.0) == 10.0
    assert Page("", "", 200, "", "", "", "", Validators(), START, 0.0).max_age == 0.0
