"""monitor routes"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from functools import partial
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from monitor.cli import process
from monitor.cli.opening import opened
from monitor.cli.options import FOLDER, Config, Format, unknown
from monitor.cli.text.output import RecordFormat, write
from monitor.model.errors import InvalidValueError
from monitor.model.records import HearingRecord
from monitor.present import timefmt
from monitor.present.moments import rfc3339

COLUMNS = tuple(field.name for field in fields(HearingRecord))
LISTED = 4  # sources that a cell of the table names


def routes(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="The id of the rule.")],
    *,
    source: Annotated[
        str, typer.Option(metavar="ID", help="Of articles of this source alone.", show_default=False)
    ] = "",
    at: Annotated[
        str,
        typer.Option(metavar="TIME", help=f"At this moment instead of now: {timefmt.AHEAD}.", show_default=False),
    ] = "",
    form: Format = None,
    config: Config = FOLDER,
) -> None:
    """Show who would hear of a rule's hit, when and why (알림 경로).

    Goes by the files as they are now. A line for each channel: which way leads there (the rule names it, or a route, with
    its line), and what would become of the hit: told at once, not told (a silence, a channel that is off or has no URL), or
    waiting (a channel that its receiver shut). Sources that fare alike stand together. Nothing is sent.
    """
    now = process.now()
    with opened(config) as (app, wait):
        plan = app.files.plan
        zone = ZoneInfo(plan.zone)
        for option, kind, given, names in (
            ("RULE", "rule", rule, [one.id for one in plan.all_rules]),
            ("--source", "source", source, [one.id for one in plan.sources]),
        ):
            if given and given not in names:
                raise unknown(option, kind, given, names)
        limited = next(one.sources for one in plan.all_rules if one.id == rule)
        if source and limited and source not in limited:
            raise typer.BadParameter(f"rule {rule} does not look at {source}", param_hint="--source")
        records = wait(app.channel_trials.audience(rule, source, _moment(at, now, zone) if at else now))
    shape = RecordFormat(COLUMNS, _cells, asdict, partial(_draw, now=now, zone=zone), "nobody")
    write(records, shape, form)


def _moment(at: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment that is meant: one that lies ahead, else one that is over."""
    try:
        return timefmt.parse_ahead(at, now, zone)
    except InvalidValueError as error:
        try:
            return timefmt.parse_span(at, now, zone)[0]
        except InvalidValueError:
            raise typer.BadParameter(str(error), param_hint="--at") from None


def reasons(record: HearingRecord, now: datetime, zone: ZoneInfo) -> str:
    """Return in words what speaks for the outcome, each with the moment at which it is over."""
    return "; ".join(
        words if until is None else f"{words} (until {timefmt.clock(until, now, zone)})"
        for words, until in zip(record.why, record.until, strict=True)
    )


def _cells(record: HearingRecord) -> tuple[object, ...]:
    """Return a record's values for CSV: those of a list are told apart by blanks or semicolons."""
    until = " ".join("" if moment is None else rfc3339(moment) for moment in record.until).strip()
    named = (record.rule, " ".join(record.sources), record.channel, record.through, record.outcome)
    return *named, "; ".join(record.why), until


def _draw(records: Sequence[HearingRecord], now: datetime, zone: ZoneInfo) -> None:
    from monitor.cli.text import tables

    rows = []
    for one in records:
        more = f" and {len(one.sources) - LISTED} more" if len(one.sources) > LISTED else ""
        rows.append(
            (
                tables.text(", ".join(one.sources[:LISTED]) + more),
                tables.text(one.channel, "bold"),
                tables.text(one.through),
                tables.stacked(tables.text(one.outcome, "bold"), tables.text(reasons(one, now, zone), "dim")),
            )
        )
    tables.table(("Sources", "Channel", "Through", f"When {timefmt.zone_name(now, zone)}"), rows, whole=())
