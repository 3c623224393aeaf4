"""All rules, compiled into one immutable value that can be held against article after article."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Final

from monitor.match.compiler import Compiled, Compiler
from monitor.match.evaluate import View
from monitor.match.query.parser import parse, plain_word
from monitor.match.query.syntax import Node
from monitor.match.query.tree_form import is_tree, read_tree
from monitor.match.words.scan import SEARCHED, Analyser, Mention, Scan, Scanner
from monitor.model.article import Article
from monitor.model.errors import QueryError
from monitor.model.hit import Match
from monitor.model.plan import Rule

# Raised when the same rules would match differently, so that stored hits tell which meaning they were found by.
SEMANTICS: Final = 1
_PLACE: Final = itemgetter(0, 1)


class RuleSet:
    """Every rule in one automaton. `meaning` returns the hash of it, when somebody asks."""

    def __init__(
        self,
        rules: Sequence[Rule],
        compiled: Sequence[Compiled],
        scanner: Scanner,
        meaning: Callable[[], str],
        *,
        others: bool,
        slow: bool = False,
    ) -> None:
        self._meaning = meaning
        self._rules = tuple(zip(rules, compiled, strict=True))
        self._scanner = scanner
        self._others = others
        self.slow = slow  # an analyser is asked, which no event loop should wait for
        self._always = tuple(number for number, rule in enumerate(compiled) if rule.triggers is None)
        by_needle: dict[int, list[int]] = {}
        for number, rule in enumerate(compiled):
            for needle in rule.triggers or ():
                by_needle.setdefault(needle, []).append(number)
        self._by_needle = by_needle

    @cached_property
    def version(self) -> str:
        """Return a hash of the rules' meaning: equal versions match alike."""
        return self._meaning()

    def match(self, article: Article) -> Sequence[tuple[str, tuple[Match, ...]]]:
        """Return (rule id, mentions) for each rule that the article meets, in the order of the rules.

        Mentions are in order of field and place. Only rules that a word in the article announces are evaluated.
        """
        scan = self._scanner.scan(article, others=self._others)
        by_needle = self._by_needle
        announced = {number for needle in scan.mentions for number in by_needle.get(needle, ())}
        if not announced and not self._always:
            return ()
        view = View(scan)
        hits = []
        for number in sorted(announced.union(self._always)):
            rule, compiled = self._rules[number]
            if rule.sources and article.source_id not in rule.sources:
                continue
            mentions = compiled.check.mentions(view)
            if mentions:
                hits.append((rule.id, _matches(mentions, scan)))
        return hits

    def only(self, rule_ids: Collection[str]) -> RuleSet:
        """Return these rules alone, in the same order. Nothing is compiled again: an article is scanned as before."""
        kept = [(rule, compiled) for rule, compiled in self._rules if rule.id in rule_ids]
        return RuleSet(
            [rule for rule, _ in kept],
            [compiled for _, compiled in kept],
            self._scanner,
            lambda: hashlib.sha256(repr((self.version, [rule.id for rule, _ in kept])).encode()).hexdigest()[:16],
            others=self._others,
            slow=self.slow,
        )


def compile_rules(
    rules: Iterable[Rule], aliases: Mapping[str, tuple[str, ...]], analyser: Analyser | None = None
) -> RuleSet:
    """Compile rules. Raises QueryError for the first expression that cannot be used (check_rules finds them all).

    `analyser` decides what grammar leaves in doubt; without one, grammar and word lists decide alone.
    """
    rules = tuple(rules)
    collecting = gc.isenabled()
    gc.disable()  # a rebuild makes half a million objects and no garbage; walking them again and again doubles its time
    try:
        return _compiled(rules, aliases, analyser)
    finally:
        if collecting:
            gc.enable()


def _compiled(rules: tuple[Rule, ...], aliases: Mapping[str, tuple[str, ...]], analyser: Analyser | None) -> RuleSet:
    compiler = Compiler(aliases)
    compiled = [_compile(compiler, rule.expression) for rule in rules]
    known = dict(aliases)
    return RuleSet(
        rules,
        compiled,
        Scanner(compiler.needles(), analyser),
        lambda: _version(rules, known, "" if analyser is None else type(analyser).__name__),
        others=compiler.others,
        slow=analyser is not None,
    )


def read_expression(expression: str) -> Node:
    """Read the expression of a rule, in the query language or as a tree in JSON. Raises QueryError."""
    return read_tree(expression).node if is_tree(expression) else parse(expression)


def _compile(compiler: Compiler, expression: str) -> Compiled:
    """Compile one expression; a fault in a tree is told by its path."""
    if word := plain_word(expression):
        return compiler.word(word)
    if not is_tree(expression):
        return compiler.compile(parse(expression), expression)
    tree = read_tree(expression)
    try:
        return compiler.compile(tree.node, expression)
    except QueryError as error:
        path = tree.paths[error.position]
        raise QueryError(expression, 0, error.message, error.hint, path=path) from None


def _version(rules: Sequence[Rule], aliases: Mapping[str, tuple[str, ...]], analyser: str) -> str:
    """Hash what decides about matches: expressions, source filters, aliases, analyser, and the semantics of this room."""
    digest = hashlib.sha256(repr((SEMANTICS, analyser, sorted(aliases.items()))).encode(errors="replace"))
    digest.update(repr([(rule.id, rule.expression, rule.sources) for rule in rules]).encode(errors="replace"))
    return digest.hexdigest()[:16]


def _matches(mentions: list[Mention], scan: Scan) -> tuple[Match, ...]:
    """Turn mentions into the proof that is stored and sent, each place and term once, by place."""
    if len(mentions) > 1:
        unique = {(mention[0], mention[1], mention[3].term): mention for mention in reversed(mentions)}
        mentions = sorted(unique.values(), key=_PLACE)
    starts, text = scan.starts, scan.text
    return tuple(
        [
            Match(
                needle.term,
                needle.alias.replace("|", ""),
                SEARCHED[within],
                start - starts[within],
                end - starts[within],
                text[start:end],
                verdict.reason,
            )
            for start, end, within, needle, verdict in mentions
        ]
    )
