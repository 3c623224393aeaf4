"""monitor routes, on real files and a real database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from monitor.store.db.migrate import upgrade
from monitor.store.tables.schema import SHUT_BY_PLAN
from tests.cli.conftest import App

RULES = """rules:
  - {id: openai, match: OpenAI, tags: ai}
  - {id: own, match: 서울, channels: [desk]}
  - {id: lost, match: 부산, sources: [daily]}
"""
CHANNELS = """channels:
  - {id: desk, kind: ntfy, url: "https://ntfy.example/desk", storm: 0}
  - {id: phone, kind: ntfy, url: ""}
routes:
  - {tags: ai, sources: herald, channels: [phone, desk]}
  - {tags: ai, channels: desk}
"""
STORIES = "each story once, again at 5 and 15 outlets, at 5 more in 30 min"


@pytest.fixture
def routed(app: App) -> App:
    """Two sources, two channels, two routes; no database yet."""
    app.rules(RULES)
    (app.installation.config / "channels.yaml").write_text(CHANNELS, "utf-8")
    return app


def test_who_would_hear_through_which_route_and_why(routed: App) -> None:
    rows = routed("routes", "openai").rows
    place = Path(routed.installation.config) / "channels.yaml"
    assert [(row["sources"], row["channel"], row["through"], row["outcome"], row["why"]) for row in rows] == [
        (["herald"], "phone", f"route 1 ({place}:5)", "not told", ["the channel has no url yet"]),
        (["herald"], "desk", f"route 1 ({place}:5)", "at once", [STORIES]),
        (["daily"], "desk", f"route 2 ({place}:6)", "at once", [STORIES]),
    ]
    assert [row["channel"] for row in routed("routes", "openai", "--source", "daily").rows] == ["desk"]
    (own,) = routed("routes", "own").rows
    assert (own["sources"], own["through"]) == (["herald", "daily"], "named by the rule")
    (nobody,) = routed("routes", "lost").rows
    assert (nobody["channel"], nobody["outcome"]) == ("", "nobody")
    assert nobody["why"] == ["the rule names no channel, and no route takes it"]
    lines = routed("routes", "openai", "--format", "csv").out.splitlines()
    assert lines[0] == "rule,sources,channel,through,outcome,why,until"
    assert lines[1].startswith("openai,herald,phone,route 1 (")
    assert lines[1].endswith(",not told,the channel has no url yet,")
    table = routed("routes", "openai", "--format", "table").out
    assert all(words in table for words in ("phone", "route 1", "not told", "the channel has no url yet"))


def test_a_silence_is_told_of_while_it_is_in_force(routed: App) -> None:
    upgrade(f"sqlite:///{routed.installation.database}")
    routed("silence", "add", "--rule", "own", "--until", "14:00", "--why", "배포", "--who", "kim")

    def outcome(*options: str) -> list[str]:
        return [row["outcome"] for row in routed("routes", "own", *options).rows]

    assert outcome() == outcome("--at", "13:59") == ["not told"]
    assert outcome("--at", "14:00") == outcome("--at", "2026-12-01") == outcome("--at", "2026-11-01") == ["at once"]
    shown = " ".join(routed("routes", "own", "--format", "table").out.split())
    assert "silence 1 of kim: 배포 (until 14:00)" in shown
    routed("silence", "end", "1")
    assert outcome() == ["at once"]


def test_a_channel_that_its_receiver_shut_says_so(routed: App) -> None:
    upgrade(f"sqlite:///{routed.installation.database}")
    with closing(sqlite3.connect(routed.installation.database)) as connection, connection:
        connection.execute(
            "INSERT INTO channel_state (id, disabled_at, reason) VALUES (?, ?, ?)",
            ("desk", "2026-11-23 02:00:00.000000", "410 gone"),
        )
    (row,) = routed("routes", "own").rows
    assert (row["outcome"], row["why"]) == ("waits", ["its receiver shut the channel: 410 gone", STORIES])
    with closing(sqlite3.connect(routed.installation.database)) as connection, connection:
        connection.execute("UPDATE channel_state SET reason = ?", (min(SHUT_BY_PLAN),))
    assert [one["outcome"] for one in routed("routes", "own").rows] == ["at once"], "the files say it is on"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["opneai"], "no rule 'opneai'; did you mean 'openai'?"),
        (["openai", "--source", "herld"], "no source 'herld'; did you mean 'herald'?"),
        (["lost", "--source", "herald"], "rule lost does not look at herald"),
        (["openai", "--at", "soon"], "'soon' is not a time ahead"),
    ],
)
def test_what_does_not_exist_is_wrong_usage(routed: App, words: list[str], said: str) -> None:
    outcome = routed("routes", *words)
    assert outcome.code == 2
    assert said in " ".join(outcome.err.split())


def test_faulty_files_are_refused_with_their_line(routed: App) -> None:
    routed.rules("rules: [{id: openai, match: OpenAI, channels: [dsek]}]\n")
    outcome = routed("routes", "openai")
    assert outcome.code == 2
    assert "there is no channel 'dsek'" in outcome.err
