"""An alarm is told once, although the daemon is killed at the moment it is stored and at the moment it is heard."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import yaml

from tests.journeys.installation import Installation, until
from tests.replica.newspapers import Newsroom, Notice
from tests.replica.newsroom import Mode, Open
from tests.replica.receiver import Receiver

pytestmark = pytest.mark.slow


async def killed_when(installation: Installation, condition: Callable[[], bool], what: str) -> None:
    """Run the daemon until the condition holds, and kill it in that moment."""
    process = installation.start()
    try:
        await until(condition, what=what)
    finally:
        process.kill()
        process.wait()


def told(receiver: Receiver) -> list[tuple[int, str, str]]:
    """Return (seq, type, problem) of each message, repeats of one webhook-id left out."""
    bodies = {post.id: json.loads(post.body) for post in receiver.posts}
    return sorted((body["seq"], body["type"], body["data"]["problem"]) for body in bodies.values())


def name_operator(installation: Installation) -> None:
    """Add `operator_channels` to monitor.yaml."""
    file = installation.config / "monitor.yaml"
    file.write_text(yaml.safe_dump(yaml.safe_load(file.read_text("utf8")) | {"operator_channels": ["desk"]}), "utf8")


@pytest.mark.long
async def test_alarms_are_neither_lost_nor_doubled_over_kills(
    installation: Installation, paper: Newsroom, receiver: Receiver
) -> None:
    name_operator(installation)
    assert (await installation.command("run", "--once")).returncode == 0
    steps: list[tuple[Mode, str, str]] = [
        (Notice("시스템 점검 중입니다. " * 20), "source.broken", "SELECT count(*) FROM v_alarms"),
        (Open(), "source.recovered", "SELECT count(*) FROM v_alarms WHERE cleared_at IS NOT NULL"),
    ]
    expected: list[tuple[int, str, str]] = []
    for mode, kind, query in steps:
        paper.mode = mode
        expected.append((len(expected) + 1, kind, "no_entries"))
        await killed_when(installation, lambda: installation.rows(query) == [(1,)], kind)  # noqa: B023 - awaited here
        await killed_when(installation, lambda: len(told(receiver)) == len(expected), f"{kind} at the receiver")
        assert told(receiver) == expected
    assert (await installation.command("run", "--once")).returncode == 0  # a restart repeats nothing
    assert told(receiver) == expected
    assert installation.rows("SELECT source_id, problem, cleared_at IS NOT NULL FROM v_alarms") == [
        ("mediapen", "no_entries", 1)
    ]
    assert installation.rows("SELECT count(*) FROM v_deliveries WHERE type <> 'hit.created'") == [(2,)]
    done = await installation.command("sources", "--check")
    assert done.returncode == 0, done.stdout
