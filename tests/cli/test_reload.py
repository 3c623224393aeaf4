"""monitor reload where no daemon runs; with one, see tests/journeys."""

from __future__ import annotations

from tests.cli.conftest import House


def test_without_a_daemon_it_says_so(stocked: House) -> None:
    told = stocked("reload")
    assert (told.code, told.out) == (1, "")
    assert "no daemon is running on " in told.err
    assert told.err.count("\n") == 1


def test_wrong_files_are_told_before_anybody_is_disturbed(stocked: House) -> None:
    path = stocked.rules("rules: [{id: x}]\n")
    told = stocked("reload")
    assert told.code == 2
    assert str(path) in told.err
