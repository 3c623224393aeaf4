"""monitor reload, with a real daemon and without one."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from monitor.service import ask_reload
from tests.cli.conftest import App
from tests.journeys.installation import stop
from tests.patience import PATIENCE

RULE = "rules: [{{id: openai, name: {}, match: OpenAI, channels: [desk]}}]\n"


def test_without_a_daemon_it_says_so(stocked: App) -> None:
    outcome = stocked("reload")
    assert (outcome.code, outcome.out) == (1, "")
    assert "no daemon is running on " in outcome.err
    assert outcome.err.count("\n") == 1


def test_wrong_files_are_told_before_anybody_is_disturbed(stocked: App) -> None:
    path = stocked.rules("rules: [{id: x}]\n")
    outcome = stocked("reload")
    assert outcome.code == 2
    assert str(path) in outcome.err


@pytest.fixture
def running(app: App) -> Iterator[App]:
    """The installation with its daemon, which is well."""
    process = app.installation.start()
    try:
        until = time.monotonic() + PATIENCE
        while "started" not in {line["event"] for line in app.installation.log()} and time.monotonic() < until:
            time.sleep(0.1)
        assert app("doctor", "--quick").code == 0
        yield app
        assert stop(process) == 0
    finally:
        process.kill()
        process.wait()


@pytest.mark.slow
def test_a_running_daemon_takes_the_new_plan_and_keeps_it_over_a_broken_one(running: App) -> None:
    assert "already in force" in running("reload").out
    running.rules(RULE.format("new"))
    outcome = running("reload")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.endswith(" is in force\n")
    running.rules("rules: [{id: openai, name: new, match: OpenAI NOT OpenAI, channels: [desk]}]\n")
    assert running("reload").out.endswith(" is in force\n1 warning: monitor check\n")
    running.rules(RULE.format("new"))
    assert running("reload").code == 0
    running.rules("")
    assert (
        "diff: monitor reload refuses it without --allow-empty: the plan would lose every rule"
        in running("check", "--diff").out
    )
    running.rules(RULE.format("[]"))
    assert running("reload").code == 2
    running.rules(RULE.format("new"))
    assert "already in force" in running("reload").out
    ahead = time.time() + 60
    os.utime(running.installation.config / "monitor.yaml", (ahead, ahead))
    lines = running("reload").out.splitlines()
    assert "already in force" in lines[0]
    assert "monitor.yaml was written after the daemon's start: what changed in database, data_dir, fetch" in lines[1]
    assert running("run", "--once").code == 75


@pytest.mark.slow
def test_variables_that_are_not_set_as_for_the_daemon_are_named(running: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ask_reload, "PATIENCE", 1.0)
    path = running.installation.config / "rules.yaml"
    path.write_text("rules: [{id: openai, name: '${DESK_NAME:-one}', match: OpenAI, channels: [desk]}]\n", "utf-8")
    assert running("reload").code == 0
    monkeypatch.setenv("DESK_NAME", "other")
    outcome = running("reload")
    assert outcome.code == 1
    assert "(${…}) are set here as they are for the daemon" in outcome.err
    assert "set the variables (${…}) as for the daemon" in running("doctor").out
