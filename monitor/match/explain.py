"""Why a rule does not match: every occurrence of its words that was refused, and the parts that do not hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final, cast

from monitor.match import evaluate
from monitor.match.compiler import Compiler
from monitor.match.evaluate import View
from monitor.match.query import syntax
from monitor.match.ruleset import compile_rules, read_expression
from monitor.match.words.boundary import BoundaryVerdict, Needle, judge, traits_of
from monitor.match.words.korean import read_tail
from monitor.match.words.scan import SEARCHED, Analyser, Scanner
from monitor.model.article import Article
from monitor.model.errors import QueryError
from monitor.model.hit import Explanation, Refusal
from monitor.model.plan import Rule

_UNKNOWN: Final = "unknown ending "
_LONGER: Final = "longer word "
_BEFORE: Final = re.compile(r"[^\W_]{0,20}\Z")
_KOREAN: Final = re.compile("[가-힣]{2,20}")
_BEHIND: Final = re.compile(r"[^\W_]{0,20}")


def explain(
    rule: Rule, aliases: Mapping[str, tuple[str, ...]], article: Article, analyser: Analyser | None = None
) -> Explanation:
    """Hold one rule against one article, whatever its source, and say what was refused, and why.

    Raises QueryError for a bad expression.
    """
    hits = compile_rules([replace(rule, sources=())], aliases, analyser).match(article)
    node = read_expression(rule.expression)
    compiler = Compiler(aliases)
    check = compiler.compile(node, rule.expression).check
    scanner = Scanner(compiler.needles(), analyser)
    view = View(scanner.scan(article, others=compiler.others))
    reasons = _Reasons(compiler, check, view, hit=bool(hits))
    counted = {(match.field, match.start, match.end, match.term) for _, matches in hits for match in matches}
    refused: dict[tuple[int, int, str], Refusal] = {}
    for needle, start, end, within, verdict in scanner.explain(article, others=compiler.others):
        base = view.scan.starts[within]
        first, last = start - base, end - base
        field = SEARCHED[within]
        if not reasons.concern(needle) or _is_part(counted, (field, first, last, needle.term)):
            continue
        reason = reasons.of(needle, (start, end, within), verdict)
        surface, alias = view.scan.text[start:end], needle.alias.replace("|", "")
        if verdict.accepted or (start, end, needle.term) not in refused:
            refused[start, end, needle.term] = Refusal(needle.term, alias, field, first, last, surface, reason)
    missing = () if hits else tuple(_missing(node, view, compiler))
    return Explanation(bool(hits), missing, tuple(refused[key] for key in sorted(refused)))


def touched(
    rules: Iterable[Rule], aliases: Mapping[str, tuple[str, ...]], article: Article, analyser: Analyser | None = None
) -> tuple[str, ...]:
    """Return the ids of rules with a word that occurs in the article, whether it counts or not, those of the largest share first.

    One that looks for no word (a regular expression), and one that cannot be read, is among them: only `explain` tells.
    """
    compiler = Compiler(aliases)
    words: dict[str, set[int]] = {}
    for rule in rules:
        try:
            check = compiler.compile(read_expression(rule.expression), rule.expression).check
        except QueryError:
            words[rule.id] = set()
            continue
        parts = (part for part in _parts(check) if isinstance(part, evaluate.TermCheck))
        words[rule.id] = {number for part in parts for number in part.numbers}
    numbers = {needle: number for number, needle in enumerate(compiler.needles())}
    found = Scanner(compiler.needles(), analyser).explain(article, others=compiler.others)
    seen = {numbers[needle] for needle, *_ in found}
    shares = {rule: len(asked & seen) / len(asked) if asked else 1.0 for rule, asked in words.items()}
    return tuple(sorted((rule for rule, share in shares.items() if share), key=lambda rule: -shares[rule]))


def _is_part(counted: set[tuple[str, int, int, str]], place: tuple[str, int, int, str]) -> bool:
    """Return whether a place is a mention that counts, or lies within one of the same term."""
    field, start, end, term = place
    return any(one[0] == field and one[3] == term and one[1] <= start and end <= one[2] for one in counted)


class _Reasons:
    """Puts into words what spoke against an occurrence."""

    def __init__(self, compiler: Compiler, check: evaluate.NodeCheck, view: View, *, hit: bool) -> None:
        self._numbers = {needle: number for number, needle in enumerate(compiler.needles())}
        self._view = view
        self._hit = hit
        parts = tuple(_parts(check))
        self._fields: dict[int, set[int]] = {}
        for part in parts:
            for number in part.numbers if isinstance(part, evaluate.TermCheck) else ():
                self._fields.setdefault(number, set()).update(cast("evaluate.TermCheck", part).fields)
        self._exceptions = [part for part in parts if isinstance(part, evaluate.ExceptCheck)]

    def concern(self, needle: Needle) -> bool:
        """Return whether the rule looks for this: what stands under NOT or behind EXCEPT it does not."""
        return self._numbers[needle] in self._fields

    def of(self, needle: Needle, place: tuple[int, int, int], verdict: BoundaryVerdict) -> str:
        """Return the reason; `place` is start and end in the scanned text, and the field."""
        start, end, within = place
        if not verdict.accepted:
            return self._refused(needle, start, end, verdict.reason)
        if within not in self._fields[self._numbers[needle]]:
            return f"the rule does not look in the field {SEARCHED[within]}"
        hole = self._hole(start, end)
        if hole:
            return f"excluded by EXCEPT: {hole}"
        if self._hit:
            return "a mention, but the words that must stand near it do not"
        return "a mention, but another part of the rule does not hold"

    def _refused(self, needle: Needle, start: int, end: int, reason: str) -> str:
        """Reword what the boundary check says, with the whole word as it is written."""
        if reason.startswith(_LONGER):
            return f"known longer noun {reason.removeprefix(_LONGER)}"
        if reason == "analyser":
            return "the analyser reads another word here"
        if reason == "capitals differ":
            return f"capitals differ from {needle.alias}"
        if reason.startswith(_UNKNOWN):
            tail = reason.removeprefix(_UNKNOWN)
            kind = traits_of(needle.alias).kind
            found = next(filter(None, (read_tail(tail, sound, kind) for sound in "vcl")), "")
            if found.startswith(("particle", "copula")):
                return f"{found} does not agree with the last sound of {self._view.scan.text[start:end]}"
        text = self._view.scan.text
        before = _BEFORE.search(text, max(0, start - 20), start)
        behind = _BEHIND.match(text, end)
        word = f"{before[0] if before else ''}{text[start:end]}{behind[0] if behind else ''}"
        if word == text[start:end]:
            return reason
        member = needle.mode == "word" and judge(text, start, end, needle._replace(mode="compound")).accepted
        return f"part of {word}" + (f"; compound({needle.alias}) finds it" if member else "")

    def _hole(self, start: int, end: int) -> str:
        """Return the excepted occurrence that overlaps this place, "" without any."""
        for exception in self._exceptions:
            if (start, end) in {one[:2] for one in exception.keep.occurrences(self._view)}:
                for first, last, _ in exception.drop.occurrences(self._view):
                    if start < last and first < end:
                        return self._view.scan.text[first:last]
        return ""


def _parts(check: evaluate.NodeCheck) -> Iterator[evaluate.NodeCheck]:
    """Yield a compiled expression and everything in it that is looked for."""
    yield check
    match check:
        case evaluate.AndCheck(parts) | evaluate.OrCheck(parts):
            inner: tuple[evaluate.NodeCheck, ...] = parts
        case evaluate.UnionCheck(united):
            inner = united
        case evaluate.ExceptCheck(keep, _):
            inner = (keep,)
        case evaluate.NearCheck(left, right):
            inner = (left, right)
        case evaluate.AtLeastCheck(_, part):
            inner = (part,)
        case _:
            inner = ()
    for one in inner:
        yield from _parts(one)


def _missing(node: syntax.Node, view: View, compiler: Compiler) -> Iterator[str]:
    """Name the parts of the outermost AND that do not hold, in the query language; the whole rule where there is none."""
    for part in _conditions(node):
        if compiler.check(part).mentions(view) is None:
            shown = syntax.show(part)
            yield (
                f"{syntax.show(part.node)} must not occur"
                if isinstance(part, syntax.Not)
                else shown + _apart(part, view)
            )


def _apart(part: syntax.Node, view: View) -> str:
    """Return how to find a Korean word that stands in the text with a blank inside; "" where it does not."""
    if not isinstance(part, syntax.Term) or not _KOREAN.fullmatch(part.text):
        return ""
    found = re.search(" ?".join(part.text), view.scan.text)
    if found is None or " " not in found[0]:
        return ""
    return f" ({found[0]} is there: {found[0].replace(' ', '|')} finds both)"


def _conditions(node: syntax.Node) -> tuple[syntax.Node, ...]:
    """Split a tree into what must hold together, each part with the mode and field that enclose it."""
    match node:
        case syntax.ScanAll(inner):
            return _conditions(inner)
        case syntax.And(parts):
            return tuple(condition for part in parts for condition in _conditions(part))
        case syntax.Moded(_, syntax.And()) | syntax.Within(_, syntax.And()):
            return tuple(replace(node, node=part) for part in _conditions(node.node))
        case _:
            return (node,)
