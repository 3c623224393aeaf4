"""monitor deliveries"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Annotated, TypeAlias
from zoneinfo import ZoneInfo

import typer

from monitor.cli import process
from monitor.cli.opening import reading
from monitor.cli.options import FOLDER, Config, Excel, Format, Limit, Local, between, faults_of
from monitor.cli.text.output import RecordFormat, amount, write
from monitor.model.delivery import DeliveryState
from monitor.model.records import DeliveryQuery, DeliveryRecord
from monitor.present import timefmt
from monitor.service.named import Named

SHOWN = 8  # letters of an id in the table
COLUMNS = tuple(field.name for field in fields(DeliveryRecord))


State: TypeAlias = Annotated[
    DeliveryState | None, typer.Option(help="Only deliveries in this state.", show_default=False)
]
Suppressed: TypeAlias = Annotated[
    bool, typer.Option("--suppressed", help="What was stored and not sent, and why; the same as --state suppressed.")
]
Held: TypeAlias = Annotated[
    bool,
    typer.Option("--held", help="What is held, until when, and what for; the same as --state held."),
]
Since: TypeAlias = Annotated[
    str, typer.Option(metavar="TIME", help=f"Made at or after: {timefmt.FORMS}.", show_default=False)
]
Until: TypeAlias = Annotated[
    str, typer.Option(metavar="TIME", help="Made before; written like --since. A day is included.", show_default=False)
]
On: TypeAlias = Annotated[
    str, typer.Option("--on", metavar="DAY", help="Made on this day: 2026-11-28, 11-28, 어제.", show_default=False)
]


def deliveries(  # noqa: PLR0913 - one argument for each option
    *,
    state: State = None,
    suppressed: Suppressed = False,
    held: Held = False,
    channel: Annotated[str, typer.Option(metavar="ID", help="Only to this channel.", show_default=False)] = "",
    rule: Annotated[str, typer.Option(metavar="ID", help="Only hits of this rule.", show_default=False)] = "",
    source: Annotated[str, typer.Option(metavar="ID", help="Only articles of this source.", show_default=False)] = "",
    since: Since = "",
    until: Until = "",
    on: On = "",
    hit: Annotated[
        int | None, typer.Option(min=1, max=2**63 - 1, metavar="N", help="Only of this hit.", show_default=False)
    ] = None,
    article: Annotated[
        int | None, typer.Option(min=1, max=2**63 - 1, metavar="N", help="Only of this article.", show_default=False)
    ] = None,
    limit: Limit = 50,
    excel: Excel = False,
    local: Local = False,
    form: Format = None,
    config: Config = FOLDER,
) -> None:
    """Show deliveries, newest first (전송 내역).

    Without --state, --suppressed and --held, everything that is to be sent, was sent or was given up.

    held: waits for the end of quiet hours, a digest, its group, a throttle or a storm; pending: due at its time; leased: being sent; done: taken by the receiver; dead:
    given up, `monitor replay` sends it again, by its id or the end of it that the table shows; suppressed: stored and not sent, with the reason.
    """
    wanted = _state(state, {"--suppressed": suppressed, "--held": held})
    now = process.now()
    with reading(config) as (app, wait):
        zone = ZoneInfo(wait(app.plan()).zone)
        with faults_of():
            wait(app.insist_on(Named(channel=channel, rule=rule, source=source)))
        query = DeliveryQuery(channel, rule, source, *between(since, until, on, now, zone), hit, article)
        records = wait(app.deliveries(wanted.value if wanted else "", limit, query))
    shape = RecordFormat(COLUMNS, attrgetter(*COLUMNS), asdict, partial(_draw, now=now, zone=zone), "no deliveries")
    write(records, shape, form, excel=excel, local=local, zone=zone)


def _state(state: DeliveryState | None, given: Mapping[str, bool]) -> DeliveryState | None:
    """Return the one state that --state and the options that stand for a state name. Raises BadParameter for two."""
    named = {option: DeliveryState(option.removeprefix("--")) for option, flag in given.items() if flag}
    if state is not None:
        named["--state"] = state
    if len(set(named.values())) > 1:
        raise typer.BadParameter(f"{' and '.join(named)} name different states", param_hint=next(iter(named)))
    return next(iter(named.values()), None)


def progress(delivery: DeliveryRecord, now: datetime, zone: ZoneInfo) -> str:
    """Return in words where a delivery stands: its state and what that hangs on."""
    if delivery.state == DeliveryState.SUPPRESSED:
        return f"suppressed: {delivery.reason}{_silence(delivery, now, zone)}"
    if delivery.state == DeliveryState.DONE and delivery.done_at:
        return f"done {timefmt.clock(delivery.done_at, now, zone)}"
    if delivery.state == DeliveryState.HELD and delivery.due_at:
        return f"held until {timefmt.clock(delivery.due_at, now, zone)}{_waits_for(delivery.group_key)}"
    if delivery.state == DeliveryState.PENDING and delivery.due_at:
        return _in_line(delivery, delivery.due_at, now, zone)
    return delivery.state


def _waits_for(group_key: str) -> str:
    """Return in words what a held one waits for: the end of quiet hours, of a storm of a rule, …"""
    policy, _, of = group_key.partition(":")
    words = {"quiet": "quiet hours", "group": f"group {of}".rstrip(), "storm": f"storm of {of}"}.get(policy, policy)
    return f" ({words})" if words else ""


def _silence(delivery: DeliveryRecord, now: datetime, zone: ZoneInfo) -> str:
    """Return which silence keeps a delivery back, with who wanted it, until when, and why; "" without one."""
    if delivery.silence_id is None or delivery.silence_ends_at is None:
        return ""
    until = timefmt.clock(delivery.silence_ends_at, now, zone)
    return f" ({delivery.silence_id}, {delivery.silence_author}, until {until}: {delivery.silence_why})"


def _in_line(delivery: DeliveryRecord, due_at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return what a message that is to be sent waits for."""
    if delivery.shut:
        return f"waits: its channel is shut ({delivery.shut}); monitor channels"
    if delivery.behind is None or delivery.next_try_at is None:
        return f"pending, due {timefmt.clock(due_at, now, zone)}"
    if delivery.next_try_at <= now:
        return f"pending, behind #{delivery.behind}"
    return f"pending, behind #{delivery.behind}, next try {timefmt.clock(delivery.next_try_at, now, zone)}"


def _draw(records: Sequence[DeliveryRecord], now: datetime, zone: ZoneInfo) -> None:
    from monitor.cli.text import tables

    rows = []
    for row in records:
        status = "" if row.last_status is None else str(row.last_status)
        answer = row.last_error if row.last_error.startswith(status) else f"{status} {row.last_error}"
        tried = amount(row.attempts, "attempt") if row.attempts else ""
        line = "" if row.seq is None else f"#{row.seq}"
        rows.append(
            (
                tables.text(timefmt.clock(row.created_at, now, zone)),
                tables.text(short_id(row.id)),
                tables.stacked(tables.text(row.channel_id), tables.text(line, "dim")),
                tables.stacked(
                    tables.text(row.title, "bold"),
                    tables.text(" · ".join(filter(None, (row.source_name, rule_label(row)))), "dim"),
                ),
                tables.stacked(
                    tables.text(progress(row, now, zone), "bold red" if row.state == DeliveryState.DEAD else ""),
                    tables.text(", ".join(filter(None, (tried, answer.strip()))), "dim"),
                ),
            )
        )
    heads = (f"Stored {timefmt.zone_name(now, zone)}", "Id", "Channel", "Article", "State")
    tables.table(heads, rows, whole=heads[:2])


def rule_label(row: DeliveryRecord) -> str:
    """Return the rule's name with its id behind it, where they differ."""
    if row.rule_name in {"", row.rule_id}:
        return row.rule_id
    return f"{row.rule_name} ({row.rule_id})"


def short_id(row_id: str) -> str:
    """Return the end of an id, which `monitor replay` takes for the whole."""
    return row_id if len(row_id) <= SHOWN + 1 else f"…{row_id[-SHOWN:]}"
