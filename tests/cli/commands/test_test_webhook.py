"""monitor test-webhook, on real files, against a real receiver."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing

import pytest
import yaml

from tests.cli.conftest import App, Outcome
from tests.journeys.installation import SECRET
from tests.replica.receiver import Receiver, Reply

CANARY = "canary-path-4711"
SHUT = "UPDATE channel_state SET disabled_at = '2026-11-05 01:00:00.000000', reason = '404: no_team' WHERE id = 'desk'"
EVERYTHING = ("SELECT * FROM delivery", "SELECT * FROM channel_state", "SELECT * FROM attempt", "SELECT * FROM event")


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """One that checks signatures, whatever the clock of the test says."""
    async with Receiver(secrets=(SECRET,), check_age=False) as own:
        yield own


def point(app: App, url: str, **more: object) -> None:
    """Write the one channel, with that address."""
    channel = {"id": "desk", "kind": "webhook", "url": url, "secret": SECRET, **more}
    (app.installation.config / "channels.yaml").write_text(yaml.safe_dump({"channels": [channel]}), "utf-8")


async def run(app: App, *words: str) -> Outcome:
    """Run the command while this loop serves its receiver."""
    return await asyncio.to_thread(app, "test-webhook", *words)


async def test_it_needs_no_database_and_leaves_none(app: App, receiver: Receiver) -> None:
    point(app, receiver.url)
    told = await run(app, "desk")
    (row,) = told.rows
    (post,) = receiver.posts
    assert (told.code, row["taken"], row["status"], row["answer"], row["notes"]) == (0, True, 200, "200: ok", [])
    assert (post.id, post.verified, post.seq, json.loads(post.body)["type"]) == (row["id"], True, 0, "test")
    assert row["elapsed_ms"] >= 0
    assert not app.installation.database.exists()


async def test_it_is_answered_beside_a_shut_line_and_changes_nothing_of_it(stocked: App, receiver: Receiver) -> None:
    point(stocked, receiver.url)
    with closing(sqlite3.connect(stocked.installation.database)) as connection, connection:
        connection.execute(SHUT)
    before = [stocked.installation.rows(statement) for statement in EVERYTHING]
    told = await run(stocked, "desk", "--type", "hit.created", "--format", "table")
    assert told.code == 0
    assert "note       the channel is shut (404: no_team): `monitor channels open desk` opens it" in told.out
    assert [stocked.installation.rows(statement) for statement in EVERYTHING] == before
    assert json.loads(receiver.posts[0].body)["type"] == "hit.created"


async def test_a_channel_that_is_switched_off_is_tried_all_the_same(app: App, receiver: Receiver) -> None:
    point(app, receiver.url, enabled=False)
    told = await run(app, "desk")
    assert (told.code, len(receiver.posts)) == (0, 1)
    assert "switched off" in told.rows[0]["notes"][0]


async def test_what_was_not_taken_exits_with_one_and_shows_no_secret(app: App, receiver: Receiver) -> None:
    point(app, f"{receiver.url}/{CANARY}")
    receiver.then(Reply(404, body=f"no {CANARY}".encode()), Reply(503), Reply(503))
    table = await run(app, "desk", "--format", "table")
    assert table.code == 1
    assert "status     404\n" in table.out
    assert "answer     404: no [hidden]" in table.out
    assert "what to do nothing takes messages at this address" in table.out
    assert CANARY not in table.out + table.err
    (csv_row,) = csv.DictReader(io.StringIO((await run(app, "desk", "--format", "csv")).out))
    assert (csv_row["status"], csv_row["taken"]) == ("503", "False")
    assert json.loads((await run(app, "desk", "--format", "json")).out)[0]["status"] == 503
    assert len(receiver.posts) == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("dezk",), "did you mean 'desk'?"),
        (("xx",), "there are: desk"),
        (("desk", "--type", "hit.creatd"), "did you mean 'hit.created'?"),
        ((), "Missing argument 'CHANNEL'"),
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(app: App, words: tuple[str, ...], said: str) -> None:
    told = app("test-webhook", *words)
    assert told.code == 2
    assert said in told.err


def test_a_channel_without_an_address_is_a_fault_of_the_files(app: App) -> None:
    point(app, "")
    told = app("test-webhook", "desk")
    assert told.code == 2
    assert "channels.yaml:" in told.err
    assert "channel desk has no URL" in told.err


def test_faulty_files_are_said_and_nothing_is_sent(app: App) -> None:
    point(app, "http://127.0.0.1:9/hook", nonsense=1)
    told = app("test-webhook", "desk")
    assert told.code == 2
    assert "nonsense" in told.err
