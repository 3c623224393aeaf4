"""`monitor hits --follow` beside a daemon: each hit once, in the order in which they come, through a restart of the daemon."""

from __future__ import annotations

import json
import signal
from datetime import datetime, timedelta

import pytest

from tests.journeys.forked import Forked
from tests.journeys.installation import ROOT, Installation, source_of, until
from tests.replica.newspapers import Newsroom
from tests.replica.writer import Writer

pytestmark = pytest.mark.slow


async def test_who_follows_sees_each_hit_once_through_a_restart(
    installation: Installation, paper: Newsroom, writer: Writer, now: datetime
) -> None:
    installation.every = "2s"
    installation.write([source_of(paper)])
    out = installation.folder / "followed.ndjson"

    def followed() -> list[int]:
        lines = out.read_text("utf-8").splitlines() if out.exists() else []
        return [json.loads(line)["id"] for line in lines if line.endswith("}")]

    def publish(minutes: int) -> None:
        paper.publish(writer.piece(now - timedelta(minutes=minutes), terms=("openai",)))

    async with installation.running():
        await until(lambda: any(line["event"] == "source.polled" for line in installation.log()), what="a first poll")
        publish(9)
        await until(lambda: len(installation.rows("SELECT 1 FROM hit")) == 1)
        watcher = Forked(("hits", "--follow"), installation.environ, ROOT, out, installation.folder / "followed.err")
        try:
            await until(lambda: followed() == [1], what="what was there before")
            publish(7)
            await until(lambda: followed() == [1, 2], what="a hit that comes")
        except BaseException:
            watcher.kill()
            raise
    try:
        async with installation.running():
            publish(5)
            await until(lambda: followed() == [1, 2, 3], what="a hit of the daemon that was started again")
        watcher.send_signal(signal.SIGINT)
        assert watcher.wait(20) == 0
    finally:
        watcher.kill()
    assert (installation.folder / "followed.err").read_text("utf-8") == ""
