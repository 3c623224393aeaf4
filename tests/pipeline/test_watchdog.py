"""The outside watchdog is pinged while all is well and only then, and its address is shown nowhere."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from ipaddress import ip_network

import pytest

from monitor.model.confidential import remember
from monitor.model.event import AlarmEnded, AlarmRaised, PingFailed
from monitor.net.client import HttpClient, Limits
from monitor.pipeline.watchdog import Ping, Watchdog
from monitor.store.write.line_store import LineStore
from monitor.store.write.maintenance import Maintenance
from tests.pipeline.app import App
from tests.pipeline.test_line_checks import late, locked
from tests.pipeline.test_poll import baseline
from tests.replica.mood import Reply
from tests.replica.outside_watchdog import CONFIDENTIAL_PATH, OutsideWatchdog

LOOPBACK = (ip_network("127.0.0.0/8"),)


class Guarded:
    """A watchdog's chore with all that its tests look at."""

    def __init__(self, app: App, url: str, *, seconds: float = 5.0, private: bool = True) -> None:
        self.notes: list[str] = []
        self.alive = True
        limits = Limits(
            seconds, 100_000, "newsmonitor/1.0", LOOPBACK if private else (), opened_by="deliver.allow_networks"
        )
        self.client = HttpClient(limits)
        ping = Ping(
            url=url, client=self.client, late=timedelta(minutes=15), alive=lambda: self.alive, note=self.notes.append
        )
        store, maintenance = LineStore(app.database), Maintenance(app.database)
        self.chore = Watchdog(store, maintenance, app.witness, app.clock, ping)


@pytest.fixture
async def outside() -> AsyncIterator[OutsideWatchdog]:
    """The service, listening; its address is confidential."""
    async with OutsideWatchdog() as listening:
        remember([listening.url])
        yield listening


@pytest.fixture
async def guarded(app: App, outside: OutsideWatchdog) -> AsyncIterator[Guarded]:
    """The chore on an app that is well."""
    await baseline(app)
    made = Guarded(app, outside.url)
    yield made
    await made.client.aclose()


def raised(app: App) -> list[str]:
    return [event.summary for event in app.witness.of(AlarmRaised) if isinstance(event, AlarmRaised)]


async def test_all_is_well(app: App, outside: OutsideWatchdog, guarded: Guarded) -> None:
    for _ in range(3):
        await guarded.chore()
    assert (outside.pings, guarded.notes, raised(app)) == (3, ["", "", ""], [])


def changed(app: App, statement: str) -> None:
    with closing(sqlite3.connect(app.url.removeprefix("sqlite:///"), isolation_level=None)) as database:
        database.execute(statement)


@pytest.mark.parametrize(
    ("ill", "well", "why"),
    [
        (
            "UPDATE channel_state SET disabled_at = '2025-02-05 06:00:00.000000', reason = '410: gone'",
            "UPDATE channel_state SET disabled_at = NULL, reason = ''",
            "channel desk is shut",
        ),
        (
            "INSERT INTO source_health (source_id, memory) VALUES ('', '{}')",
            "DELETE FROM source_health WHERE source_id = ''",
            "no source gets an answer",
        ),
        (
            "UPDATE source_state SET next_poll_at = '2025-02-05 05:00:00.000000', lease_until = NULL;",
            "UPDATE source_state SET next_poll_at = '2030-02-05 05:00:00.000000'",
            "sources are due, and none is polled",
        ),
        (
            "CREATE TRIGGER full BEFORE UPDATE ON plan BEGIN SELECT RAISE(FAIL, 'disk is full'); END",
            "DROP TRIGGER full",
            "the database takes no writes",
        ),
    ],
)
async def test_without_well_being_there_is_no_ping_and_one_line_that_says_why(
    app: App, outside: OutsideWatchdog, guarded: Guarded, ill: str, well: str, why: str
) -> None:
    app.clock.pass_(minutes=30)  # nothing was polled since
    changed(app, "UPDATE source_state SET next_poll_at = '2030-02-05 05:00:00.000000'")
    changed(app, ill)
    for _ in range(3):
        await guarded.chore()
    assert outside.pings == 0
    assert raised(app) == [why]
    assert guarded.notes == [f"withheld: {why}"] * 3
    changed(app, well)
    await guarded.chore()
    await guarded.chore()
    assert outside.pings == 2
    assert len(app.witness.of(AlarmEnded)) == 1


async def test_a_heart_that_does_not_beat_is_a_reason(app: App, outside: OutsideWatchdog, guarded: Guarded) -> None:
    guarded.alive = False
    with locked(app):
        await guarded.chore()
    assert outside.pings == 0
    assert raised(app) == ["the daemon's heart does not beat; the database takes no writes"]


async def test_a_message_that_waits_is_a_reason(app: App, outside: OutsideWatchdog) -> None:
    await late(app)
    made = Guarded(app, outside.url)
    await made.chore()
    app.clock.pass_(minutes=14)
    app.witness.events.clear()
    changed(app, "UPDATE source_state SET next_poll_at = '2030-02-05 05:00:00.000000'")
    await made.chore()
    assert outside.pings == 2
    app.clock.pass_(minutes=2)
    await made.chore()
    await made.client.aclose()
    assert (outside.pings, raised(app)) == (2, ["channel desk is behind"])


@pytest.mark.parametrize(
    "reply", [Reply(500), Reply(404), Reply(drop=True), Reply(302, {"location": "http://10.0.0.1/"})]
)
async def test_a_ping_that_fails_is_said_and_tried_again(
    app: App, outside: OutsideWatchdog, guarded: Guarded, reply: Reply
) -> None:
    outside.then(reply, reply)
    for _ in range(4):
        await guarded.chore()
    failed = [event for event in app.witness.of(PingFailed) if isinstance(event, PingFailed)]
    assert [event.failures for event in failed] == [1, 2]
    assert guarded.notes[0].startswith("failed: ")
    assert guarded.notes[2:] == ["", ""]
    assert raised(app) == [], "the line itself is well"


@pytest.mark.parametrize("private", [True, False])
async def test_its_address_is_shown_nowhere(app: App, outside: OutsideWatchdog, private: bool) -> None:  # noqa: FBT001
    await baseline(app)
    made = Guarded(app, outside.url, private=private)
    outside.then(Reply(302, {"location": outside.url + "/x"}), Reply(500))
    for _ in range(2):
        await made.chore()
    await made.client.aclose()
    said = repr(app.witness.events) + repr(made.notes) + repr(made.chore)
    assert CONFIDENTIAL_PATH not in said
    assert ("deliver.allow_networks" in said) is not private, "the guard of deliveries holds, and says what opens it"
