"""monitor channels, on a real database."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.cli.conftest import App


def change(app: App, statement: str) -> None:
    with closing(sqlite3.connect(app.installation.database)) as connection, connection:
        connection.execute(statement)


SHUT = "UPDATE channel_state SET disabled_at = '2026-11-05 01:00:00.000000', reason = '404: no_team' WHERE id = 'desk'"


def test_a_channel_that_is_well_says_when_its_receiver_took_a_message(stocked: App) -> None:
    (row,) = stocked("channels").rows
    assert (row["id"], row["kind"], row["state"], row["waiting"], row["dead"]) == ("desk", "webhook", "open", 0, 1)
    assert row["last_done_at"]
    assert "1 dead" in stocked("channels", "--format", "table").out


def test_a_channel_that_fails_says_of_what_and_when_it_is_tried_next(stocked: App) -> None:
    stocked("replay", stocked.deliveries()["dead"])
    change(stocked, "UPDATE channel_state SET failing_since = '2026-11-05 01:00:00.000000'")
    change(
        stocked,
        "UPDATE delivery SET last_error = '503 busy', due_at = '2026-11-05 04:00:00.000000' WHERE state = 'pending'",
    )
    (row,) = stocked("channels").rows
    assert (row["state"], row["reason"], row["waiting"], row["head"]) == ("failing", "503 busy", 1, 2)
    shown = stocked("channels", "--format", "table").out
    assert "1 message waiting" in shown
    assert "next try of #2" in shown


def test_a_shut_channel_is_shown_wherever_its_messages_are_and_opened_by_a_command(stocked: App) -> None:
    stocked("replay", stocked.deliveries()["dead"])
    change(stocked, SHUT)
    (row,) = stocked("channels").rows
    assert (row["state"], row["reason"], row["next_try_at"]) == ("shut", "404: no_team", None)
    assert "waits: its channel is shut (404: no_team)" in stocked("deliveries", "--format", "table").out
    replayed = stocked("replay", stocked.deliveries()["pending"])
    assert (replayed.code, "shut: its channel is shut, nothing was changed" in replayed.out) == (3, True)
    opened = stocked("channels", "open", "desk")
    assert (opened.code, opened.out) == (0, "desk is open: what waits is sent in its order\n")
    assert "no daemon runs on " in opened.err
    assert [row["state"] for row in stocked("channels").rows] == ["open"]
    assert "was not shut" in stocked("channels", "open", "desk").out


def test_what_waits_behind_a_failing_message_says_so(stocked: App) -> None:
    ids = stocked.deliveries()
    stocked("replay", ids["dead"], ids["suppressed"])
    change(stocked, "UPDATE delivery SET due_at = '2027-11-06 04:00:00.000000' WHERE seq = 2")
    assert "behind #2, next try" in " ".join(stocked("deliveries", "--format", "table").out.split())
    rows = {row["seq"]: row for row in stocked("deliveries").rows}
    assert (rows[3]["behind"], rows[2]["behind"]) == (2, None)
    assert "behind: waits behind another message" in stocked("replay", ids["suppressed"]).out


def test_a_channel_that_the_files_switch_off_is_opened_there(stocked: App) -> None:
    change(stocked, SHUT.replace("404: no_team", "switched off"))
    outcome = stocked("channels", "open", "desk")
    assert outcome.code == 3
    assert "change it there, then `monitor reload`" in outcome.out
    assert [row["state"] for row in stocked("channels").rows] == ["off"]


@pytest.mark.parametrize(
    ("words", "said"), [(("open", "dezk"), "desk"), (("shut", "desk"), "open ID"), (("open",), "open ID")]
)
def test_what_cannot_be_meant_is_wrong_usage(stocked: App, words: tuple[str, ...], said: str) -> None:
    outcome = stocked("channels", *words)
    assert outcome.code == 2
    assert said in outcome.err


def test_a_channel_says_how_long_what_it_took_was_on_the_way(stocked: App) -> None:
    change(stocked, "UPDATE delivery SET done_at = '2026-11-23 01:00:02.140000' WHERE state = 'done'")
    (row,) = stocked("channels").rows
    assert (row["made_to_sent_p50_ms"], row["made_to_sent_p95_ms"]) == (2_140, 2_140)
    assert "2.1 s / 2.1 s" in stocked("channels", "--format", "table").out
    change(stocked, "UPDATE delivery SET done_at = '2026-11-20 01:00:02.140000' WHERE state = 'done'")
    (row,) = stocked("channels").rows
    assert (row["made_to_sent_p50_ms"], row["made_to_sent_p95_ms"]) == (None, None)
