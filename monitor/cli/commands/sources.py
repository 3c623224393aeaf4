"""monitor sources"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from functools import partial
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from monitor.cli import process
from monitor.cli.commands import schedule as poll_schedule
from monitor.cli.exit_codes import FAILURE
from monitor.cli.options import FOLDER, Config, Format
from monitor.cli.text import timefmt
from monitor.cli.text.amount import amount
from monitor.cli.text.output import RecordFormat, write
from monitor.cli.text.sanitize import safe
from monitor.model.plan import Plan
from monitor.model.records import SourceRecord

COLUMNS = tuple(field.name for field in fields(SourceRecord))


def sources(
    *,
    everything: Annotated[bool, typer.Option("--all", help="Show sources that are switched off as well.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Exit with 1 when an alarm is up for a source that is switched on.")
    ] = False,
    schedule: Annotated[
        bool, typer.Option("--plan", help="Show when each source is looked at, what that takes, and why.")
    ] = False,
    form: Format = None,
    config: Config = FOLDER,
) -> None:
    """Show how every source is doing (언론사별 수집 상태).

    Last success, failures in a row, next look, articles and hits of the last 24 hours, articles missed today (an
    estimate), and what is wrong with it and how to mend that, or its last error or note.
    The table leaves out sources that are switched off, unless --all is given; the other forms hold every source.
    With --plan: the present wait between two looks, how long an article stands in a list before it is seen (predicted),
    requests a day, their share of the budget of `adaptive`, articles a day (learned), and the reason.
    """
    from monitor.config.load import load
    from monitor.service import stored_hits

    if schedule:
        if everything or check:
            raise typer.BadParameter("--plan stands alone", param_hint="--plan")
        poll_schedule.show(config, form)
        return
    plan, now = load(config, process.environ()).plan, process.now()
    with stored_hits.reader(config, process.environ()) as reader:
        records, outage = annotated(reader.sources(now), plan), reader.outage()
    draw = partial(_draw, now=now, zone=ZoneInfo(plan.zone), everything=everything)
    write(
        records, RecordFormat(COLUMNS, cells, asdict, draw, "no sources yet; they appear when the daemon has run"), form
    )
    if outage:
        sys.stderr.write(f"network: {safe(outage)}\n")
    if check and (outage or any(record.problem and record.enabled for record in records)):
        raise typer.Exit(FAILURE)


def cells(source: SourceRecord) -> tuple[object, ...]:
    """Return a source as the values of COLUMNS."""
    return tuple(getattr(source, name) for name in COLUMNS)


def annotated(records: Sequence[SourceRecord], plan: Plan) -> tuple[SourceRecord, ...]:
    """Fill in what only the plan knows of each source."""
    known = {source.id: source for source in plan.sources}
    return tuple(
        replace(record, note=source.note, unverified_live=source.unverified_live)
        if (source := known.get(record.id))
        else record
        for record in records
    )


def remark(source: SourceRecord) -> str:
    """Return the last thing to know of a source: its alarm, else its error, else its note when it is off, else that it is untried."""
    if source.problem and source.enabled:
        return f"{source.problem}: {source.summary} -> {source.action}"
    if source.last_error:
        return source.last_error
    if not source.enabled:
        return source.note
    return "not yet seen to work live" if source.unverified_live and not source.last_success_at else ""


def articles(source: SourceRecord) -> str:
    """Return how many articles came, and how many are thought to have gone by unseen today."""
    missed = f" (~{source.missed_today} missed today)" if source.missed_today else ""
    return f"{source.articles_24h}{missed}"


def state(source: SourceRecord) -> str:
    """Return how a source is doing in one word: off, broken, failing, new or ok."""
    if not source.enabled:
        return "off"
    if source.problem:
        return "broken"
    if source.failures:
        return "failing"
    return "ok" if source.last_success_at else "new"


def _draw(records: Sequence[SourceRecord], now: datetime, zone: ZoneInfo, *, everything: bool) -> None:
    from monitor.cli.text import tables

    styles = {"off": "dim", "new": "", "broken": "bold red", "failing": "red", "ok": "green"}
    rows = [
        (
            tables.stacked(tables.text(source.name, "bold"), tables.text(source.id, "dim")),
            tables.stacked(
                tables.text(state(source), styles[state(source)]),
                tables.text(
                    f"since {timefmt.clock(source.since, now, zone)}" if source.since and source.enabled else "", "dim"
                ),
            ),
            tables.text(timefmt.both(source.last_success_at, now, zone)),
            tables.text(source.failures),
            tables.text(timefmt.both(source.next_poll_at, now, zone) if source.enabled else ""),
            tables.text(articles(source)),
            tables.text(source.hits_24h),
            tables.text(remark(source)),
        )
        for source in records
        if everything or source.enabled
    ]
    heads = (
        "Source",
        "State",
        "Last success",
        "Failures",
        "Next look",
        "Articles 24 h",
        "Hits 24 h",
        "SourceProblem, last error or note",
    )
    tables.table(heads, rows)
    if len(rows) < len(records):
        sys.stderr.write(
            f"{amount(len(records) - len(rows), 'source')} switched off: monitor sources --all shows why\n"
        )
