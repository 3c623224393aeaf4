"""Routes in force decide whom the daemon tells, and a reload puts others in their place."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import yaml

from tests.journeys.installation import Installation, source_of, until
from tests.replica.newspapers import Newsroom
from tests.replica.receiver import Receiver
from tests.replica.writer import Writer

pytestmark = pytest.mark.slow


def routed(installation: Installation, paper: Newsroom, *routes: dict[str, object]) -> None:
    """Write rules that name no channel, two channels, and these routes."""
    installation.channels = ("desk", "phone")
    rules = [{"id": "openai", "match": "@openai", "tags": ["ai"], "severity": "critical"}]
    installation.write([source_of(paper)], rules)
    path = installation.config / "channels.yaml"
    path.write_text(path.read_text("utf-8") + yaml.safe_dump({"routes": list(routes)}), "utf-8")


async def test_the_daemon_tells_whom_the_routes_name_and_a_reload_changes_that(
    installation: Installation, paper: Newsroom, receiver: Receiver, writer: Writer, now: datetime
) -> None:
    told = "SELECT channel_id FROM notification ORDER BY id"
    critical: dict[str, object] = {"severity": "critical", "channels": ["phone"]}
    routed(installation, paper, critical, {"channels": ["desk"]})
    async with installation.running():
        await until(lambda: any(line["event"] == "source.polled" for line in installation.log()), what="a first poll")
        paper.publish(writer.piece(now - timedelta(minutes=5), terms=("openai",)))
        await receiver.received(1)
        assert installation.rows(told) == [("phone",)]
        routed(installation, paper)
        refused = await installation.command("reload")
        assert (refused.returncode, "would lose every route it has (2)" in refused.stderr) == (2, True)
        routed(installation, paper, critical | {"continue": True}, {"tags": "ai", "channels": ["desk"]})
        done = await installation.command("reload")
        assert "the routes changed: 2 before, 2 now" in done.stdout, done.stderr
        paper.publish(writer.piece(now - timedelta(minutes=4), terms=("openai",)))
        await receiver.received(3)
        assert sorted(installation.rows(told)) == [("desk",), ("phone",), ("phone",)]
