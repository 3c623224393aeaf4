"""monitor sources, --schedule too, on a real database."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from rich.cells import cell_len

from monitor.cli import process
from monitor.cli.commands.sources import GONE, WHY, duration, first_look, remark, schedule_summary
from monitor.model.plan import Pacing
from monitor.model.records import ScheduleRecord, SourceRecord
from monitor.model.rhythm import SLOTS, Arrivals, Reach
from monitor.present.source_rows import source_state
from monitor.service import lock
from monitor.store.tables.rows import arrivals_values
from tests.cli.conftest import NOW, SOURCES, App

URL = "http://127.0.0.1:9/list"


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
    for words in ("한빛일보", "KST", "11:57", "never", "failing", "ok", "no answer within 20 s"):
        assert words in out
    herald = stocked("sources", "herald", "--format", "table").out
    for words in ("한빛일보", "11:57 (3 min ago)", "12:02 (in 2 min)", "KST"):
        assert words in herald
    assert "1 in a row" in stocked("sources", "daily", "--format", "table").out


def test_csv_has_a_column_for_each_field(stocked: App) -> None:
    lines = stocked("sources", "--format", "csv").out.splitlines()
    assert lines[0].startswith("id,name,kind,enabled,last_success_at,last_error,failures,next_poll_at")
    assert len(lines) == 3


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"last_error": "503", "enabled": False, "note": "off"}, "503"),
        ({"enabled": False, "note": "off"}, "off"),
        ({"overdue": True}, "was due and is not polled -> monitor doctor"),
        ({"overdue": True, "last_error": "503"}, "was due and is not polled -> monitor doctor; 503"),
        ({"note": "no limit"}, ""),
        ({"gone": True, "enabled": False}, GONE),
        ({"gone": True, "enabled": False, "last_error": "503", "problem": "stale", "summary": "quiet"}, GONE),
        ({"gone": True, "last_error": "503"}, "503"),
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
    outcome = stocked("sources", "--format", "table")
    assert "한빛일보" in outcome.out
    assert "Daily" not in outcome.out
    assert "1 source switched off" in outcome.err
    whole = stocked("sources", "--all", "--format", "table")
    assert "허락을 기다림" in whole.out
    assert whole.err == ""
    assert [row["note"] for row in stocked("sources").rows] == ["허락을 기다림", ""]


def test_a_source_that_left_the_files_is_not_called_switched_off(stocked: App) -> None:
    stocked.installation.write([SOURCES[0]])
    with closing(sqlite3.connect(stocked.installation.database)) as connection, connection:
        connection.execute("UPDATE source_state SET enabled = 0 WHERE id = 'daily'")
    outcome = stocked("sources", "--format", "table")
    assert f"1 source {GONE}: monitor sources --all" in outcome.err
    assert "switched off" not in outcome.err
    assert GONE in " ".join(stocked("sources", "--all", "--format", "table").out.split())
    one = stocked("sources", "daily", "--format", "table").out
    assert "state         gone" in one
    assert f"note          {GONE}" in one
    assert [row["gone"] for row in stocked("sources").rows] == [True, False]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"last_success_at": None}, "not polled yet, first look at 12:00"),
        ({"last_success_at": None, "next_poll_at": NOW + timedelta(minutes=7)}, "not polled yet, first look at 12:07"),
        ({"last_success_at": None, "next_poll_at": None}, "not polled yet"),
        ({"last_success_at": None, "last_error": "503", "failures": 1}, ""),
        ({"last_success_at": None, "enabled": False}, ""),
        ({"last_success_at": None, "overdue": True}, ""),
    ],
)
def test_a_source_that_nobody_looked_at_says_when_somebody_will(changes: dict[str, Any], words: str) -> None:
    assert first_look(record(changes), NOW, ZoneInfo("Asia/Seoul")) == words


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "ok"),
        ({"last_success_at": None}, "new"),
        ({"failures": 2}, "failing"),
        ({"failures": 2, "overdue": True}, "overdue"),
        ({"failures": 2, "enabled": False}, "off"),
        ({"failures": 2, "enabled": False, "gone": True}, "gone"),
        ({"gone": True}, "ok"),
        ({"last_success_at": NOW - timedelta(days=9)}, "ok"),
    ],
)
def test_the_state_is_one_word(changes: dict[str, Any], word: str) -> None:
    assert source_state(record(changes)) == word


def alarmed(app: App, source_id: str = "herald") -> None:
    """Write an alarm as the daemon would, and what it thinks was missed."""
    with closing(sqlite3.connect(app.installation.database)) as connection, connection:
        connection.execute(
            "INSERT INTO alarm (source_id, problem, since, raised_at, summary_en, action_en) VALUES (?, ?, ?, ?, ?, ?)",
            (source_id, "yield", "2026-11-23 01:00:00.000000", "2026-11-23 01:00:00.000000", "body fell", "look"),
        )
        connection.execute("INSERT INTO source_day VALUES ('herald', '2026-11-23', 40, 7)")


def test_a_broken_source_says_why_since_when_and_what_to_do(stocked: App) -> None:
    alarmed(stocked)
    _, herald = stocked("sources").rows
    assert (herald["problem"], herald["summary"], herald["action"]) == ("yield", "body fell", "look")
    assert (herald["since"], herald["missed_today"]) == ("2026-11-23T01:00:00.000Z", 7)
    out = stocked("sources", "--format", "table").out
    for words in ("broken", "yield:", "body fell", "look"):
        assert words in out
    whole = stocked("sources", "herald", "--format", "table").out
    for words in ("broken", "10:00 (2 h ago)", "yield: body fell", "look", "~7 missed", "today"):
        assert words in whole


def test_an_unknown_source_is_refused_with_what_there_is(stocked: App) -> None:
    outcome = stocked("sources", "herold")
    assert outcome.code == 2
    assert "did you mean 'herald'?" in outcome.err
    assert [row["id"] for row in stocked("sources", "herald").rows] == ["herald"]


CAUSES = (
    "dns: robots.txt: [Errno -3] Temporary failure in name resolution <http://{0}.kr/1>",
    "connect: [Errno 111] Connection refused <http://{0}.kr/1>; connect: [Errno 111] Connection refused <http://{0}.kr/2>",
    "status: robots.txt: the server answered 503 <https://{0}.kr/a/very/long/address/of/a/list?page=1&section=economy>",
)


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("width", [80, 100, 160])
def test_in_a_bad_hour_each_outlet_is_one_line_and_their_cause_is_said_once(
    stocked: App, monkeypatch: pytest.MonkeyPatch, cause: str, width: int
) -> None:
    ids = fail_all(stocked, cause)
    monkeypatch.setenv("COLUMNS", str(width))
    outcome = stocked("sources", "--format", "table")
    lines = outcome.out.splitlines()
    assert len(lines) <= len(ids) + 3
    assert max(map(cell_len, lines)) <= width
    for source_id in ids:
        assert sum(source_id in line.split() for line in lines) == 1
    assert "Errno" not in outcome.out + outcome.err
    assert outcome.err.count("18 of 18 sources fail alike") == 1
    assert ("is this machine on the network" in outcome.err) == (not cause.startswith("status"))
    doctor = stocked("doctor").out
    assert doctor.count("fail alike") == 1
    assert "Errno" not in doctor
    assert "FAIL source " not in doctor
    whole = stocked("sources", ids[-1], "--format", "table").out
    assert whole.count("last error") == 1
    assert "503" in whole or "refused (2 addresses)" in whole or "name resolution" in whole


def fail_all(app: App, cause: str) -> list[str]:
    """Let 18 sources fail of one cause, each at its own address."""
    ids = [f"outlet-{number:02}" for number in range(18)]
    with closing(sqlite3.connect(app.installation.database)) as connection, connection:
        connection.row_factory = sqlite3.Row
        row = dict(connection.execute("SELECT * FROM source_state WHERE id = 'daily'").fetchone())
        connection.execute("UPDATE source_state SET enabled = 0")
        names = ", ".join(row)
        for source_id in ids:
            values = row | {"id": source_id, "name": "한빛경제신문" + source_id, "last_error": cause.format(source_id)}
            holes = ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO source_state ({names}) VALUES ({holes})", list(values.values()))  # noqa: S608
    return ids


def test_check_exits_with_1_only_when_an_alarm_is_up(stocked: App) -> None:
    assert stocked("sources", "--check").code == 0
    alarmed(stocked)
    assert stocked("sources").code == 0
    assert stocked("sources", "--check").code == 1
    with closing(sqlite3.connect(stocked.installation.database)) as connection, connection:
        connection.execute("UPDATE source_state SET enabled = 0 WHERE id = 'herald'")
    assert stocked("sources", "--check").code == 0


def test_check_exits_with_1_when_a_source_is_overdue(stocked: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "now", lambda: NOW + timedelta(hours=1))
    with lock.hold(stocked.installation.folder / "data") as held:
        held.path.write_text(f"{os.getpid()}\n0\n")
        outcome = stocked("sources", "--check")
        table = stocked("sources", "--format", "table")
    assert (outcome.code, outcome.err) == (1, "")
    assert [row["overdue"] for row in outcome.rows] == [True, True]
    assert "overdue" in table.out
    without = stocked("sources", "--check")
    assert without.code == 1
    assert without.err.startswith("no daemon runs on ")
    assert without.err.endswith(", sources overdue: 2 -> monitor run\n")
    assert [row["overdue"] for row in without.rows] == [False, False]


def test_a_network_that_is_down_is_said_once(stocked: App) -> None:
    alarmed(stocked, "")
    outcome = stocked("sources", "--check")
    assert outcome.code == 1
    assert outcome.err.strip() == "network: body fell -> look"
    assert [row["problem"] for row in outcome.rows] == ["", ""]
    assert "FAIL network: body fell -> look" in stocked("doctor").out


def test_the_doctor_repeats_the_alarm_and_the_cure(stocked: App) -> None:
    alarmed(stocked)
    outcome = stocked("doctor")
    assert outcome.code == 1
    assert "FAIL source herald: yield: body fell -> look" in outcome.out


def pace(app: App, **adaptive: object) -> None:
    """Make the herald adaptive, with weeks of history, and the daily poll every hour."""
    app.installation.write([SOURCES[0] | {"every": "adaptive"}, SOURCES[1] | {"every": "1h"}])
    if adaptive:
        path = app.installation.config / "monitor.yaml"
        settings = yaml.safe_load(path.read_text("utf-8"))
        path.write_text(yaml.safe_dump(settings | {"adaptive": adaptive}), "utf-8")
    known = Arrivals(NOW, (600.0,) * SLOTS, (100.0,) * SLOTS, {URL: Reach(7200.0, NOW)})
    with closing(sqlite3.connect(app.installation.database)) as connection, connection:
        values = (json.dumps(arrivals_values(known)),)
        connection.execute("UPDATE source_state SET arrivals = ? WHERE id = 'herald'", values)


def test_the_schedule_says_what_each_source_takes_and_why(stocked: App) -> None:
    pace(stocked, target_delay="1s", requests_per_day=288)
    herald, daily = stocked("sources", "--schedule").rows
    assert (herald["every"], herald["why"]) == ("adaptive", "rate")
    assert herald["requests_a_day"] == pytest.approx(288, rel=0.01)
    assert herald["budget_share"] == pytest.approx(1, rel=0.01)
    assert herald["interval"] == pytest.approx(300, rel=0.02)
    assert herald["mean_delay"] == pytest.approx(150, rel=0.02)
    assert herald["articles_a_day"] == pytest.approx(144, rel=0.02)
    assert (daily["every"], daily["interval"], daily["mean_delay"], daily["why"]) == ("3600s", 3600.0, 1800.0, "fixed")
    assert (daily["requests_a_day"], daily["budget_share"]) == (24.0, None)


def test_depth_comes_before_the_budget_and_the_sum_says_so(stocked: App) -> None:
    pace(stocked, requests_per_day=2)
    outcome = stocked("sources", "--schedule", "--format", "table")
    for words in ("한빛일보", "adaptive", "1 h", "its list turns over quickly", "set in the plan"):
        assert words in outcome.out
    assert "adaptive: 24 requests a day of 2: the bounds of the sources ask for more" in outcome.err
    assert "target 2.5 min" in outcome.err


def test_a_source_that_nobody_knows_yet_is_said_to_be_new(stocked: App) -> None:
    stocked.installation.write([SOURCES[0] | {"every": "adaptive"}])
    (herald,) = stocked("sources", "--schedule").rows
    assert (herald["why"], herald["articles_a_day"]) == ("rate", 10.0)
    stocked.installation.write([SOURCES[0] | {"every": "adaptive", "adaptive": {"max": "2m", "min": "1m"}}])
    (herald,) = stocked("sources", "--schedule").rows
    assert (herald["why"], herald["interval"]) == ("max", 120.0)


def test_the_schedule_in_csv_has_a_column_for_each_field_and_json_is_one_list(stocked: App) -> None:
    head, *rows = stocked("sources", "--schedule", "--format", "csv").out.splitlines()
    assert head == "id,name,every,interval,mean_delay,requests_a_day,why,articles_a_day,budget_share"
    assert len(rows) == 2
    assert stocked("sources", "--schedule", "--format", "json").out.startswith("[")


def test_the_schedule_stands_alone(stocked: App) -> None:
    assert stocked("sources", "--schedule", "--all").code == 2
    assert stocked("sources", "--schedule", "--check").code == 2


def test_the_old_name_of_the_option_is_refused_with_the_new_one(stocked: App) -> None:
    outcome = stocked("sources", "--plan")
    assert outcome.code == 2
    assert "--schedule" in outcome.err
    assert "--plan" not in stocked("sources", "--help").out


def test_without_adaptive_sources_there_is_no_sum(stocked: App) -> None:
    outcome = stocked("sources", "--schedule", "--format", "table")
    assert outcome.code == 0
    assert outcome.err == ""
    assert schedule_summary([ScheduleRecord("a", "A", "60s", 60.0, 30.0, 1440.0, "fixed")], Pacing()) == ""


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "0 s"), (45, "45 s"), (150, "2.5 min"), (7200, "2 h"), (129_600, "1.5 d")]
)
def test_durations_are_short(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_every_reason_has_words() -> None:
    assert set(WHY) == {"rate", "min", "max", "depth", "new", "burst", "fixed", "cron"}


def test_one_source_says_how_long_its_news_was_on_the_way(stocked: App) -> None:
    with closing(sqlite3.connect(stocked.installation.database)) as connection, connection:
        connection.execute("UPDATE article SET published_at = '2026-11-23 01:50:00.000000' WHERE key = 'sent'")
        connection.execute("UPDATE delivery SET done_at = '2026-11-23 02:00:01.500000' WHERE state = 'done'")
    wanted = {
        "published_to_seen_p50_ms": 600_000,
        "published_to_seen_p95_ms": 600_000,
        "seen_to_sent_p50_ms": 1_500,
        "seen_to_sent_p95_ms": 1_500,
    }
    (herald,) = stocked("sources", "herald").rows
    assert herald.items() >= wanted.items()
    daily, again = stocked("sources").rows
    assert again == herald
    assert {daily[name] for name in wanted} == {None}
    shown = stocked("sources", "herald", "--format", "table").out
    assert "to be seen    10 min / 10 min\n" in shown
    assert "to be sent    1.5 s / 1.5 s\n" in shown
    assert "to be s" not in stocked("sources", "daily", "--format", "table").out
