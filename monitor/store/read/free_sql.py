"""Questions that people write in SQL themselves: nothing can be changed by them, nor held up for longer than they may take."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from difflib import get_close_matches
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection

from monitor.model.errors import ReadLimitError, SqlMistakeError
from monitor.model.sql_answer import SqlAnswer, SqlQuestion
from monitor.store.db.time_limit import time_limit
from monitor.store.read.sql_text import Dialect, WrittenSql, write_out
from monitor.store.tables.views import COLUMNS

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}")
_NEAR = re.compile(r'near "(.+?)"|no such (?:column|table|function): (?:\w+\.)?(\w+)')
_CANCELLED: Final = "57014"  # query_canceled, PostgreSQL's Appendix A
_ALLOWED: Final = frozenset({
    sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE,
})  # fmt: skip
_PRAGMAS: Final = frozenset(
    {"data_version", "table_info", "table_xinfo", "table_list"}
)  # the text index asks for the first
_SET_UP: Final = ("search_index", "json_each('[]')", "json_tree('[]')", "pragma_table_info('hit')")
"""Tables of SQLite's own kinds set themselves up at their first use, which looks like writing."""
_FORBIDDEN: Final = frozenset({"load_extension"})


def sql_answer(connection: Connection, question: SqlQuestion) -> SqlAnswer:
    """Return what the database answers. Raises SqlMistakeError with its words and the place, ReadLimitError when it takes too long.

    The connection is one that cannot write; it is good for nothing else until its transaction has ended.
    """
    dialect = Dialect(connection.dialect.name, question.now, question.zone, question.zone_name)
    written = write_out(question.text, dialect)
    ask = _ask_sqlite if dialect.name == "sqlite" else _ask_postgres
    with time_limit(connection, question.seconds):
        return ask(connection.connection.driver_connection, written, question)


def _ask_sqlite(driver: Any, written: WrittenSql, question: SqlQuestion) -> SqlAnswer:  # noqa: ANN401 - the driver's own
    for table in _SET_UP:
        driver.execute(f"SELECT 1 FROM {table} LIMIT 0")  # noqa: S608 - names of this file
    driver.create_function("kst", 1, _local(question.zone), deterministic=True)
    with _watched(driver), closing(driver.cursor()) as cursor:
        try:
            cursor.execute(written.text)
            return _answer(cursor.description, cursor, question.limit)
        except (sqlite3.Error, sqlite3.Warning) as error:
            if str(error) == "interrupted":
                raise ReadLimitError(
                    f"it took longer than {question.seconds:g}s; ask for less, or give --timeout"
                ) from error
            raise _mistake(str(error), _sqlite_place(str(error), written)) from error


@contextmanager
def _watched(driver: Any) -> Iterator[None]:  # noqa: ANN401 - the driver's own
    driver.set_authorizer(_authorize)
    try:
        yield
    finally:
        driver.set_authorizer(None)


def _authorize(action: int, first: str | None, second: str | None, *_: object) -> int:
    """Let SQLite read, and nothing else (sqlite.org/c3ref/set_authorizer.html)."""
    if action == sqlite3.SQLITE_PRAGMA:
        return sqlite3.SQLITE_OK if first in _PRAGMAS else sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_FUNCTION and second in _FORBIDDEN:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY


def _local(zone: tzinfo) -> Any:  # noqa: ANN401 - a function of SQLite
    def kst(moment: object) -> str | None:
        try:
            read = datetime.fromisoformat(str(moment))
        except ValueError:
            return None
        return f"{(read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(zone):%Y-%m-%d %H:%M:%S}"

    return kst


def _sqlite_place(message: str, written: WrittenSql) -> str:
    """Return where the word stands that SQLite names, where it stands once; it tells no place itself."""
    found = _NEAR.search(message)
    word = (found[1] or found[2]) if found else ""
    if not word or len(re.findall(rf"(?<!\w){re.escape(word)}(?!\w)", written.asked)) != 1:
        return ""
    at = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", written.text)
    return written.place(at.start()) if at else ""


def _ask_postgres(driver: Any, written: WrittenSql, question: SqlQuestion) -> SqlAnswer:  # noqa: ANN401 - the driver's own
    import psycopg  # noqa: PLC0415 - only where it is the driver

    # stream() asks by the extended protocol, which takes one statement alone, and keeps no more than a few rows.
    with driver.cursor() as cursor:
        try:
            with closing(cursor.stream(written.text)) as rows:
                first = next(rows, None)
                if first is not None:
                    return _answer(cursor.description, chain((first,), rows), question.limit)
            cursor.execute(written.text, prepare=True)  # a stream without a row does not name its columns
            return _answer(cursor.description, (), question.limit)
        except psycopg.Error as error:
            if error.sqlstate == _CANCELLED:
                raise ReadLimitError(
                    f"it took longer than {question.seconds:g}s; ask for less, or give --timeout"
                ) from error
            at = error.diag.statement_position
            where = written.place(int(at) - 1) if at else ""
            raise _mistake(error.diag.message_primary or str(error), where) from error


def _answer(description: Any, rows: Iterable[Any], limit: int) -> SqlAnswer:  # noqa: ANN401 - the driver's own
    columns = _distinct([str(column[0]) for column in description or ()])
    kept: list[tuple[object, ...]] = []
    for row in rows:
        if len(kept) == limit:
            return SqlAnswer(columns, tuple(kept), cut=True)
        kept.append(tuple(map(_plain, row)))
    return SqlAnswer(columns, tuple(kept), cut=False)


def _distinct(names: list[str]) -> tuple[str, ...]:
    """Return the names of columns, numbered from the second on where several have one."""
    found: list[str] = []
    for name in names:
        number, free = 1, name
        while free in found:
            number += 1
            free = f"{name}_{number}"
        found.append(free)
    return tuple(found)


def _plain(value: object) -> object:
    """Return a value as both databases are to give it."""
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if value is None or isinstance(value, str | int | float):
        return value
    return _written(value)


def _written(value: object) -> object:
    """Return a value of a type that JSON lacks as one that it has."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, date | timedelta):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def _mistake(words: str, where: str) -> SqlMistakeError:
    if "not authorized" in words or "prohibited" in words or "readonly" in words or "read-only" in words:
        return SqlMistakeError(f"this command only reads views and tables ({words})")
    known = sorted({*COLUMNS, *(name for view in COLUMNS.values() for name in view)})
    word = re.search(r'(?:column|table|relation):? "?(?:\w+\.)?(\w+)', words)
    close = get_close_matches(word[1], known, n=1) if word else []
    meant = f"; did you mean {close[0]}?" if close else ""
    at = f" at {where}" if where else ""
    return SqlMistakeError(f"the database says{at}: {words}{meant}; there are the views {', '.join(sorted(COLUMNS))}")
