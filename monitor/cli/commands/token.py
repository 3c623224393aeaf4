"""monitor token add, monitor token list, monitor token revoke"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from functools import partial
from operator import attrgetter
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from monitor.cli import process
from monitor.cli.opening import reading
from monitor.cli.options import FOLDER, Config, Format, unknown
from monitor.cli.text.output import RecordFormat, write
from monitor.model.access import Scope, TokenRecord
from monitor.model.errors import InvalidValueError
from monitor.present import timefmt
from monitor.present.inert import sanitize

COLUMNS = tuple(field.name for field in fields(TokenRecord))
LONGEST = timedelta(days=3_660)


def add(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Who or what uses it, as in grafana.", show_default=False)
    ],
    *,
    scope: Annotated[
        Scope,
        typer.Option(
            help="feed: feeds alone, with the token in their address. read: ask. write: replay, silence, feedback. admin: reload and open channels as well."
        ),
    ] = Scope.READ,
    expires: Annotated[
        str, typer.Option(metavar="DURATION", help="How long it lasts, as in 90d; without it until it is revoked.")
    ] = "",
    config: Config = FOLDER,
) -> None:
    """Make a token for the web server (API 토큰 발급).

    It is printed once and stored nowhere: keep it where secrets are kept. Programs send it as `Authorization: Bearer …`.
    """
    from monitor.service import tokens

    if not tokens.is_name(name):
        raise typer.BadParameter(tokens.NO_NAME, param_hint="NAME")
    lasts = _lasting(expires)
    now = process.now()
    with reading(config) as (app, wait):
        token = wait(tokens.add_token(app.database, name, scope, now, lasts))
    typer.echo(token)
    until = f"until {now + lasts:%Y-%m-%d}" if lasts else "until it is revoked"
    typer.echo(sanitize(f"token {name}: {scope}, {until}; it is not shown again"), err=True)


def show(
    *,
    everything: Annotated[bool, typer.Option("--all", help="Those that are over as well.")] = False,
    form: Format = None,
    config: Config = FOLDER,
) -> None:
    """Show the tokens in force, the newest first (토큰 목록)."""
    from monitor.service import tokens

    now = process.now()
    with reading(config) as (app, wait):
        zone = ZoneInfo(wait(app.plan()).zone)
        found = tokens.all_tokens(app.database)
    records = [one for one in found if everything or one.in_force(now)]
    shape = RecordFormat(COLUMNS, attrgetter(*COLUMNS), _document, partial(_draw, now=now, zone=zone), "no tokens")
    write(records, shape, form)


def revoke(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name that it was given.", show_default=False)],
    *,
    config: Config = FOLDER,
) -> None:
    """Revoke a token: it lets nobody in from now on (토큰 폐기)."""
    from monitor.service import tokens

    now = process.now()
    with reading(config) as (app, wait):
        ended = wait(tokens.revoke_token(app.database, name, now))
        known = tokens.all_tokens(app.database) if ended is None else ()
    if ended is None:
        raise unknown("NAME", "token", name, [one.name for one in known if one.in_force(now)])
    typer.echo(sanitize(f"token {name} is revoked" if ended.in_force(now) else f"token {name} was over already"))


def _lasting(text: str) -> timedelta | None:
    """Return the time of an option, None without. Raises BadParameter."""
    from monitor.config.quantities import duration

    if not text:
        return None
    try:
        lasts = timedelta(seconds=duration(text))
    except InvalidValueError as error:
        raise typer.BadParameter(str(error), param_hint="--expires") from None
    if not timedelta() < lasts <= LONGEST:
        raise typer.BadParameter("must be above 0s and at most ten years", param_hint="--expires")
    return lasts


def _document(record: TokenRecord) -> dict[str, object]:
    used = record.last_used_on
    return {**asdict(record), "last_used_on": used.isoformat() if used else None}


def _draw(records: Sequence[TokenRecord], now: datetime, zone: ZoneInfo) -> None:
    from monitor.cli.text import tables

    rows = [
        (
            tables.text(one.name, "bold"),
            tables.text(one.scope.value),
            tables.text(timefmt.clock(one.created_at, now, zone)),
            tables.text(_ending(one, now, zone)),
            tables.text(one.last_used_on.isoformat() if one.last_used_on else "never"),
        )
        for one in records
    ]
    tables.table(
        ("Name", "May", f"Made {timefmt.zone_name(now, zone)}", "Ends", "Last used (UTC)"), rows, whole=("Name",)
    )


def _ending(one: TokenRecord, now: datetime, zone: ZoneInfo) -> str:
    if one.revoked_at is not None:
        return f"revoked {timefmt.clock(one.revoked_at, now, zone)}"
    if one.expires_at is None:
        return "when revoked"
    return f"{'' if now < one.expires_at else 'over since '}{timefmt.clock(one.expires_at, now, zone)}"
