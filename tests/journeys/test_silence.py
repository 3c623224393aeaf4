"""A silence that is asked for while the daemon runs: its next hit is kept back, and told again when it has ended."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.journeys.installation import Installation, until
from tests.replica.newspapers import Newsroom
from tests.replica.receiver import Receiver
from tests.replica.writer import Writer

pytestmark = pytest.mark.slow


async def test_a_running_daemon_heeds_a_silence_and_its_end(
    installation: Installation, paper: Newsroom, receiver: Receiver, writer: Writer, now: datetime
) -> None:
    def hits() -> int:
        return int(installation.rows("SELECT count(*) FROM hit WHERE rule_id = 'openai'")[0][0])

    def publish() -> None:
        paper.publish(writer.piece(now - timedelta(minutes=5), terms=("openai",)))

    def polled() -> bool:
        return any(line["event"] == "source.polled" for line in installation.log())

    async with installation.running():
        await until(polled, what="the first poll")
        asked = await installation.command("silence", "add", "--word", "@openai", "--until", "1h", "--why", "출시 행사")
        assert asked.returncode == 0, asked.stderr
        publish()
        await until(lambda: hits() == 1, what="the hit that is kept back")
        kept = "SELECT state, reason, silence_id, silence_why FROM v_deliveries WHERE rule_id = 'openai'"
        assert installation.rows(kept) == [("suppressed", "silenced", 1, "출시 행사")]
        ended = await installation.command("silence", "end", "1")
        assert ended.stdout == "silence 1 ends now\n"
        publish()
        await receiver.received(1)
        assert hits() == 2
    assert len(receiver.posts) == 1, "what was kept back stays so"
