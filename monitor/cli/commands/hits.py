"""monitor hits"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from monitor.cli import process
from monitor.cli.opening import reading
from monitor.cli.options import FOLDER, Config, Excel, Format, Limit, Local, between, only_one, unknown
from monitor.cli.text import timefmt
from monitor.cli.text import versions as drawn
from monitor.cli.text.output import RecordFormat, write
from monitor.model.plan import Plan
from monitor.model.records import ArticleHistory, HitQuery, HitRecord
from monitor.present.shapes import hit_object
from monitor.present.versions import VersionRecord, version_object, version_records

TIME = "TIME"


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
    limit: Limit = 50,
    excel: Excel = False,
    local: Local = False,
    form: Format = None,
    config: Config = FOLDER,
) -> None:
    """Show stored hits, newest first (적중 기사 조회).

    Times without an offset are in the time zone of the configuration. On a terminal the words that were found stand
    out. A line of ndjson holds id, created_at, rule, article, matches, excerpt, alerted (the worst of sent, pending,
    held, dead, baseline, suppressed:<reason>), and how many channels it is for and has reached. article.confidence, 0 to 1, is there where no definition knows the page: how sure
    the reader is that it took the article's text, and nothing else; below 0.5 is doubtful. With --id N --history each version of
    the article is a line: since when it said so, and the sentences that went and came against the one before.
    """
    now = process.now()
    with reading(config) as (app, wait):
        plan = wait(app.plan())
        zone = ZoneInfo(plan.zone)
        if history:
            versions = _versions(lambda number: wait(app.history(number)), hit)
            table = partial(drawn.draw, now=now, zone=zone)
            shape = RecordFormat(drawn.COLUMNS, drawn.cells, version_object, table, "no versions")
            write(versions, shape, form, excel=excel, local=local, zone=zone)
            return
        start, end = between(since, until, on, now, zone)
        chosen = only_one(wait(app.story_ids(story)), story, "--story") if story else ""
        records = wait(app.hits(HitQuery(rule, source, start, end, text, limit, hit, chosen)))
        if not records:
            _insist_on_names(lambda query: wait(app.hits(query)), plan, rule, source)
    draw = partial(_draw, now=now, zone=zone)
    write(records, RecordFormat(COLUMNS, cells, hit_object, draw, "no hits"), form, excel=excel, local=local, zone=zone)


def _versions(ask: Callable[[int], ArticleHistory | None], hit: int | None) -> tuple[VersionRecord, ...]:
    """Return the versions of a hit's article. Raises BadParameter for none, and for one that does not exist."""
    if hit is None:
        raise typer.BadParameter("needs --id N, the number of a hit", param_hint="--history")
    found = ask(hit)
    if found is None:
        raise typer.BadParameter(f"there is no hit {hit}; `monitor hits` shows their numbers", param_hint="--id")
    return version_records(found)


def _insist_on_names(ask: Callable[[HitQuery], Sequence[HitRecord]], plan: Plan, rule: str, source: str) -> None:
    """Nothing was found: refuse a name that is neither in the plan nor on any stored hit."""
    rules, sources = [entry.id for entry in plan.all_rules], [entry.id for entry in plan.sources]
    if rule and rule not in rules and not ask(HitQuery(rule=rule, limit=1)):
        raise unknown("--rule", "rule", rule, rules)
    if source and source not in sources and not ask(HitQuery(source=source, limit=1)):
        raise unknown("--source", "source", source, sources)


ARTICLE = ("source", "source_name", "title", "url", "author", "published_at", "first_seen_at")
COLUMNS = (
    *("id", "created_at", "rule_id", "rule_name", *ARTICLE, "surfaces", "excerpt", "alerted"),
    *("channels", "reached"),
)


def cells(hit: HitRecord) -> tuple[object, ...]:
    """Return a hit as the values of COLUMNS; `surfaces` are the different words that were found."""
    surfaces = " | ".join(dict.fromkeys(match.surface for match in hit.matches))
    head = (hit.id, hit.created_at, hit.rule_id, hit.rule_name)
    return (
        *head,
        *(getattr(hit.article, name) for name in ARTICLE),
        surfaces,
        hit.excerpt,
        hit.alerted,
        hit.channels,
        hit.reached,
    )


def _draw(records: Sequence[HitRecord], now: datetime, zone: ZoneInfo) -> None:
    from monitor.cli.text import highlight, tables

    rows = []
    for hit in records:
        title, url = hit.article.title, hit.article.url
        article = tables.stacked(
            tables.marked(
                title,
                highlight.match_spans(title, "title", hit.matches) or highlight.surface_spans(title, hit.matches),
                "bold",
            ),
            tables.marked(hit.excerpt, highlight.surface_spans(hit.excerpt, hit.matches)),
            tables.text(url, "dim"),
            tables.text(_published(hit, now, zone), "dim"),
        )
        rule = tables.text(hit.rule_name or hit.rule_id)
        stored = tables.text(timefmt.clock(hit.created_at, now, zone))
        source = tables.text(hit.article.source_name or hit.article.source)
        rows.append((stored, tables.text(hit.id), rule, source, article, tables.text(alert(hit))))
    heads = (f"Stored {timefmt.zone_name(now, zone)}", "Id", "Rule", "Source", "Article", "Alert")
    tables.table(heads, rows, whole=heads[:2])


def _published(hit: HitRecord, now: datetime, zone: ZoneInfo) -> str:
    moment = hit.article.published_at
    return f"published {timefmt.clock(moment, now, zone)}" if moment else ""


def alert(hit: HitRecord) -> str:
    """Return the worst that became of a hit, and behind it how many channels took it where there are several."""
    return f"{hit.alerted} ({hit.reached} of {hit.channels} sent)" if hit.channels > 1 else hit.alerted
