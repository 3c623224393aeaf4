"""monitor token, on a real database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.cli import process
from tests.cli.conftest import NOW, App


def test_a_token_is_printed_once_and_listed_without_itself(stocked: App) -> None:
    made = stocked("token", "add", "grafana", "--expires", "90d")
    assert (made.code, made.out.startswith("mon_")) == (0, True)
    assert "token grafana: read, until 2027-02-21; it is not shown again" in made.err
    listed = stocked("token", "list", "--format", "ndjson")
    (row,) = listed.rows
    assert (row["name"], row["scope"], row["last_used_on"]) == ("grafana", "read", None)
    assert made.out.strip() not in listed.out
    table = stocked("token", "list", "--format", "table").out
    assert "grafana" in table
    assert "never" in table


def test_one_that_is_over_is_listed_when_all_are_asked_for(stocked: App, monkeypatch: pytest.MonkeyPatch) -> None:
    stocked("token", "add", "short", "--expires", "1h", "--scope", "write")
    stocked("token", "add", "long", "--scope", "admin")
    assert "token long is revoked" in stocked("token", "revoke", "long").out
    assert "token long was over already" in stocked("token", "revoke", "long").out
    monkeypatch.setattr(process, "now", lambda: NOW + timedelta(hours=1))
    assert stocked("token", "list", "--format", "ndjson").rows == []
    every = stocked("token", "list", "--all", "--format", "ndjson").rows
    assert [one["name"] for one in every] == ["long", "short"]
    table = stocked("token", "list", "--all", "--format", "table").out
    assert "revoked" in table
    assert "over since" in table


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", ""], "is blank"),
        (["add", "x" * 65], "1 to 64"),
        (["add", "a\x1b[31m"], "1 to 64"),
        (["add", "x", "--expires", "soon"], "must be a duration"),
        (["add", "x", "--expires", "0s"], "above 0s"),
        (["add", "x", "--expires", "4000d"], "ten years"),
        (["add", "x", "--scope", "root"], "'feed', 'read', 'write', 'admin'"),
        (["revoke", "nobody"], "nobody"),
    ],
)
def test_what_cannot_be_meant_is_refused(stocked: App, words: list[str], said: str) -> None:
    told = stocked("token", *words)
    assert told.code == 2
    assert said in told.err


def test_a_name_that_is_in_force_is_not_given_twice(stocked: App) -> None:
    stocked("token", "add", "grafana")
    told = stocked("token", "add", "grafana")
    assert (told.code, told.out) == (1, "")
    assert "monitor token revoke grafana" in told.err


def test_a_name_that_was_mistyped_is_suggested(stocked: App) -> None:
    stocked("token", "add", "grafana")
    assert "grafana" in stocked("token", "revoke", "grafna").err
