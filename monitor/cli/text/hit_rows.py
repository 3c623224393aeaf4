"""Hits as the commands write them: columns for programs, a table and lines for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.model.feedback import Relevance
from monitor.model.records import HitRecord
from monitor.present import marked, timefmt
from monitor.present.inert import sanitize

_FEEDBACK = {Relevance.MEANT: "meant", Relevance.NOT_MEANT: "not meant", Relevance.NONE: ""}


def draw(records: Sequence[HitRecord], now: datetime, zone: ZoneInfo) -> None:
    """Print hits as a table, the words that were found marked."""
    from monitor.cli.text import tables  # noqa: PLC0415 - rich takes its time

    rows = []
    for hit in records:
        title, url = hit.article.title, hit.article.url
        article = tables.stacked(
            tables.marked(
                title,
                marked.match_spans(title, "title", hit.matches) or marked.surface_spans(title, hit.matches),
                "bold",
            ),
            tables.marked(hit.excerpt, marked.surface_spans(hit.excerpt, hit.matches)),
            tables.text(url, "dim"),
            tables.text(_published(hit, now, zone), "dim"),
        )
        rule = tables.text(hit.rule_name or hit.rule_id)
        stored = tables.text(timefmt.clock(hit.created_at, now, zone))
        source = tables.text(hit.article.source_name or hit.article.source)
        rows.append(
            (stored, tables.text(hit.id), rule, source, article, tables.stacked(*map(tables.text, standing(hit))))
        )
    heads = (f"Stored {timefmt.zone_name(now, zone)}", "Id", "Rule", "Source", "Article", "Alert")
    tables.table(heads, rows, whole=heads[:2])


def _published(hit: HitRecord, now: datetime, zone: ZoneInfo) -> str:
    moment = hit.article.published_at
    return f"published {timefmt.clock(moment, now, zone)}" if moment else ""


def alert(hit: HitRecord) -> str:
    """Return the worst that became of a hit, and behind it how many channels took it where there are several."""
    return f"{hit.alerted} ({hit.reached} of {hit.channels} sent)" if hit.channels > 1 else hit.alerted


def standing(hit: HitRecord) -> tuple[str, ...]:
    """Return what became of a hit, and what people have made of it where they have."""
    said = hit.handling
    handled = f"{said.state.value}, {said.owner}" if said.owner else said.state.value
    meant = "" if hit.feedback is None else _FEEDBACK[hit.feedback]
    return tuple(filter(None, (alert(hit), "" if said.at is None else handled, meant)))


def line(hit: HitRecord, zone: ZoneInfo) -> str:
    """Return a hit as one line, for those who watch them come."""
    found = " | ".join(dict.fromkeys(match.surface for match in hit.matches))
    outlet = hit.article.source_name or hit.article.source
    local = hit.created_at.astimezone(zone)
    return sanitize(
        f"{local:%H:%M:%S}  {hit.rule_name or hit.rule_id}  {outlet}  {hit.article.title}  [{found}]  {hit.article.url}"
    )
