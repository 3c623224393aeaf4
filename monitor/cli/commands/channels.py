"""monitor channels"""

from __future__ import annotations

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
from monitor.cli.exit_codes import FAILURE, OK, PARTIAL
from monitor.cli.opening import reading
from monitor.cli.options import FOLDER, Config, Format, unknown
from monitor.cli.text.output import RecordFormat, amount, write
from monitor.model.delivery import Opening
from monitor.model.records import ChannelRecord
from monitor.present import timefmt
from monitor.present.inert import sanitize

COLUMNS = tuple(field.name for field in fields(ChannelRecord))
STYLES = {"open": "green", "failing": "red", "shut": "bold red", "off": "dim"}
OPENED = {
    Opening.OPENED: "is open: what waits is sent in its order",
    Opening.OPEN: "was not shut: its first waiting message is tried now",
    Opening.BY_PLAN: "is switched off, has no URL, or is not there, in channels.yaml: change it there, then `monitor reload`",
}
CODES = {Opening.OPENED: OK, Opening.OPEN: OK, Opening.BY_PLAN: PARTIAL}


def channels(
    action: Annotated[str, typer.Argument(metavar="[open", help="open: open the channel ID.")] = "",
    channel: Annotated[str, typer.Argument(metavar="ID]", help="The channel to open.")] = "",
    *,
    form: Format = None,
    config: Config = FOLDER,
) -> None:
    """Show how every channel fares, or open one that is shut (전송 채널).

    open: its receiver took the last message; failing: it did not, and is tried again; shut: it said that it wants no more
    (410), refused everything in one way for an hour, or took nothing for five days: nothing is sent until `monitor channels
    open ID` or a reload with a mended definition opens it, then everything goes out in its order; off: switched off or
    without a URL in channels.yaml.
    Took: how long what it took in the last 24 hours had been on its way since the message was made (p50 / p95).
    `open` exits with 3 for a channel that the configuration switches off.
    """
    if action not in {"", "open"} or bool(action) != bool(channel):
        raise typer.BadParameter("write `monitor channels` or `monitor channels open ID`", param_hint="channels")
    if action:
        raise typer.Exit(_open(channel, config))
    now = process.now()
    with reading(config) as (app, wait):
        records = wait(app.channels(now))
        zone = ZoneInfo(wait(app.plan()).zone)
    shape = RecordFormat(COLUMNS, attrgetter(*COLUMNS), asdict, partial(_draw, now=now, zone=zone), "no channels")
    write(records, shape, form, zone=zone)


def _open(channel: str, config: Path) -> int:
    with reading(config) as (app, wait):
        outcome = wait(app.sending.open_channel(channel))
        known = [one.id for one in wait(app.channels(process.now()))] if outcome is Opening.UNKNOWN else []
        idle = app.sending.nobody_sends()
    if outcome is Opening.UNKNOWN:
        raise unknown("ID", "channel", channel, known)
    typer.echo(sanitize(f"{channel} {OPENED[outcome]}"))
    if idle and outcome is not Opening.BY_PLAN:
        typer.echo(sanitize(idle), err=True)
    return CODES.get(outcome, FAILURE)


def waits(record: ChannelRecord, now: datetime, zone: ZoneInfo) -> str:
    """Return in words what waits for a channel, and until when."""
    parts = [amount(record.waiting, "message") + " waiting" if record.waiting else ""]
    if record.state == "failing" and record.head is not None and record.next_try_at is not None:
        parts.append(f"next try of #{record.head} {timefmt.clock(record.next_try_at, now, zone)}")
    parts += [f"{record.held} held" if record.held else "", f"{record.dead} dead" if record.dead else ""]
    return ", ".join(filter(None, parts))


def _draw(records: Sequence[ChannelRecord], now: datetime, zone: ZoneInfo) -> None:
    from monitor.cli.text import tables

    rows = []
    for row in records:
        since = "" if row.since is None else f" since {timefmt.clock(row.since, now, zone)}"
        rows.append(
            (
                tables.stacked(tables.text(row.id, "bold"), tables.text(row.kind or "not in the plan", "dim")),
                tables.stacked(
                    tables.text(f"{row.state}{since}", STYLES.get(row.state, "")), tables.text(row.reason, "dim")
                ),
                tables.text("" if row.last_done_at is None else timefmt.clock(row.last_done_at, now, zone)),
                tables.text(timefmt.half_and_most(row.made_to_sent_p50_ms, row.made_to_sent_p95_ms)),
                tables.text(waits(row, now, zone)),
            )
        )
    heads = ("Channel", "State", f"Last taken {timefmt.zone_name(now, zone)}", "Took", "Waits")
    tables.table(heads, rows, whole=heads[2:3])
