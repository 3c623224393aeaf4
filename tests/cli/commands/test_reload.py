"""monitor reload, with a real daemon and without one."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.cli.conftest import App
from tests.journeys.installation import stop
from tests.patience import PATIENCE

RULE = "rules: [{{id: openai, name: {}, match: OpenAI, channels: [desk]}}]\n"


def test_without_a_daemon_it_says_so(stocked: App) -> None:
    told = stocked("reload")
    assert (told.code, told.out) == (1, "")
    assert "no daemon is running on " in told.err
    assert told.err.count("\n") == 1


def test_wrong_files_are_told_before_anybody_is_disturbed(stocked: App) -> None:
    path = stocked.rules("rules: [{id: x}]\n")
    told = stocked("reload")
    assert told.code == 2
    assert str(path) in told.err


@pytest.fixture
def running(house: App) -> Iterator[App]:
    """The installation with its daemon, which is well."""
    process = house.installation.start()
    try:
        until = time.monotonic() + PATIENCE
        while "started" not in {line["event"] for line in house.installation.log()} and time.monotonic() < until:
            time.sleep(0.1)
        assert house("doctor", "--quick").code == 0
        yield house
        assert stop(process) == 0
    finally:
        process.kill()
        process.wait()


@pytest.mark.slow
def test_a_running_daemon_takes_the_new_plan_and_keeps_it_over_a_broken_one(running: App) -> None:
    assert "already in force" in running("reload").out
    running.rules(RULE.format("new"))
    told = running("reload")
    assert (told.code, told.err) == (0, "")
    assert told.out.endswith(" is in force\n")
    running.rules(RULE.format("[]"))
    assert running("reload").code == 2
    running.rules(RULE.format("new"))
    assert "already in force" in running("reload").out
    assert running("run", "--once").code == 75
