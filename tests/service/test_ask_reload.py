"""What a running daemon does not take from monitor.yaml is named by a reload, and all else is in force once it answers."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

from monitor.config.effective import RELOADED
from monitor.config.parts import MonitorPart
from monitor.config.settings import Settings
from monitor.model.plan import Plan
from monitor.service import ask_reload
from monitor.service.ask_reload import SETTINGS
from monitor.service.configuration import load

FILES = {
    "sources": 'sources: [{id: press, kind: feed, url: "https://press.example/rss", every: 5m}]\n',
    "rules": "rules: [{id: ai, match: 인공지능, channels: [desk]}]\n",
    "channels": "channels: [{id: desk, kind: webhook, url: 'https://hooks.example/'}]\n",
}
WRITTEN = {
    "database": "database: sqlite:///other.db",
    "data_dir": "data_dir: elsewhere",
    "zone": "timezone: Europe/Berlin",
    "first_run": "first_run: alert",
    "analyser": "analyser: kiwi",
    "fetch": "fetch: {timeout: 7s}",
    "deliver": "deliver: {late: 7m}",
    "retention": "retention: {articles: 7d}",
    "web": "web: {listen: 127.0.0.1:7777}",
    "heartbeat": 'heartbeat: cron "0 7 * * *"',
    "watchdog": "watchdog: {url: https://hc-ping.com/x}",
}
NAMED = set(SETTINGS.replace(" or ", ", ").split(", "))


def version(folder: Path, settings: str) -> str:
    """Return the version of the plan that a folder with these settings holds."""
    for name, text in (FILES | {"monitor": f"{settings}\n"}).items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return load(folder, {}).plan.version


def test_every_setting_is_tried_here() -> None:
    assert {field.name for field in fields(Settings)} == set(WRITTEN)
    assert set(WRITTEN) >= NAMED


@pytest.mark.parametrize("name", WRITTEN)
def test_a_setting_is_of_the_plan_or_named(tmp_path: Path, name: str) -> None:
    assert (version(tmp_path, WRITTEN[name]) == version(tmp_path, "{}")) is (name in NAMED)


async def test_a_plan_of_the_same_meaning_from_other_files_is_waited_for() -> None:
    wanted = Plan("v1", files=("rules.yaml", "rules.d/a.yaml"))
    answers = [replace(wanted, files=("rules.yaml",))] * 2 + [wanted]

    async def in_force() -> Plan:
        return answers.pop(0)

    await ask_reload._adopted(wanted, in_force, 1)
    assert answers == []


def test_what_a_reload_takes_and_what_it_does_not_are_all_there_is() -> None:
    kept = set(re.split(", | or ", SETTINGS))
    assert kept | RELOADED == set(MonitorPart.model_fields)
    assert not kept & RELOADED
