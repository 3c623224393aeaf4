"""The line looks after itself: each alarm is told once and ended once, over restarts, through another channel."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.model.delivery import Outcome, Verdict
from monitor.model.event import AlarmEnded, AlarmRaised
from monitor.model.plan import Channel
from monitor.model.task import Maintain
from monitor.notify.line import ENOUGH, SPARE
from monitor.pipeline.heartbeat import Heartbeat
from monitor.pipeline.line_checks import LineChecks, LineLimits
from monitor.store.write.line_store import LineStore
from monitor.store.write.maintenance import Maintenance
from tests.pipeline.app import App, plan
from tests.pipeline.test_poll import baseline

OPS = Channel("ops", "webhook", "https://hooks.example/ops")
DESK = Channel("desk", "webhook", "https://hooks.example/x")


@dataclass
class Disk:
    """What is left on the disk of every folder."""

    left: int = 10 * ENOUGH

    def free(self, folder: Path) -> int:
        if self.left < 0:
            raise FileNotFoundError(folder)
        return self.left


def checks(app: App, disk: Disk, *folders: str) -> LineChecks:
    """Return the chore as a process that has just started has it."""
    limits = LineLimits(
        late=timedelta(minutes=15), folders=tuple(map(Path, folders or ("/data",))), owner="a1b2", free=disk.free
    )
    store, maintenance = LineStore(app.database), Maintenance(app.database)
    return LineChecks(store, maintenance, app.current_plan, app.witness, app.clock, limits)


def told(app: App) -> list[tuple[str, str]]:
    """Return the types of what the operator was told, in order, with the channels."""
    with closing(sqlite3.connect(app.url.removeprefix("sqlite:///"))) as database:
        query = "SELECT type, channel_id FROM delivery WHERE type <> 'hit.created' ORDER BY id"
        return database.execute(query).fetchall()


async def with_operator(app: App) -> None:
    await app.put(plan(channels=(DESK, OPS), operator_channels=("ops",)))


async def test_a_disk_that_fills_is_told_once_over_restarts_and_again_only_after_it_recovered(app: App) -> None:
    await with_operator(app)
    disk = Disk(SPARE - 1)
    for _ in range(3):  # each a process of its own
        await checks(app, disk)()
    assert told(app) == [("disk.low", "ops")]
    for disk.left, kinds in ((SPARE + 1, 1), (ENOUGH, 2), (0, 3), (0, 3), (10 * ENOUGH, 4), (-1, 4)):
        await checks(app, disk)()
        assert len(told(app)) == kinds
    raised = [event.alarm for event in app.witness.of(AlarmRaised) if isinstance(event, AlarmRaised)]
    ended = [event.alarm for event in app.witness.of(AlarmEnded) if isinstance(event, AlarmEnded)]
    assert (raised, ended) == (["disk.low"] * 2, ["disk.low"] * 2)


async def test_two_disks_are_two_alarms(app: App) -> None:
    await with_operator(app)
    await checks(app, Disk(0), "/data", "/srv/db")()
    assert told(app) == [("disk.low", "ops")] * 2


async def late(app: App) -> LineChecks:
    """Let the receiver of `desk` fail, with a hit that waits for it."""
    await with_operator(app)
    await baseline(app)
    app.press.listing(3, 2, 1)
    app.press.article(3, "오픈AI가 발표했다.")
    app.post.answers = [Outcome(Verdict.RETRY, 503, "busy", 1.0)] * 3
    app.clock.pass_(seconds=301)
    await app.tick()
    return checks(app, Disk())


async def test_a_channel_that_is_late_is_told_through_another_once_and_ends_when_it_drains(app: App) -> None:
    chore = await late(app)
    app.clock.pass_(minutes=14)
    await chore()
    assert told(app) == []
    app.clock.pass_(minutes=2)
    await chore()
    assert told(app) == [], "what a restart left goes out within seconds: not at the first look"
    for _ in range(3):
        await chore()
    assert told(app) == [("outbox.late", "ops")]
    again = checks(app, Disk())
    for _ in range(3):
        await again()
    assert len(told(app)) == 1, "a restart tells nothing twice"
    app.post.answers = []
    for _ in range(3):
        app.clock.pass_(hours=1)
        await app.tick()
    for _ in range(3):
        await again()
    assert told(app) == [("outbox.late", "ops"), ("outbox.drained", "ops")]


async def test_a_channel_that_was_shut_meanwhile_is_told_as_shut_and_not_as_late(app: App) -> None:
    chore = await late(app)
    with closing(sqlite3.connect(app.url.removeprefix("sqlite:///"), isolation_level=None)) as database:
        database.execute("UPDATE channel_state SET disabled_at = '2025-02-05 06:00:00.000000', reason = '410: gone'")
    app.clock.pass_(hours=9)
    for _ in range(3):
        await chore()
    assert told(app) == []


@contextmanager
def locked(app: App) -> Iterator[None]:
    """Keep every write out, as a full disk does."""
    with closing(sqlite3.connect(app.url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute(
            "CREATE TRIGGER full BEFORE UPDATE ON plan BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"
        )
        try:
            yield
        finally:
            other.execute("DROP TRIGGER full")


async def test_a_database_that_took_no_writes_is_told_when_it_does_again_with_since_when(app: App) -> None:
    await with_operator(app)
    chore, since = checks(app, Disk()), app.clock()
    with locked(app):
        for _ in range(4):
            await chore()
            app.clock.pass_(minutes=10)
        (raised,) = app.witness.of(AlarmRaised)
        assert isinstance(raised, AlarmRaised)
        assert (raised.alarm, "database or disk is full" in raised.summary) == ("database.unwritable", True)
        assert told(app) == []
    await chore()
    await chore()
    assert told(app) == [("database.recovered", "ops")]
    with closing(sqlite3.connect(app.url.removeprefix("sqlite:///"))) as database:
        ((body,),) = database.execute("SELECT body FROM delivery").fetchall()
    data = json.loads(body)["data"]
    assert (data["lasted_seconds"], data["since"][:19]) == (2_400, since.isoformat()[:19])
    assert len(app.witness.of(AlarmEnded)) == 1


async def test_of_two_daemons_one_tells_of_the_database(app: App) -> None:
    await with_operator(app)
    both = [checks(app, Disk()), checks(app, Disk())]
    with locked(app):
        for one in both:
            await one()
    app.clock.pass_(minutes=1)
    for one in both:
        await one()
    assert told(app) == [("database.recovered", "ops")]


def beating(app: App, expression: str = "0 9 * * *") -> Heartbeat:
    """Return the heartbeat of a process that has just started; the plan's zone is Seoul."""
    store = LineStore(app.database)
    return Heartbeat(store, app.current_plan, app.witness, app.clock, expression, app.clock())


@pytest.mark.parametrize(
    ("hours", "times"),
    [
        ((17.99,), 0),  # the clock stands at 15:00 in Seoul
        ((18.0,), 1),
        ((18.0, 18.1, 18.5), 1),
        ((18.99,), 1),
        ((19.01,), 0),  # after a downtime of more than an hour it is not told any more
        ((18.2, 42.2, 42.3, 66.9), 3),
    ],
)
async def test_a_heartbeat_comes_once_for_its_moment_over_restarts(
    app: App, hours: tuple[float, ...], times: int
) -> None:
    await with_operator(app)
    start = app.clock()
    for passed in hours:
        app.clock.now = start + timedelta(hours=passed)
        await beating(app)()
        await beating(app)()
    assert told(app) == [("heartbeat", "ops")] * times


async def test_a_clock_that_is_set_back_or_ran_ahead_silences_no_heartbeat(app: App) -> None:
    await with_operator(app)
    start = app.clock()
    for passed, times in ((18.1, 1), (17.5, 1), (18.2, 1), (18 + 24 * 365, 2), (42.1, 3), (42.2, 3)):
        app.clock.now = start + timedelta(hours=passed)
        await beating(app)()
        assert len(told(app)) == times, passed


async def test_a_heartbeat_says_what_came_since_the_last_one(app: App) -> None:
    await with_operator(app)
    await baseline(app)
    app.clock.pass_(seconds=1)
    await beating(app, "* * * * *")()
    app.press.listing(4, 3, 2, 1)
    for number in (3, 4):
        app.press.article(number, "오픈AI가 발표했다.")
    app.clock.pass_(minutes=6)
    await app.tick()
    await beating(app, "* * * * *")()
    with closing(sqlite3.connect(app.url.removeprefix("sqlite:///"))) as database:
        bodies = database.execute("SELECT body FROM delivery WHERE type = 'heartbeat' ORDER BY seq").fetchall()
    data = json.loads(bodies[-1][0])["data"]
    assert (data["articles"], data["hits"]) == (2, 2)
    assert data["sources"] == {"enabled": 1, "polled": 1, "failing": 0}


async def test_the_step_of_maintain_finds_the_chores_of_the_line(app: App) -> None:
    await with_operator(app)
    app.steps = replace(app.steps, chores={"line": checks(app, Disk(0))})
    await app.run(Maintain("line"))
    assert told(app) == [("disk.low", "ops")]
