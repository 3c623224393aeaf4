"""How long an alert took, as its receiver is told, as the database has it, and as the commands show it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from tests.journeys.installation import Installation, until
from tests.replica.newspapers import Newsroom
from tests.replica.receiver import Receiver, Reply
from tests.replica.writer import Writer

pytestmark = pytest.mark.slow


async def test_an_alert_tells_its_way_station_by_station(
    installation: Installation, paper: Newsroom, receiver: Receiver, writer: Writer, now: datetime
) -> None:
    async with installation.running():
        await until(lambda: any(line["event"] == "source.polled" for line in installation.log()), what="a first poll")
        receiver.then(Reply(503))
        paper.publish(writer.piece(now - timedelta(minutes=5), terms=("openai",)))
        await receiver.received(2)
        await until(
            lambda: bool(installation.rows("SELECT id FROM delivery WHERE state = 'done'")), what="it was taken"
        )
        first, second = receiver.posts
        columns = "published_to_seen_ms, seen_to_matched_ms, matched_to_made_ms, made_to_sent_ms, seen_to_sent_ms"
        (row,) = installation.rows(f"SELECT {columns} FROM v_latency")  # noqa: S608 - names of this test
        sources = json.loads((await installation.command("sources", "--format", "json")).stdout)
        channels = json.loads((await installation.command("channels", "--format", "json")).stdout)
    told = json.loads(second.body)["data"]["latency"]
    assert first.body == second.body, "the body is frozen, the attempts tell the rest"
    assert (told["published_to_seen"], told["seen_to_matched"], told["matched_to_made"]) == row[:3]
    assert told["published_to_seen"] >= 300_000
    waits = [int(post.headers["monitor-made-to-sent-ms"]) for post in receiver.posts]
    assert 0 <= waits[0] < waits[1] <= row[3] <= row[4]
    (channel,) = channels
    assert (channel["made_to_sent_p50_ms"], channel["made_to_sent_p95_ms"]) == (row[3], row[3])
    (source,) = sources
    assert (source["published_to_seen_p50_ms"], source["seen_to_sent_p50_ms"]) == (row[0], row[4])
