"""monitor export, on a real database."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyarrow import parquet

from tests.cli.conftest import App


def test_lines_are_those_of_hits(stocked: App) -> None:
    lines = stocked("hits").out.splitlines()
    exported = stocked("export", "hits").out.splitlines()
    assert [json.loads(line) for line in exported] == [json.loads(line) for line in lines]
    assert "\x1b" not in "".join(exported)
    assert "\u202e" not in "".join(exported)


def test_csv_is_that_of_hits(stocked: App) -> None:
    assert stocked("export", "hits", "--format", "csv").out == stocked("hits", "--format", "csv").out
    assert stocked("export", "hits", "--local").out == stocked("hits", "--local").out
    assert stocked("export", "hits", "--excel").out == stocked("hits", "--excel").out


def test_filters_narrow(stocked: App) -> None:
    assert len(stocked("export", "hits", "--rule", "stargate").rows) == 1
    assert len(stocked("export", "hits", "--alerted", "sent").rows) == 1
    assert stocked("export", "hits", "--tag", "none").rows == []
    assert len(stocked("export", "articles", "--source", "daily").rows) == 1


def test_articles_and_stories(stocked: App) -> None:
    articles = stocked("export", "articles", "--body").rows
    assert len(articles) == 3
    assert {"id", "source", "title", "stored_at", "hits", "body"} <= set(articles[0])
    assert all(one["body"] for one in articles)
    assert "body" in stocked("export", "articles", "--format", "csv").out.splitlines()[0]
    stories = stocked("export", "stories").rows
    assert {one["id"] for one in stories} == {one["story"]["id"] for one in stocked("hits").rows}


@pytest.mark.parametrize("kind", ["hits", "articles", "stories"])
def test_a_parquet_file_has_types(stocked: App, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "out.parquet"
    told = stocked("export", kind, "-o", str(file))
    assert (told.code, "3 rows" in told.err) == (0, True), told.err
    table = parquet.read_table(file)
    rows = table.to_pylist()
    assert len(rows) == 3
    times = [name for name in table.column_names if name.endswith("_at")]
    assert times
    for name in times:
        assert all(
            value is None or (isinstance(value, datetime) and value.tzinfo is not None)
            for value in table[name].to_pylist()
        )
    if kind == "hits":
        assert {row["created_at"] for row in rows} >= {datetime(2026, 11, 23, 1, tzinfo=UTC)}
        assert all(isinstance(row["id"], int) for row in rows)
    assert list(tmp_path.glob(".*.part")) == []


def test_a_file_is_whole_or_not_there(stocked: App, tmp_path: Path) -> None:
    file = tmp_path / "hits.csv"
    assert stocked("export", "hits", "-o", str(file)).code == 0
    rows = list(csv.reader(io.StringIO(file.read_text("utf-8"))))
    assert (rows[0][0], len(rows)) == ("id", 4)
    assert stocked("export", "hits", "-o", str(tmp_path / "away" / "hits.csv")).code == 1
    assert [one.name for one in tmp_path.glob("*.csv")] == ["hits.csv"]


@pytest.mark.parametrize(
    "words",
    [
        ("hits", "--format", "parquet"),
        ("hits", "--excel", "--format", "ndjson"),
        ("articles", "--rule", "openai"),
        ("stories", "--text", "x"),
        ("hits", "--body"),
        ("nothing",),
    ],
)
def test_what_cannot_be_meant_is_refused(stocked: App, words: tuple[str, ...]) -> None:
    assert stocked("export", *words).code == 2
