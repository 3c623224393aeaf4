"""What a change of the files comes to, as it is said before, while and after the daemon takes it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from tests.journeys.installation import ALIASES, Installation, until
from tests.journeys.test_daemon import events
from tests.replica.newspapers import Newsroom
from tests.replica.receiver import Receiver
from tests.replica.writer import Writer

pytestmark = pytest.mark.slow
NEW = ("1 rule is new: openai", "rule openai: 3 stored articles of the last 7 days match and will not be sent")


async def test_a_new_rule_is_said_with_what_it_finds_and_nobody_is_told_of(
    installation: Installation, paper: Newsroom, receiver: Receiver, writer: Writer, now: datetime
) -> None:
    for number in range(3):
        paper.publish(writer.piece(now - timedelta(minutes=number), terms=("openai",)))
    installation.aliases = {"deepseek": ALIASES["deepseek"]}
    installation.watch(paper)
    async with installation.running():
        await until(lambda: "first_polls" in events(installation), what="the first poll")
        assert "diff: the files say what is in force" in (await installation.command("check", "--diff")).stdout
        assert "FAIL plan" not in (await installation.command("doctor")).stdout

        installation.aliases = {name: ALIASES[name] for name in ("deepseek", "openai")}
        installation.watch(paper)
        said = (await installation.command("check", "--diff")).stdout
        assert all(f"diff: {line}" in said for line in NEW)
        document = json.loads((await installation.command("check", "--diff", "--format", "json")).stdout)
        assert all(any(line.startswith(new) for line in document["diff"]) for new in NEW)
        assert "diff" not in json.loads((await installation.command("check", "--format", "json")).stdout)
        github = (await installation.command("check", "--diff", "--format", "github")).stdout
        assert all(f"::notice title=diff::{line}" in github for line in NEW)
        torn = await installation.command("doctor")
        assert torn.returncode == 1
        assert "FAIL plan: the files say plan " in torn.stdout
        assert "monitor check --diff shows what differs; monitor reload" in torn.stdout

        reloaded = await installation.command("reload")
        assert reloaded.returncode == 0, reloaded.stderr
        assert all(line in reloaded.stdout for line in NEW)
        assert " is in force\n" in reloaded.stdout
        assert "FAIL plan" not in (await installation.command("doctor")).stdout
        await until(lambda: "rule.rematched" in events(installation), what="the walk over what is stored")
        shown = (await installation.command("hits", "--rule", "openai", "--format", "ndjson")).stdout
        assert len(shown.splitlines()) == 3
        assert "already in force" in (await installation.command("reload")).stdout
    assert receiver.posts == []
