"""An alarm is told once, however often the daemon is killed while it is raised and cleared."""

from __future__ import annotations

import asyncio
import json
import random
import time

import yaml

from tests.journeys.installation import Installation
from tests.replica.newspapers import Newsroom, Notice
from tests.replica.newsroom import Mode, Open
from tests.replica.receiver import Receiver

PATIENCE = 60.0


async def torn(installation: Installation, receiver: Receiver, chance: random.Random, count: int) -> None:
    """Kill and start the daemon until so many messages have come, and once more."""
    deadline = time.monotonic() + PATIENCE
    done = False
    while not done and time.monotonic() < deadline:
        known = len({post.id for post in receiver.posts})
        process = installation.start()
        try:
            await asyncio.sleep(chance.uniform(0.7, 2.2))
        finally:
            process.kill()
            process.wait()
        done = known >= count  # before this round: it has been killed once more


def told(receiver: Receiver) -> list[tuple[int, str, str]]:
    """Answer (seq, type, trouble) of each message, repeats of one webhook-id left out."""
    bodies = {post.id: json.loads(post.body) for post in receiver.posts}
    return sorted((body["seq"], body["type"], body["data"]["trouble"]) for body in bodies.values())


def name_operator(installation: Installation) -> None:
    """Add `operator` to monitor.yaml."""
    file = installation.config / "monitor.yaml"
    file.write_text(yaml.safe_dump(yaml.safe_load(file.read_text("utf8")) | {"operator": ["desk"]}), "utf8")


async def test_alarms_are_neither_lost_nor_doubled_over_kills(
    installation: Installation, paper: Newsroom, receiver: Receiver
) -> None:
    name_operator(installation)
    assert (await installation.command("run", "--once")).returncode == 0
    chance = random.Random(5)
    expected: list[tuple[int, str, str]] = []
    steps: list[tuple[Mode, str]] = [
        (Notice("시스템 점검 중입니다. " * 20), "source.broken"),
        (Open(), "source.recovered"),
    ]
    for mode, kind in steps:
        paper.mode = mode
        expected.append((len(expected) + 1, kind, "no_leads"))
        await torn(installation, receiver, chance, len(expected))
        assert told(receiver) == expected
    assert (await installation.command("run", "--once")).returncode == 0  # a restart repeats nothing
    assert told(receiver) == expected
    assert installation.rows("SELECT source_id, trouble, cleared_at IS NOT NULL FROM v_alarms") == [
        ("mediapen", "no_leads", 1)
    ]
    assert installation.rows("SELECT count(*) FROM v_deliveries WHERE type <> 'hit.created'") == [(2,)]
    done = await installation.command("sources", "--check")
    assert done.returncode == 0, done.stdout
