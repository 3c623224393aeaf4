"""What is wrong with the rules, all at once, before any of them is used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Literal, TypeAlias

from monitor.match.explain import explain
from monitor.match.lint import Doubt, doubts, group_doubts, tree_doubts
from monitor.match.query import syntax
from monitor.match.query.parser import parse
from monitor.match.query.tree_form import is_tree, read_tree
from monitor.match.ruleset import RuleSet, compile_rules, read_expression
from monitor.match.witness import can_match, is_intricate
from monitor.match.words.scan import Analyser
from monitor.model.article import Article
from monitor.model.errors import QueryError
from monitor.model.plan import Rule

Severity: TypeAlias = Literal["error", "warning"]
_SHOWN: Final = 40
_REASONS: Final = 3
_NAMED: Final = 6
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """One fault of a rule.

    `key` is the path inside the rule, for example ("match",) or ("tests", "no_match", 0); `position` the 0-based code
    point offset inside that value. A fault of an alias group has no `rule_id`, and ("aliases", name, number) for a key.
    An error keeps the plan from being used, a warning does not.
    """

    rule_id: str
    key: tuple[str | int, ...]
    position: int
    message: str
    hint: str = ""
    severity: Severity = "error"


def check_rules(
    rules: Iterable[Rule],
    aliases: Mapping[str, tuple[str, ...]],
    analyser: Analyser | None = None,
    known_sources: frozenset[str] = frozenset(),
) -> tuple[RuleProblem, ...]:
    """Find every fault of every rule: expressions that cannot be read or compiled, and tests of their own they fail.

    Warnings say what is probably not meant, in rules and in alias groups. `known_sources` are the ids that `source:` may
    name; empty, any.
    """
    found = [problem for rule in rules for problem in _check_rule(rule, aliases, analyser, known_sources)]
    for name, listed in aliases.items():
        found += [
            RuleProblem("", ("aliases", name, doubt.pos), 0, doubt.message, doubt.hint, "warning")
            for doubt in group_doubts(listed)
        ]
    return tuple(found)


def remarks(
    rules: Sequence[Rule], aliases: Mapping[str, tuple[str, ...]], without_hits: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return what a person who checks the rules may want to know, and nobody need mend: each thing in one line.

    `without_hits` are the rules that found nothing among the articles that are stored.
    """
    bare = [rule.id for rule in rules if not (rule.tests.match or rule.tests.no_match)]
    used = _used_aliases(rules)
    unused = [name for name in aliases if used is not None and name not in used]
    said = (
        ("rules without a test sentence", bare),
        ("alias groups that no rule uses", unused),
        ("rules that have never hit anything, although articles are stored (monitor match tries them)", without_hits),
    )
    return tuple(f"{what}: {_named(names)}" for what, names in said if names)


def _named(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _used_aliases(rules: Sequence[Rule]) -> frozenset[str] | None:
    """Return the groups that rules name; None where a rule cannot be read: perhaps it names the rest."""
    used: set[str] = set()
    for rule in rules:
        try:
            node = read_expression(rule.expression)
        except QueryError:
            return None
        used.update(_aliases_in(node))
    return frozenset(used)


def aliases_of(expression: str) -> tuple[str, ...]:
    """Return the aliases that an expression names, in its order; () for one that cannot be read."""
    try:
        return tuple(dict.fromkeys(_aliases_in(read_expression(expression))))
    except QueryError:
        return ()


def _aliases_in(node: syntax.Node) -> Iterator[str]:
    if isinstance(node, syntax.Alias):
        yield node.name
    for name in getattr(node, "__slots__", ()):
        inner = getattr(node, name)
        for part in inner if isinstance(inner, tuple) else (inner,):
            if hasattr(part, "pos") and not isinstance(part, str):
                yield from _aliases_in(part)


def _check_rule(
    rule: Rule, aliases: Mapping[str, tuple[str, ...]], analyser: Analyser | None, known_sources: frozenset[str]
) -> Iterator[RuleProblem]:
    try:
        compiled = compile_rules([replace(rule, sources=())], aliases, analyser)
    except QueryError as error:
        yield RuleProblem(rule.id, ("match", *error.path), error.position, error.message, error.hint)
        return
    yield from _failed_tests(rule, compiled, lambda text: _why(rule, aliases, text, analyser))
    yield from _doubts(rule, aliases, compiled, known_sources)


def _doubts(
    rule: Rule, aliases: Mapping[str, tuple[str, ...]], compiled: RuleSet, known_sources: frozenset[str]
) -> Iterator[RuleProblem]:
    """Return what is probably not meant, each thing once."""
    paths: tuple[tuple[str | int, ...], ...] = ()
    literals: Iterable[Doubt] = ()
    if is_tree(rule.expression):
        tree = read_tree(rule.expression)
        node, paths, literals = tree.node, tree.paths, tree_doubts(tree.node)
    else:
        node = parse(rule.expression)
    found = dict.fromkeys((*doubts(node, aliases, rule.sources, known_sources), *literals))
    if not any("can never match" in doubt.message for doubt in found) and is_intricate(node):
        found |= dict.fromkeys(_impossible(node, aliases, compiled))
    for doubt in found:
        path, position = (paths[doubt.pos], 0) if paths else ((), doubt.pos)
        yield RuleProblem(rule.id, ("match", *path), position, doubt.message, doubt.hint, "warning")


def _impossible(node: syntax.Node, aliases: Mapping[str, tuple[str, ...]], compiled: RuleSet) -> Iterator[Doubt]:
    """Yield the doubt whether any article can meet a rule, where none made of its own words does."""
    if not can_match(node, aliases, compiled):
        hint = "one part of it forbids what another demands; monitor match --why-not shows which"
        yield Doubt(node.pos, "the rule can never match: no article made of its own words meets it", hint)


def _failed_tests(rule: Rule, compiled: RuleSet, why: Callable[[str], str]) -> Iterator[RuleProblem]:
    for number, text in enumerate(rule.tests.match):
        if not _found(compiled, text):
            yield RuleProblem(
                rule.id,
                ("tests", "match", number),
                0,
                f"the rule does not match its own test {_short(text)}",
                why(text),
            )
    for number, text in enumerate(rule.tests.no_match):
        surface = _found(compiled, text)
        if surface:
            message = f"the rule matches {surface!r} in {_short(text)}, which it must not"
            yield RuleProblem(
                rule.id, ("tests", "no_match", number), 0, message, "an EXCEPT clause drops such occurrences"
            )


def _why(rule: Rule, aliases: Mapping[str, tuple[str, ...]], text: str, analyser: Analyser | None) -> str:
    """Return why a sentence does not match: which occurrences were refused, else what is missing."""
    explanation = explain(rule, aliases, _article(body=text), analyser)
    refused = [f"{one.surface!r}: {one.reason}" for one in explanation.refusals]
    missing = [f"missing: {part}" for part in explanation.missing]
    return "; ".join([*refused, *missing][:_REASONS])


def _found(compiled: RuleSet, text: str) -> str:
    """Hold a test sentence against a rule, as a title and as a body; return what was found, "" for nothing."""
    for article in (_article(title=text), _article(body=text)):
        for _, matches in compiled.match(article):
            return matches[0].surface
    return ""


def _article(title: str = "", body: str = "") -> Article:
    return Article(key="", url="", source_id="", title=title, first_seen_at=_EPOCH, body=body)


def _short(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")
