"""monitor sources"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from monitor.cli import doors, when
from monitor.cli.options import FOLDER, Config, Format
from monitor.cli.output import Sheet, write
from monitor.model.query import SourceRecord

COLUMNS = tuple(field.name for field in fields(SourceRecord))


def sources(*, form: Format = None, config: Config = FOLDER) -> None:
    """Show how every source is doing (언론사별 수집 상태).

    Last success, failures in a row, next look, articles and hits of the last 24 hours, and the last error.
    """
    plan, now = doors.plan(config), doors.now()
    with doors.reader(config) as reader:
        records = reader.sources(now)
    draw = partial(_draw, now=now, zone=ZoneInfo(plan.zone))
    write(records, Sheet(COLUMNS, cells, asdict, draw, "no sources yet; they appear when the daemon has run"), form)


def cells(source: SourceRecord) -> tuple[object, ...]:
    """Answer a source as the values of COLUMNS."""
    return tuple(getattr(source, name) for name in COLUMNS)


def state(source: SourceRecord) -> str:
    """Answer how a source is doing in one word: off, new, failing or ok."""
    if not source.enabled:
        return "off"
    if source.failures:
        return "failing"
    return "ok" if source.last_success_at else "new"


def _draw(records: Sequence[SourceRecord], now: datetime, zone: ZoneInfo) -> None:
    from monitor.cli import terminal  # noqa: PLC0415 - brings rich, which --help does without

    styles = {"off": "dim", "new": "", "failing": "bold red", "ok": "green"}
    rows = [
        (
            terminal.stacked(terminal.text(source.name, "bold"), terminal.text(source.id, "dim")),
            terminal.text(state(source), styles[state(source)]),
            terminal.text(when.both(source.last_success_at, now, zone)),
            terminal.text(source.failures),
            terminal.text(when.both(source.next_poll_at, now, zone) if source.enabled else ""),
            terminal.text(source.articles_24h),
            terminal.text(source.hits_24h),
            terminal.text(source.last_error),
        )
        for source in records
    ]
    heads = ("Source", "State", "Last success", "Failures", "Next look", "Articles 24 h", "Hits 24 h", "Last error")
    terminal.table(heads, rows)
