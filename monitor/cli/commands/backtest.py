"""monitor backtest"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal  # noqa: TID251 - what is imported late is named
from zoneinfo import ZoneInfo

import typer

from monitor.cli import process
from monitor.cli.commands.match import query_error_text
from monitor.cli.exit_codes import PARTIAL, USAGE
from monitor.cli.opening import opened
from monitor.cli.options import FOLDER, Config, between, unknown
from monitor.cli.text.output import amount
from monitor.cli.text.sanitize import to_json
from monitor.model.backtest import Backtest, BacktestQuery, BacktestSpan, HitSample, RuleBacktest
from monitor.model.errors import QueryError
from monitor.present import timefmt
from monitor.present.backtests import backtest_object, per_day
from monitor.present.inert import sanitize

if TYPE_CHECKING:
    from monitor.cli.text.progress import Stoppable

REFUSED = 2  # words that do not count, of those that are shown of a hit that is gone
LONGEST = 3650  # days


class BacktestForm(StrEnum):
    """The forms of a backtest."""

    TABLE = "table"
    JSON = "json"


class Against(StrEnum):
    """What a rule is compared with."""

    CURRENT = "current"


def backtest(  # noqa: PLR0913 - one argument for each option
    *,
    rule: Annotated[str, typer.Option(metavar="ID", help="Try this rule of the files.", show_default=False)] = "",
    expr: Annotated[
        str,
        typer.Option(
            metavar="EXPR", help="Try this expression; with --rule in place of the rule's own.", show_default=False
        ),
    ] = "",
    all_rules: Annotated[bool, typer.Option("--all-rules", help="Try every rule of the files: a line each.")] = False,
    days: Annotated[int, typer.Option(min=1, max=LONGEST, help="Look so many days back.")] = 30,
    since: Annotated[
        str,
        typer.Option(
            metavar="TIME", help=f"Stored at or after, in place of --days: {timefmt.FORMS}.", show_default=False
        ),
    ] = "",
    until: Annotated[
        str,
        typer.Option(
            metavar="TIME", help="Stored before; written like --since. A day is included.", show_default=False
        ),
    ] = "",
    against: Annotated[
        Against | None,
        typer.Option(help="Show which hits are new and which are gone against the plan in force.", show_default=False),
    ] = None,
    form: Annotated[
        BacktestForm | None,
        typer.Option("--format", help="Form of the output; a table on a terminal, otherwise json.", show_default=False),
    ] = None,
    config: Config = FOLDER,
) -> None:
    """Try rules on what is stored (규칙 미리 돌려 보기).

    Shows what a rule would have found and told over the stored articles, day by day: hits, and messages to each channel as
    its policy has them (stories, groups, digests, throttles, quiet hours, and the silences of that time). Each rule is
    tried alone; nothing is stored or sent. Ctrl-C shows what is known so far. The exit code is 3 then, and 2 for an
    expression that cannot be used.
    """
    _insist_on_one(rule=bool(rule), expr=bool(expr), all_rules=all_rules)
    now = process.now()
    try:
        with opened(config) as (app, wait):
            plan = app.files.plan
            if rule and rule not in {one.id for one in plan.all_rules}:
                raise unknown("--rule", "rule", rule, [one.id for one in plan.all_rules])
            zone = ZoneInfo(plan.zone)
            start, end = between(since, until, "", now, zone)
            last = min(end or now, now)
            query = BacktestQuery(
                since=start or last - timedelta(days=days),
                until=last,
                rule_id=rule,
                expression=expr,
                against=against is not None,
                all_rules=all_rules,
            )
            if query.since >= query.until:
                raise typer.BadParameter("nothing lies between: it is not over yet", param_hint="--since")
            with stoppable() as watched:
                done = wait(app.rule_trials.backtest(query, watched.progress, watched.stopped))
    except QueryError as error:
        typer.echo(query_error_text(error), err=True)
        raise typer.Exit(USAGE) from error
    if (form or _usual()) == BacktestForm.JSON:
        sys.stdout.write(to_json(backtest_object(done), indent=2) + "\n")
    else:
        _draw(done, now, zone, one_line=all_rules)
    if done.span.cut:
        raise typer.Exit(PARTIAL)


def _insist_on_one(*, rule: bool, expr: bool, all_rules: bool) -> None:
    if all_rules and (rule or expr):
        raise typer.BadParameter("--all-rules stands alone: it tries every rule as it is", param_hint="--all-rules")
    if not (rule or expr or all_rules):
        raise typer.BadParameter("say what to try: --rule ID, --expr EXPR or --all-rules", param_hint="--rule")


def _usual() -> BacktestForm:
    return BacktestForm.TABLE if sys.stdout.isatty() else BacktestForm.JSON


@contextmanager
def stoppable() -> Iterator[Stoppable]:
    """Show how far it is, on a terminal; the first Ctrl-C asks to stop, the second one ends the command."""
    from monitor.cli.text.progress import Stoppable

    with Stoppable("looking at stored articles") as watched:
        before = signal.getsignal(signal.SIGINT)

        def stop(*_: object) -> None:
            watched.stop()
            signal.signal(signal.SIGINT, before)

        signal.signal(signal.SIGINT, stop)
        try:
            yield watched
        finally:
            signal.signal(signal.SIGINT, before)


def _draw(done: Backtest, now: datetime, zone: ZoneInfo, *, one_line: bool) -> None:
    typer.echo(sanitize(looked_at(done.span, now, zone)))
    if one_line:
        _draw_lines(done)
        return
    for rule in done.rules:
        typer.echo()
        _draw_rule(rule, done.span, now, zone)


def looked_at(span: BacktestSpan, now: datetime, zone: ZoneInfo) -> str:
    """Return in one line what was looked at, and what could not be known."""
    asked = (span.until - span.since).total_seconds() / 86_400
    parts = [f"{amount(span.articles, 'stored article')} from {timefmt.clock(span.since, now, zone)}"]
    if span.cut:
        parts.append(f"cut short at {timefmt.clock(span.until, now, zone)}, the rest was not looked at")
    if span.stored_since is None:
        parts.append("nothing is stored")
    elif span.begin > span.since:
        parts.append(
            f"stored since {span.stored_since.astimezone(zone):%Y-%m-%d}: {span.days:.0f} of the {asked:.0f} days"
        )
    if span.without_body:
        parts.append(f"{span.without_body} of them without a body: their headlines and summaries alone were looked at")
    return "; ".join(parts)


def _draw_lines(done: Backtest) -> None:
    from monitor.cli.text import tables

    heads = ["RULE", "HITS", "A DAY", "MESSAGES", "A DAY", "NEW", "GONE"]
    rows = [
        [
            tables.text(one.rule_id),
            tables.text(one.hits if one.alerts is None else amount(one.alerts, "alert")),
            tables.text(_mean(one.hits if one.alerts is None else one.alerts, done.span)),
            tables.text(one.messages),
            tables.text(_mean(one.messages, done.span)),
            tables.text("" if one.difference is None else f"+{one.difference.added}"),
            tables.text("" if one.difference is None else f"-{one.difference.removed}"),
        ]
        for one in done.rules
    ]
    tables.table(heads, rows)


def _mean(number: int, span: BacktestSpan) -> str:
    mean = per_day(number, span)
    return "" if mean is None else f"{mean:g}"


def _draw_rule(rule: RuleBacktest, span: BacktestSpan, now: datetime, zone: ZoneInfo) -> None:
    from monitor.cli.text import tables

    found = amount(rule.hits, "hit") if rule.alerts is None else amount(rule.alerts, "alert")
    told = amount(rule.messages, "message")
    mean = per_day(rule.hits if rule.alerts is None else rule.alerts, span)
    about = f", about {mean:g} and {per_day(rule.messages, span):g} a day" if mean is not None else ""
    typer.echo(sanitize(f"{rule.rule_id}: {found}, {told}{about}"))
    for note in rule.notes:
        typer.echo(sanitize(f"  {note}"))
    for channel in rule.channels:
        kept = ", ".join(f"{number} {reason}" for reason, number in sorted(channel.kept_back.items()))
        held = f"; {channel.waiting} still held" if channel.waiting else ""
        typer.echo(
            sanitize(
                f"  {channel.channel_id}: {amount(channel.messages, 'message')}{f'; not told: {kept}' if kept else ''}{held}"
            )
        )
    if rule.unheard:
        typer.echo(
            f"  {amount(rule.unheard, 'hit')} would have been told to nobody: no channel and no route takes them"
        )
    ids = [one.channel_id for one in rule.channels]
    rows = [
        [tables.text(one.day.isoformat()), tables.text(one.hits), *(tables.text(one.messages.get(i, 0)) for i in ids)]
        for one in rule.days
    ]
    tables.table(["DAY", "HITS" if rule.alerts is None else "ALERTS", *(sanitize(i) for i in ids)], rows)
    if rule.difference is not None:
        typer.echo(f"against the plan in force: +{rule.difference.added} -{rule.difference.removed}")
        _draw_samples("new", rule.difference.added_samples, now, zone)
        _draw_samples("gone", rule.difference.removed_samples, now, zone)
    else:
        _draw_samples("latest", rule.samples, now, zone)


def _draw_samples(
    what: Literal["new", "gone", "latest"], samples: tuple[HitSample, ...], now: datetime, zone: ZoneInfo
) -> None:
    for one in samples:
        outlet = one.article.source_name or one.article.source
        words = ", ".join(one.words)
        typer.echo(sanitize(f"  {what}  {timefmt.clock(one.at, now, zone)}  {outlet}  {one.article.title}  [{words}]"))
        for part in one.missing:
            typer.echo(sanitize(f"        does not hold: {part}"))
        for refusal in one.refusals[:REFUSED]:
            typer.echo(sanitize(f"        {refusal.surface!r} in {refusal.field} does not count: {refusal.reason}"))
