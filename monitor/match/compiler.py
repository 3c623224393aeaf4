"""Turns the tree of a rule into something that can be held against articles, and finds the words that announce it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, cast

from monitor.match import evaluate
from monitor.match.query import syntax
from monitor.match.query.lexer import tokenise
from monitor.match.query.parser import has_occurrences, parse
from monitor.match.regex import compile_regex
from monitor.match.words.boundary import Needle
from monitor.match.words.scan import SEARCHED
from monitor.model.errors import QueryError
from monitor.model.normalise import fold

_TEXTS: Final = frozenset(SEARCHED.index(name) for name in syntax.TEXT_FIELDS + syntax.LISTED_FIELDS)
_WITH: Final = {"title": "listed_title", "body": "listed_summary"}
"""What a field is looked for in beside its own text: what a list said counts like what the page says."""


class Compiled(NamedTuple):
    """A compiled rule. It can only hold where one of `triggers` (needle numbers) occurs; None means anywhere."""

    check: evaluate.NodeCheck
    triggers: frozenset[int] | None


@dataclass(frozen=True, slots=True)
class _Scope:
    """What encloses a node: mode, capitals, fields, and the term an alias spelling stands for."""

    mode: syntax.Mode = "word"
    cased: bool = False
    fields: frozenset[int] = _TEXTS
    term: str = ""


_PLAIN: Final = _Scope()


class Compiler:
    """Collects the needles of all rules; equal needles of two rules become one."""

    def __init__(self, aliases: Mapping[str, tuple[str, ...]]) -> None:
        self._aliases = aliases
        self._numbers: dict[Needle, int] = {}
        self._lengths: list[int] = []  # of each needle's spelling
        self._text = ""
        self.others = False  # whether any rule looks beyond the four text fields

    def needles(self) -> tuple[Needle, ...]:
        """Return all needles so far, by number."""
        return tuple(self._numbers)

    def compile(self, node: syntax.Node, text: str) -> Compiled:
        """Compile the tree of a rule; `text` is what errors quote.

        Raises QueryError for unknown aliases, terms without letters, and rules that no literal announces.
        """
        self._text = text
        everywhere = isinstance(node, syntax.ScanAll)
        inner = node.node if isinstance(node, syntax.ScanAll) else node
        check = self._check(inner, _Scope())
        triggers = self._triggers(inner, _Scope())
        if not _has_mentions(inner):
            raise self._error(
                node,
                "the rule says only what must not occur, or where: a hit needs a mention to show",
                "add a term that must occur",
            )
        if triggers is None and not everywhere:
            raise self._error(
                node,
                "no word announces this rule: it would be held against every article",
                "add a term that must occur, or write scan_all(…)",
            )
        return Compiled(check, None if everywhere else triggers)

    def word(self, word: str) -> Compiled:
        """Compile a rule that is one plain word (see parser.plain_word); large rule sets are made of them."""
        number = self._numbered(Needle(word, word))
        return Compiled(evaluate.TermCheck((number,), _TEXTS), frozenset((number,)))

    def check(self, node: syntax.Node) -> evaluate.NodeCheck:
        """Compile a part of a rule that was compiled before, so that it can be held against the same scan."""
        return self._check(node, _PLAIN)

    def _check(self, node: syntax.Node, scope: _Scope) -> evaluate.NodeCheck:  # noqa: PLR0911 - one case for each kind of node
        """Compile any node."""
        match node:
            case syntax.And(parts):
                checks = [self._check(part, scope) for part in sorted(parts, key=_cost)]
                return evaluate.AndCheck(tuple(checks))
            case syntax.Or(parts) if not has_occurrences(node):
                return evaluate.OrCheck(tuple(self._check(part, scope) for part in parts))
            case syntax.Not(inner):
                return evaluate.NotCheck(self._check(inner, scope))
            case syntax.AtLeast(count, inner):
                return evaluate.AtLeastCheck(count, self._occurrences(inner, scope))
            case syntax.Within(name, syntax.Term(text)) if name in syntax.LABEL_FIELDS:
                return evaluate.LabelCheck(name, text.casefold())
            case syntax.Within() | syntax.Moded() if not has_occurrences(node):
                return self._check(node.node, self._inside(node, scope))
            case syntax.ScanAll(inner):
                raise self._error(node, "scan_all() must enclose the whole expression", "move it to the outside")
            case _:
                return self._occurrences(node, scope)

    def _occurrences(self, node: syntax.Node, scope: _Scope) -> evaluate.OccurrenceCheck:  # noqa: C901, PLR0911 - one case for each kind of node
        """Compile a node that stands for places in a text."""
        match node:
            case syntax.Term(text, quoted, slop) if quoted and slop and len(text.split()) > 1:
                return self._occurrences(_spread(node), scope)
            case syntax.Term(text):
                return evaluate.TermCheck((self._number(node, text, scope),), scope.fields)
            case syntax.Alias():
                return self._alias(node, scope)
            case syntax.Regex(pattern):
                needle = Needle(f"/{pattern}/", f"/{pattern}/", "substr")
                return evaluate.RegexCheck(compile_regex(pattern, self._text, node.pos), needle, scope.fields)
            case syntax.Within() | syntax.Moded():
                return self._occurrences(node.node, self._inside(node, scope))
            case syntax.Or(parts):
                return evaluate.UnionCheck(tuple(self._occurrences(part, scope) for part in parts))
            case syntax.Except(keep, drop):
                inside = replace(scope, mode="substr")
                return evaluate.ExceptCheck(self._occurrences(keep, scope), self._occurrences(drop, inside))
            case syntax.Near(left, right, distance, ordered):
                return evaluate.NearCheck(
                    self._occurrences(left, scope), self._occurrences(right, scope), distance, ordered
                )
            case _:
                raise self._error(node, "this part has no occurrences", "use terms, or a group of terms joined by OR")

    def _alias(self, node: syntax.Alias, scope: _Scope) -> evaluate.OccurrenceCheck:
        """Compile a group: plain spellings become one leaf; spellings written as expressions stand beside it."""
        inside = replace(scope, term=scope.term or f"@{node.name}")
        plain: list[int] = []
        parts: list[evaluate.OccurrenceCheck] = []
        for spelling in self._spellings(node):
            tree = alias_tree(spelling)
            if isinstance(tree, syntax.Term):
                plain.append(self._number(node, tree.text, inside))
            else:
                parts.append(self._occurrences(tree, inside))
        if plain:
            parts.insert(0, evaluate.TermCheck(tuple(plain), scope.fields))
        return parts[0] if len(parts) == 1 else evaluate.UnionCheck(tuple(parts))

    def _spellings(self, node: syntax.Alias) -> tuple[str, ...]:
        spellings = self._aliases.get(node.name)
        if spellings:
            return spellings
        known = ", ".join(f"@{name}" for name in sorted(self._aliases)[:10]) or "none"
        raise self._error(node, f"there is no alias group @{node.name}", f"known groups: {known}")

    def _inside(self, node: syntax.Within | syntax.Moded, scope: _Scope) -> _Scope:
        if isinstance(node, syntax.Within):
            if node.field in syntax.LABEL_FIELDS:
                raise self._error(node, f"{node.field}: takes one plain word", f"for example {node.field}:name")
            named = {node.field, _WITH.get(node.field, node.field)}
            return replace(scope, fields=frozenset(map(SEARCHED.index, named)))
        return replace(scope, cased=True) if node.mode == "case" else replace(scope, mode=node.mode)

    def _number(self, node: syntax.Node, text: str, scope: _Scope) -> int:
        """Number the needle for a spelling; the same needle twice has one number."""
        if not text.isalnum() and not any(char.isalnum() for char in fold(text)):
            raise self._error(node, f"{text!r} has no letters to look for", "use at least one letter or digit")
        needle = Needle(scope.term or text.replace("|", ""), text, scope.mode, scope.cased)
        if len(scope.fields) == 1 and not scope.fields <= _TEXTS:
            self.others = True
        return self._numbered(needle)

    def _numbered(self, needle: Needle) -> int:
        number = self._numbers.setdefault(needle, len(self._lengths))
        if number == len(self._lengths):
            self._lengths.append(len(needle.alias))
        return number

    def _triggers(self, node: syntax.Node, scope: _Scope) -> frozenset[int] | None:  # noqa: C901, PLR0911 - one case for each kind of node
        """Return needles one of which must occur wherever the node holds; None when nothing must."""
        match node:
            case syntax.Term() | syntax.Alias():
                return _numbers_of(self._occurrences(node, scope))
            case syntax.Within(name, inner):
                return None if name in syntax.LABEL_FIELDS else self._triggers(inner, self._inside(node, scope))
            case syntax.Moded(_, inner):
                return self._triggers(inner, self._inside(node, scope))
            case syntax.Except(keep, _):
                return self._triggers(keep, scope)
            case syntax.AtLeast(_, inner):
                return self._triggers(inner, scope)
            case syntax.Or(parts):
                found = [self._triggers(part, scope) for part in parts]
                return None if None in found else frozenset().union(*cast("list[frozenset[int]]", found))
            case syntax.And(parts):
                return self._rarest([self._triggers(part, scope) for part in parts])
            case syntax.Near(left, right):
                return self._rarest([self._triggers(left, scope), self._triggers(right, scope)])
            case _:
                return None

    def _rarest(self, found: list[frozenset[int] | None]) -> frozenset[int] | None:
        """Choose the side that will occur least: few spellings, long ones."""
        sets = [numbers for numbers in found if numbers is not None]
        return min(sets, key=lambda numbers: sum(1 / self._lengths[n] ** 2 for n in numbers), default=None)

    def _error(self, node: syntax.Node, message: str, hint: str) -> QueryError:
        return QueryError(self._text, node.pos, message, hint)


def alias_tree(spelling: str) -> syntax.Node:
    """Read one spelling of an alias group: a literal, unless it uses the operators or modes of the query language."""
    if not any(mark in spelling for mark in (" EXCEPT ", " NEAR/", " ONEAR/", " SAME_SENTENCE ", "(")):
        return syntax.Term(spelling, quoted=True)
    try:
        kinds = {token.kind for token in tokenise(spelling)}
    except QueryError:
        return syntax.Term(spelling, quoted=True)
    return parse(spelling) if kinds & {"operator", "call"} else syntax.Term(spelling, quoted=True)


def _has_mentions(node: syntax.Node) -> bool:
    """Return whether a tree looks for anything that a hit could show: negations, sources and languages are no mentions."""
    match node:
        case syntax.Not():
            return False
        case syntax.And(parts) | syntax.Or(parts):
            return any(_has_mentions(part) for part in parts)
        case syntax.Within(name, inner):
            return name not in syntax.LABEL_FIELDS and _has_mentions(inner)
        case syntax.Moded(_, inner):
            return _has_mentions(inner)
        case _:
            return True


def _spread(term: syntax.Term) -> syntax.Node:
    """Turn "a b c"~n into a NEAR/n b NEAR/n c."""
    words = [syntax.Term(word, quoted=True, pos=term.pos) for word in term.text.split()]
    node: syntax.Node = words[0]
    for word in words[1:]:
        node = syntax.Near(node, word, term.slop, pos=term.pos)
    return node


def _numbers_of(check: evaluate.OccurrenceCheck) -> frozenset[int] | None:
    """Return the needles of a compiled term or alias group one of which must occur."""
    match check:
        case evaluate.TermCheck(numbers):
            return frozenset(numbers)
        case evaluate.UnionCheck(parts):
            found = [_numbers_of(part) for part in parts]
            return None if None in found else frozenset().union(*cast("list[frozenset[int]]", found))
        case evaluate.ExceptCheck(keep):
            return _numbers_of(keep)
        case evaluate.NearCheck(left):
            return _numbers_of(left)
        case _:
            return None


def _cost(node: syntax.Node) -> int:
    """Order the parts of an AND: labels first, then terms, then what searches, negations last."""
    match node:
        case syntax.Within(name) if name in syntax.LABEL_FIELDS:
            return 0
        case syntax.Not():
            return 3
        case syntax.Near() | syntax.Except() | syntax.AtLeast() | syntax.Regex():
            return 2
        case _:
            return 1
