"""monitor stories"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from monitor.cli import process
from monitor.cli.opening import reading
from monitor.cli.options import FOLDER, Config, Excel, Format, Limit, Local, between, faults_of
from monitor.cli.text.output import RecordFormat, write
from monitor.model.paging import read_story, written
from monitor.model.story_records import OutletRecord, StoryOrder, StoryQuery, StoryRecord
from monitor.present import timefmt
from monitor.present.stories import story_record_object
from monitor.service.named import Named

TIME = "TIME"
RECENT = timedelta(days=7)
"""How far back stories are looked for where nothing else is said."""

SHOWN = 8  # letters of an id in the table
COLUMNS = (
    *("id", "title", "first_seen_at", "last_seen_at", "articles", "hits", "outlets", "growth", "acts"),
    *("first_source", "first_source_name", "rules", "handling", "owner"),
)


def stories(  # noqa: PLR0913 - one argument for each option
    story: Annotated[
        str, typer.Argument(metavar="[ID]", help="One story, by its id or the end of it.", show_default=False)
    ] = "",
    *,
    rule: Annotated[str, typer.Option(metavar="ID", help="Only stories that this rule met.", show_default=False)] = "",
    since: Annotated[
        str, typer.Option(metavar=TIME, help=f"With a hit at or after: {timefmt.FORMS}. Else 7d.", show_default=False)
    ] = "",
    until: Annotated[
        str,
        typer.Option(
            metavar=TIME, help="With a hit before; written like --since. A day is included.", show_default=False
        ),
    ] = "",
    on: Annotated[
        str,
        typer.Option(
            "--on", metavar="DAY", help="With a hit on this day: 2026-11-28, 11-28, 어제.", show_default=False
        ),
    ] = "",
    sort: Annotated[
        StoryOrder,
        typer.Option(
            help="newest: the last that began; growth: most new outlets in the last hour; outlets: most outlets."
        ),
    ] = StoryOrder.NEWEST,
    cursor: Annotated[
        str,
        typer.Option(
            metavar="CURSOR",
            help="Go on behind a page, of the order newest; standard error names it.",
            show_default=False,
        ),
    ] = "",
    limit: Limit = 50,
    excel: Excel = False,
    local: Local = False,
    form: Format = None,
    config: Config = FOLDER,
) -> None:
    """Show stories, the newest first (사건별 보기).

    A story is a matter that several outlets tell; one that goes on in acts (a bill passes the committee, then the house) is one
    line. With ID its acts and its outlets are shown: who told it first, and how much later each other one did. A line of ndjson has
    all of that. `monitor hits --story ID` shows its hits.
    """
    now, more = process.now(), ""
    with reading(config) as (app, wait):
        zone = ZoneInfo(wait(app.plan()).zone)
        if story:
            with faults_of("ID"):
                chosen = wait(app.story_called(story))
            found = wait(app.story(chosen, StoryQuery(limit=1), now))
            records: tuple[StoryRecord, ...] = () if found is None else (found,)
        else:
            with faults_of():
                wait(app.insist_on(Named(rule=rule)))
            start, end = between(since, until, on, now, zone)
            query = StoryQuery(rule, start if start or end else now - RECENT, end, sort, limit=limit)
            words = repr([rule, since, until, on, sort.value])
            if cursor:
                with faults_of("--cursor"):
                    after = read_story(cursor, words)
                query = replace(query, after=after, since=after.since, until=after.until)
            page = wait(app.story_page(query, now))
            records = page.stories
            more = written(page.next, words) if page.next else ""
    draw = partial(_draw_one if story else _draw, now=now, zone=zone)
    write(
        records,
        RecordFormat(COLUMNS, cells, story_record_object, draw, "no stories"),
        form,
        excel=excel,
        local=local,
        zone=zone,
    )
    if more:
        sys.stderr.write(f"more: the same command with --cursor {more}\n")


def cells(story: StoryRecord) -> tuple[object, ...]:
    """Return a story as the values of COLUMNS."""
    first = story.outlets[0]
    return (
        *(story.id, story.title, story.first_seen_at, story.last_seen_at, story.articles, story.hits),
        *(len(story.outlets), story.growth, len(story.acts), first.source, first.source_name, " ".join(story.rules)),
        *(story.handling.state.value, story.handling.owner),
    )


def _draw(records: Sequence[StoryRecord], now: datetime, zone: ZoneInfo) -> None:
    from monitor.cli.text import tables

    rows = []
    for story in records:
        last = story.acts[-1]
        act = f"act {len(story.acts)}: {last.title}" if len(story.acts) > 1 else ""
        first = story.outlets[0]
        rows.append(
            (
                tables.text(timefmt.clock(story.first_seen_at, now, zone)),
                tables.text(timefmt.clock(story.last_seen_at, now, zone)),
                tables.text(story.id[-SHOWN:]),
                tables.text(f"{len(story.outlets)}{f' (+{story.growth})' if story.growth else ''}"),
                tables.text(story.articles),
                tables.text(first.source_name),
                tables.stacked(tables.text(story.title), tables.text(act), tables.text(", ".join(story.rules), "dim")),
            )
        )
    name = timefmt.zone_name(now, zone)
    heads = (f"First {name}", "Last", "Id", "Outlets (last hour)", "Articles", "First told by", "Story")
    tables.table(heads, rows, whole=heads[:3])


def _draw_one(records: Sequence[StoryRecord], now: datetime, zone: ZoneInfo) -> None:
    from monitor.cli.text import tables

    for story in records:
        console = tables.console()
        console.print(tables.text(story.title, "bold"))
        for number, act in enumerate(story.acts, start=1):
            if len(story.acts) > 1:
                began = timefmt.clock(act.first_seen_at, now, zone)
                console.print(tables.text(f"act {number}, {began}, outlets: {act.outlets}: {act.title}"))
        heads = (f"First {timefmt.zone_name(now, zone)}", "Behind", "Outlet", "Articles", "Its first article")
        tables.table(heads, [_outlet(one, now, zone) for one in story.outlets], whole=heads[:2])


def _outlet(outlet: OutletRecord, now: datetime, zone: ZoneInfo) -> tuple[Any, ...]:
    from monitor.cli.text import tables

    return (
        tables.text(timefmt.clock(outlet.first_seen_at, now, zone)),
        tables.text(timefmt.span(outlet.lag_seconds * 1000) if outlet.lag_seconds else "first"),
        tables.text(outlet.source_name),
        tables.text(outlet.articles),
        tables.stacked(tables.text(outlet.title), tables.text(outlet.url, "dim")),
    )
