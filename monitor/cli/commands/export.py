"""monitor export"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, timedelta, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TextIO
from zoneinfo import ZoneInfo

import typer

from monitor.cli import process
from monitor.cli.opening import reading
from monitor.cli.options import FOLDER, Config, Excel, Local, between, fate, faults_of
from monitor.cli.text import bulk
from monitor.cli.text.bulk import BulkFormat
from monitor.cli.text.output import amount
from monitor.cli.text.sanitize import to_json
from monitor.model.bulk import ArticleQuery, ArticleRow, HitRow
from monitor.model.records import HitQuery
from monitor.model.story_records import StoryQuery, StoryRecord
from monitor.present import timefmt
from monitor.present.hit_columns import COLUMNS
from monitor.present.hit_lines import hit_line, moment, surfaces
from monitor.present.stories import story_record_object
from monitor.service.named import Named

TIME = "TIME"
MOST_STORIES = 20_000
"""Stories in one export: those of the latest hits."""


class ExportKind(StrEnum):
    """What is exported."""

    HITS = "hits"
    ARTICLES = "articles"
    STORIES = "stories"


class BulkForm(StrEnum):
    """The forms of an export."""

    NDJSON = "ndjson"
    CSV = "csv"
    PARQUET = "parquet"


def export(  # noqa: PLR0913 - one argument for each option
    kind: Annotated[ExportKind, typer.Argument(help="hits; articles, with and without hits; or stories.")],
    *,
    rule: Annotated[str, typer.Option(metavar="ID", help="Only of this rule.", show_default=False)] = "",
    source: Annotated[str, typer.Option(metavar="ID", help="Only of this source.", show_default=False)] = "",
    tag: Annotated[str, typer.Option(metavar="TAG", help="Only of rules with this tag.", show_default=False)] = "",
    since: Annotated[
        str, typer.Option(metavar=TIME, help=f"Stored at or after: {timefmt.FORMS}.", show_default=False)
    ] = "",
    until: Annotated[
        str,
        typer.Option(metavar=TIME, help="Stored before; written like --since. A day is included.", show_default=False),
    ] = "",
    on: Annotated[
        str,
        typer.Option("--on", metavar="DAY", help="Stored on this day: 2026-11-28, 11-28, 어제.", show_default=False),
    ] = "",
    text: Annotated[str, typer.Option(help="Only hits of articles that hold this.", show_default=False)] = "",
    term: Annotated[
        str, typer.Option(metavar="WORD", help="Only hits in which this term was found.", show_default=False)
    ] = "",
    lang: Annotated[str, typer.Option(metavar="ko", help="Only articles in this language.", show_default=False)] = "",
    alerted: Annotated[
        str,
        typer.Option(
            metavar="STATE", help="Only hits that have become this, as of `monitor hits`.", show_default=False
        ),
    ] = "",
    body: Annotated[bool, typer.Option("--body", help="Of articles, their texts too.")] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to a file.", show_default=False)
    ] = None,
    excel: Excel = False,
    local: Local = False,
    form: Annotated[
        BulkForm | None,
        typer.Option("--format", help="Else by the ending of FILE; without one ndjson.", show_default=False),
    ] = None,
    config: Config = FOLDER,
) -> None:
    """Write all that is stored, for other programs (내보내기).

    Without --limit, in batches: a million hits need no more memory than a thousand. A file appears under its name when it is
    whole. parquet needs --output and the extra [parquet]. A line of ndjson is that of `monitor hits`, or of `monitor stories`.
    """
    chosen = _form(form, output, excel=excel or local)
    _insist(kind, {"--rule": rule, "--tag": tag, "--text": text, "--term": term, "--alerted": alerted}, body=body)
    now = process.now()
    with reading(config) as (app, wait):
        zone = ZoneInfo(wait(app.plan()).zone)
        with faults_of():
            wait(app.insist_on(Named(rule=rule, source=source, tag=tag)))
        start, end = between(since, until, on, now, zone)
        times = _Times(zone if excel or local else UTC, excel)
        if kind is ExportKind.HITS:
            query = HitQuery(rule, source, start, end, text, term=term, lang=lang, alerted=fate(alerted))
            hits = wait(app.exported_hits(query, tag=tag))
            _write(
                hits, HITS, frozenset({"id", "article_id", "mentions", "channels", "reached"}), chosen, output, times
            )
        elif kind is ExportKind.ARTICLES:
            articles = app.exported_articles(ArticleQuery(source, lang, start, end, body))
            _write(articles, ARTICLES, frozenset({"id", "hits"}), chosen, output, times)
        else:
            began = start if start or end else now - timedelta(days=36_500)
            stories = wait(app.stories(StoryQuery(rule, began, end, limit=MOST_STORIES), now))
            _write([stories], STORIES, frozenset({"articles", "hits", "outlets", "acts"}), chosen, output, times)


class _Times:
    """In which zone times are written, and whether as Excel reads them."""

    def __init__(self, zone: tzinfo, excel: bool) -> None:  # noqa: FBT001 - an option
        self.zone = zone
        self.excel = excel


def _form(form: BulkForm | None, output: Path | None, *, excel: bool) -> BulkForm:
    """Return the form that is meant. Raises BadParameter for one that cannot be."""
    ending = output.suffix.removeprefix(".").lower() if output else ""
    meant = form or (BulkForm.CSV if excel else BulkForm(ending) if ending in set(BulkForm) else BulkForm.NDJSON)
    if excel and meant is not BulkForm.CSV:
        raise typer.BadParameter("--excel and --local write CSV", param_hint="--format")
    if meant is BulkForm.PARQUET and output is None:
        raise typer.BadParameter("parquet is written to a file: --output FILE", param_hint="--format")
    return meant


def _insist(kind: ExportKind, of_hits: dict[str, str], *, body: bool) -> None:
    """Refuse filters that the kind has not. Raises BadParameter."""
    allowed = {ExportKind.HITS: set(of_hits), ExportKind.ARTICLES: set[str](), ExportKind.STORIES: {"--rule"}}[kind]
    if wrong := next((name for name, value in of_hits.items() if value and name not in allowed), None):
        raise typer.BadParameter(f"{kind} have none", param_hint=wrong)
    if body and kind is not ExportKind.ARTICLES:
        raise typer.BadParameter(f"{kind} have none", param_hint="--body")


def _write(
    batches: Iterable[Sequence[Any]],
    shape: BulkFormat[Any],
    whole: frozenset[str],
    form: BulkForm,
    output: Path | None,
    times: _Times,
) -> None:
    with _destination(output) as (out, part):
        if form is BulkForm.PARQUET and part:
            written = bulk.write_parquet(batches, shape, whole, part)
        elif form is BulkForm.CSV:
            written = bulk.write_csv(batches, shape, out, times.zone, excel=times.excel)
        else:
            written = bulk.write_lines(batches, shape, out)
    if output:
        sys.stderr.write(f"{output}: {amount(written, 'row')}\n")


@contextmanager
def _destination(output: Path | None) -> Iterator[tuple[TextIO, Path | None]]:
    """Lend where it is written; a file has its name when it is whole, and is gone when it is not."""
    if output is None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")
        yield sys.stdout, None
        return
    part = output.with_name(f".{output.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as out:
            yield out, part
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)


def _hit_cells(row: HitRow) -> tuple[Any, ...]:
    return (
        *(row.id, row.created_at, row.rule_id, row.rule_name, row.source, row.source_name, row.article_id, row.url),
        *(row.title, row.author, row.published_at, row.first_seen_at, row.story_id, len(json.loads(row.matches))),
        *(row.excerpt, row.alerted, row.handling.state.value, row.handling.owner, row.handling.note),
        *(surfaces(row), row.channels, row.reached, row.feedback),
    )


def _article_line(row: ArticleRow) -> str:
    shown = {
        name: (moment(value) if value else None) if name.endswith("_at") else value
        for name, value in row._asdict().items()
    }
    return to_json(shown)


STORY_COLUMNS = ("id", "title", "first_seen_at", "last_seen_at", "articles", "hits", "outlets", "acts", "rules")


def _story_cells(story: StoryRecord) -> tuple[Any, ...]:
    times = (
        one.replace(tzinfo=None).isoformat(timespec="microseconds") for one in (story.first_seen_at, story.last_seen_at)
    )
    counts = (story.articles, story.hits, len(story.outlets), len(story.acts))
    return story.id, story.title, *times, *counts, " ".join(story.rules)


HITS: BulkFormat[HitRow] = BulkFormat(COLUMNS, _hit_cells, hit_line)
ARTICLES: BulkFormat[ArticleRow] = BulkFormat(ArticleRow._fields, tuple, _article_line)
STORIES: BulkFormat[StoryRecord] = BulkFormat(
    STORY_COLUMNS, _story_cells, lambda story: to_json(story_record_object(story))
)
