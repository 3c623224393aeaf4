"""monitor sources, on a real database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from monitor.cli.commands.sources import annotated, remark, state
from monitor.model.plan import Interval, Plan, Source
from monitor.model.records import SourceRecord
from tests.cli.conftest import NOW, SOURCES, App


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


def test_every_source_tells_how_it_is_doing(stocked: App) -> None:
    daily, herald = stocked("sources").rows
    assert (daily["id"], herald["id"]) == ("daily", "herald")
    assert daily["failures"] == 1
    assert daily["last_success_at"] is None
    assert "no answer within 20 s" in daily["last_error"]
    assert herald["failures"] == 0
    assert herald["last_success_at"] == "2026-11-23T02:57:00.000Z"
    assert (herald["articles_24h"], herald["hits_24h"]) == (1, 1)


def test_a_table_shows_moments_in_the_readers_zone(stocked: App) -> None:
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


def test_csv_has_a_column_for_each_field(stocked: App) -> None:
    lines = stocked("sources", "--format", "csv").out.splitlines()
    assert lines[0].startswith("id,name,kind,enabled,last_success_at,last_error,failures,next_poll_at")
    assert len(lines) == 3


def test_the_plan_says_what_the_store_does_not_know() -> None:
    told = Source("a", "A", "feed", ("https://a.example/",), Interval(60), note="허락 대기", unverified_live=True)
    (one, other) = annotated((record({}), record({"id": "gone"})), Plan("v", sources=(told,)))
    assert (one.note, one.unverified_live) == ("허락 대기", True)
    assert (other.note, other.unverified_live) == ("", False)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"last_error": "503", "enabled": False, "note": "off"}, "503"),
        ({"enabled": False, "note": "off"}, "off"),
        ({"note": "no limit"}, ""),
        ({"unverified_live": True}, ""),
        ({"unverified_live": True, "last_success_at": None}, "not yet seen to work live"),
    ],
)
def test_the_remark_is_the_last_thing_to_know(changes: dict[str, Any], words: str) -> None:
    assert remark(record(changes)) == words


def test_the_table_leaves_out_what_is_off_and_says_so(stocked: App) -> None:
    stocked.installation.write([SOURCES[0], SOURCES[1] | {"enabled": False, "note": "허락을 기다림"}])
    with closing(sqlite3.connect(stocked.installation.database)) as connection, connection:
        connection.execute("UPDATE source_state SET enabled = 0, last_error = '' WHERE id = 'daily'")
    told = stocked("sources", "--format", "table")
    assert "한빛일보" in told.out
    assert "Daily" not in told.out
    assert "1 source switched off" in told.err
    whole = stocked("sources", "--all", "--format", "table")
    assert "허락을 기다림" in whole.out
    assert whole.err == ""
    assert [row["note"] for row in stocked("sources").rows] == ["허락을 기다림", ""]


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


def alarmed(house: App, source_id: str = "herald") -> None:
    """Write an alarm as the daemon would, and what it thinks was missed."""
    with closing(sqlite3.connect(house.installation.database)) as connection, connection:
        connection.execute(
            "INSERT INTO alarm (source_id, problem, since, raised_at, summary_en, action_en) VALUES (?, ?, ?, ?, ?, ?)",
            (source_id, "yield", "2026-11-23T01:00:00.000000Z", "2026-11-23T01:00:00.000000Z", "body fell", "look"),
        )
        connection.execute("INSERT INTO source_day VALUES ('herald', '2026-11-23', 40, 7)")


def test_a_broken_source_says_why_since_when_and_how_to_mend_it(stocked: App) -> None:
    alarmed(stocked)
    _, herald = stocked("sources").rows
    assert (herald["problem"], herald["summary"], herald["action"]) == ("yield", "body fell", "look")
    assert (herald["since"], herald["missed_today"]) == ("2026-11-23T01:00:00.000Z", 7)
    out = stocked("sources", "--format", "table").out
    for words in ("broken", "since 10:00", "yield:", "body fell", "~7 missed", "today"):
        assert words in out


def test_check_exits_with_1_only_when_an_alarm_is_up(stocked: App) -> None:
    assert stocked("sources", "--check").code == 0
    alarmed(stocked)
    assert stocked("sources").code == 0
    assert stocked("sources", "--check").code == 1
    with closing(sqlite3.connect(stocked.installation.database)) as connection, connection:
        connection.execute("UPDATE source_state SET enabled = 0 WHERE id = 'herald'")
    assert stocked("sources", "--check").code == 0


def test_a_network_that_is_down_is_said_once(stocked: App) -> None:
    alarmed(stocked, "")
    told = stocked("sources", "--check")
    assert told.code == 1
    assert told.err.strip() == "network: body fell -> look"
    assert [row["problem"] for row in told.rows] == ["", ""]
    assert "FAIL network: body fell -> look" in stocked("doctor").out


def test_the_doctor_repeats_the_alarm_and_the_cure(stocked: App) -> None:
    alarmed(stocked)
    told = stocked("doctor")
    assert told.code == 1
    assert "FAIL source herald: yield: body fell -> look" in told.out
