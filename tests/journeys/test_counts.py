"""A real daemon, a real newspaper: three stories within an hour are told once, by a webhook, through a kill in between."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.journeys.installation import Installation, source_of, until
from tests.replica.newspapers import Newsroom
from tests.replica.receiver import Receiver
from tests.replica.writer import Writer

pytestmark = pytest.mark.slow


def told(receiver: Receiver) -> dict[str, dict[str, Any]]:
    """Return what was received of counts, by the id of its message."""
    bodies = {post.headers["webhook-id"]: json.loads(post.body) for post in receiver.posts}
    return {name: body for name, body in bodies.items() if body["type"].startswith("count.")}


async def test_three_stories_within_an_hour_give_exactly_one_message(
    installation: Installation, paper: Newsroom, receiver: Receiver, writer: Writer, now: datetime
) -> None:
    installation.every = "3s"
    count = {"of": "openai", "type": "frequency", "at_least": 3, "within": "1h"}
    rules: list[dict[str, Any]] = [
        {"id": "openai", "match": "@openai", "channels": ["desk"]},
        {"id": "surge", "name": "급증", "count": count, "channels": ["desk"], "severity": "warning"},
    ]
    installation.write([source_of(paper)], rules)
    async with installation.running():
        await until(lambda: any(line["event"] == "source.polled" for line in installation.log()), what="a first poll")
        for minutes in (9, 7):
            paper.publish(writer.piece(now - timedelta(minutes=minutes), terms=("openai",)))
        await until(lambda: len(installation.rows("SELECT 1 FROM hit")) == 2)
        assert told(receiver) == {}
        paper.publish(writer.piece(now - timedelta(minutes=5), terms=("openai",)))
        await until(lambda: len(told(receiver)) == 1, what="the third story to be told")
        paper.publish(writer.piece(now - timedelta(minutes=3), terms=("openai",)))
        await until(lambda: len(installation.rows("SELECT 1 FROM hit")) == 4)
    daemon = installation.start()
    daemon.kill()
    daemon.wait(20)
    await installation.command("run", "--once")
    assert installation.rows("SELECT type FROM event WHERE type LIKE 'count.%'") == [("count.frequency",)]
    assert installation.rows("SELECT 1 FROM delivery WHERE state <> 'done'") == []
    (body,) = told(receiver).values()
    data = body["data"]
    assert (body["type"], data["count"], data["severity"]) == ("count.frequency", 3, "warning")
    assert data["counted"] == {"rule": {"id": "openai", "name": "openai"}, "unit": "stories"}
    assert data["series"]["counts"][-1] + data["series"]["counts"][-2] == 3
