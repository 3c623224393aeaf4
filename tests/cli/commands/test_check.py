"""monitor check, on real files."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest
from rich.cells import cell_len

from monitor.cli.commands.check import as_github, as_json, as_text
from monitor.model.errors import ConfigProblem
from tests.cli.conftest import SOURCES, App

WRONG = """\
aliases: {openai: [OpenAI, 오픈AI]}
rules:
  - {id: openai, name: 오픈AI, mtach: "@openai"}
  - {id: deepseek, name: 딥시크, match: "한국 AND (서울", channels: [dsek]}
  - id: openai
    name: again
    match: "@opneai"
"""


def test_a_sound_configuration_is_summed_up(app: App) -> None:
    outcome = app("check")
    assert (outcome.code, outcome.err) == (0, "")
    assert "2 sources, 3 rules, 1 channel: 0 errors, 0 warnings" in outcome.out


def test_the_sum_tells_what_is_off_and_what_is_untried(app: App) -> None:
    one, other = SOURCES
    app.installation.write([one | {"unverified_live": True}, other | {"enabled": False, "unverified_live": True}])
    out = app("check").out
    assert "1 channel (1 of the sources switched off, 1 not yet seen to work live): 0 errors" in out


def test_every_problem_is_shown_at_once_with_place_snippet_and_hint(app: App) -> None:
    path = app.rules(WRONG)
    outcome = app("check")
    assert outcome.code == 2
    assert f"{path}:3:" in outcome.out
    assert outcome.out.count(": error: ") >= 3
    assert "did you mean" in outcome.out
    assert '  3 |   - {id: openai, name: 오픈AI, mtach: "@openai"}' in outcome.out
    assert "^" in outcome.out


def test_the_caret_stands_under_the_fault_after_korean(app: App) -> None:
    app.rules(WRONG)
    lines = app("check").out.splitlines()
    place = next(number for number, line in enumerate(lines) if "unknown key `mtach`" in line)
    fault, caret = lines[place + 2], lines[place + 3]
    assert fault.startswith("  3 |")
    assert cell_len(caret[:-1]) == cell_len(fault[: fault.index("mtach")])


def test_json_holds_the_same_problems(app: App) -> None:
    app.rules(WRONG)
    outcome = app("check", "--format", "json")
    assert outcome.code == 2
    body = json.loads(outcome.out)
    assert body["ok"] is False
    assert body["errors"]
    assert set(body["errors"][0]) == {"file", "line", "column", "message", "hint", "code"}
    assert len(body["errors"]) == app("check").out.count(": error: ")


def test_github_gets_workflow_commands(app: App) -> None:
    app.rules(WRONG)
    outcome = app("check", "--format", "github")
    assert outcome.code == 2
    assert all(line.startswith("::error file=") for line in outcome.out.splitlines())


def test_a_folder_that_is_not_there_is_a_problem_like_any_other(app: App) -> None:
    outcome = app("check", "--config", "no-such-folder")
    assert outcome.code == 2
    assert "no-such-folder" in outcome.out


WARNING = ConfigProblem("a,b:c.yaml", 2, 3, "50% of\nit", "fix it", "RUL001")


def test_warnings_are_shown_and_are_no_errors() -> None:
    text = as_text((), (WARNING,), "config: plan v1")
    assert "a,b:c.yaml:2:3: warning: 50% of it [RUL001]\n  hint: fix it" in text
    assert text.endswith("config: plan v1: 0 errors, 1 warning\n")
    assert json.loads(as_json((), (WARNING,), "sum"))["ok"] is True


def test_what_separates_parts_of_a_workflow_command_is_escaped() -> None:
    assert as_github((), (WARNING,), "") == (
        "::warning file=a%2Cb%3Ac.yaml,line=2,col=3,title=RUL001::50%25 of%0Ait (fix it)\n"
    )


@pytest.mark.parametrize("file", ["gone.yaml", "."])
def test_a_file_that_cannot_be_read_has_no_snippet(file: str) -> None:
    text = as_text((ConfigProblem(file, 3, 1, "broken", code="CFG001"),), (), "")
    assert text == f"{file}:3:1: error: broken [CFG001]\n\n1 error, 0 warnings\n"


def test_rules_in_force_that_never_hit_are_noted_where_articles_are_stored(stocked: App) -> None:
    with closing(sqlite3.connect(stocked.installation.database)) as connection, connection:
        connection.execute("UPDATE hit SET rule_id = 'other' WHERE rule_id = 'openai'")
    note = "note: rules that have never hit anything, although articles are stored"
    out = stocked("check").out
    (line,) = [line for line in out.splitlines() if line.startswith(note)]
    assert line.endswith(": openai"), "deepseek and stargate are not in force yet"
    assert any("never hit" in one for one in json.loads(stocked("check", "--format", "json").out)["notes"])
    with closing(sqlite3.connect(stocked.installation.database)) as connection, connection:
        connection.execute("UPDATE hit SET rule_id = 'openai' WHERE rule_id = 'other'")
    assert "never hit" not in stocked("check").out


@pytest.mark.parametrize("rubbish", [b"", b"no database at all" * 99])
def test_files_are_checked_beside_a_database_that_cannot_be_read(app: App, rubbish: bytes) -> None:
    app.installation.database.write_bytes(rubbish)
    outcome = app("check")
    assert (outcome.code, outcome.err) == (0, "")
    assert "never hit" not in outcome.out


def test_what_a_frequency_would_have_told_is_a_note(stocked: App) -> None:
    rules = stocked.installation.config / "rules.yaml"
    said = rules.read_text("utf-8")
    assert "times a week" not in stocked("check").out
    count = "{of: openai, type: frequency, at_least: 500, within: 1h}"
    rules.write_text(said.rstrip() + f"\n- {{id: surge, count: {count}, channels: [desk]}}\n", "utf-8")
    outcome = stocked("check")
    assert outcome.code == 0, outcome.out
    assert "note: surge would have told 0.0 times a week of what is stored of openai" in outcome.out
