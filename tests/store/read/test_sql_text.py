"""What people write as SQL, as each database takes it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.errors import SqlMistakeError
from monitor.store.read.sql_text import Dialect, place, write_out

NOW = datetime(2026, 11, 5, 2, 32, 16, tzinfo=UTC)
SEOUL = ZoneInfo("Asia/Seoul")
SQLITE, POSTGRES = (Dialect(name, NOW, SEOUL, "Asia/Seoul") for name in ("sqlite", "postgresql"))


@pytest.mark.parametrize(
    ("asked", "sqlite", "postgres"),
    [
        ("SELECT ago('2h')", "'2026-11-05 00:32:16.000000'", "TIMESTAMPTZ '2026-11-05 00:32:16.000000+00'"),
        ("SELECT AGO ( '90m' )", "'2026-11-05 01:02:16.000000'", "TIMESTAMPTZ '2026-11-05 01:02:16.000000+00'"),
        ("SELECT ago('어제')", "'2026-11-03 15:00:00.000000'", "TIMESTAMPTZ '2026-11-03 15:00:00.000000+00'"),
        (
            "SELECT moment('2026-11-05T11:30')",
            "'2026-11-05 02:30:00.000000'",
            "TIMESTAMPTZ '2026-11-05 02:30:00.000000+00'",
        ),
        (
            "SELECT kst(max(created_at))",
            "kst(max(created_at))",
            "to_char((max(created_at)) AT TIME ZONE 'Asia/Seoul', 'YYYY-MM-DD HH24:MI:SS')",
        ),
        (
            "SELECT 1 IN search('?!')",
            "1 IN (SELECT id FROM article WHERE 1 = 0)",
            "1 IN (SELECT id FROM article WHERE 1 = 0)",
        ),
    ],
)
def test_our_functions_are_written_out(asked: str, sqlite: str, postgres: str) -> None:
    assert write_out(asked, SQLITE).text == f"SELECT {sqlite}"
    assert write_out(asked, POSTGRES).text == f"SELECT {postgres}"


@pytest.mark.parametrize(
    "asked",
    [
        "SELECT 'ago(''2h'')'",
        "SELECT 1 -- ago('2h'); DROP TABLE hit",
        "SELECT /* search('x'); */ 1",
        'SELECT "ago" FROM x',
        "SELECT x.ago('2h')",
        "SELECT ago FROM x",
        "SELECT ';'",
        "SELECT $$;$$",
        "WITH x AS (SELECT 1) SELECT * FROM x",
        "(SELECT 1) UNION SELECT 2",
        "VALUES (1, '2h')",
        "SELECT title FROM v_hits WHERE title LIKE '%2026-11-05T%'",
    ],
)
def test_what_only_looks_like_them_is_left_alone(asked: str) -> None:
    for dialect in (SQLITE, POSTGRES):
        assert write_out(asked, dialect).text == asked


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("", "nothing is asked"),
        (" -- only a remark\n;", "nothing is asked"),
        ("DELETE FROM hit", "'DELETE' at line 1, column 1: this command only reads"),
        ("\n  PRAGMA user_version = 1", "'PRAGMA' at line 2, column 3"),
        ("COPY (SELECT 1) TO '/tmp/x'", "'COPY' at line 1"),
        ("SELECT 1; SELECT 2", "a second statement at line 1, column 9"),
        ("SELECT 1;\nCOMMIT; DROP TABLE hit", "a second statement at line 1, column 9"),
        (
            "SELECT search(title) FROM v_hits",
            "search() at line 1, column 8 takes one text in quotes, as in search('오픈AI')",
        ),
        ("SELECT ago()", "ago() at line 1, column 8 takes one text"),
        ("SELECT 1,\n ago('소나기')", "ago() at line 2, column 2"),
        ("SELECT kst(created_at FROM v_hits", "the bracket at line 1, column 11 is not closed"),
    ],
)
def test_a_mistake_says_where(asked: str, words: str) -> None:
    with pytest.raises(SqlMistakeError) as caught:
        write_out(asked, POSTGRES)
    assert words in str(caught.value)


@pytest.mark.parametrize("text", ["2026-11-05T02:32:16Z", "2026-11-05T02:32", "2026-11-05t02:32:16.5+09:00"])
def test_a_text_that_would_compare_wrongly_is_refused_in_sqlite(text: str) -> None:
    asked = f"SELECT * FROM v_hits WHERE created_at > '{text}'"  # noqa: S608 - of this test
    with pytest.raises(SqlMistakeError, match="write moment"):
        write_out(asked, SQLITE)
    assert write_out(asked, POSTGRES).text == asked


@given(
    before=st.text("a\n ", max_size=8),
    inner=st.sampled_from(["ago('2h')", "kst(x)", "search('오픈AI')", "moment('2026-11-05')"]),
)
def test_a_place_is_one_of_what_was_asked(before: str, inner: str) -> None:
    asked = f"SELECT {before} {inner}, wrong"
    for dialect in (SQLITE, POSTGRES):
        written = write_out(asked, dialect)
        assert written.place(written.text.index("wrong")) == place(asked, asked.index("wrong"))
