"""monitor deliveries, on a real database."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len

from monitor.channels.words.render import render
from monitor.cli.commands.deliveries import _draw, progress, rule_label
from monitor.cli.commands.replay import MEANINGS
from monitor.cluster.choice import WINDOW, choose
from monitor.model.notification import Notification
from monitor.model.records import DeliveryRecord
from monitor.model.story import Signature
from monitor.present.timefmt import clock
from monitor.store.db.database import Database
from monitor.store.write.article_store import ArticleStore
from tests.cli.conftest import NOW, App, article, hit
from tests.contracts.invented import Finding, Reading, keep

SEOUL = ZoneInfo("Asia/Seoul")


def record(state: str, changes: dict[str, Any] | None = None) -> DeliveryRecord:
    values: dict[str, Any] = dict.fromkeys(("id", "channel_id", "rule_id", "title", "url", "reason", "last_error"), "x")
    values |= {"seq": 1, "attempts": 1, "created_at": NOW, "due_at": None, "done_at": None, "last_status": None}
    return DeliveryRecord(state=state, **(values | (changes or {})))


def test_what_was_meant_to_be_sent_is_shown_newest_first(stocked: App) -> None:
    rows = stocked("deliveries").rows
    assert [(row["state"], row["seq"], row["last_status"]) for row in rows] == [("dead", 2, 422), ("done", 1, 200)]
    assert rows[1]["done_at"] == "2026-11-23T03:00:00.000Z"
    assert rows[1]["url"] == "https://news.example/sent"
    assert rows[0]["attempts"] == 1


@pytest.mark.parametrize(
    "options", [["--suppressed"], ["--state", "suppressed"], ["--suppressed", "--state", "suppressed"]]
)
def test_suppressed_ones_are_shown_with_their_reason_when_asked_for(stocked: App, options: list[str]) -> None:
    (row,) = stocked("deliveries", *options).rows
    assert (row["state"], row["reason"], row["seq"]) == ("suppressed", "baseline", None)


def test_state_and_limit_narrow(stocked: App) -> None:
    assert [row["state"] for row in stocked("deliveries", "--state", "dead").rows] == ["dead"]
    assert [row["state"] for row in stocked("deliveries", "--limit", "1").rows] == ["dead"]
    assert stocked("deliveries", "--state", "pending").rows == []


@pytest.mark.parametrize(
    "options",
    [
        ["--state", "lost"],
        ["--limit", "0"],
        ["--suppressed", "--state", "dead"],
        ["--held", "--state", "dead"],
        ["--held", "--suppressed"],
    ],
)
def test_wrong_options_are_wrong_usage(stocked: App, options: list[str]) -> None:
    assert stocked("deliveries", *options).code == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--channel", "dsek"], "no channel 'dsek'; did you mean 'desk'?"),
        (["--rule", "opneai"], "no rule 'opneai'; did you mean 'openai'?"),
        (["--source", "herold"], "no source 'herold'; did you mean 'herald'?"),
    ],
)
def test_a_name_that_does_not_exist_is_wrong_usage(stocked: App, options: list[str], words: str) -> None:
    outcome = stocked("deliveries", *options)
    assert outcome.code == 2
    assert words in outcome.err


def test_a_known_name_without_deliveries_is_no_error(stocked: App) -> None:
    assert stocked("deliveries", "--channel", "desk", "--state", "pending").rows == []
    stocked.rules("rules: [{id: openai, name: OpenAI, match: OpenAI, channels: [desk]}]\n")
    assert stocked("deliveries", "--rule", "stargate", "--since", "1h").code == 0


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (500, "500", "1 attempt, 500"),
        (422, "refused", "1 attempt, 422 refused"),
        (None, "no answer", "1 attempt, no answer"),
    ],
)
def test_an_answer_is_said_once(capsys: pytest.CaptureFixture[str], status: int | None, error: str, words: str) -> None:
    _draw([record("pending", {"last_status": status, "last_error": error})], NOW, SEOUL)
    out = capsys.readouterr().out
    assert words in out
    assert "500 500" not in out


def test_a_table_tells_where_each_stands_and_shows_no_escapes(stocked: App) -> None:
    out = stocked("deliveries", "--format", "table").out
    for words in ("desk", "done 12:00", "dead", "422", "refused [2J", "오픈AI, 서울에 사무소"):
        assert words in out
    assert "\x1b" not in out
    assert "suppressed: baseline" in stocked("deliveries", "--suppressed", "--format", "table").out


@pytest.mark.parametrize(
    ("delivery", "words"),
    [
        (record("pending", {"due_at": NOW + timedelta(hours=1)}), "pending, due 13:00"),
        (record("leased"), "leased"),
        (record("done", {"done_at": NOW}), "done 12:00"),
        (record("dead"), "dead"),
        (record("suppressed", {"reason": "rematch"}), "suppressed: rematch"),
    ],
)
def test_progress_is_told_in_words(delivery: DeliveryRecord, words: str) -> None:
    assert progress(delivery, NOW, SEOUL) == words


@pytest.mark.parametrize(
    "options",
    [
        ["--channel", "{channel_id}"],
        ["--rule", "{rule_id}"],
        ["--on", "{created_at:.10}"],
        ["--since", "{created_at}"],
        ["--until", "{created_at}"],
        ["--channel", "{channel_id}", "--rule", "{rule_id}", "--state", "dead"],
    ],
)
def test_filters_show_what_they_name_and_nothing_else(stocked: App, options: list[str]) -> None:
    every = stocked("deliveries").rows
    for chosen in every:
        words = [word.format(**chosen) for word in options]
        expected = [row for row in every if _meets(row, dict(zip(words[::2], words[1::2], strict=True)))]
        assert stocked("deliveries", *words).rows == expected


def _meets(row: dict[str, str], asked: dict[str, str]) -> bool:
    made = datetime.fromisoformat(row["created_at"])
    day = made.astimezone(ZoneInfo("Asia/Seoul")).date().isoformat()
    return (
        asked.get("--channel", row["channel_id"]) == row["channel_id"]
        and asked.get("--rule", row["rule_id"]) == row["rule_id"]
        and asked.get("--state", row["state"]) == row["state"]
        and asked.get("--on", day) == day
        and ("--since" not in asked or made >= datetime.fromisoformat(asked["--since"]))
        and ("--until" not in asked or made < datetime.fromisoformat(asked["--until"]))
    )


def test_a_source_narrows_and_an_unknown_name_finds_nothing(stocked: App) -> None:
    every = stocked("deliveries").rows
    parts = [stocked("deliveries", "--source", source).rows for source in ("herald", "daily")]
    assert all(parts)
    assert sorted(row["id"] for part in parts for row in part) == sorted(row["id"] for row in every)
    assert stocked("deliveries", "--source", "nobody").rows == []


@pytest.mark.parametrize("width", ["80", "100", "200"])
@pytest.mark.parametrize("options", [[], ["--suppressed"], ["--state", "dead"]])
def test_what_the_table_shows_of_an_id_is_whole_and_replay_takes_it(
    stocked: App, monkeypatch: pytest.MonkeyPatch, width: str, options: list[str]
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    rows = stocked("deliveries", *options).rows
    out = stocked("deliveries", *options, "--format", "table").out
    assert max(map(cell_len, out.splitlines())) <= int(width)
    for row in rows:
        shown = next(word for word in out.split() if word.startswith("…") and row["id"].endswith(word[1:]))
        outcome = stocked("replay", shown)
        assert (outcome.code, outcome.out.split("  ")[0]) == (0, row["id"])


@pytest.mark.parametrize("given", ["aaaa", "%%%%%%%%", "______", "…zzzzzz", "ffffffffffff"])
def test_what_ends_no_id_is_unknown(stocked: App, given: str) -> None:
    assert stocked("replay", given).out == f"{given}  {MEANINGS['unknown']}\n"


def test_an_end_of_two_ids_touches_neither(stocked: App) -> None:
    one, other = (row["id"] for row in stocked("deliveries").rows)
    same = one[:-7] + other[-7:]
    with closing(sqlite3.connect(stocked.installation.database)) as connection, connection:
        connection.execute("UPDATE notification SET id = ?, delivery_id = ? WHERE id = ?", (same, same, one))
        connection.execute("UPDATE delivery SET id = ? WHERE id = ?", (same, one))
    before = stocked("deliveries").rows
    outcome = stocked("replay", f"…{other[-7:]}", other)
    assert outcome.code == 3
    assert outcome.out.startswith(f"…{other[-7:]}  ambiguous: ")
    after = stocked("deliveries").rows
    assert [row["state"] for row in after if row["id"] == same] == [row["state"] for row in before if row["id"] == same]


def test_hits_and_articles_find_their_deliveries_by_number(stocked: App) -> None:
    hits = stocked("hits").rows
    every = stocked("deliveries").rows + stocked("deliveries", "--suppressed").rows
    for each in hits:
        told = [row for row in every if row["hit_id"] == each["id"]]
        for options in (["--hit", str(each["id"])], ["--article", str(each["article"]["id"])]):
            found = stocked("deliveries", *options).rows + stocked("deliveries", *options, "--suppressed").rows
            assert found == told
        assert [row["source_name"] for row in told] == [each["article"]["source_name"]]
    assert stocked("deliveries", "--hit", "999").rows == []
    assert stocked("deliveries", "--hit", "0").code == 2


def test_a_message_of_several_hits_is_found_by_each(stocked: App) -> None:
    """Two notifications are told by one message."""
    first, second, *_ = stocked("hits").rows
    told = stocked("deliveries", "--hit", str(first["id"])).rows[0]["id"]
    with closing(sqlite3.connect(stocked.installation.database)) as connection, connection:
        connection.execute("UPDATE notification SET delivery_id = ? WHERE hit_id = ?", (told, second["id"]))
    for options in (["--hit", str(second["id"])], ["--article", str(second["article"]["id"])], ["--source", "herald"]):
        assert told in [row["id"] for row in stocked("deliveries", *options).rows]


def test_a_body_names_its_outlet_whether_it_was_sent_at_once_or_released(stocked: App) -> None:
    assert stocked("replay", stocked.deliveries()["suppressed"]).code == 0
    bodies = [json.loads(body) for (body,) in stocked.installation.rows("SELECT body FROM delivery")]
    assert sorted((body["data"]["article"]["source"], body["data"]["article"]["source_name"]) for body in bodies) == [
        ("daily", "Daily"),
        ("herald", "한빛일보"),
        ("herald", "한빛일보"),
    ]


@pytest.mark.parametrize(
    ("name", "shown"), [("OpenAI 급증", "OpenAI 급증 (x)"), ("x", "x"), ("", "x"), ("자사", "자사 (x)")]
)
def test_a_rule_is_called_by_its_name_with_its_id(name: str, shown: str) -> None:
    assert rule_label(record("done", {"rule_name": name})) == shown


def test_rows_hold_the_rules_name_and_local_csv_the_zones_times(stocked: App) -> None:
    with closing(sqlite3.connect(stocked.installation.database)) as connection, connection:
        connection.execute("UPDATE hit SET rule_name = '오픈AI 소식'")
    assert {row["rule_name"] for row in stocked("deliveries").rows} == {"오픈AI 소식"}
    assert "오픈AI 소식 (openai)" in stocked("deliveries", "--format", "table").out
    assert "2026-11-23T12:00:00.000+09:00" in stocked("deliveries", "--local").out
    assert "2026-11-23T03:00:00.000Z" in stocked("deliveries", "--format", "csv").out
    assert "+09:00," in stocked("hits", "--local").out


def test_what_waits_for_its_group_is_shown_with_held_and_narrowed_alike(stocked: App) -> None:
    async def hold() -> None:
        database = Database(f"sqlite:///{stocked.installation.database}")
        try:
            title = "OpenAI, 부산에"
            until = Notification("desk", "openai", group_key="g", not_before=NOW + timedelta(hours=1))
            finding = Finding(hit("openai", title, "OpenAI"), (until,))
            read = article("held", "daily", title, "본문")
            store = ArticleStore(database, choose, WINDOW)
            await keep(store, Reading(None, read, Signature(), (finding,)), render, NOW)
        finally:
            await database.aclose()

    assert stocked("deliveries", "--held").rows == []
    asyncio.run(hold())
    (row,) = stocked("deliveries", "--held").rows
    assert (row["state"], row["due_at"], row["seq"]) == ("held", "2026-11-23T04:00:00.000Z", None)
    number = stocked.installation.rows("SELECT article_id FROM hit ORDER BY id DESC LIMIT 1")[0][0]
    for options, count in (
        (["--rule", "openai"], 1),
        (["--rule", "stargate"], 0),
        (["--channel", "desk"], 1),
        (["--source", "daily"], 1),
        (["--source", "herald"], 0),
        (["--article", str(number)], 1),
        (["--article", str(number - 1)], 0),
        (["--since", "1m"], 1),
        (["--until", "1m"], 0),
        (["--state", "held"], 1),
    ):
        assert len(stocked("deliveries", "--held", *options).rows) == count, options
    key = stocked("deliveries", "--held").rows[0]["group_key"]
    assert f"held until 13:00 ({key})" in stocked("deliveries", "--held", "--format", "table").out


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("quiet", " (quiet hours)"),
        ("digest", " (digest)"),
        ("throttle", " (throttle)"),
        ("storm:openai", " (storm of openai)"),
        ("group", " (group)"),
        ("group:herald", " (group herald)"),
        ("group:a:b", " (group a:b)"),
        ("", ""),
    ],
)
def test_what_is_held_says_what_it_waits_for(key: str, words: str) -> None:
    said = progress(record("held", {"due_at": NOW, "group_key": key}), NOW, SEOUL)
    assert said == f"held until {clock(NOW, NOW, SEOUL)}{words}"
