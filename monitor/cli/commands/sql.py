"""monitor sql"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from monitor.cli import process
from monitor.cli.opening import reading
from monitor.cli.options import FOLDER, Config, Excel, Format, Limit, Local
from monitor.cli.text.output import RecordFormat, write
from monitor.model.errors import InvalidValueError
from monitor.model.sql_answer import SqlAnswer, SqlQuestion
from monitor.present.moments import rfc3339


def sql(  # noqa: PLR0913 - one argument for each option
    question: Annotated[
        str, typer.Argument(metavar="[SELECT …]", help="The question; without it standard input.", show_default=False)
    ] = "",
    *,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="Take the question from a file.",
            show_default=False,
        ),
    ] = None,
    timeout: Annotated[str, typer.Option(metavar="DURATION", help="How long it may take.")] = "30s",
    limit: Limit = 10_000,
    form: Format = None,
    excel: Excel = False,
    local: Local = False,
    config: Config = FOLDER,
) -> None:
    """Ask the database in SQL, reading only (SQL 조회).

    `monitor sql "SELECT kst(created_at), title FROM v_hits WHERE article_id IN search('오픈AI') AND created_at > ago('2h')"`: the
    same text works on SQLite and PostgreSQL. search('…') are the articles with hits that hold these words, ago('2h') and
    moment('2026-11-05T11:30') moments to compare with, kst(…) is text in the configured zone. docs/query.md describes the views.
    """
    asked, seconds = _asked(question, file), _seconds(timeout)
    with reading(config) as (app, wait):
        zone = ZoneInfo(wait(app.plan()).zone)
        answer = wait(app.sql(SqlQuestion(asked, limit, seconds, process.now(), zone, zone.key)))
    columns = answer.columns
    shape = RecordFormat(columns, tuple, partial(_document, columns), partial(_draw, columns), "no rows")
    write(answer.rows, shape, form, excel=excel, local=local, zone=zone)
    _say_cut(answer)


def _asked(question: str, file: Path | None) -> str:
    """Return the question. Raises BadParameter for two, none, and what is no text."""
    if question and file:
        raise typer.BadParameter("give the question once: as a word or as a file", param_hint="--file")
    if question:
        return question
    if file is None and sys.stdin.isatty():
        raise typer.BadParameter("write the question, or give it with --file or on standard input", param_hint="SELECT")
    try:
        return (file.read_bytes() if file else sys.stdin.buffer.read()).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise typer.BadParameter("is not text in UTF-8", param_hint=str(file or "standard input")) from None


def _seconds(text: str) -> float:
    from monitor.config.quantities import duration

    try:
        seconds = duration(text)
    except InvalidValueError as error:
        raise typer.BadParameter(str(error), param_hint="--timeout") from None
    if not 0 < seconds <= 3_600:  # noqa: PLR2004 - an hour
        raise typer.BadParameter("must be above 0s and at most 1h", param_hint="--timeout")
    return seconds


def _document(columns: Sequence[str], row: Sequence[object]) -> dict[str, object]:
    return {name: _shown(value) for name, value in zip(columns, row, strict=True)}


def _shown(value: object) -> object:
    from datetime import datetime

    return rfc3339(value) if isinstance(value, datetime) else value


def _draw(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    from monitor.cli.text import tables

    tables.table(columns, [[tables.text("" if one is None else _shown(one)) for one in row] for row in rows])


def _say_cut(answer: SqlAnswer) -> None:
    if answer.cut:
        typer.echo(f"monitor: cut after {len(answer.rows)} rows, there are more: --limit shows them", err=True)
