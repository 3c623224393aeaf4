"""A kind is one file: two that the program has never heard of, put beside the others, from the configuration to the receiver."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from tests.journeys.installation import ROOT, Installation
from tests.net.raw_server import Caller, RawServer, http, serving
from tests.patience import PATIENCE
from tests.replica.mail_server import MailServerReplica
from tests.replica.mood import Reply
from tests.replica.receiver import Receiver

TOYS = Path(__file__).parent / "kinds"
PROGRAM = f"""
import monitor.channels.kinds, monitor.extract.kinds
monitor.channels.kinds.__path__.append({str(TOYS / "channels")!r})
monitor.extract.kinds.__path__.append({str(TOYS / "sources")!r})
from monitor.cli.app import main
main()
"""
CHANNEL = "channels:\n  - id: desk\n    kind: pager\n    url: {url}\n"
MAIL = """channels:
  - id: desk
    kind: email
    url: smtp://127.0.0.1:{port}?tls=none
    from: Desk <desk@example.com>
    to: [a@example.com, b@example.com]
"""
SOURCE = "sources:\n  - id: wire\n    kind: ticker\n    url: {url}\n    every: 5m\n    pass: open-sesame\n    topics: [ai, chips]\n"
ARTICLE = (
    "<html><head><title>오픈AI 새 모형</title></head><body><article>"
    + "<p>오픈AI는 5일 새 모형을 선보였다.</p>" * 9
    + "</article></body></html>"
)


@pytest.fixture
async def ticker() -> AsyncIterator[tuple[RawServer, list[tuple[str, str]]]]:
    """A server of two topics, one of them empty, and one article; with what it was asked and with which pass."""
    asked: list[tuple[str, str]] = []
    html = "Content-Type: text/html; charset=utf-8"
    pages: Mapping[str, bytes] = {
        "/list?topic=ai": http(
            "/news/20250205001|오픈AI 새 모형".encode(), "200 OK", "Content-Type: text/plain; charset=utf-8"
        ),
        "/list?topic=chips": http(b"", "200 OK", "Content-Type: text/plain"),
        "/news/20250205001": http(ARTICLE.encode(), "200 OK", html),
    }

    async def talk(caller: Caller) -> None:
        found = re.search(r"^x-pass: (.*?)\r?$", caller.head, re.MULTILINE | re.IGNORECASE)
        asked.append((caller.path, found[1] if found else ""))
        await caller.say(pages.get(caller.path, http(b"", "404 Not Found")))

    async with serving(talk) as server:
        yield server, asked


def written(folder: Path, channel: str, source: str) -> Installation:
    """Return an installation with a channel and a source of the new kinds."""
    made = Installation(folder)
    made.write([])
    (made.config / "channels.yaml").write_text(channel, "utf-8")
    (made.config / "sources.yaml").write_text(source, "utf-8")
    rule = "rules:\n  - {id: openai, match: 오픈AI, channels: [desk]}\n"
    (made.config / "rules.yaml").write_text(rule, "utf-8")
    monitor = (made.config / "monitor.yaml").read_text("utf-8")
    (made.config / "monitor.yaml").write_text(f"{monitor}first_run: alert\n", "utf-8")
    return made


async def command(installation: Installation, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the program, with the new kinds beside its own, to its end."""

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", PROGRAM, *words],
            cwd=ROOT,
            env=installation.environ,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    return await asyncio.to_thread(run)


@pytest.mark.slow
async def test_two_new_files_are_two_new_kinds(tmp_path: Path, ticker: tuple[RawServer, list[tuple[str, str]]]) -> None:
    server, asked = ticker
    async with Receiver() as receiver:
        channel = CHANNEL.format(url=receiver.url) + '    number: "0815"\n    token_file: token\n'
        installation = written(tmp_path, channel, SOURCE.format(url=server.url("/list")))
        (installation.config / "token").write_text("pg-canary\n", "utf-8")
        checked = await command(installation, "check")
        assert checked.returncode == 0, checked.stdout + checked.stderr
        done = await command(installation, "run", "--once")
        assert done.returncode == 0, done.stderr
        (post,) = receiver.posts
    assert post.body.decode() == "0815: 오픈AI 새 모형"
    assert post.headers["x-token"] == "pg-canary"
    lists = {(path, key) for path, key in asked if path.startswith("/list")}
    assert lists == {("/list?topic=ai", "open-sesame"), ("/list?topic=chips", "open-sesame")}
    assert ("/news/20250205001", "") in asked
    assert installation.rows("SELECT state FROM delivery") == [("done",)]
    said = checked.stdout + checked.stderr + done.stdout + done.stderr
    assert "pg-canary" not in said
    assert "open-sesame" not in said


@pytest.mark.slow
async def test_a_new_kind_says_when_its_channel_is_gone(
    tmp_path: Path, ticker: tuple[RawServer, list[tuple[str, str]]]
) -> None:
    async with Receiver() as receiver:
        receiver.then(Reply(418))
        channel = CHANNEL.format(url=receiver.url) + '    number: "0815"\n    token: pg-1\n'
        installation = written(tmp_path, channel, SOURCE.format(url=ticker[0].url("/list")))
        await command(installation, "run", "--once")
    assert installation.rows("SELECT id FROM channel_state WHERE disabled_at IS NOT NULL") == [("desk",)]


@pytest.mark.slow
async def test_mail_waits_for_a_mailbox_that_is_put_off_and_reaches_each_once(
    tmp_path: Path, ticker: tuple[RawServer, list[tuple[str, str]]]
) -> None:
    async with MailServerReplica(replies={"RCPT b": ["450 4.2.0 greylisted", "250 ok"]}) as server:
        channel = MAIL.format(port=server.port)
        installation = written(tmp_path, channel, SOURCE.format(url=ticker[0].url("/list")))
        checked = await command(installation, "check")
        assert checked.returncode == 0, checked.stdout + checked.stderr
        await command(installation, "run", "--once")
        assert server.letters == []
        assert installation.rows(
            "SELECT delivery.state, status FROM delivery JOIN attempt ON delivery.id = delivery_id"
        ) == [("pending", 450)]
        with closing(sqlite3.connect(installation.database)) as database, database:
            database.execute("UPDATE delivery SET due_at = created_at")
        await command(installation, "run", "--once")
    (letter,) = server.letters
    assert letter.recipients == ("a@example.com", "b@example.com")
    assert "오픈AI 새 모형" in str(letter.message["Subject"])
    ((identity,),) = installation.rows("SELECT id FROM delivery WHERE state = 'done'")
    assert letter.message["Message-ID"] == f"<{identity}@example.com>"


@pytest.mark.slow
async def test_who_is_left_out_of_a_letter_stands_in_the_log(
    tmp_path: Path, ticker: tuple[RawServer, list[tuple[str, str]]]
) -> None:
    async with MailServerReplica(replies={"RCPT b": ["550 5.1.1 unknown"]}) as server:
        channel = MAIL.format(port=server.port)
        installation = written(tmp_path, channel, SOURCE.format(url=ticker[0].url("/list")))
        done = await command(installation, "run", "--once")
    assert [letter.recipients for letter in server.letters] == [("a@example.com",)]
    assert installation.rows("SELECT state, attempts FROM delivery") == [("done", 1)]
    (line,) = [line for line in (done.stdout + done.stderr).splitlines() if "delivery.done" in line]
    assert "b@example.com: 550 5.1.1 unknown" in line
