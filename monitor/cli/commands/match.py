"""monitor match"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Annotated

import typer

from monitor.cli.exit_codes import FAILURE, UNREADABLE, USAGE, error_text
from monitor.cli.opening import opened
from monitor.cli.options import FOLDER, Config, unknown
from monitor.cli.text.output import amount
from monitor.cli.text.snippet import caret
from monitor.model.article import Article
from monitor.model.errors import ConfigError, MonitorError, QueryError
from monitor.model.hit import Explanation, Match, Refusal
from monitor.present.inert import sanitize
from monitor.present.marked import pieces

AROUND = 30  # code points of context on either side of a mention
MOST = 100  # refused occurrences shown for one rule


def match(
    target: Annotated[str, typer.Argument(metavar="FILE|URL|-", help="A file, an address, or - for standard input.")],
    *,
    rule: Annotated[str, typer.Option(metavar="ID", help="Try this rule.", show_default=False)] = "",
    expr: Annotated[str, typer.Option(metavar="EXPR", help="Try this expression.", show_default=False)] = "",
    why_not: Annotated[
        bool, typer.Option("--why-not", help="Show also what was refused, and why, and what is missing for a hit.")
    ] = False,
    config: Config = FOLDER,
) -> None:
    """Try rules on an article (규칙 시험).

    Shows every mention and why it counts; without --rule and --expr every rule is tried. HTML is read as an article
    page; of plain text the first line is the title. Limits of rules to sources do not apply. The exit code is 0 with
    hits, 1 without, and 66 when the file or address could not be read as an article.
    """
    if rule and expr:
        raise typer.BadParameter("--rule and --expr exclude each other", param_hint="--expr")
    try:
        with opened(config) as (app, wait):
            _insist_on_rule(rule, [one.id for one in app.files.plan.rules])
            article = _read(lambda: wait(app.rule_trials.article(target)))
            found = wait(app.rule_trials.matches(rule, expr, article))
            explained = wait(app.rule_trials.explanations(rule, expr, article)) if why_not else ()
    except QueryError as error:
        typer.echo(query_error_text(error), err=True)
        raise typer.Exit(USAGE) from error
    for rule_id, mentions in found:
        typer.echo(sanitize(f"{expr or rule_id}: {amount(len(mentions), 'mention')}"))
        for mention in mentions:
            _show(mention, article)
    for rule_id, explanation in explained:
        _explain(expr or rule_id, explanation, article)
    if not found:
        typer.echo("no hits", err=True)
        raise typer.Exit(FAILURE)


def _read(article: Callable[[], Article]) -> Article:
    """Return the article; what cannot be read has an exit code of its own, so that a script can tell it from no hits."""
    try:
        return article()
    except ConfigError:
        raise
    except (MonitorError, OSError) as error:
        typer.echo(error_text(error), err=True)
        raise typer.Exit(UNREADABLE) from error


def _insist_on_rule(rule: str, rules: Collection[str]) -> None:
    if rule and rule not in rules:
        raise unknown("--rule", "rule", rule, rules)


def query_error_text(error: QueryError) -> str:
    """Return a fault of an expression with a caret under the place."""
    hint = f"\n  hint: {sanitize(error.hint)}" if error.hint else ""
    if error.path:
        place = ", ".join(f"item {step + 1}" if isinstance(step, int) else step for step in error.path)
        return f"monitor: {sanitize(error.message)}\n  at {sanitize(place)}{hint}"
    return f"monitor: {sanitize(error.message)}\n  {sanitize(error.text)}\n  {caret(error.text, error.position)}{hint}"


def _explain(name: str, explanation: Explanation, article: Article) -> None:
    """Print what kept a rule from a hit, and the occurrences that do not count."""
    refused = explanation.refusals
    if explanation.missing:
        typer.echo(sanitize(f"{name}: no hit; missing: {'; '.join(explanation.missing)}"))
    if refused:
        typer.echo(sanitize(f"{name}: {amount(len(refused), 'occurrence')} refused"))
    for refusal in refused[:MOST]:
        _show(refusal, article)
    if len(refused) > MOST:
        typer.echo(f"  and {len(refused) - MOST} more")


def _show(mention: Match | Refusal, article: Article) -> None:
    """Print a mention in its context, the found letters in bold on a terminal."""
    line = "".join(
        typer.style(sanitize(piece), bold=True) if word else sanitize(piece)
        for piece, word in context(mention, article)
    )
    detail = (
        f"{mention.field} {mention.start}-{mention.end}, {mention.surface!r} as {mention.alias!r}: {mention.reason}"
    )
    typer.echo(f"  {line}")
    typer.echo(sanitize(f"    {detail}"))


def context(mention: Match | Refusal, article: Article) -> tuple[tuple[str, bool], ...]:
    """Return the text around a mention, cut into (piece, whether it is the mention)."""
    text = article.fields().get(mention.field, "")
    if text[mention.start : mention.end] != mention.surface:
        return ((mention.surface, True),)
    start, end = max(0, mention.start - AROUND), min(len(text), mention.end + AROUND)
    shown = pieces(text[start:end], ((mention.start - start, mention.end - start),))
    return (("…", False),) * (start > 0) + shown + (("…", False),) * (end < len(text))
