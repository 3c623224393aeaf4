"""The receivers of docs/receivers, as processes of their own, against the real sender."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from monitor.channels.signing import headers
from monitor.channels.words.compose import compose
from monitor.model.delivery import Delivery, MessageContext, MessageDraft
from monitor.model.health import Notice
from monitor.model.plan import Channel
from monitor.net.client import HttpClient, Limits
from monitor.store.write.identity import new_uuid
from tests.channels.formats.bodies import BROKEN
from tests.channels.samples import CONTEXT, NOW, OTHER_SECRET, SECRET, channel, sending
from tests.patience import PATIENCE

RECEIVERS = Path(__file__).resolve().parents[2] / "docs" / "receivers"
NODE = shutil.which("node")
TITLE = CONTEXT.article.title

pytestmark = pytest.mark.slow


@dataclass
class Example:
    """A receiver of the manual that runs: its address, its folder, and what it prints."""

    command: tuple[str, ...]
    folder: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        environ = os.environ | {"MONITOR_WEBHOOK_SECRET": SECRET, "PYTHONIOENCODING": "utf-8"}
        with (self.folder / "out").open("ab") as out:
            command = [*self.command, str(self.port)]
            self.process = subprocess.Popen(command, cwd=self.folder, env=environ, stdout=out, stderr=out)
        for _ in range(int(PATIENCE / 0.05)):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        pytest.fail(f"the receiver does not listen: {self.lines()}")

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def lines(self) -> list[str]:
        return (self.folder / "out").read_text("utf-8").splitlines()

    def channel(self, secret: str = SECRET) -> Channel:
        return channel(f"http://127.0.0.1:{self.port}/", secret)


@pytest.fixture(params=["python", pytest.param("node", marks=pytest.mark.skipif(NODE is None, reason="needs node"))])
def example(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Example]:
    """Each of them, listening."""
    python = (sys.executable, str(RECEIVERS / "receiver.py"))
    own = Example(python if request.param == "python" else (str(NODE), str(RECEIVERS / "receiver.mjs")), tmp_path)
    try:
        own.start()
        yield own
    finally:
        own.stop()


@pytest.fixture
async def client() -> AsyncIterator[HttpClient]:
    """The product's own HTTP client, allowed to reach loopback."""
    own = HttpClient(Limits(PATIENCE, 100_000, "monitor-test", (ip_network("127.0.0.0/8"),)))
    yield own
    await own.aclose()


def present() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the receivers check ages by the real clock


def message(seq: int, item: MessageContext | Notice = CONTEXT, attempt: int = 1) -> Delivery:
    return Delivery(f"0193-{seq}", "desk", seq, compose(MessageDraft(seq, NOW, (item,))), attempt, "test", NOW)


async def test_each_message_is_worked_once_and_a_gap_is_told(client: HttpClient, example: Example) -> None:
    sender = sending(client)
    sent = [message(7), message(8, BROKEN), message(8, BROKEN, attempt=2), message(12), message(13)]
    statuses = [(await sender.send(one, example.channel(), present())).status for one in sent]
    assert statuses == [204] * 5
    assert example.lines() == [
        f"hit 7 openai {TITLE}",
        "other 8 source.broken",
        "repeat 8",
        "missing 9 11",
        f"hit 12 openai {TITLE}",
        f"hit 13 openai {TITLE}",
    ]


async def test_what_it_knows_survives_its_end(client: HttpClient, example: Example) -> None:
    sender = sending(client)
    await sender.send(message(1), example.channel(), present())
    example.stop()
    example.start()
    for seq in (1, 4):
        assert (await sender.send(message(seq), example.channel(), present())).status == 204
    assert example.lines()[1:] == ["repeat 1", "missing 2 3", f"hit 4 openai {TITLE}"]


async def test_a_test_is_no_message_of_the_line(client: HttpClient, example: Example) -> None:
    sender = sending(client)
    for seq in (0, 4, 0, 0, 5):
        sent = replace(message(seq), id=new_uuid())
        assert (await sender.send(sent, example.channel(), present())).status == 204
    assert example.lines() == [
        "test hit.created",
        f"hit 4 openai {TITLE}",
        "test hit.created",
        "test hit.created",
        f"hit 5 openai {TITLE}",
    ]


async def test_what_is_not_ours_is_refused(client: HttpClient, example: Example) -> None:
    sender = sending(client)
    now = present()
    tries = [
        (message(1), example.channel(OTHER_SECRET), now),
        (message(1), replace(example.channel(), secrets=()), now),
        (message(1), example.channel(), now - timedelta(minutes=6)),
        (message(1), example.channel(), now + timedelta(minutes=6)),
    ]
    assert [(await sender.send(*one)).status for one in tries] == [401] * 4
    assert (
        await sender.send(message(1), replace(example.channel(), secrets=(OTHER_SECRET, SECRET)), now)
    ).status == 204
    assert example.lines() == [f"hit 1 openai {TITLE}"]


async def test_whoever_changes_a_message_is_refused(client: HttpClient, example: Example) -> None:
    ours = message(1)
    request = headers(ours.id, present(), ours.body, (SECRET,))
    changed = [
        (ours.body.replace(b"openai", b"openal"), request),
        (ours.body + b" ", request),
        (ours.body, {**request, "webhook-id": "0193-2"}),
        (ours.body, {**request, "webhook-signature": request["webhook-signature"].replace("v1,", "v2,")}),
        (ours.body, {**request, "webhook-signature": ""}),
        (ours.body, {**request, "webhook-timestamp": "soon"}),
    ]
    answers = [(await client.post(example.channel().url, body, named)).status for body, named in changed]
    assert answers == [401] * len(changed)
    assert example.lines() == []
