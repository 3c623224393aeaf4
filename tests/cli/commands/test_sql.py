"""monitor sql, on a real database."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import App

ASKED = "SELECT rule_id, count(*) AS hits FROM v_hits GROUP BY rule_id ORDER BY rule_id"
COUNTED = [{"rule_id": "openai", "hits": 2}, {"rule_id": "stargate", "hits": 1}]


def test_a_question_is_a_word_a_file_or_standard_input(stocked: App, tmp_path: Path) -> None:
    path = tmp_path / "q.sql"
    path.write_text(f"\ufeff{ASKED};\n", "utf-8")
    for outcome in (stocked("sql", ASKED), stocked("sql", "--file", str(path)), stocked("sql", stdin=ASKED)):
        assert (outcome.code, outcome.rows) == (0, COUNTED), outcome.err


def test_every_form_of_output(stocked: App) -> None:
    assert json.loads(stocked("sql", ASKED, "--format", "json").out) == COUNTED
    assert stocked("sql", ASKED, "--format", "csv").out == "rule_id,hits\nopenai,2\nstargate,1\n"
    assert "stargate" in stocked("sql", ASKED, "--format", "table").out
    when = "SELECT created_at, kst(created_at) AS kst FROM v_hits WHERE alerted = 'sent'"
    assert stocked("sql", when).rows == [{"created_at": "2026-11-23T01:00:00.000Z", "kst": "2026-11-23 10:00:00"}]
    (row,) = csv.DictReader(io.StringIO(stocked("sql", when, "--local").out))
    assert row["created_at"] == "2026-11-23T10:00:00.000+09:00"
    head, shown = csv.reader(io.StringIO(stocked("sql", when, "--excel").out.removeprefix("\ufeff")))
    assert (head[0], shown[0]) == ("created_at (Asia/Seoul)", "2026-11-23 10:00:00")


def test_hostile_text_is_inert(stocked: App) -> None:
    outcome = stocked("sql", "SELECT char(27) || '[31m' AS a, '=cmd' AS b", "--format", "csv")
    assert "\x1b" not in outcome.out
    assert "'=cmd" in outcome.out
    assert "\x1b" not in stocked("sql", "SELECT char(27) || '[31m' AS a", "--format", "table").out


def test_rows_that_are_left_out_are_told_apart_from_the_answer(stocked: App) -> None:
    outcome = stocked("sql", "SELECT id FROM v_hits", "--limit", "2")
    assert (len(outcome.rows), outcome.err) == (2, "monitor: cut after 2 rows, there are more: --limit shows them\n")
    assert stocked("sql", "SELECT id FROM v_hits", "--limit", "3").err == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["SELECT titel FROM v_hits"], "did you mean title"),
        (["DROP TABLE hit"], "only reads"),
        (["SELECT 1", "--timeout", "soon"], "--timeout"),
        (["SELECT 1", "--timeout", "2h"], "at most 1h"),
        (["SELECT 1 WHERE '2026-11-05T00:00' < '1'"], "write moment('2026-11-05T00:00')"),
        (["SELECT 1", "--file", __file__], "give the question once"),
    ],
)
def test_a_mistake_is_wrong_usage(stocked: App, words: list[str], said: str) -> None:
    outcome = stocked("sql", *words)
    assert (outcome.code, outcome.out) == (2, "")
    assert said in " ".join(outcome.err.replace("│", " ").split())
    assert "Traceback" not in outcome.err


def test_nothing_asked_and_no_text(stocked: App) -> None:
    assert "nothing is asked" in stocked("sql", stdin="").err
    assert "UTF-8" in stocked("sql", stdin=b"SELECT '\xff'").err
