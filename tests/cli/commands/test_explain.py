"""monitor explain, on real files and a real database."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import HOSTILE, App

SENT = "https://news.example/sent"
UNSEEN = ("\x1b", "\x9b", "\u202e", "\x00", "\u2028", "\x07")
KEYS = {
    *("url", "key", "asked_at", "fate", "why", "listed", "lists", "sources", "read", "rules", "other_rules", "story"),
    *("notifications", "hearing", "live", "steps"),
}


def hits(app: App) -> dict[str, int]:
    return dict(app.installation.rows("SELECT a.key, h.id FROM hit h JOIN article a ON a.id = h.article_id"))


def explained(app: App, *words: str) -> dict[str, Any]:
    outcome = app("explain", *words, "--format", "json")
    assert outcome.code == 0
    found: dict[str, Any] = json.loads(outcome.out)
    assert set(found) == KEYS
    return found


def test_one_page_in_order(stocked: App) -> None:
    outcome = stocked("explain", str(hits(stocked)["sent"]))
    assert outcome.code == 0
    lines = outcome.out.splitlines()
    assert lines[0] == f"{SENT}  (times in KST)"
    assert lines[1] == "=> told"
    assert lines[2].startswith("   desk: sent, its receiver answered 200, at 12:00")
    heads = [line for line in lines if not line.startswith(" ")][2:]
    assert heads == ["1. Listed", "2. Read", "3. Rules", "4. Story", "5. Messages"]
    assert any("hit 2 at 10:00" in line for line in lines)
    assert any("attempt 1 at 12:00: answered 200 in 12 ms, done" in line for line in lines)


@pytest.mark.parametrize(
    ("key", "fate", "said"),
    [
        ("sent", "sent", "its receiver answered 200"),
        ("dead", "dead", "given up after 1 attempts (422"),
        ("old", "suppressed", "read for the first time"),
    ],
)
def test_the_object_says_the_same(stocked: App, key: str, fate: str, said: str) -> None:
    found = explained(stocked, str(hits(stocked)[key]))
    assert found["fate"] == fate
    assert said in found["why"][0]["words"]
    assert found["read"]["article_id"]
    assert found["notifications"][0]["channel"] == "desk"


def test_a_hostile_title_is_inert(stocked: App) -> None:
    outcome = stocked("explain", str(hits(stocked)["dead"]))
    assert outcome.code == 0
    assert HOSTILE not in outcome.out
    assert not [mark for mark in UNSEEN if mark in outcome.out]
    assert explained(stocked, str(hits(stocked)["dead"]))["read"]["title"] == HOSTILE
    raw = stocked("explain", str(hits(stocked)["dead"]), "--format", "json").out
    assert not [mark for mark in UNSEEN if mark in raw]


def test_only_the_rule_that_is_asked_about(stocked: App) -> None:
    hit = str(hits(stocked)["sent"])
    assert [one["rule"]["id"] for one in explained(stocked, hit, "--rule", "openai")["rules"]] == ["openai"]
    outcome = stocked("explain", hit, "--rule", "opneai")
    assert outcome.code == 2
    assert "did you mean 'openai'?" in outcome.err


@pytest.mark.parametrize("target", ["4711", "no address", "ftp://news.example/1"])
def test_what_is_not_there_is_one_plain_line(stocked: App, target: str) -> None:
    outcome = stocked("explain", target)
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.count("\n") == 1
    assert outcome.err.startswith("monitor: ")


def test_an_address_that_no_list_showed(stocked: App) -> None:
    found = explained(stocked, "http://127.0.0.1:9/news/1", "--offline")
    assert (found["fate"], found["sources"]) == ("never_listed", ["herald", "daily"])
    assert (found["read"], found["story"], found["notifications"]) == (None, None, [])
    assert explained(stocked, "http://127.0.0.1:9/rss")["lists"] == ["daily"]
    assert (
        "by no list or feed; sources of its host: herald, daily"
        in stocked("explain", "http://127.0.0.1:9/x", "--offline").out
    )


def test_while_the_files_are_wrong_the_plan_in_force_explains(stocked: App) -> None:
    hit = str(hits(stocked)["sent"])
    stocked.rules("rules: [{id: openai, nmae: OpenAI}]\n")
    outcome = stocked("explain", hit)
    assert outcome.code == 0
    assert "=> told" in outcome.out
    assert "the plan in force is used" in outcome.err


def test_before_the_first_run_it_says_what_to_do(app: App, tmp_path: Path) -> None:
    assert tmp_path.exists()
    outcome = app("explain", SENT)
    assert outcome.code == 1
    assert "monitor run" in outcome.err


@pytest.mark.parametrize(
    ("routes", "said"),
    [
        ("", "the rule names no channel, and no route takes it"),
        ("routes: [{sources: daily, channels: [desk]}]", "the rule names no channel, and no route takes it"),
        ("routes: [{sources: herald, channels: []}]", "has no channels"),
    ],
)
def test_a_hit_that_nobody_is_to_hear_of_says_which_routes_were_looked_at(stocked: App, routes: str, said: str) -> None:
    stocked.rules("aliases: {openai: [OpenAI, 오픈AI]}\nrules: [{id: openai, match: '@openai'}]\n")
    path = stocked.installation.config / "channels.yaml"
    path.write_text(f"{path.read_text('utf-8')}\n{routes}\n", "utf-8")
    hit = hits(stocked)["sent"]
    with closing(sqlite3.connect(stocked.installation.database)) as connection, connection:
        connection.execute("DELETE FROM notification WHERE hit_id = ?", (hit,))
    found = explained(stocked, str(hit))
    assert found["fate"] == "nobody"
    assert [one["outcome"] for one in found["hearing"]] == ["nobody"]
    assert said in found["hearing"][0]["why"][0]
    assert f"rule openai -> nobody; {found['hearing'][0]['why'][0]}" in stocked("explain", str(hit)).out


@pytest.mark.parametrize(
    "title",
    ["가" * 240 + "나" * 300, "\x00\x1b]0;owned\x07 <b>속보</b> \u2066뒤\u2069", "[red]x[/red]\u2028\u0085둘째 줄"],
)
def test_titles_of_every_kind_stay_on_their_line(stocked: App, title: str) -> None:
    hit = hits(stocked)["sent"]
    with closing(sqlite3.connect(stocked.installation.database)) as connection, connection:
        connection.execute("UPDATE article SET title = ? WHERE key = 'sent'", (title.replace("\x00", "\ufffd"),))
    before = len(stocked("explain", str(hits(stocked)["dead"])).out.splitlines())
    out = stocked("explain", str(hit)).out
    assert len(out.splitlines()) == before
    assert not [mark for mark in (*UNSEEN, "\u2066", "\u0085") if mark in out]
    assert "나" not in out
