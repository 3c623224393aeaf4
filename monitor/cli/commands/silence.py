"""monitor silence add, monitor silence list, monitor silence end"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from monitor.cli import process
from monitor.cli.opening import reading
from monitor.cli.options import FOLDER, Config, Format, faults_of, unknown
from monitor.cli.text.output import RecordFormat, write
from monitor.model.errors import InvalidValueError
from monitor.model.notification import LONGEST, NewSilence
from monitor.model.records import SilenceRecord
from monitor.present import timefmt
from monitor.present.inert import sanitize
from monitor.service.named import Named, insist_on_plan

COLUMNS = tuple(field.name for field in fields(SilenceRecord))


def add(  # noqa: PLR0913 - one argument for each option
    *,
    until: Annotated[str, typer.Option(metavar="TIME", help=f"When it ends: {timefmt.AHEAD}. A year at most.")],
    why: Annotated[str, typer.Option(metavar="TEXT", help="The reason, which stands beside all that it keeps back.")],
    rule: Annotated[str, typer.Option(metavar="ID", help="Only hits of this rule.", show_default=False)] = "",
    source: Annotated[str, typer.Option(metavar="ID", help="Only articles of this source.", show_default=False)] = "",
    tag: Annotated[str, typer.Option(metavar="TAG", help="Only rules with this tag.", show_default=False)] = "",
    word: Annotated[
        str, typer.Option(metavar="WORD", help="Only hits that mention nothing else.", show_default=False)
    ] = "",
    everything: Annotated[bool, typer.Option("--everything", help="Every hit; without any of the above.")] = False,
    who: Annotated[
        str, typer.Option(metavar="NAME", help="Who wants it; the login name without it.", show_default=False)
    ] = "",
    config: Config = FOLDER,
) -> None:
    """Keep hits back for a time (알림 중지).

    All that is named has to hold: --rule openai --source herald silences that rule in that source. A word is the text that
    was found, its spelling in the rule or its alias group, whatever its width and capitals; a hit that mentions something
    else as well is told. What is kept back is stored, `monitor deliveries --suppressed` shows it with who and why. It
    holds at once, for a running daemon too; what is already on its way goes out. Messages about a source that breaks are
    kept back by a silence that names that source and nothing else.
    """
    named = {"--rule": rule, "--source": source, "--tag": tag, "--word": word}
    if everything == any(named.values()):
        raise typer.BadParameter(
            f"name at least one of {', '.join(named)}; or --everything, alone", param_hint="--everything"
        )
    now = process.now()
    with reading(config) as (app, wait):
        plan = wait(app.plan())
        zone = ZoneInfo(plan.zone)
        with faults_of():
            insist_on_plan(plan, Named(rule=rule, source=source, tag=tag))
        ends_at = _end(until, now, zone)
        author = who or process.login()
        wanted = NewSilence(
            created_at=now,
            ends_at=ends_at,
            author=author,
            why=why,
            rule_id=rule,
            source_id=source,
            tag=tag,
            word=word,
        )
        number = wait(app.triage.add_silence(wanted))
    what = _named(rule, source, tag, word)
    typer.echo(sanitize(f"silence {number}: {what}, until {timefmt.clock_and_distance(ends_at, now, zone)}"))
    typer.echo(f"monitor silence end {number} ends it before that")


def show(
    *,
    everything: Annotated[bool, typer.Option("--all", help="Those that are over as well.")] = False,
    form: Format = None,
    config: Config = FOLDER,
) -> None:
    """Show the silences in force, the newest first (중지 목록)."""
    now = process.now()
    with reading(config) as (app, wait):
        zone = ZoneInfo(wait(app.plan()).zone)
        found = wait(app.silences())
    records = [one for one in found if everything or one.in_force(now)]
    shape = RecordFormat(COLUMNS, attrgetter(*COLUMNS), asdict, partial(_draw, now=now, zone=zone), "no silences")
    write(records, shape, form)


def end(
    number: Annotated[int, typer.Argument(min=1, max=2**63 - 1, metavar="ID", help="The number of the silence.")],
    *,
    config: Config = FOLDER,
) -> None:
    """End a silence before its time (중지 해제).

    What it has kept back stays so: `monitor replay` sends one of these after all.
    """
    now = process.now()
    with reading(config) as (app, wait):
        ended = wait(app.triage.end_silence(number, now))
        known = wait(app.silences()) if ended is None else ()
    if ended is None:
        raise unknown("ID", "silence", str(number), [str(one.id) for one in known if one.in_force(now)])
    typer.echo(f"silence {number} ends now" if ended else f"silence {number} was over already")


def _end(until: str, now: datetime, zone: ZoneInfo) -> datetime:
    try:
        at = timefmt.parse_ahead(until, now, zone)
    except InvalidValueError as error:
        raise typer.BadParameter(str(error), param_hint="--until") from None
    if at - now > LONGEST:
        raise typer.BadParameter("a silence lasts a year at most", param_hint="--until")
    return at


def _named(rule: str, source: str, tag: str, word: str) -> str:
    """Return in words what a silence covers."""
    parts = (("rule", rule), ("source", source), ("tag", tag), ("word", word))
    return ", ".join(f"{kind} {name}" for kind, name in parts if name) or "everything"


def standing(silence: SilenceRecord, now: datetime, zone: ZoneInfo) -> str:
    """Return in words whether a silence is in force, and until when it is or was."""
    if silence.ended_at is not None:
        return f"ended {timefmt.clock(silence.ended_at, now, zone)}"
    return f"{'until' if silence.ends_at > now else 'over since'} {timefmt.clock(silence.ends_at, now, zone)}"


def _draw(records: Sequence[SilenceRecord], now: datetime, zone: ZoneInfo) -> None:
    from monitor.cli.text import tables

    rows = [
        (
            tables.text(str(one.id)),
            tables.text(_named(one.rule_id, one.source_id, one.tag, one.word), "bold"),
            tables.text(standing(one, now, zone)),
            tables.stacked(tables.text(one.why), tables.text(one.author, "dim")),
        )
        for one in records
    ]
    heads = ("Id", "Silent", f"Time {timefmt.zone_name(now, zone)}", "Why, who")
    tables.table(heads, rows, whole=heads[:1])
