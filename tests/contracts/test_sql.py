"""Questions in SQL: the same text, the same answer on both databases; and nothing but questions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.model.errors import ReadLimitError, SqlMistakeError
from monitor.model.sql_answer import SqlAnswer, SqlQuestion
from monitor.store.db.database import Database
from monitor.store.read.queries import SqlReader
from monitor.store.tables.views import COLUMNS
from monitor.store.write.article_store import ArticleStore
from tests.contracts.invented import NOW, keep, later, reading, render


@pytest.fixture
async def reader(url: str, article_store: ArticleStore) -> AsyncIterator[SqlReader]:
    """A reader of a database with three hits, an hour apart."""
    for number in range(3):
        await keep(article_store, reading(f"k{number}"), render, later(3_600 * number))
    with SqlReader(url) as opened:
        yield opened


def ask(reader: SqlReader, text: str, *, limit: int = 100, seconds: float = 30.0) -> SqlAnswer:
    zone = ZoneInfo("Asia/Seoul")
    return reader.sql(SqlQuestion(text, limit, seconds, NOW + timedelta(hours=2, minutes=1), zone, zone.key))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("SELECT count(*) FROM v_hits WHERE created_at > ago('90m')", [(2,)]),
        ("SELECT count(*) FROM v_hits WHERE created_at > moment('2026-11-05T03:32:16Z')", [(1,)]),
        ("SELECT kst(created_at) FROM v_hits ORDER BY id LIMIT 1", [("2026-11-05 11:32:16",)]),
        ("SELECT kst(NULL)", [(None,)]),
        ("SELECT min(created_at) FROM v_hits", [(NOW,)]),
        ("SELECT created_at FROM v_hits ORDER BY 1 LIMIT 1;", [(NOW,)]),
        ("SELECT count(*) FROM v_hits WHERE article_id IN search('오픈AI')", [(3,)]),
        ("SELECT id FROM v_hits WHERE article_id IN search('k1') AND rule_id = 'openai'", [(2,)]),
        ("SELECT count(*) FROM v_hits WHERE article_id IN search('카카오')", [(0,)]),
        ("SELECT count(*) FROM v_hits WHERE article_id NOT IN search('서울')", [(0,)]),
        ("SELECT sum(mentions), avg(mentions) FROM v_hits", [(3, 1)]),
        ("SELECT 1 AS a, 2 AS a", [(1, 2)]),
        ("SELECT '50%' AS share, ':name' AS other, '?' AS mark", [("50%", ":name", "?")]),
        ("SELECT id FROM v_hits WHERE 1 = 0", []),
        ("SELECT hit_id, surface, start_char FROM v_matches WHERE hit_id = 2", [(2, "오픈AI", 0)]),
    ],
)
async def test_one_text_one_answer(reader: SqlReader, text: str, rows: list[tuple[object, ...]]) -> None:
    assert list(ask(reader, text).rows) == rows


async def test_columns_have_a_name_each(reader: SqlReader) -> None:
    assert ask(reader, "SELECT 1 AS a, 2 AS b, 3 AS a").columns == ("a", "b", "a_2")
    assert ask(reader, "SELECT * FROM v_channels").columns == tuple(COLUMNS["v_channels"])
    assert ask(reader, "SELECT id FROM v_hits WHERE 1 = 0").columns == ("id",)


async def test_rows_are_bounded_and_the_answer_says_so(reader: SqlReader) -> None:
    every = "SELECT id FROM v_hits ORDER BY id"
    assert (ask(reader, every, limit=2).rows, ask(reader, every, limit=2).cut) == (((1,), (2,)), True)
    assert (len(ask(reader, every, limit=3).rows), ask(reader, every, limit=3).cut) == (3, False)
    endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    assert ask(reader, endless, limit=5).cut


async def test_time_is_bounded_and_the_reader_stays_of_use(reader: SqlReader) -> None:
    endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with pytest.raises(ReadLimitError, match="--timeout"):
        ask(reader, endless, seconds=0.3)
    assert ask(reader, "SELECT count(*) FROM v_hits").rows == ((3,),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SELECT titel FROM v_hits", ("titel", "did you mean title", "v_matches")),
        ("SELECT * FROM v_hit", ("v_hit", "did you mean v_hits", "there are the views")),
        ("SELECT id,\n  FROM v_hits", ("at line 2, column 3",)),
        ("SELECT kst(created_at), nichts FROM v_hits", ("at line 1, column 25",)),
        ("SELECT 1; DROP TABLE hit", ("a second statement",)),
        ("UPDATE hit SET excerpt = ''", ("only reads",)),
        ("WITH x AS (SELECT 1) DELETE FROM hit", ("only reads",)),
        ("WITH x AS (SELECT 1) INSERT INTO watched_hour SELECT '2026', 1 FROM x", ("",)),
        ("EXPLAIN ANALYZE DELETE FROM hit", ("",)),
        ("SELECT load_extension('x')", ("",)),
        ("SELECT lo_create(0)", ("",)),
    ],
)
async def test_a_mistake_is_told_and_nothing_changes(reader: SqlReader, text: str, words: tuple[str, ...]) -> None:
    with pytest.raises(SqlMistakeError) as caught:
        ask(reader, text)
    for word in words:
        assert word in str(caught.value), str(caught.value)
    assert ask(reader, "SELECT count(*) FROM v_hits WHERE excerpt <> ''").rows == ((3,),)


async def test_nothing_of_sqlite_is_opened_to_it_but_reading(reader: SqlReader, db: Database) -> None:
    if db.path is None:
        pytest.skip("PostgreSQL has a read-only transaction for that")
    assert ask(reader, "SELECT count(*) FROM pragma_table_info('hit')").rows[0] > (5,)
    for text in (
        "SELECT * FROM pragma_journal_mode",
        "SELECT * FROM pragma_query_only('0')",
        "WITH x AS (SELECT 1) REPLACE INTO hit SELECT * FROM hit",
        "EXPLAIN DELETE FROM hit",
    ):
        with pytest.raises(SqlMistakeError):
            ask(reader, text)
