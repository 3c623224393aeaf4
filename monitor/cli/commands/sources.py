"""monitor sources"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from monitor.cli import process
from monitor.cli.exit_codes import FAILURE
from monitor.cli.opening import opened, reading
from monitor.cli.options import FOLDER, Config, SourceForm, SourceFormat, unknown
from monitor.cli.text.output import Form, RecordFormat, amount, chosen_form, write
from monitor.model.plan import Pacing
from monitor.model.records import ScheduleRecord, SourceRecord
from monitor.present import timefmt
from monitor.present.causes import plain_error
from monitor.present.inert import sanitize
from monitor.present.source_rows import UNWELL, source_state

COLUMNS = tuple(field.name for field in fields(SourceRecord))
SCHEDULE_COLUMNS = tuple(field.name for field in fields(ScheduleRecord))
WHY = {
    "rate": "its rate at this hour",
    "min": "as often as allowed",
    "max": "as seldom as allowed",
    "depth": "its list turns over quickly",
    "new": "not known yet",
    "burst": "an alert within 15 min",
    "fixed": "set in the plan",
    "cron": "set in the plan",
}
GONE = "no longer in the configuration"
STYLES = {
    "off": "dim",
    "gone": "dim",
    "new": "",
    "broken": "bold red",
    "overdue": "red",
    "failing": "red",
    "ok": "green",
}
ROOMY = 120  # columns from which heads are written out
_UNITS = ((86_400.0, "d"), (3600.0, "h"), (60.0, "min"))


def sources(  # noqa: PLR0913 - one argument for each option
    source: Annotated[str, typer.Argument(metavar="ID", help="Show everything that is known of this source.")] = "",
    *,
    everything: Annotated[bool, typer.Option("--all", help="Show sources that are switched off as well.")] = False,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Exit with 1 when an alarm is up for a source that is switched on, or one is overdue."
        ),
    ] = False,
    schedule: Annotated[
        bool, typer.Option("--schedule", help="Show when each source is polled, what that takes, and why.")
    ] = False,
    old_schedule: Annotated[bool, typer.Option("--plan", hidden=True, help="The old name of --schedule.")] = False,
    wanted: SourceFormat = None,
    config: Config = FOLDER,
) -> None:
    """Show how every source is doing (언론사별 수집 상태).

    A line for each: last success, articles and hits of the last 24 hours, and what is wrong with it, or its last error or
    note, as far as it fits. With ID everything: failures in a row, next poll, articles missed today (an estimate), how long
    its news of the last 24 hours took from publication until it was seen, and from then until it was sent (p50 / p95), the
    whole error, what to do. A cause that several have is said once below. A source is overdue when it was due and
    the running daemon has not polled it for three of its own waits, two minutes at least and fifteen at most; that no daemon
    runs is one line.
    The table leaves out sources that are switched off, unless --all is given; the other forms hold every source.
    With --schedule: the present wait between two polls, how long an article stands in a list before a poll shows it
    (predicted), requests a day, their share of the budget of `adaptive`, articles a day (learned), and the reason.
    With --format opml the feeds that are switched on, for a feed reader; no address that holds a secret.
    """
    if old_schedule:
        raise typer.BadParameter("it is called --schedule now", param_hint="--plan")
    form = Form(wanted.value) if wanted and wanted is not SourceForm.OPML else None
    if wanted is SourceForm.OPML:
        if everything or check or source or schedule:
            raise typer.BadParameter("opml stands alone", param_hint="--format")
        _write_opml(config)
    elif schedule:
        if everything or check or source:
            raise typer.BadParameter("--schedule stands alone", param_hint="--schedule")
        _show_schedule(config, form)
    else:
        _show_state(config, form, only=source, check=check, everything=everything)


def _write_opml(folder: Path) -> None:
    """Write the feeds that are switched on for a feed reader; say on standard error what is left out."""
    with opened(folder) as (app, wait):
        document, left_out = wait(app.source_setup.opml())
    sys.stdout.buffer.write(document.encode())  # as its first line says, whatever the terminal's encoding is
    for source, reason in left_out:
        sys.stderr.write(f"{sanitize(f'left out: {source}: {reason}')}\n")


def _show_state(folder: Path, form: Form | None, *, only: str, check: bool, everything: bool) -> None:
    """Write how each source is doing; with `check`, exit with 1 when an alarm is up or one is overdue."""
    now = process.now()
    with reading(folder) as (app, wait):
        zone = ZoneInfo(wait(app.plan()).zone)
        records, outage = wait(app.sources(now)), wait(app.outage())
        idle = wait(app.presence.idle(records, now))
        if only:
            known = [record.id for record in records]
            if only not in known:
                raise unknown("ID", "source", only, known)
            records = tuple(record for record in records if record.id == only)
        if only or chosen_form(form) is not Form.TABLE:  # the table of all does not show it
            records = wait(app.measured(records, now))
    draw = (
        partial(_draw_one, now=now, zone=zone)
        if only
        else partial(_draw_state, now=now, zone=zone, everything=everything)
    )
    nothing = "no sources yet; they appear when the daemon has run"
    write(records, RecordFormat(COLUMNS, attrgetter(*COLUMNS), asdict, draw, nothing), form)
    if outage:
        sys.stderr.write(f"network: {sanitize(outage)}\n")
    if idle:
        sys.stderr.write(f"{sanitize(idle)}\n")
    unwell = outage or idle or any((record.problem or record.overdue) and record.enabled for record in records)
    if check and unwell:
        raise typer.Exit(FAILURE)


def remark(source: SourceRecord) -> str:
    """Return what to know of a source: its alarm, else that it is overdue and its error, else its note when it is off, else that it is untried.

    Of one that left the configuration only that.
    """
    if source.gone and not source.enabled:
        return GONE
    if source.problem and source.enabled:
        return f"{source.problem}: {plain_error(source.summary)} -> {plain_error(source.action)}"
    late = "was due and is not polled -> monitor doctor" if source.overdue else ""
    if source.last_error or late:
        return "; ".join(filter(None, (late, plain_error(source.last_error))))
    if not source.enabled:
        return source.note
    return "not yet seen to work live" if source.unverified_live and not source.last_success_at else ""


def articles(source: SourceRecord) -> str:
    """Return how many articles came, and how many are thought to have gone by unseen today."""
    missed = f" (~{source.missed_today} missed today)" if source.missed_today else ""
    return f"{source.articles_24h}{missed}"


def first_look(source: SourceRecord, now: datetime, zone: ZoneInfo) -> str:
    """Return that a source was not polled yet, and when it will be; "" once it was."""
    if not source.unpolled or source.overdue:
        return ""
    due = source.next_poll_at
    return "not polled yet" + (f", first look at {timefmt.clock(due, now, zone)}" if due else "")


def _draw_state(records: Sequence[SourceRecord], now: datetime, zone: ZoneInfo, *, everything: bool) -> None:
    from monitor.cli.text import tables
    from monitor.service.failing_alike import failing_alike

    rows = [
        (
            tables.clipped(source.name, "bold"),
            tables.text(source.id),
            tables.text(source.tier),
            tables.text(source_state(source), STYLES[source_state(source)]),
            tables.text(timefmt.clock(source.last_success_at, now, zone) if source.last_success_at else "never"),
            tables.text(f"{source.articles_24h}/{source.hits_24h}"),
            tables.clipped("; ".join(filter(None, (first_look(source, now, zone), remark(source))))),
        )
        for source in records
        if everything or source.enabled
    ]
    success, counts = f"Last success {timefmt.zone_name(now, zone)}", "Articles/hits 24 h"
    if tables.console().width < ROOMY:
        success, counts = f"Success {timefmt.zone_name(now, zone)}", "24 h"
    heads = ("Source", "Id", "Tier", "State", success, counts, "Problem, last error or note")
    tables.table(heads, rows, whole=heads[1:-1])
    for alike in failing_alike(records):
        sys.stderr.write(sanitize(f"{alike.summary} -> {alike.action}") + "\n")
    hidden = [source_state(source) for source in records if not (everything or source.enabled)]
    if off := hidden.count("off"):
        sys.stderr.write(f"{amount(off, 'source')} switched off: monitor sources --all shows why\n")
    if gone := hidden.count("gone"):
        sys.stderr.write(f"{amount(gone, 'source')} {GONE}: monitor sources --all names what is kept of the past\n")
    if any(source_state(source) in UNWELL for source in records):
        sys.stderr.write("everything known of one: monitor sources ID\n")


def _draw_one(records: Sequence[SourceRecord], now: datetime, zone: ZoneInfo) -> None:
    """Write everything that is known of each source, a line for each thing."""
    for source in records:
        known = {
            "source": f"{source.name} ({source.id}), {source.kind}",
            "tier": str(source.tier),
            "rights": "" if source.rights == "full" else source.rights,
            "state": source_state(source),
            "since": timefmt.clock_and_distance(source.since, now, zone) if source.since else "",
            "problem": f"{source.problem}: {plain_error(source.summary)}" if source.problem else "",
            "what to do": plain_error(source.action),
            "overdue": "was due and is not polled -> monitor doctor" if source.overdue else "",
            "last error": source.last_error and plain_error(source.last_error),
            "failures": f"{source.failures} in a row" if source.failures else "",
            "last success": timefmt.clock_and_distance(source.last_success_at, now, zone),
            "next poll": timefmt.clock_and_distance(source.next_poll_at, now, zone) if source.enabled else "",
            "last 24 h": f"{articles(source)} articles, {amount(source.hits_24h, 'hit')}",
            "to be seen": timefmt.half_and_most(source.published_to_seen_p50_ms, source.published_to_seen_p95_ms),
            "to be sent": timefmt.half_and_most(source.seen_to_sent_p50_ms, source.seen_to_sent_p95_ms),
            "not polled yet": first_look(source, now, zone),
            "note": GONE if source.gone else source.note,
            "untried": "not yet seen to work live" if source.unverified_live and not source.last_success_at else "",
            "times": timefmt.zone_name(now, zone),
        }
        sys.stdout.writelines(f"{sanitize(f'{name:<13} {text}')}\n" for name, text in known.items() if text)


def _show_schedule(folder: Path, form: Form | None) -> None:
    """Write when each source is polled."""
    with reading(folder) as (app, wait):
        pacing, records = wait(app.plan()).pacing, wait(app.schedule(process.now()))
    draw = partial(_draw_schedule, pacing=pacing)
    cells = attrgetter(*SCHEDULE_COLUMNS)
    write(records, RecordFormat(SCHEDULE_COLUMNS, cells, asdict, draw, "no source is switched on"), form)


def duration(seconds: float) -> str:
    """Return a duration for people, to two digits or so: 45 s, 2.5 min, 3 h."""
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{seconds / size:.1f}".removesuffix(".0") + f" {unit}"
    return f"{seconds:.0f} s"


def schedule_summary(records: Sequence[ScheduleRecord], pacing: Pacing) -> str:
    """Return what the adaptive sources come to together; "" where there are none."""
    adaptive = [record for record in records if record.articles_a_day is not None]
    if not adaptive:
        return ""
    requests = sum(record.requests_a_day for record in adaptive)
    articles = sum(record.articles_a_day or 0.0 for record in adaptive)
    delay = sum(record.mean_delay * (record.articles_a_day or 0.0) for record in adaptive) / articles
    budget = f" of {pacing.requests_per_day}" if pacing.requests_per_day else ""
    over = ": the bounds of the sources ask for more" if 0 < pacing.requests_per_day < 0.999 * requests else ""
    rate = f"adaptive: {requests:.0f} requests a day{budget}{over}"
    return f"{rate}; an article waits {duration(delay)} on average, target {duration(pacing.target_delay)}"


def _draw_schedule(records: Sequence[ScheduleRecord], pacing: Pacing) -> None:
    from monitor.cli.text import tables

    rows = [
        (
            tables.stacked(tables.text(record.name, "bold"), tables.text(record.id, "dim")),
            tables.text(record.every),
            tables.text(duration(record.interval)),
            tables.text(duration(record.mean_delay)),
            tables.text(f"{record.requests_a_day:.0f}"),
            tables.text("" if record.budget_share is None else f"{record.budget_share:.1%}"),
            tables.text("" if record.articles_a_day is None else f"{record.articles_a_day:.0f}"),
            tables.text(WHY[record.why]),
        )
        for record in records
    ]
    heads = ("Source", "Every", "Now", "Mean delay", "Requests a day", "Of the budget", "Articles a day", "Why")
    tables.table(heads, rows)
    if total := schedule_summary(records, pacing):
        sys.stderr.write(f"{total}\n")
