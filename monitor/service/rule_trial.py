"""Rules tried on an article that a person names: by its address, as a file, or on standard input."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from monitor.config.settings import Settings
from monitor.extract.reader import read_article
from monitor.fetch.charset import decode
from monitor.match.explain import explain
from monitor.match.rule_check import check_rules
from monitor.match.ruleset import compile_rules
from monitor.model.article import Article, Entry
from monitor.model.errors import MonitorError, QueryError
from monitor.model.hit import Explanation, Match
from monitor.model.names import unknown_name
from monitor.model.page import Page, Validators
from monitor.model.plan import Interval, Plan, Rule, Source
from monitor.service.clients import visiting
from monitor.service.clock import utc_now
from monitor.service.current_plan import Prepared

FILE_CAP = 8 * 1024 * 1024
ANYWHERE = Source("command-line", "command line", "", (), Interval(300.0))


def written(target: str) -> Article:
    """Read an article from a file, or from standard input for `-`. Raises MonitorError.

    HTML is extracted; of plain text the first line is the title and the rest the body.
    """
    now = utc_now()
    data = sys.stdin.buffer.read(FILE_CAP + 1) if target == "-" else _file(Path(target))
    if len(data) > FILE_CAP:
        raise MonitorError(f"{target}: larger than {FILE_CAP} bytes")
    decoded = decode(data)
    if decoded.text.lstrip()[:1] == "<":
        none = Validators()
        kind, url = "text/html", f"file:{target}"
        page = Page(url, url, 200, decoded.text, kind, decoded.charset, decoded.charset_from, none, now, 0.0)
        return read_article(page, ANYWHERE, Entry(page.final_url, page.final_url), now, now)
    title, _, body = decoded.text.strip().partition("\n")
    return Article(target, target, ANYWHERE.id, title.strip(), now, body=body.strip())


def typed(text: str) -> Article:
    """Return a text that somebody typed as an article: its first line is the title, the rest the body."""
    title, _, body = text.strip().partition("\n")
    return Article("", "", ANYWHERE.id, title.strip(), utc_now(), body=body.strip())


async def fetched(url: str, settings: Settings) -> Article:
    """Read an article from the web, with the product's own manners and guards. Raises FetchError, ExtractError."""
    async with visiting(settings) as visitor:
        return await visitor.page_reader().read(Entry(url, url), ANYWHERE, utc_now())


def matches(
    prepared: Prepared, rule_id: str, expression: str, subject: Article
) -> tuple[tuple[str, tuple[Match, ...]], ...]:
    """Hold one rule of the plan, an expression, or (neither given) every rule against an article.

    Limits of rules to sources do not apply here. Raises QueryError for a bad expression, MonitorError for an unknown
    rule.
    """
    chosen = _chosen(prepared.plan, rule_id, expression)
    return tuple(compile_rules(chosen, prepared.plan.aliases, prepared.analyser).match(subject))


def explanations(
    prepared: Prepared, rule_id: str, expression: str, subject: Article
) -> tuple[tuple[str, Explanation], ...]:
    """Return for each chosen rule what was refused and what is missing; chosen and raising as in `matches`."""
    aliases, analyser = prepared.plan.aliases, prepared.analyser
    chosen = _chosen(prepared.plan, rule_id, expression)
    return tuple((rule.id, explain(rule, aliases, subject, analyser)) for rule in chosen)


def insist_on_expression(rule: Rule, aliases: Mapping[str, tuple[str, ...]]) -> None:
    """Raise QueryError for an expression that cannot be used."""
    for problem in check_rules((rule,), aliases):
        if problem.severity == "error":
            text, position = rule.expression, problem.position
            raise QueryError(text, position, problem.message, problem.hint, path=problem.key[1:])


def _chosen(plan: Plan, rule_id: str, expression: str) -> tuple[Rule, ...]:
    """Return the rules that are meant, their sources aside. Raises QueryError, MonitorError."""
    if expression:
        chosen: tuple[Rule, ...] = (Rule("expression", expression, expression),)
        insist_on_expression(chosen[0], plan.aliases)
        return chosen
    chosen = tuple(Rule(rule.id, rule.name, rule.expression) for rule in plan.rules if rule_id in {"", rule.id})
    if not chosen:
        raise unknown_name("rule", rule_id, [rule.id for rule in plan.rules])
    return chosen


def _file(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(FILE_CAP + 1)
    except OSError as error:
        raise MonitorError(f"{path}: {error.strerror}") from None
