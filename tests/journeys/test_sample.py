"""A sample goes past messages that wait behind a failing head, in a running daemon's channel, and leaves no gap behind."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from tests.journeys.installation import Installation, until
from tests.replica.newspapers import Newsroom
from tests.replica.receiver import Receiver, Reply
from tests.replica.writer import Writer

pytestmark = pytest.mark.slow


async def test_a_sample_is_answered_while_the_line_fails_and_takes_no_number(
    installation: Installation, paper: Newsroom, receiver: Receiver, writer: Writer, now: datetime
) -> None:
    async with installation.running():
        await until(lambda: any(line["event"] == "source.polled" for line in installation.log()), what="a first poll")
        receiver.mood.usual = Reply(503, body=b"told to fail")
        for minutes in (5, 4):
            paper.publish(writer.piece(now - timedelta(minutes=minutes), terms=("openai",)))
        await until(
            lambda: len(installation.rows("SELECT id FROM delivery")) == 2,
            what="two messages that wait",
        )
        await until(
            lambda: bool(installation.rows("SELECT id FROM channel_state WHERE failing_since IS NOT NULL")),
            what="a failing line",
        )
        refused = await installation.command("test-webhook", "desk", "--format", "json")
        assert refused.returncode == 1, refused.stderr
        (said,) = json.loads(refused.stdout)
        assert (said["status"], said["answer"]) == (503, "503: told to fail")
        assert "its last message was not taken" in said["notes"][0]
        receiver.mood.usual = Reply()
        taken = await installation.command("test-webhook", "desk", "--type", "digest", "--format", "json")
        assert taken.returncode == 0, taken.stdout + taken.stderr
        assert (await installation.command("channels", "open", "desk")).returncode == 0
        await until(
            lambda: not installation.rows("SELECT id FROM delivery WHERE state <> 'done'"), what="everything taken"
        )
    tests = [post for post in receiver.posts if post.seq == 0]
    assert [json.loads(post.body)["type"] for post in tests] == ["test", "digest"]
    assert all(post.verified for post in receiver.posts)
    assert [post.seq for post in receiver.accepted if post.seq] == [1, 2]
    assert installation.rows("SELECT next_seq FROM channel_state WHERE id = 'desk'") == [(3,)]
    assert not installation.rows("SELECT id FROM attempt WHERE delivery_id NOT IN (SELECT id FROM delivery)")
