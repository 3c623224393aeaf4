"""Commands that only ask the database answer while the files are wrong, and say so."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from monitor.cli.opening import warning
from monitor.model.errors import ConfigProblem
from monitor.service.app import App as Installed
from monitor.store.db.database import Database
from monitor.store.write.source_store import SourceStore
from tests.cli.conftest import NOW, App

WRONG = {
    "rules.yaml": "rules:\n  - {id: openai, nmae: OpenAI, match: OpenAI}\n",
    "sources.yaml": "sources:\n  - {id: herald, kind: paper, url: 'https://a.example/', every: 5m}\n",
    "channels.yaml": "channels: [\n",
    "monitor.yaml": "fetch: {timeout: soon}\n",
}
ASKED = {
    "hits": ["hits", "--rule", "openai"],
    "deliveries": ["deliveries"],
    "sources": ["sources"],
    "schedule": ["sources", "--schedule"],
}


@pytest.fixture
def ruled(stocked: App) -> App:
    """The installation whose plan was put in force before somebody edits a file; nothing is said by the environment."""
    folder = stocked.installation.config
    (folder / "monitor.yaml").write_text(
        f"data_dir: {stocked.installation.folder / 'data'}\ntimezone: Asia/Tokyo\n", "utf-8"
    )
    (folder / "sources.yaml").write_text(
        "sources:\n"
        "  - {id: herald, name: 한빛일보, kind: list, url: 'http://127.0.0.1:9/list', every: 5m}\n"
        "  - {id: daily, kind: feed, url: 'http://127.0.0.1:9/rss', every: adaptive}\n"
        "  - {id: quiet, kind: feed, url: 'http://127.0.0.1:9/q', every: 1h, enabled: false, note: 허락 대기}\n",
        "utf-8",
    )
    asyncio.run(_put_in_force(folder))
    return stocked


async def _put_in_force(folder: Path) -> None:
    with Installed(folder=folder, environ={}) as app:
        prepared = await app.prepare()
        database = Database(app.database)
    try:
        await SourceStore(database).sync_plan(prepared.plan, NOW)
    finally:
        await database.aclose()


def broken(app: App, name: str) -> None:
    """Break a file, as an editor would: what else it says stays where it can."""
    path = app.installation.config / name
    kept = path.read_text("utf-8") if name == "monitor.yaml" else ""
    path.write_text(kept + WRONG[name], "utf-8")


@pytest.fixture
def unset(ruled: App, monkeypatch: pytest.MonkeyPatch) -> App:
    """The same, its database and data folder named by monitor.yaml alone."""
    for name in ("MONITOR_DATABASE_URL", "MONITOR_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    plain = {"MONITOR_CONFIG": str(ruled.installation.config)}
    monkeypatch.setattr(type(ruled.installation), "environ", property(lambda _self: plain))
    return ruled


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("asked", ASKED)
def test_what_only_reads_the_database_answers_as_before_and_warns(unset: App, name: str, asked: str) -> None:
    words = [*ASKED[asked], "--format", "json"]
    before = unset(*words)
    assert (before.code, before.err) == (0, "")
    assert json.loads(before.out)
    broken(unset, name)
    after = unset(*words)
    assert after.code == 0
    assert json.loads(after.out) == json.loads(before.out)
    assert after.err.count("\n") == 1
    assert f"{name}:" in after.err
    assert "the plan in force is used" in after.err
    assert "monitor check" in after.err


@pytest.mark.parametrize("name", WRONG)
def test_a_delivery_is_sent_again_while_files_are_wrong(unset: App, name: str) -> None:
    broken(unset, name)
    outcome = unset("replay", unset.deliveries()["dead"])
    assert (outcome.code, "replayed" in outcome.out) == (0, True)
    assert f"{name}:" in outcome.err


@pytest.mark.parametrize("name", WRONG)
def test_the_doctor_tells_of_the_files_and_of_all_else(unset: App, name: str) -> None:
    broken(unset, name)
    outcome = unset("doctor")
    assert outcome.code == 1
    assert outcome.out.startswith("FAIL configuration: ")
    for words in ("FAIL daemon: ", "ok   database: plan ", "FAIL source daily: ", "FAIL dead deliveries: 1", "disk: "):
        assert words in outcome.out


@pytest.mark.parametrize("name", WRONG)
def test_times_are_shown_in_the_zone_of_the_plan_in_force(unset: App, name: str) -> None:
    broken(unset, name)
    (since,) = (unset("hits", "--since", "2026-11-23T11:25", "--format", "json").out,)
    assert [row["alerted"] for row in json.loads(since)] == ["dead"], "11:30 in Tokyo"


@pytest.mark.parametrize(
    "text",
    [
        "database: [\n",
        "database: nonsense\n",
        "database: ${NO_SUCH_VARIABLE}\n",
        "data_dir: [a]\n",
        "data_dir: here\ndata_dir: there\n",
        "- database\n",
    ],
)
@pytest.mark.parametrize("asked", [*ASKED.values(), ["replay", "x"], ["db", "upgrade"]], ids=" ".join)
def test_where_the_database_itself_is_not_known_nothing_is_guessed(unset: App, text: str, asked: list[str]) -> None:
    (unset.installation.config / "monitor.yaml").write_text(text, "utf-8")
    outcome = unset(*asked)
    assert (outcome.code, outcome.out) == (2, "")
    assert "monitor.yaml" in outcome.err
    assert "the plan in force is used" not in outcome.err
    doctor = unset("doctor")
    assert (doctor.code, doctor.out.count("\n")) == (1, 1)


def test_the_environment_knows_the_database_whatever_monitor_yaml_says(ruled: App) -> None:
    (ruled.installation.config / "monitor.yaml").write_text("database: [\n", "utf-8")
    outcome = ruled("hits", "--format", "json")
    assert (outcome.code, len(json.loads(outcome.out))) == (0, 3)
    assert "monitor.yaml:" in outcome.err
    assert ruled("hits", "--config", "no-such-folder").code == 78, "a folder that is not there is a slip of the pen"


def test_the_warning_is_one_line_without_escapes() -> None:
    problems = (ConfigProblem("a\x1b[2J.yaml", 3, 1, "bad"), ConfigProblem("b.yaml", 0, 0, "worse"))
    assert "2 problems" in warning(problems)
    assert ".yaml:3)" in warning(problems)
    assert "\x1b" not in warning(problems)
    assert "(first: b.yaml)" in warning(problems[1:])
