"""The whole line with real processes over real sockets: newspaper -> daemon -> signed webhooks."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from tests.journeys.installation import Installation, until
from tests.replica.newspapers import Failing, Newspapers, Newsroom, Slow, ndsoft, rss_paper, seed_piece
from tests.replica.receiver import Receiver, Reply
from tests.replica.writer import Writer

pytestmark = pytest.mark.slow


async def test_the_seed_article_gives_three_hits_and_three_signed_webhooks(
    installation: Installation, paper: Newsroom, receiver: Receiver, seed_text: str
) -> None:
    installation.max_age = "0s"  # it is of February 2025
    installation.watch(paper)
    assert (await installation.command("run", "--once")).returncode == 0
    assert receiver.posts == []  # the first run alerts nobody
    seed = seed_piece(seed_text)
    paper.publish(seed)
    done = await installation.command("run", "--once")
    assert done.returncode == 0, done.stderr
    posts = await receiver.received(3)
    assert all(post.verified for post in posts)
    assert [post.seq for post in posts] == [1, 2, 3]
    bodies = [json.loads(post.body)["data"] for post in posts]
    spans = {body["rule"]["id"]: len(body["matches"]) for body in bodies}
    assert spans == {"deepseek": 10, "openai": 11, "stargate": 3}
    for body in bodies:
        assert body["article"]["title"] == seed.title
        assert body["article"]["author"] == seed.reporter
        assert body["article"]["published_at"] == "2025-02-05T05:21:33.000Z"
    await installation.command("run", "--once")
    assert len(receiver.posts) == 3  # a second run sends nothing
    told = (await installation.command("hits", "--format", "ndjson")).stdout.splitlines()
    assert [json.loads(line)["alerted"] for line in told] == ["sent"] * 3


async def test_an_article_that_says_it_is_old_is_stored_and_told_to_nobody(
    installation: Installation, paper: Newsroom, receiver: Receiver, seed_text: str
) -> None:
    assert (await installation.command("run", "--once")).returncode == 0
    paper.publish(seed_piece(seed_text))
    assert (await installation.command("run", "--once")).returncode == 0
    told = (await installation.command("hits", "--format", "ndjson")).stdout.splitlines()
    assert [json.loads(line)["alerted"] for line in told] == ["suppressed:old"] * 3
    assert receiver.posts == []


async def test_what_is_published_while_the_daemon_runs_is_told_once_and_survives_restarts(
    installation: Installation, paper: Newsroom, receiver: Receiver, writer: Writer, now: datetime
) -> None:
    paper.publish(writer.piece(now - timedelta(minutes=5), terms=("openai",)))  # old news at the first run
    async with installation.running():
        await until(lambda: any(line["event"] == "source.polled" for line in installation.log()), what="a first poll")
        paper.publish(writer.piece(now + timedelta(minutes=1), terms=("deepseek",)))
        await receiver.received(1)
    paper.publish(writer.piece(now + timedelta(minutes=2), terms=("stargate",)))  # while nobody looks
    async with installation.running():
        await receiver.received(2)
    async with installation.running():
        await until(lambda: [line["event"] for line in installation.log()].count("started") == 3, what="a third start")
    rules = [json.loads(post.body)["data"]["rule"]["id"] for post in receiver.posts]
    assert rules == ["deepseek", "stargate"]
    assert [post.seq for post in receiver.posts] == [1, 2]


async def test_feeds_and_a_cp949_outlet_are_read_alike(
    installation: Installation, receiver: Receiver, writer: Writer, now: datetime
) -> None:
    rooms = (ndsoft(writer.day(5, now)), rss_paper(writer.day(5, now)))
    with Newspapers(*rooms).threaded():
        installation.watch(*rooms)
        assert (await installation.command("run", "--once")).returncode == 0
        pieces = [writer.piece(now + timedelta(minutes=1), terms=("openai", "deepseek")) for _ in rooms]
        for room, piece in zip(rooms, pieces, strict=True):
            room.publish(piece)
        assert (await installation.command("run", "--once")).returncode == 0
    bodies = [json.loads(post.body)["data"] for post in await receiver.received(4)]
    assert {(body["article"]["source"], body["rule"]["id"]) for body in bodies} == {
        (source, rule) for source in ("ndsoft", "rsspaper") for rule in ("openai", "deepseek")
    }
    assert {body["article"]["title"] for body in bodies} == {piece.title for piece in pieces}
    assert {body["article"]["published_at"] for body in bodies} == {
        f"{now + timedelta(minutes=1):%Y-%m-%dT%H:%M:%S}.000Z"
    }


@pytest.mark.long
async def test_a_dead_and_a_slow_source_do_not_delay_another(
    installation: Installation, paper: Newsroom, receiver: Receiver, writer: Writer, now: datetime
) -> None:
    dead, slow = ndsoft(writer.day(5, now)), rss_paper(writer.day(5, now))
    with Newspapers(dead, slow).threaded():
        dead.mode, slow.mode = Failing(503), Slow(30.0)
        installation.watch(paper, dead, slow)
        async with installation.running():
            await until(lambda: any(line["event"] == "source.polled" for line in installation.log()), what="a poll")
            paper.publish(writer.piece(now + timedelta(minutes=1), terms=("openai",)))
            await receiver.received(1)
        failures = {row[0]: row[1] for row in installation.rows("SELECT id, failures FROM v_sources")}
        assert failures["mediapen"] == 0
        assert failures["ndsoft"] >= 1
        done = await installation.command("run", "--once")
        assert done.returncode == 3
    table = (await installation.command("sources", "--format", "json")).stdout
    told = {row["id"]: row for row in json.loads(table)}
    assert "503" in told["ndsoft"]["last_error"]
    assert "timeout" in told["rsspaper"]["last_error"]
    assert told["mediapen"]["last_error"] == ""


@pytest.mark.long
async def test_a_receiver_that_fails_gets_the_same_message_again(
    installation: Installation, paper: Newsroom, receiver: Receiver, writer: Writer, now: datetime
) -> None:
    await installation.command("run", "--once")
    receiver.then(Reply(503, {"retry-after": "1"}), Reply(), Reply(drop=True))
    paper.publish(writer.piece(now + timedelta(minutes=1), terms=("openai", "stargate")))
    async with installation.running():
        posts = await receiver.received(4)
    assert [post.seq for post in posts] == [1, 1, 2, 2]
    assert len({post.id for post in posts}) == 2
    assert len({post.body for post in posts}) == 2
    assert [post.attempt for post in posts] == [1, 2, 1, 2]


async def test_without_a_webhook_hits_are_stored_and_one_line_says_how_to_send_them(
    installation: Installation, paper: Newsroom, writer: Writer, now: datetime
) -> None:
    installation.webhook = ""
    installation.watch(paper)
    await installation.command("run", "--once")
    paper.publish(writer.piece(now + timedelta(minutes=1), terms=("openai",)))
    done = await installation.command("run", "--once")
    lines = [line for line in done.stderr.splitlines() if "channel.not_configured" in line]
    assert len(lines) == 1
    assert "MONITOR_WEBHOOK_URL" in lines[0]
    assert installation.rows("SELECT rule_id, alerted FROM v_hits") == [("openai", "suppressed:not_configured")]


async def test_what_was_not_sent_can_be_replayed(
    installation: Installation, paper: Newsroom, receiver: Receiver, writer: Writer, now: datetime
) -> None:
    paper.publish(writer.piece(now - timedelta(minutes=5), terms=("openai",)))
    first = await installation.command("run", "--once")
    assert '"1 hit stored, none sent: they were there before"' in first.stderr
    (row,) = json.loads((await installation.command("deliveries", "--suppressed", "--format", "json")).stdout)
    assert row["reason"] == "baseline"
    done = await installation.command("replay", row["id"])
    assert done.returncode == 0, done.stderr
    await installation.command("run", "--once")
    (post,) = await receiver.received(1)
    assert (post.id, post.seq) == (row["id"], 1)
