"""A real daemon, a real newspaper: what is rewritten and withdrawn behind an alert is told once each, whenever the daemon dies."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import yaml

from tests.journeys.forked import Forked
from tests.journeys.installation import Installation, until
from tests.replica.newspapers import Newsroom
from tests.replica.receiver import Receiver
from tests.replica.writer import Writer

pytestmark = pytest.mark.slow
STEPS = ["2s", "4s", "8s", "14s", "20s", "30s", "45s", "2m"]


def told(receiver: Receiver) -> list[str]:
    return [json.loads(post.body)["type"] for post in receiver.posts]


async def through_a_kill(
    installation: Installation, happen: Callable[[], object], receiver: Receiver, what: str
) -> None:
    """Let something happen, kill the daemon with SIGKILL, and wait for another one to tell of it."""
    daemon = installation.start()
    try:
        happen()
        await until(lambda: bool(installation.rows("SELECT 1 FROM follow_up WHERE looked_at IS NOT NULL")))
        daemon.kill()
        daemon.wait(20)
        daemon = installation.start()
        await until(lambda: what in told(receiver), what=f"{what}: {told(receiver)}")
    finally:
        await ended(daemon)


async def ended(daemon: Forked) -> None:
    daemon.kill()
    daemon.wait(20)


async def test_a_rewritten_and_then_withdrawn_article_is_told_once_each_through_kills(
    installation: Installation, paper: Newsroom, receiver: Receiver, writer: Writer, now: datetime
) -> None:
    installation.every = "3s"
    installation.watch(paper)
    settings = installation.config / "monitor.yaml"
    settings.write_text(settings.read_text("utf-8") + yaml.safe_dump({"follow_up": STEPS}), "utf-8")
    piece = writer.piece(now - timedelta(minutes=5), terms=("openai",))
    async with installation.running():
        await until(lambda: any(line["event"] == "source.polled" for line in installation.log()), what="a first poll")
        paper.publish(piece)
        await receiver.received(1)
        await until(lambda: bool(installation.rows("SELECT 1 FROM follow_up WHERE looked_at IS NOT NULL")))
    title = f"오픈AI 이야기는 없던 일로, {piece.title}"
    await through_a_kill(installation, lambda: paper.republish(piece.number, title=title), receiver, "article.changed")
    await through_a_kill(installation, lambda: paper.take_down(piece.number), receiver, "article.removed")
    assert installation.rows("SELECT outcome FROM follow_up") == [("removed",)]
    await installation.command("run", "--once")  # whatever a killed one left, another one does
    assert installation.rows("SELECT 1 FROM delivery WHERE state <> 'done'") == []
    ids = {post.headers["webhook-id"]: json.loads(post.body) for post in receiver.posts}
    assert [body["type"] for body in ids.values()] == ["hit.created", "article.changed", "article.removed"]
    assert [body["seq"] for body in ids.values()] == [1, 2, 3]
    changed = list(ids.values())[1]["data"]
    assert changed["headline"] == {"before": piece.title, "after": title}
    (number,) = installation.rows("SELECT id FROM hit")[0]
    shown = await installation.command("hits", "--id", str(number), "--history", "--format", "ndjson")
    versions = [json.loads(line) for line in shown.stdout.splitlines()]
    assert [version["title"] for version in versions] == [piece.title, title]
    assert (versions[1]["title_before"], versions[1]["outcome"]) == (piece.title, "removed")
    drawn = await installation.command("hits", "--id", str(number), "--history", "--format", "table")
    assert f"- {piece.title}"[:20] in drawn.stdout
