"""A sample goes past messages that wait behind a failing head, in a running daemon's channel, and leaves no gap behind."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.journeys.installation import ROOT, Installation, until
from tests.patience import PATIENCE
from tests.replica.newspapers import Newsroom
from tests.replica.receiver import Receiver, Reply
from tests.replica.writer import Writer

pytestmark = pytest.mark.slow

SLOW_NAMES = """
import pathlib, socket, time
look_up = socket.getaddrinfo
def slow(host, *more, **named):
    while pathlib.Path({gate!r}).exists():
        time.sleep(0.05)
    return look_up("127.0.0.1", *more, **named)
socket.getaddrinfo = slow
from monitor.cli.app import main
main()
"""


async def test_the_answer_comes_at_the_deadline_whatever_still_hangs(
    installation: Installation, paper: Newsroom, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    gate.touch()
    installation.webhook = "http://slow.example/hook"
    installation.watch(paper)
    program = (sys.executable, "-c", SLOW_NAMES.format(gate=str(gate)), "test-webhook", "desk")
    buffered = {name: value for name, value in installation.environ.items() if name != "PYTHONUNBUFFERED"}
    process = await asyncio.create_subprocess_exec(*program, cwd=ROOT, env=buffered, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        said = json.loads(await asyncio.wait_for(process.stdout.readline(), PATIENCE))
        assert gate.exists()
        assert (said["taken"], said["status"], said["answer"].partition(":")[0]) == (False, None, "timeout")
    finally:
        gate.unlink()
        code = await asyncio.wait_for(process.wait(), PATIENCE)
    assert code == 1


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
