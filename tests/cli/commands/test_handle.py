"""monitor handle, on a real database."""

from __future__ import annotations

import pytest

from monitor.cli import process
from tests.cli.conftest import App


@pytest.fixture
def seen(stocked: App, monkeypatch: pytest.MonkeyPatch) -> App:
    """The installation with hits; kim is logged in."""
    monkeypatch.setattr(process, "login", lambda: "kim")
    return stocked


def test_what_somebody_says_is_shown_with_the_hit(seen: App) -> None:
    first, *others = (row["id"] for row in seen("hits", "--format", "ndjson").rows)
    done = seen("handle", str(first), "--state", "kept", "--owner", "이수민", "--note", "전화")
    assert (done.code, done.out) == (0, f"hit {first}: kept, 이수민\n")
    (row,) = seen("hits", "--handling", "kept", "--format", "ndjson").rows
    handling = row["handling"]
    assert row["id"] == first
    assert (handling["state"], handling["owner"], handling["note"], handling["author"], handling["of"]) == (
        *("kept", "이수민", "전화", "kim", "hit"),
    )
    assert handling["at"].endswith("Z")
    assert "kept, 이수민" in seen("hits", "--id", str(first), "--format", "table").out
    assert [row["id"] for row in seen("hits", "--handling", "new", "--format", "ndjson").rows] == others
    assert seen("handle", str(first), "--state", "handled", "--owner", "-").out == f"hit {first}: handled\n"
    csv = seen("hits", "--handling", "handled", "--columns", "id,handling,owner", "--format", "csv").out
    assert csv.splitlines() == ["id,handling,owner", f"{first},handled,"]


def test_a_story_is_named_by_the_end_of_its_id(seen: App) -> None:
    row = seen("hits", "--format", "ndjson").rows[0]
    story = row["story"]["id"]
    done = seen("handle", f"story:{story[-12:]}", "--state", "ignored", "--who", "lee")
    assert (done.code, done.out) == (0, f"story {story}: ignored\n")
    (shown,) = (one for one in seen("stories", "--since", "365d", "--format", "ndjson").rows if one["id"] == story)
    assert (shown["handling"]["state"], shown["handling"]["author"]) == ("ignored", "lee")
    assert row["id"] in [one["id"] for one in seen("hits", "--handling", "ignored", "--format", "ndjson").rows]


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("0", "neither the number of a hit nor story:ID"),
        ("１", "neither the number of a hit nor story:ID"),
        ("9" * 40, "neither the number of a hit nor story:ID"),
        ("story:zzzzzz", "ends the id of no story"),
        ("story:", "ends the id of no story"),
        ("openai", "neither the number of a hit nor story:ID"),
    ],
)
def test_what_names_nothing_is_refused(seen: App, what: str, said: str) -> None:
    done = seen("handle", what, "--state", "kept")
    assert done.code == 2
    assert said in " ".join(done.err.replace("│", " ").split())


def test_a_hit_that_there_is_not_is_said(seen: App) -> None:
    done = seen("handle", "987654", "--state", "kept")
    assert (done.code, done.out) == (1, "")
    assert "there is no hit 987654" in done.err


def test_a_note_that_does_not_fit_is_refused(seen: App) -> None:
    done = seen("handle", "1", "--state", "kept", "--note", "긴" * 2001)
    assert done.code == 2
    assert "2001 letters" in done.err
