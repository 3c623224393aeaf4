"""The web server of a daemon as a process of its own, over real sockets."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any

import httpx
import pytest

from tests.journeys.installation import Installation, stop, until
from tests.journeys.test_daemon import events
from tests.patience import PATIENCE
from tests.replica.newsroom import Newsroom
from tests.replica.receiver import Receiver
from tests.replica.writer import Writer

pytestmark = pytest.mark.slow


def address(installation: Installation) -> str:
    """Return where the daemon serves; "" while it does not."""
    file = installation.folder / "data" / "web.json"
    return str(json.loads(file.read_text("utf-8"))["address"]) if file.exists() else ""


async def serving(installation: Installation) -> str:
    """Return where the daemon serves, once it does."""
    await until(lambda: address(installation) != "", what="a web server")
    return address(installation)


async def asked(url: str, path: str, method: str = "GET", **more: Any) -> httpx.Response:  # noqa: ANN401 - of httpx
    """Return the answer to one request."""
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
        return await client.request(method, url + path, **more)


async def test_it_says_that_the_daemon_is_well_and_refuses_who_means_another(installation: Installation) -> None:
    async with installation.running():
        url = await serving(installation)
        await until(lambda: "source.polled" in events(installation), what="a first poll")
        for path in ("/livez", "/readyz"):
            answer = await asked(url, path)
            assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
            assert answer.headers["x-content-type-options"] == "nosniff"
        foreign = await asked(url, "/livez", headers={"Host": "evil.example"})
        assert foreign.status_code == 421
        assert foreign.headers["content-type"] == "application/problem+json"
        posted = await asked(url, "/livez", "POST", headers={"Origin": "https://evil.example"})
        assert posted.status_code == 403
        assert (await asked(url, "/livez", "POST")).status_code == 405
        assert (await asked(url, "/nothing/here")).json()["status"] == 404
        long = await asked(url, "/livez", headers={"X-Long": "x" * 70_000})
        assert long.status_code == 431
        assert "web.listening" in events(installation)
    assert not (installation.folder / "data" / "web.json").exists()


@contextmanager
def locked(installation: Installation) -> Iterator[None]:
    """Keep every other program from writing to the database."""
    with closing(sqlite3.connect(installation.database, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")


async def test_a_database_that_takes_no_writes_is_said_and_later_forgotten(installation: Installation) -> None:
    async with installation.running():
        url = await serving(installation)
        with locked(installation):
            reasons, deadline = list[str](), time.monotonic() + PATIENCE
            # The answer of the last second is given again; and a machine that was busy may be slow to hear what is due.
            while reasons != ["the database has taken no write for 3 s"]:
                assert time.monotonic() < deadline, reasons
                answer = await asked(url, "/readyz")
                reasons = answer.json()["reasons"] if answer.status_code == 503 else []
            assert (await asked(url, "/livez")).status_code == 200, "a restart would not mend it"
        await _well(url)


async def _well(url: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while (await asked(url, "/readyz")).status_code != 200:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.2)


async def test_a_port_that_is_taken_costs_no_alert_and_doctor_says_it(
    installation: Installation, paper: Newsroom, receiver: Receiver, writer: Writer, now: datetime
) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        installation.settings = {"web": {"listen": f"127.0.0.1:{port}"}}
        installation.watch(paper)
        async with installation.running():
            await until(lambda: "web.not_listening" in events(installation), what="a line that says it")
            (line,) = [one for one in installation.log() if one["event"] == "web.not_listening"]
            assert f"127.0.0.1:{port}" in line["problem"]
            assert "web.listen" in line["action"]
            await until(lambda: "source.polled" in events(installation), what="a first poll")
            paper.publish(writer.piece(now, terms=("openai",)))
            await receiver.received(1)
            told = await installation.command("doctor")
            assert told.returncode == 1
            assert f"cannot listen on 127.0.0.1:{port}" in told.stdout


async def test_it_is_refused_where_others_can_reach_it_without_a_password(
    installation: Installation, paper: Newsroom
) -> None:
    installation.settings = {"web": {"listen": "0.0.0.0:0"}}
    installation.watch(paper)
    told = await installation.command("run")
    assert told.returncode == 2
    assert f"{installation.config}/monitor.yaml:" in told.stderr
    assert "web.password" in told.stderr
    installation.settings = {"web": "off"}
    installation.watch(paper)
    async with installation.running():
        await until(lambda: "source.polled" in events(installation), what="a first poll")
        assert "web.listening" not in events(installation)


async def test_whoever_does_not_finish_a_request_does_not_hold_up_the_stop(installation: Installation) -> None:
    process = installation.start()
    try:
        url = await serving(installation)
        host, port = url.removeprefix("http://").split(":")
        with (
            closing(socket.create_connection((host, int(port)))) as slow,
            closing(socket.create_connection((host, int(port)))) as idle,
        ):
            slow.sendall(b"POST /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nx")
            idle.sendall(b"GET /live")
            os.kill(process.pid, signal.SIGTERM)
            assert await asyncio.to_thread(process.wait, 20.0) == 0
    finally:
        await asyncio.to_thread(stop, process)
    assert events(installation)[-1] == "stopped"
