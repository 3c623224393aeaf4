"""monitor hits"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from monitor.cli import process
from monitor.cli.commands.asked_hits import AskedHits
from monitor.cli.opening import reading
from monitor.cli.options import FOLDER, Config, Excel, Format, Limit, Local, between, fate, faults_of, unknown
from monitor.cli.text import timeline_rows
from monitor.cli.text import versions as drawn
from monitor.cli.text.hit_rows import draw
from monitor.cli.text.output import RecordFormat, chosen_form, narrowed, write
from monitor.model.feedback import Relevance
from monitor.model.handling import HandlingState
from monitor.model.records import ArticleHistory, HitQuery, HitRecord
from monitor.present import timefmt
from monitor.present.hit_columns import COLUMNS, cells
from monitor.present.shapes import hit_object
from monitor.present.versions import VersionRecord, version_object, version_records
from monitor.service.named import Named

TIME = "TIME"


class SeverityWord(StrEnum):
    """How much a rule matters."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


class Unit(StrEnum):
    """The pieces of a timeline."""

    DAY = "day"
    HOUR = "hour"


def hits(  # noqa: PLR0913 - one argument for each option
    *,
    rule: Annotated[str, typer.Option(metavar="ID", help="Only hits of this rule.", show_default=False)] = "",
    source: Annotated[str, typer.Option(metavar="ID", help="Only articles of this source.", show_default=False)] = "",
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
    text: Annotated[
        str, typer.Option(help="Only articles whose title, subtitle, body or captions hold this.", show_default=False)
    ] = "",
    hit: Annotated[
        int | None,
        typer.Option(
            "--id", min=1, max=2**63 - 1, metavar="N", help="Only the hit of this number.", show_default=False
        ),
    ] = None,
    history: Annotated[
        bool, typer.Option("--history", help="With --id: what its article said, version by version (수정 이력).")
    ] = False,
    story: Annotated[
        str,
        typer.Option(
            metavar="ID",
            help="Only hits of this story, all of its acts; the end of its id will do.",
            show_default=False,
        ),
    ] = "",
    tag: Annotated[str, typer.Option(help="Only of rules with this tag.", metavar="TAG", show_default=False)] = "",
    severity: Annotated[
        SeverityWord | None, typer.Option(help="Only of rules of this severity.", show_default=False)
    ] = None,
    term: Annotated[
        str,
        typer.Option(
            metavar="WORD",
            help="Only where this term was found, as a rule or the article writes it.",
            show_default=False,
        ),
    ] = "",
    lang: Annotated[str, typer.Option(metavar="ko", help="Only articles in this language.", show_default=False)] = "",
    alerted: Annotated[
        str,
        typer.Option(
            metavar="STATE",
            help="Only what has become this: sent, pending, held, dead, baseline, suppressed or suppressed:REASON.",
            show_default=False,
        ),
    ] = "",
    handling: Annotated[
        HandlingState | None,
        typer.Option(help="Only what somebody said this of, of it or its story (monitor handle).", show_default=False),
    ] = None,
    feedback: Annotated[
        Relevance | None,
        typer.Option(help="Only what was meant or not; none: nobody says (monitor feedback).", show_default=False),
    ] = None,
    cursor: Annotated[
        str,
        typer.Option(
            metavar="CURSOR", help="Go on behind a page; --format json and standard error name it.", show_default=False
        ),
    ] = "",
    count: Annotated[bool, typer.Option("--count", help="Only how many there are (up to 1,000,000).")] = False,
    by: Annotated[
        Unit | None,
        typer.Option("--timeline", help="How many came in each hour or day, by rule (추이).", show_default=False),
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on and print hits as they come; Ctrl-C ends it.")
    ] = False,
    columns: Annotated[
        str,
        typer.Option(
            metavar="A,B", help="Only these columns of CSV, in this order; of ndjson likewise.", show_default=False
        ),
    ] = "",
    limit: Limit = 50,
    excel: Excel = False,
    local: Local = False,
    form: Format = None,
    config: Config = FOLDER,
) -> None:
    """Show stored hits, newest first (적중 기사 조회).

    Times without an offset are in the time zone of the configuration. On a terminal the words that were found stand
    out. A line of ndjson holds id, created_at, rule, article, matches, excerpt, alerted (the worst of sent, pending,
    held, dead, baseline, suppressed:<reason>), how many channels it is for and has reached, and handling: what people have
    made of it (new, kept, ignored, handled), who, when and why; feedback says whether it was meant (meant, not_meant, null). article.confidence, 0 to 1, is there where no definition knows the page: how sure
    the reader is that it took the article's text, and nothing else; below 0.5 is doubtful. With --id N --history each version of
    the article is a line: since when it said so, and the sentences that went and came against the one before.
    """
    now = process.now()
    with reading(config) as (app, wait):
        zone = ZoneInfo(wait(app.plan()).zone)
        if history:
            versions = _versions(lambda number: wait(app.history(number)), hit)
            table = partial(drawn.draw, now=now, zone=zone)
            of_versions = RecordFormat(drawn.COLUMNS, drawn.cells, version_object, table, "no versions")
            write(versions, of_versions, form, excel=excel, local=local, zone=zone)
            return
        start, end = between(since, until, on, now, zone)
        with faults_of():
            wait(app.insist_on(Named(rule=rule, source=source, tag=tag)))
        with faults_of("--story"):
            chosen = wait(app.story_called(story)) if story else ""
        query = HitQuery(rule, source, start, end, text, limit, hit, chosen, term, lang, fate(alerted))
        said = (handling.value if handling else "", feedback.value if feedback else "")
        query = replace(query, handling=said[0], feedback=said[1])
        words = [rule, source, since, until, on, text, hit, story, tag, severity, term, lang, alerted, *said]
        asked = AskedHits(app, wait, query, tag, severity.value if severity else "", repr(words))
        shape = _shape(columns, now, zone)
        if count:
            sys.stdout.write(f"{asked.count()}\n")
        elif by is not None:
            write(
                asked.timeline(by.value, now), timeline_rows.shape(by.value), form, excel=excel, local=local, zone=zone
            )
        elif follow:
            asked.follow(shape, chosen_form(form), zone)
        else:
            page = asked.page(cursor)
            write(page.hits, shape, form, excel=excel, local=local, zone=zone)
            asked.say_next(page)


def _shape(columns: str, now: datetime, zone: ZoneInfo) -> RecordFormat[HitRecord]:
    """Return how hits are written, with all columns or with those that are named. Raises BadParameter for an unknown one."""
    whole = RecordFormat(COLUMNS, cells, hit_object, partial(draw, now=now, zone=zone), "no hits")
    if not columns:
        return whole
    names = [name.strip() for name in columns.split(",")]
    if wrong := next((name for name in names if name not in COLUMNS), None):
        raise unknown("--columns", "column", wrong, COLUMNS)
    return narrowed(whole, names)


def _versions(ask: Callable[[int], ArticleHistory | None], hit: int | None) -> tuple[VersionRecord, ...]:
    """Return the versions of a hit's article. Raises BadParameter for none, and for one that does not exist."""
    if hit is None:
        raise typer.BadParameter("needs --id N, the number of a hit", param_hint="--history")
    found = ask(hit)
    if found is None:
        raise typer.BadParameter(f"there is no hit {hit}; `monitor hits` shows their numbers", param_hint="--id")
    return version_records(found)
