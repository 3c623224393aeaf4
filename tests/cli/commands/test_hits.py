"""monitor hits, on a real database."""

from __future__ import annotations

import csv
import io
import sqlite3
import unicodedata
from contextlib import closing

import pytest
from rich.cells import cell_len

from monitor.store.tables.views import COLUMNS as VIEWS
from tests.cli.conftest import HOSTILE, App


def keys(app: App, *options: str) -> list[str]:
    outcome = app("hits", *options)
    assert outcome.code == 0, outcome.err
    return [row["article"]["url"].rsplit("/", 1)[1] for row in outcome.rows]


def test_a_line_of_ndjson_has_the_fixed_shape(stocked: App) -> None:
    row = stocked("hits", "--rule", "openai", "--source", "herald").rows[0]
    assert list(row) == [
        *("id", "created_at", "rule", "article", "matches", "excerpt", "alerted", "channels", "reached", "story"),
        *("handling", "feedback"),
    ]
    assert row["created_at"] == "2026-11-23T01:00:00.000Z"
    assert row["rule"] == {"id": "openai", "name": "openai"}
    assert {key: row["article"][key] for key in row["article"] if key != "id"} == {
        "url": "https://news.example/sent",
        "title": "오픈AI, 서울에 사무소",
        "source": "herald",
        "source_name": "한빛일보",
        "author": "김기자",
        "published_at": None,
        "first_seen_at": "2026-11-23T02:00:00.000Z",
    }
    assert row["matches"] == [
        {
            "term": "openai",
            "alias": "오픈AI",
            "field": "title",
            "start": 0,
            "end": 4,
            "surface": "오픈AI",
            "reason": "bare",
        }
    ]
    assert row["alerted"] == "sent"


def test_newest_come_first_and_filters_narrow(stocked: App) -> None:
    assert keys(stocked) == ["dead", "sent", "old"]
    assert keys(stocked, "--limit", "1") == ["dead"]
    assert keys(stocked, "--rule", "stargate") == ["old"]
    assert keys(stocked, "--source", "daily") == ["dead"]
    assert keys(stocked, "--text", "사무소") == ["sent"]
    assert keys(stocked, "--text", "없는말") == []


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--since", "1h"], ["dead"]),
        (["--since", "3h"], ["dead", "sent"]),
        (["--until", "1h"], ["sent", "old"]),
        (["--since", "2026-11-23"], ["dead", "sent"]),
        (["--until", "2026-11-23"], ["dead", "sent", "old"]),
        (["--until", "어제"], ["old"]),
        (["--since", "2026-11-23", "--until", "2026-11-23"], ["dead", "sent"]),
        (["--on", "11-23"], ["dead", "sent"]),
        (["--on", "오늘"], ["dead", "sent"]),
        (["--since", "11:30"], ["dead"]),
        (["--since", "2026-11-23T10:00", "--until", "2026-11-23T11:00"], ["sent"]),
        (["--since", "2026-11-23T01:00:00Z"], ["dead", "sent"]),
    ],
)
def test_times_bound_when_a_hit_was_stored(stocked: App, options: list[str], expected: list[str]) -> None:
    assert keys(stocked, *options) == expected


@pytest.mark.parametrize("option", ["--since", "--until"])
def test_a_time_that_cannot_be_read_is_wrong_usage(stocked: App, option: str) -> None:
    outcome = stocked("hits", option, "yesterdayish")
    assert outcome.code == 2
    assert "'yesterdayish' is not a time; write 2h" in outcome.err
    assert option in outcome.err
    assert outcome.out == ""


def test_a_range_without_room_is_wrong_usage(stocked: App) -> None:
    outcome = stocked("hits", "--since", "1h", "--until", "2h")
    assert (outcome.code, outcome.out) == (2, "")
    assert "nothing lies between: since '1h' is not before until '2h'" in outcome.err


@pytest.mark.parametrize("other", ["--since", "--until"])
def test_one_day_stands_alone(stocked: App, other: str) -> None:
    outcome = stocked("hits", "--on", "today", other, "2h")
    assert (outcome.code, outcome.out) == (2, "")
    assert "--on stands alone" in outcome.err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--rule", "opneai"], "no rule 'opneai'; did you mean 'openai'?"),
        (["--alerted", "snet"], "nothing becomes 'snet'; there are: sent"),
        (["--alerted", "suppressed:same_stroy"], "suppressed:REASON (rematch, old, not_configured"),
        (["--rule", "zzz"], "no rule 'zzz'; there are: deepseek, openai, stargate"),
        (["--source", "herold"], "no source 'herold'; did you mean 'herald'?"),
        (["--rule", "opneai", "--count"], "did you mean 'openai'?"),
        (["--rule", "opneai", "--timeline", "day"], "did you mean 'openai'?"),
        (["--rule", "opneai", "--follow"], "did you mean 'openai'?"),
        (["--tag", "ai"], "no tag 'ai'; there are: none"),
    ],
)
def test_a_name_that_does_not_exist_is_wrong_usage(stocked: App, options: list[str], words: str) -> None:
    outcome = stocked("hits", *options)
    assert outcome.code == 2
    assert words in outcome.err


def test_hits_of_a_rule_that_was_removed_can_still_be_asked_for(stocked: App) -> None:
    stocked.rules("rules: [{id: openai, name: OpenAI, match: OpenAI, channels: [desk]}]\n")
    assert keys(stocked, "--rule", "stargate") == ["old"]
    assert keys(stocked, "--rule", "stargate", "--since", "1h") == []
    assert stocked("hits", "--rule", "stargat").code == 2


def test_a_rule_without_hits_is_no_error(stocked: App) -> None:
    outcome = stocked("hits", "--rule", "deepseek", "--format", "table")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "no hits\n")
    assert stocked("hits", "--rule", "deepseek", "--format", "json").out == "[]\n"
    assert stocked("hits", "--rule", "deepseek").out == ""


def test_csv_has_a_head_and_guards_formulas(stocked: App) -> None:
    rows = list(csv.DictReader(io.StringIO(stocked("hits", "--format", "csv").out)))
    assert [row["url"].rsplit("/", 1)[1] for row in rows] == ["dead", "sent", "old"]
    assert rows[0]["title"].startswith("'=cmd")
    assert rows[1]["title"] == "오픈AI, 서울에 사무소"
    assert rows[1]["surfaces"] == "오픈AI"
    assert rows[2]["alerted"] == "baseline"


@pytest.mark.parametrize("form", ["table", "json", "ndjson", "csv"])
def test_no_form_lets_a_hostile_headline_act(stocked: App, form: str) -> None:
    out = stocked("hits", "--format", form).out
    assert not [char for char in out if unicodedata.category(char) in {"Cc", "Cf", "Cs"} and char != "\n"]
    assert "[bold]속보[/bold]" in out


def test_json_gives_the_headline_back_as_it_was(stocked: App) -> None:
    assert stocked("hits", "--source", "daily").rows[0]["article"]["title"] == HOSTILE


def test_a_table_tells_everything_in_the_readers_zone(stocked: App) -> None:
    out = stocked("hits", "--format", "table").out
    for words in (
        "11:30",
        "10:00",
        "11-20 12:00",
        "오픈AI, 서울에 사무소",
        "https://news.example/sent",
        "sent",
        "baseline",
    ):
        assert words in out


def test_without_a_database_the_next_step_is_named(app: App) -> None:
    outcome = app("hits")
    assert outcome.code == 1
    assert outcome.err.startswith("monitor: ")
    assert outcome.err.count("\n") == 1


def test_a_broken_configuration_without_a_database_is_told_beside_what_is_missing(app: App) -> None:
    app.rules("rules: [{id: openai, nmae: OpenAI}]\n")
    outcome = app("hits")
    assert outcome.code == 1
    warned, refused = outcome.err.splitlines()
    assert "rules.yaml:1" in warned
    assert "there is no database" in refused


@pytest.mark.parametrize("width", ["80", "200"])
def test_a_table_names_outlet_zone_number_and_publication(
    stocked: App, monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    with closing(sqlite3.connect(stocked.installation.database)) as connection, connection:
        connection.execute("UPDATE article SET published_at = '2026-11-22 23:05:00.000000' WHERE key = 'sent'")
    monkeypatch.setenv("COLUMNS", width)
    out = stocked("hits", "--format", "table").out
    head, *lines = out.splitlines()
    assert "Stored KST" in head
    assert out.count("KST") == 1
    assert "한빛일보" in out
    assert "herald" not in out
    assert "published" in out
    assert "08:05" in out
    assert max(map(cell_len, out.splitlines())) <= int(width)
    for row in stocked("hits").rows:
        assert any(str(row["id"]) in line.split()[:3] for line in lines)


@pytest.mark.parametrize(
    ("zone", "time"),
    [
        ("Asia/Seoul", "2026-11-23 10:00:00"),
        ("UTC", "2026-11-23 01:00:00"),
        ("America/New_York", "2026-11-22 20:00:00"),
    ],
)
def test_excel_gets_local_times_and_the_zone_in_their_heads(stocked: App, zone: str, time: str) -> None:
    path = stocked.installation.config / "monitor.yaml"
    path.write_text(path.read_text("utf-8") + f"\ntimezone: {zone}\n", "utf-8")
    head, *rows = csv.reader(io.StringIO(stocked("hits", "--excel").out.removeprefix("\ufeff")))
    assert rows[1][head.index(f"created_at ({zone})")] == time
    assert [name for name in head if "_at" in name and not name.endswith(f"_at ({zone})")] == []
    plain = list(csv.DictReader(io.StringIO(stocked("hits", "--format", "csv").out)))
    assert plain[1]["created_at"] == "2026-11-23T01:00:00.000Z"
    assert (plain[1]["source_id"], plain[1]["source_name"]) == ("herald", "한빛일보")


def test_a_hit_says_how_many_channels_took_it(stocked: App) -> None:
    assert [(row["reached"], row["channels"]) for row in stocked("hits").rows] == [(0, 1), (1, 1), (0, 1)]
    (number,) = [row["id"] for row in stocked("hits").rows if row["alerted"] == "sent"]
    with closing(sqlite3.connect(stocked.installation.database)) as connection, connection:
        for channel in ("team", "phone"):
            connection.execute(
                "INSERT INTO notification (id, channel_id, hit_id, state, reason, group_key, created_at)"
                " VALUES (?, ?, ?, 'suppressed', 'disabled', '', '2026-11-23 01:00:00.000000')",
                (channel, channel, number),
            )
    (row,) = [row for row in stocked("hits").rows if row["id"] == number]
    assert (row["reached"], row["channels"]) == (1, 3)
    assert "(1 of 3 sent)" in stocked("hits", "--format", "table").out


def test_history_shows_what_its_article_said(stocked: App) -> None:
    hit = stocked("hits", "--rule", "openai", "--source", "herald").rows[0]
    rows = stocked("hits", "--id", str(hit["id"])).rows
    assert [row["id"] for row in rows] == [hit["id"]]
    (version,) = stocked("hits", "--id", str(hit["id"]), "--history").rows
    assert (version["version"], version["title"], version["title_before"]) == (1, hit["article"]["title"], None)
    assert (version["removed"], version["added"], version["outcome"]) == ([], [], None)
    drawn = stocked("hits", "--id", str(hit["id"]), "--history", "--format", "table")
    assert hit["article"]["title"] in drawn.out
    table = list(csv.reader(io.StringIO(stocked("hits", "--id", str(hit["id"]), "--history", "--format", "csv").out)))
    assert [len(row) for row in table] == [9, 9]


@pytest.mark.parametrize(
    ("options", "said"),
    [(("--history",), "needs --id N"), (("--id", "999999", "--history"), "there is no hit 999999")],
)
def test_history_is_of_a_hit_that_there_is(stocked: App, options: tuple[str, ...], said: str) -> None:
    outcome = stocked("hits", *options)
    assert outcome.code == 2
    assert said in outcome.err


def test_hits_are_counted(stocked: App) -> None:
    assert stocked("hits", "--count").out == "3\n"
    assert stocked("hits", "--count", "--rule", "stargate").out == "1\n"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--severity", "info"), ["dead", "sent", "old"]),
        (("--severity", "critical"), []),
        (("--alerted", "sent"), ["sent"]),
        (("--alerted", "dead"), ["dead"]),
        (("--alerted", "suppressed"), []),
        (("--term", "오픈ai", "--alerted", "sent"), ["sent"]),
        (("--term", "없는말"), []),
        (("--lang", "xx"), []),
    ],
)
def test_more_filters_narrow(stocked: App, options: tuple[str, ...], expected: list[str]) -> None:
    assert keys(stocked, *options) == expected


def test_a_list_goes_on_behind_its_page(stocked: App) -> None:
    seen: list[str] = []
    cursor: tuple[str, ...] = ()
    for _ in range(3):
        outcome = stocked("hits", "--limit", "1", "--since", "2026-01-01", *cursor)
        seen += [row["article"]["url"].rsplit("/", 1)[1] for row in outcome.rows]
        cursor = ("--cursor", outcome.err.split()[-1]) if outcome.err else ()
    assert (seen, cursor) == (["dead", "sent", "old"], ())


@pytest.mark.parametrize(
    ("cursor", "words"), [("nonsense", "not of this list"), ("WzFd", "not of this list"), ("", "blank")]
)
def test_a_cursor_that_is_none_is_wrong_usage(stocked: App, cursor: str, words: str) -> None:
    outcome = stocked("hits", "--cursor", cursor)
    assert (outcome.code, words in outcome.err) == (2, True), outcome.err


def test_a_cursor_of_other_filters_is_refused(stocked: App) -> None:
    cursor = stocked("hits", "--limit", "1").err.split()[-1]
    outcome = stocked("hits", "--limit", "1", "--rule", "openai", "--cursor", cursor)
    assert (outcome.code, "other filters" in outcome.err) == (2, True)


def test_columns_are_chosen(stocked: App) -> None:
    lines = stocked(
        "hits", "--columns", "rule_id, title,created_at", "--format", "csv", "--rule", "stargate"
    ).out.splitlines()
    assert lines[0] == "rule_id,title,created_at"
    assert lines[1].startswith("stargate,")
    row = stocked("hits", "--columns", "id,alerted", "--alerted", "sent").rows[0]
    assert list(row) == ["id", "alerted"]
    assert stocked("hits", "--columns", "id,nothing").code == 2
    assert "sent" in stocked("hits", "--columns", "alerted,id", "--format", "table").out


def test_a_timeline_counts_days_and_hours_of_the_zone(stocked: App) -> None:
    days = stocked("hits", "--timeline", "day", "--rule", "openai").rows
    assert sum(day["hits"] for day in days) == 2
    assert {day["rule_id"] for day in days} == {"openai"}
    hours = stocked("hits", "--timeline", "hour", "--format", "csv").out.splitlines()
    assert hours[0] == "begins,rule_id,hits"
    assert any(line.startswith("2026-11-23T10:00+09:00,openai,") for line in hours), hours
    assert "█" in stocked("hits", "--timeline", "day", "--format", "table").out
    assert stocked("hits", "--timeline", "day", "--text", "없는말").rows == []


def test_following_has_no_end_that_json_could_have(stocked: App) -> None:
    assert stocked("hits", "--follow", "--format", "json").code == 2


def test_csv_has_the_columns_of_the_view(stocked: App) -> None:
    head = stocked("hits", "--format", "csv").out.splitlines()[0]
    assert head.split(",") == list(VIEWS["v_hits"])
    (row,) = csv.DictReader(io.StringIO(stocked("hits", "--format", "csv", "--rule", "stargate").out))
    (shown,) = stocked.installation.rows(f"SELECT {', '.join(FREE)} FROM v_hits WHERE rule_id = 'stargate'")  # noqa: S608 - names of the view
    assert [row[name] for name in FREE] == [str("" if value is None else value) for value in shown]


FREE = [name for name in VIEWS["v_hits"] if not name.endswith("_at")]
