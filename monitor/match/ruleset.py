"""All rules, compiled into one immutable value that can be held against article after article."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from monitor.match.compiler import Compiled, Compiler
from monitor.match.evaluate import View
from monitor.match.query import parse
from monitor.match.scan import SEARCHED, Analyser, Scan, Scanner, Spot
from monitor.match.tree import OTHER_FIELDS, Node
from monitor.model.article import Article
from monitor.model.hit import Match
from monitor.model.plan import Rule

# Raised when the same rules would match differently, so that stored hits tell which meaning they were found by.
SEMANTICS: Final = 1


class RuleSet:
    """Every rule in one automaton. `version` is a hash of the rules' meaning: equal versions match alike."""

    def __init__(self, rules: Sequence[Rule], compiled: Sequence[Compiled], scanner: Scanner, version: str) -> None:
        self.version = version
        self._rules = tuple(zip(rules, compiled, strict=True))
        self._scanner = scanner
        self._others = any(_reads_others(rule.expression) for rule in rules)
        self._always = tuple(number for number, rule in enumerate(compiled) if rule.triggers is None)
        by_needle: dict[int, list[int]] = {}
        for number, rule in enumerate(compiled):
            for needle in rule.triggers or ():
                by_needle.setdefault(needle, []).append(number)
        self._by_needle = {needle: tuple(numbers) for needle, numbers in by_needle.items()}

    def match(self, article: Article) -> Sequence[tuple[str, tuple[Match, ...]]]:
        """Answer (rule id, mentions) for each rule that the article meets, in the order of the rules.

        Mentions are in order of field and place. Only rules that a word in the article announces are evaluated.
        """
        scan = self._scanner.scan(article, others=self._others)
        touched = set(self._always)
        for needle in scan.spots:
            touched.update(self._by_needle.get(needle, ()))
        if not touched:
            return ()
        view = View(scan)
        hits = []
        for number in sorted(touched):
            rule, compiled = self._rules[number]
            if rule.sources and article.source_id not in rule.sources:
                continue
            spots = compiled.check.spots(view)
            if spots:
                hits.append((rule.id, _matches(spots, scan)))
        return hits


def compile_rules(
    rules: Iterable[Rule], aliases: Mapping[str, tuple[str, ...]], analyser: Analyser | None = None
) -> RuleSet:
    """Compile rules. Raises QueryError for the first expression that cannot be used (check_rules finds them all).

    `analyser` decides what grammar leaves in doubt; without one, grammar and word lists decide alone.
    """
    rules = tuple(rules)
    compiler = Compiler(aliases)
    compiled = [compiler.compile(read_expression(rule.expression), rule.expression) for rule in rules]
    return RuleSet(
        rules,
        compiled,
        Scanner(compiler.needles(), analyser),
        _version(rules, aliases, "" if analyser is None else type(analyser).__name__),
    )


def read_expression(expression: str) -> Node:
    """Read the expression of a rule. Raises QueryError."""
    return parse(expression)


def _version(rules: Sequence[Rule], aliases: Mapping[str, tuple[str, ...]], analyser: str) -> str:
    """Hash what decides about matches: expressions, source filters, aliases, analyser, and the semantics of this room."""
    meaning = [
        SEMANTICS,
        analyser,
        [(rule.id, rule.expression, rule.sources) for rule in rules],
        sorted(aliases.items()),
    ]
    return hashlib.sha256(json.dumps(meaning, ensure_ascii=False).encode(errors="replace")).hexdigest()[:16]


def _reads_others(expression: str) -> bool:
    return any(f"{name}:" in expression or f'"{name}"' in expression for name in OTHER_FIELDS)


def _matches(spots: list[Spot], scan: Scan) -> tuple[Match, ...]:
    """Turn spots into the proof that is stored and sent, each place and term once."""
    found: dict[tuple[int, int, str], Match] = {}
    for start, end, within, needle, verdict in sorted(spots, key=lambda spot: spot[:2]):
        base = scan.starts[within]
        match = Match(
            term=needle.term,
            alias=needle.alias.replace("|", ""),
            field=SEARCHED[within],
            start=start - base,
            end=end - base,
            surface=scan.text[start:end],
            reason=verdict.reason,
        )
        found.setdefault((start, end, needle.term), match)
    return tuple(found.values())
