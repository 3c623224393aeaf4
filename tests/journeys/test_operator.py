"""The operator's own alerts, end to end: a heartbeat, a channel that falls behind, and a watchdog outside that hears of it by silence."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
import yaml

from tests.journeys.installation import SECRET, Installation, until
from tests.replica.mood import Mood, Reply
from tests.replica.newspapers import Newsroom
from tests.replica.outside_watchdog import CONFIDENTIAL_PATH, OutsideWatchdog
from tests.replica.receiver import Receiver
from tests.replica.writer import Writer

pytestmark = [pytest.mark.slow, pytest.mark.long]


@pytest.fixture
async def outside() -> AsyncIterator[OutsideWatchdog]:
    """A service that expects a ping every second."""
    async with OutsideWatchdog() as listening:
        yield listening


@pytest.fixture
async def phone() -> AsyncIterator[Receiver]:
    """The receiver of the operator, which is well."""
    async with Receiver(secrets=(SECRET,)) as listening:
        yield listening


def set_up(installation: Installation, outside: OutsideWatchdog, phone: Receiver) -> None:
    """Give the operator a channel of their own, a heartbeat each minute and a watchdog outside."""
    for name, more in (
        (
            "monitor.yaml",
            {
                "operator_channels": ["phone"],
                "heartbeat": 'cron "* * * * *"',
                "watchdog": {"url": outside.url, "every": "1s"},
            },
        ),
        ("channels.yaml", {}),
    ):
        path = installation.config / name
        said = yaml.safe_load(path.read_text("utf-8")) | more
        if name == "monitor.yaml":
            said["deliver"]["late"] = "3s"
        else:
            said["channels"].append({"id": "phone", "kind": "webhook", "url": phone.url, "secret": SECRET})
        path.write_text(yaml.safe_dump(said, allow_unicode=True), "utf-8")


def told(phone: Receiver) -> list[str]:
    """Return the types of what the operator heard of `desk` and of the first heartbeat, in order.

    On a busy machine the channel of the operator may be late as well; what is said of that is true, and not looked at.
    """
    heard: list[str] = []
    for post in phone.posts:
        message = json.loads(post.body)
        if message["type"] == "heartbeat" and "heartbeat" in heard:
            continue
        if message["data"].get("channel", {"id": "desk"})["id"] == "desk":
            heard.append(str(message["type"]))
    return heard


def alarms(installation: Installation, event: str, alarm: str) -> int:
    """Return how many lines of the log raise (or end) an alarm that names `desk`."""
    lines = [line for line in installation.log() if line["event"] == event and line.get("alarm") == alarm]
    return len([line for line in lines if "channel desk" in str(line["summary"])])


async def test_the_operator_hears_that_all_is_well_and_when_it_is_not(
    installation: Installation,
    outside: OutsideWatchdog,
    phone: Receiver,
    paper: Newsroom,
    receiver: Receiver,
    writer: Writer,
    now: datetime,
) -> None:
    set_up(installation, outside, phone)
    async with installation.running():
        await outside.pinged(2)
        await until(lambda: told(phone) == ["heartbeat"], what="the heartbeat")
        doctor = await installation.command("doctor")
        while (
            "FAIL watchdog: withheld: channel phone is behind" in doctor.stdout
        ):  # the heartbeat itself was slow to go out
            await outside.pinged(1)
            doctor = await installation.command("doctor")
        assert "ok   watchdog: pinged " in doctor.stdout
        assert "ok   heartbeat: last " in doctor.stdout

        receiver.mood = Mood(usual=Reply(503))
        paper.publish(writer.piece(now + timedelta(minutes=1), terms=("openai",)))
        await until(lambda: alarms(installation, "alarm.raised", "watchdog.withheld") > 0, what="no ping, and why")
        silent = outside.pings
        await until(lambda: told(phone) == ["heartbeat", "outbox.late"], what="what the operator is told")
        assert outside.pings == silent
        doctor = await installation.command("doctor")
        assert "FAIL watchdog: withheld: " in doctor.stdout
        assert "channel desk is behind" in doctor.stdout

        receiver.mood = Mood()
        opened = await installation.command("channels", "open", "desk")
        assert opened.returncode == 0, opened.stdout + opened.stderr
        await outside.pinged(1)
        await until(lambda: told(phone)[2:] == ["outbox.drained"], what="the end of it")
    assert (
        alarms(installation, "alarm.raised", "outbox.late") == alarms(installation, "alarm.ended", "outbox.late") == 1
    )
    assert len(receiver.accepted) == 1
    assert CONFIDENTIAL_PATH not in json.dumps(installation.log())
