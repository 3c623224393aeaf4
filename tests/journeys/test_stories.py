"""One matter, twelve newspapers: one message, then one for each level that is due; a kill in between changes nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
import yaml

from tests.journeys.forked import Forked
from tests.journeys.installation import Installation, source_of, until
from tests.replica.newspapers import Newspapers, Newsroom, addresses, mediapen, rss_paper
from tests.replica.piece import Piece
from tests.replica.receiver import Receiver
from tests.replica.writer import Writer

pytestmark = pytest.mark.slow
OUTLETS = 12
LOOKS = ["3s", "10s", "20s", "40s", "2m"]


@pytest.fixture
def papers(now: datetime) -> Iterator[list[Newsroom]]:
    """Twelve newspapers of two makes, each with a few articles of its own."""
    rooms = []
    for number, host in zip(range(OUTLETS), addresses(20), strict=False):
        pieces = Writer(seed=100 + number, rate=0.0, first=1000 * number + 100).day(3, now)
        rooms.append((mediapen if number % 2 else rss_paper)(pieces, host))
    with Newspapers(*rooms).threaded():
        yield rooms


def picked_up(piece: Piece, number: int, at: datetime) -> Piece:
    """Return a piece as another newspaper prints it: another headline tag, another reporter, without the last lines."""
    return replace(
        piece,
        number=1000 * number + 500,
        title=f"[속보] {piece.title}" if number % 3 else piece.title,
        published_at=at,
        paragraphs=piece.paragraphs[: len(piece.paragraphs) - number % 2],
        reporter=f"김{'가나다라마바사아자차카타'[number]}",
    )


def messages(receiver: Receiver) -> list[dict[str, Any]]:
    """Return what the receiver was told, repeats of one message once."""
    return list({post.headers["webhook-id"]: json.loads(post.body) for post in receiver.posts}.values())


async def test_a_story_of_twelve_newspapers_is_told_once_and_at_each_level(
    installation: Installation, papers: list[Newsroom], receiver: Receiver, writer: Writer, now: datetime
) -> None:
    entries = [source_of(room) | {"id": f"p{n}", "name": f"신문{n}", "every": "1s"} for n, room in enumerate(papers)]
    installation.write(entries)
    settings = installation.config / "monitor.yaml"
    settings.write_text(settings.read_text("utf-8") + yaml.safe_dump({"follow_up": LOOKS}), "utf-8")
    daemon = installation.start()
    try:
        await until(lambda: polled(installation) == OUTLETS, what="a first poll of every newspaper")
        piece = writer.piece(now, terms=("openai",))
        for number, paper in enumerate(papers):
            paper.publish(picked_up(piece, number, now + timedelta(minutes=5 * number)))
            if number in {3, 4, 9}:  # before a level, at a level, and at the last one
                daemon = await killed(daemon, installation)
            wanted = number + 1
            await until(partial(has_hits, installation, wanted), what=f"hit {wanted}")
        await until(lambda: len(messages(receiver)) == 3, what="the last level")
        papers[0].republish(500, title=f"{piece.title} … 없던 일로")
        await until(lambda: len(messages(receiver)) == 4, what="the rewritten headline")
        daemon = await killed(daemon, installation)
        await until(
            lambda: not installation.rows("SELECT 1 FROM delivery WHERE state <> 'done'"), what="an empty outbox"
        )
    finally:
        await ended(daemon)
    each_level_was_told_once(installation, receiver)
    await commands_show_one_story(installation)


def each_level_was_told_once(installation: Installation, receiver: Receiver) -> None:
    told = messages(receiver)
    assert [body["type"] for body in told] == ["hit.created", "story.escalated", "story.escalated", "article.changed"]
    assert [body["seq"] for body in told] == [1, 2, 3, 4]
    assert [body["data"].get("escalation", {}).get("levels") for body in told[:3]] == [None, ["outlets:5"], ["burst"]]
    spread, fast = told[1]["data"], told[2]["data"]
    assert [one["source_name"] for one in spread["escalation"]["joined"]] == ["신문1", "신문2", "신문3", "신문4"]
    assert (spread["story"]["outlets"], fast["story"]["outlets"]) == (5, 10)
    assert spread["escalation"]["first"]["source_name"] == "신문0"
    reasons = "SELECT reason, count(*) FROM v_notifications WHERE hit_id IS NOT NULL GROUP BY reason ORDER BY reason"
    assert installation.rows(reasons) == [("", 3), ("same_story", OUTLETS - 3)]


async def commands_show_one_story(installation: Installation) -> None:
    shown = await installation.command("stories", "--rule", "openai", "--format", "ndjson")
    (story,) = [json.loads(line) for line in shown.stdout.splitlines()]
    assert (len(story["outlets"]), story["articles"], story["outlets"][0]["source_name"]) == (OUTLETS, OUTLETS, "신문0")
    hits = await installation.command("hits", "--story", story["id"], "--format", "ndjson")
    assert len(hits.stdout.splitlines()) == OUTLETS


def polled(installation: Installation) -> int:
    """Return how many newspapers were polled."""
    return len({line["source_id"] for line in installation.log() if line["event"] == "source.polled"})


def has_hits(installation: Installation, wanted: int) -> bool:
    """Return whether so many hits are stored."""
    return installation.rows("SELECT count(*) FROM hit") == [(wanted,)]


async def killed(daemon: Forked, installation: Installation) -> Forked:
    """Kill the daemon with SIGKILL; return another one."""
    await ended(daemon)
    return installation.start()


async def ended(daemon: Forked) -> None:
    daemon.kill()
    await asyncio.to_thread(daemon.wait, 20)
