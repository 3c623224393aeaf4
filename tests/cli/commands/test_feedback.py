"""monitor feedback, on a real database."""

from __future__ import annotations

import pytest

from monitor.cli import process
from tests.cli.conftest import App


@pytest.fixture
def seen(stocked: App, monkeypatch: pytest.MonkeyPatch) -> App:
    """The installation with hits; kim is logged in."""
    monkeypatch.setattr(process, "login", lambda: "kim")
    return stocked


def test_what_somebody_says_is_shown_asked_for_and_explained(seen: App) -> None:
    first, *others = (row["id"] for row in seen("hits", "--format", "ndjson").rows)
    done = seen("feedback", str(first), "not_meant", "--note", "구단 이름")
    assert (done.code, done.out) == (0, f"hit {first}: not_meant\n")
    (row,) = seen("hits", "--feedback", "not_meant", "--format", "ndjson").rows
    assert (row["id"], row["feedback"]) == (first, "not_meant")
    assert [row["id"] for row in seen("hits", "--feedback", "none", "--format", "ndjson").rows] == others
    assert "not meant" in " ".join(seen("hits", "--id", str(first), "--format", "table").out.split())
    csv = seen("hits", "--columns", "id,feedback", "--format", "csv", "--limit", "2").out
    assert csv.splitlines() == ["id,feedback", f"{first},not_meant", f"{others[0]},"]
    exported = seen("export", "hits", "--format", "csv").out.splitlines()
    assert exported[0].endswith(",feedback")
    assert sum(line.endswith(",not_meant") for line in exported) == 1
    page = seen("explain", str(first)).out
    assert "kim said at " in page
    assert "that it was not meant: 구단 이름" in page
    assert seen("feedback", str(first), "none", "--who", "lee").out == f"hit {first}: none\n"
    assert "not meant" not in seen("explain", str(first)).out


@pytest.mark.parametrize("words", [("0", "meant"), ("openai", "meant"), ("1", "wrong"), ("1",), ("9" * 40, "meant")])
def test_what_is_no_feedback_is_refused(seen: App, words: tuple[str, ...]) -> None:
    done = seen("feedback", *words)
    assert (done.code, done.out) == (2, "")


def test_a_hit_that_there_is_not_is_said(seen: App) -> None:
    done = seen("feedback", "987654", "meant")
    assert (done.code, done.out) == (1, "")
    assert "there is no hit 987654" in done.err


def test_a_note_that_does_not_fit_is_refused(seen: App) -> None:
    done = seen("feedback", "1", "meant", "--note", "긴" * 2001)
    assert done.code == 2
    assert "2001 letters" in done.err


@pytest.fixture
def ruled(seen: App) -> App:
    """The installation, its rule in the files."""
    seen.rules("""aliases: {openai: [OpenAI, 오픈AI]}
rules:
  - id: openai
    match: "@openai"
    channels: [desk]
""")
    return seen


def test_what_a_rule_could_refuse_is_shown_with_what_it_costs_and_the_line_to_write(ruled: App) -> None:
    (row,) = ruled("hits", "--rule", "openai", "--source", "herald", "--format", "ndjson").rows
    before = {path: path.read_bytes() for path in ruled.installation.config.rglob("*.yaml")}
    done = ruled("feedback", str(row["id"]), "not_meant", "--suggest")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[:2] == [
        f"hit {row['id']}: not_meant",
        "rule openai, held against 1 hit not meant and 1 other hit of 30 days:",
    ]
    assert ": +0 -1, 1 not meant, 0 lost" in lines[2]
    assert lines[3].startswith("     match: '@openai ")
    assert "rules.yaml:4" in lines[-1]
    expression = lines[3].removeprefix("     match: ")
    ruled.rules(f"""aliases: {{openai: [OpenAI, 오픈AI]}}
rules:
  - id: openai
    match: {expression}
    channels: [desk]
    tests: {{no_match: ["{row["article"]["title"]}"]}}
""")
    assert ruled("check").code == 0, "the line is one that a rule can have, and refuses that article"
    assert {path for path, text in before.items() if path.read_bytes() != text} == {
        ruled.installation.config / "rules.yaml"
    }


def test_of_a_rule_that_is_gone_nothing_is_suggested(seen: App) -> None:
    seen.rules("rules: [{id: other, match: 한화, channels: [desk]}]")
    row = seen("hits", "--rule", "openai", "--format", "ndjson").rows[0]
    done = seen("feedback", str(row["id"]), "not_meant", "--suggest")
    assert (done.code, done.out) == (1, f"hit {row['id']}: not_meant\n")
    assert "the files do not have any more" in done.err


def test_of_what_was_meant_nothing_is_suggested(seen: App) -> None:
    done = seen("feedback", "1", "meant", "--suggest")
    assert done.code == 2
    assert "only for what was not meant" in done.err
    assert not seen("hits", "--feedback", "meant", "--format", "ndjson").rows
