"""monitor sources, on a real database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from monitor.cli.sources import state
from monitor.model.query import SourceRecord
from tests.cli.conftest import NOW, House


def record(changes: dict[str, Any]) -> SourceRecord:
    values: dict[str, Any] = {
        "id": "a",
        "name": "A",
        "kind": "list",
        "enabled": True,
        "last_success_at": NOW,
        "last_error": "",
        "failures": 0,
        "next_poll_at": NOW,
        "articles_24h": 0,
        "hits_24h": 0,
    }
    return SourceRecord(**(values | changes))


def test_every_source_tells_how_it_is_doing(stocked: House) -> None:
    daily, herald = stocked("sources").rows
    assert (daily["id"], herald["id"]) == ("daily", "herald")
    assert daily["failures"] == 1
    assert daily["last_success_at"] is None
    assert "no answer within 20 s" in daily["last_error"]
    assert herald["failures"] == 0
    assert herald["last_success_at"] == "2026-11-23T02:57:00.000Z"
    assert (herald["articles_24h"], herald["hits_24h"]) == (1, 1)


def test_a_table_shows_moments_in_the_readers_zone(stocked: House) -> None:
    out = stocked("sources", "--format", "table").out
    for words in (
        "한빛일보",
        "11:57 (3 min ago)",
        "12:02 (in 2 min)",
        "never",
        "failing",
        "ok",
        "no answer within 20 s",
    ):
        assert words in out


def test_csv_has_a_column_for_each_field(stocked: House) -> None:
    lines = stocked("sources", "--format", "csv").out.splitlines()
    assert lines[0].startswith("id,name,kind,enabled,last_success_at,last_error,failures,next_poll_at")
    assert len(lines) == 3


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "ok"),
        ({"last_success_at": None}, "new"),
        ({"failures": 2}, "failing"),
        ({"failures": 2, "enabled": False}, "off"),
        ({"last_success_at": NOW - timedelta(days=9)}, "ok"),
    ],
)
def test_the_state_is_one_word(changes: dict[str, Any], word: str) -> None:
    assert state(record(changes)) == word
