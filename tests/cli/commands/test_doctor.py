"""monitor doctor, on a real installation."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.cli.commands.doctor import check_line, trial_lines
from monitor.model.article import Entry
from monitor.model.plan import Interval, Source
from monitor.model.trial import Trial, TriedUrl
from monitor.service import lock
from monitor.service.diagnosis import HealthCheck
from monitor.service.watchdog_file import keep
from tests.cli.conftest import App


def test_an_installation_without_a_daemon_is_not_well_and_says_what_to_do(stocked: App) -> None:
    outcome = stocked("doctor", "--quick")
    assert outcome.code == 1
    lines = outcome.out.splitlines()
    assert any(line.startswith("ok   configuration: plan ") for line in lines)
    assert any(line.startswith("FAIL daemon: ") and line.endswith("-> monitor run") for line in lines)


def test_quick_is_well_while_a_daemon_holds_the_folder(stocked: App) -> None:
    with lock.hold(stocked.installation.folder / "data"):
        outcome = stocked("doctor", "--quick")
    assert outcome.code == 0
    assert "FAIL" not in outcome.out


def test_a_full_check_names_what_is_not_well(stocked: App) -> None:
    with lock.hold(stocked.installation.folder / "data"):
        outcome = stocked("doctor")
    assert outcome.code == 1
    assert "FAIL source daily: timeout: no answer within 20 s" in outcome.out
    assert "FAIL dead deliveries: 1 -> monitor deliveries --state dead" in outcome.out


def test_a_source_that_is_not_polled_is_named_and_a_daemon_that_is_missing_is_one_line(stocked: App) -> None:
    with closing(sqlite3.connect(stocked.installation.database)) as connection, connection:
        connection.execute("UPDATE source_state SET last_error = ''")
    folder = stocked.installation.folder / "data"
    with lock.hold(folder) as held:
        assert "is not polled" not in stocked("doctor").out  # it has only just begun
        held.path.write_text(f"{os.getpid()}\n0\n")
        out = stocked("doctor").out
    assert "FAIL source herald: was due at 2026-11-23 12:02:00 KST and is not polled -> " in out
    without = stocked("doctor").out
    assert "is not polled" not in without
    assert without.count("monitor run") == 1


def test_a_source_that_was_never_polled_is_not_said_to_have_no_articles(stocked: App) -> None:
    with closing(sqlite3.connect(stocked.installation.database)) as connection, connection:
        connection.execute("UPDATE source_state SET last_error = '', failures = 0 WHERE id = 'daily'")
    out = stocked("doctor").out
    assert "ok   source daily: not polled yet, first look at 2026-11-23 " in out
    assert "ok   source herald: 0 articles in 24 h" in out


def test_messages_that_wait_for_long_are_told_with_their_channel(stocked: App) -> None:
    stocked("replay", stocked.deliveries()["dead"])
    assert "FAIL outbox: 1 waiting, 1 for over 15 min (desk) -> does the daemon run?" in stocked("doctor").out


def test_what_waits_for_long_is_what_the_settings_say(stocked: App) -> None:
    path = stocked.installation.config / "monitor.yaml"
    path.write_text(path.read_text("utf-8").replace("deliver:\n", "deliver:\n  late: 90s\n"), "utf-8")
    stocked("replay", stocked.deliveries()["dead"])
    assert "FAIL outbox: 1 waiting, 1 for over 1.5 min (desk) -> " in stocked("doctor").out


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (
            "disabled_at = '2026-11-05 01:00:00.000000', reason = '404: no_team'",
            (
                "shut by its receiver since 2026-11-05 10:00:00 KST: 404: no_team; 1 waiting -> nothing takes messages at this"
                " address: correct `url`; then monitor reload, or where nothing changes in channels.yaml: monitor channels open desk"
            ),
        ),
        (
            "failing_since = '2026-11-05 01:00:00.000000'",
            (
                "failing since 2026-11-05 10:00:00 KST: 503 busy; 1 waiting; next try 2026-11-05 13:00:00 KST -> look at the log"
                " of the receiver: the fault is on its side; monitor channels open desk tries it at once"
            ),
        ),
        (
            "disabled_at = '2026-11-05 01:00:00.000000', reason = 'no URL'",
            (
                "no URL since 2026-11-05 10:00:00 KST; 1 waiting -> set its URL or `enabled: true` in channels.yaml, then monitor"
                " reload"
            ),
        ),
    ],
)
def test_a_channel_that_sends_nothing_is_told_with_its_real_cause(stocked: App, columns: str, said: str) -> None:
    stocked("replay", stocked.deliveries()["dead"])
    with closing(sqlite3.connect(stocked.installation.database)) as connection, connection:
        connection.execute(f"UPDATE channel_state SET {columns} WHERE id = 'desk'")  # noqa: S608 - our own words
        connection.execute(
            "UPDATE delivery SET due_at = '2026-11-05 04:00:00.000000', last_error = '503 busy' WHERE state = 'pending'"
        )
    out = stocked("doctor").out
    assert f"FAIL channel desk: {said}\n" in out
    assert "outbox: 1 waiting, 0 for over 15 min" in out


def test_a_receiver_that_is_sent_too_much_is_left_to_its_time(stocked: App) -> None:
    stocked("replay", stocked.deliveries()["dead"])
    with closing(sqlite3.connect(stocked.installation.database)) as connection, connection:
        connection.execute("UPDATE channel_state SET failing_since = '2026-11-05 01:00:00.000000' WHERE id = 'desk'")
        connection.execute("UPDATE delivery SET last_error = '429: slow down' WHERE state = 'pending'")
    (line,) = [line for line in stocked("doctor").out.splitlines() if "channel desk" in line]
    assert "goes on by itself" in line
    assert "channels open" not in line


@pytest.mark.parametrize(
    ("known", "reason", "todo"),
    [
        ("desk", "switched off", "set its URL or `enabled: true` in channels.yaml"),
        ("desk", "no URL", "set its URL or `enabled: true` in channels.yaml"),
        (
            "old",
            "not in the plan",
            "it left channels.yaml: put it back under this id, or what waits for it waits for ever",
        ),
    ],
)
def test_what_is_held_for_a_channel_that_is_off_is_told(stocked: App, known: str, reason: str, todo: str) -> None:
    at = "2026-11-05 01:00:00.000000"
    with closing(sqlite3.connect(stocked.installation.database)) as connection, connection:
        connection.execute("INSERT OR IGNORE INTO channel_state (id) VALUES (?)", (known,))
        connection.execute("UPDATE channel_state SET disabled_at = ?, reason = ? WHERE id = ?", (at, reason, known))
        connection.execute(
            "UPDATE notification SET channel_id = ?, state = 'held', reason = '', group_key = 'quiet', not_before = ?"
            " WHERE id = (SELECT min(id) FROM notification WHERE state = 'suppressed')",
            (known, at),
        )
    assert f"FAIL channel {known}: {reason} since 2026-11-05 10:00:00 KST; 1 held -> {todo}" in stocked("doctor").out


def test_a_broken_configuration_is_the_only_check(app: App, tmp_path: Path) -> None:
    outcome = app("doctor", "--config", str(tmp_path / "nowhere"))
    assert outcome.code == 1
    assert outcome.out.startswith("FAIL configuration: ")
    assert outcome.out.rstrip().endswith("-> monitor check")


@pytest.mark.parametrize("name", ["HTTP_PROXY", "https_proxy", "ALL_PROXY"])
def test_a_proxy_of_the_environment_is_said_not_to_be_used(
    stocked: App, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "proxy:" not in stocked("doctor", "--quick").out
    monkeypatch.setenv(name, "http://desk:hush-hush@10.0.0.1:3128")
    (line,) = [line for line in stocked("doctor", "--quick").out.splitlines() if "proxy:" in line]
    assert line.startswith(f"ok   proxy: {name.upper()} set in the environment, and not used")
    assert "fetch: {proxy: ...} and deliver: {proxy: ...} in monitor.yaml" in line
    assert "hush" not in line


def test_roots_that_the_environment_names_and_are_not_there_are_a_fault(
    stocked: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")
    assert "FAIL certificates: SSL_CERT_FILE names /nowhere/ca.pem" in stocked("doctor", "--quick").out


def test_a_check_is_one_line() -> None:
    assert check_line(HealthCheck("disk", ok=True, detail="9 MB\nfree", action="make room")) == "ok   disk: 9 MB free"
    assert (
        check_line(HealthCheck("disk", ok=False, detail="9 MB", action="make room")) == "FAIL disk: 9 MB -> make room"
    )


def test_a_list_that_was_cut_says_so() -> None:
    source = Source("daily", "데일리", "list", ("https://daily.example/",), Interval(300.0))
    entries = tuple(Entry(f"k{n}", f"https://daily.example/{n}", f"제목 {n}") for n in range(7))
    for cut in (False, True):
        trial = Trial(source, (TriedUrl("https://daily.example/", entries, cut=cut),), ())
        assert any("what stands behind them is not read" in line for line in trial_lines(trial, UTC)) is cut


def test_a_silence_that_covers_everything_is_mentioned_and_no_fault(stocked: App) -> None:
    def silenced(rule: str, author: str, ended_at: str | None = None) -> None:
        row = (rule, "2001-01-01 00:00:00.000000", "2099-01-01 00:00:00.000000", author, "이사하는 날", ended_at)
        with closing(sqlite3.connect(stocked.installation.database)) as connection, connection:
            connection.execute(
                "INSERT INTO silence (rule_id, created_at, ends_at, author, why, ended_at) VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )

    silenced("openai", "김")
    silenced("", "이", "2002-01-01 00:00:00.000000")
    assert " silence " not in stocked("doctor").out
    silenced("", "박")
    (line,) = [line for line in stocked("doctor").out.splitlines() if " silence " in line]
    assert line == (
        "ok   silence 3: no hit is told until 2099-01-01 09:00:00 KST: 이사하는 날 (박); monitor silence end 3 lets hits through"
    )


def test_heartbeat_and_watchdog_have_their_lines_where_they_are_set_up(stocked: App) -> None:
    assert not any(f" {word}: " in stocked("doctor").out for word in ("heartbeat", "watchdog"))
    with (stocked.installation.config / "monitor.yaml").open("a", encoding="utf-8") as file:
        file.write('heartbeat: cron "0 9 * * *"\nwatchdog: {url: "https://hc.example/0f7a1c52-confidential"}\n')
    out = stocked("doctor").out
    assert "ok   heartbeat: none yet, next " in out
    assert "09:00:00 KST" in out
    assert "ok   watchdog: not pinged yet" in out
    keep(
        stocked.installation.folder / "data",
        lambda: datetime(2026, 11, 1, tzinfo=UTC),
        "withheld: channel desk is shut",
    )
    out = stocked("doctor").out
    assert "FAIL watchdog: withheld: channel desk is shut (" in out
    assert "confidential" not in out
