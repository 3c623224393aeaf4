"""What is allowed in rules and alias groups and probably not meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from monitor.match.compiler import alias_tree
from monitor.match.literal import slip, terms
from monitor.match.query import syntax
from monitor.match.words.boundary import HANGUL, Needle, judge, script
from monitor.match.words.lexicon import longer_words
from monitor.match.words.variants import spellings
from monitor.model.normalise import fold

_CODE_OF_LANGUAGE: Final = 3  # letters at most, ISO 639
# Countries and names that people write for a language.
_LANGUAGES: Final = {
    **dict.fromkeys(("kr", "kor", "korean", "한국어", "한글", "국문"), "ko"),
    **dict.fromkeys(("us", "uk", "gb", "eng", "english", "영어", "영문"), "en"),
    **dict.fromkeys(("jp", "jpn", "japanese", "일본어", "일어"), "ja"),
    **dict.fromkeys(("cn", "tw", "chinese", "중국어"), "zh"),
}
_LONGEST: Final = 60  # characters of a spelling within which shorter ones are looked for
_NAMED: Final = 8  # longer nouns in a hint


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that is probably not meant; `pos` is that of the node in question."""

    pos: int
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class _LintScope:
    """What encloses a term: its mode, what is dropped around it, whether other words must stand near it."""

    mode: syntax.Mode = "word"
    drops: tuple[str, ...] = ()
    nearby: bool = False


def doubts(
    node: syntax.Node,
    aliases: Mapping[str, tuple[str, ...]],
    sources: tuple[str, ...] = (),
    known_sources: frozenset[str] = frozenset(),
) -> Iterator[Doubt]:
    """Yield what is doubtful in the tree of a rule that compiles.

    `sources` are those it is limited to, if any; `known_sources` all there are, empty where that is not known.
    """
    yield from _walk(node, _LintScope(), aliases)
    if known_sources:
        yield from _unknown_sources(node, {source.casefold(): source for source in sorted(known_sources)})
    if sources:
        yield from _elsewhere(node, {source.casefold() for source in sources})


def tree_doubts(node: syntax.Node) -> Iterator[Doubt]:
    """Yield what is doubtful in the texts of a rule that is written as keys: they are words, never expressions."""
    for term in terms(node):
        if hint := slip(term.text):
            yield _literal(term.text, term.pos, hint)


def _unknown_sources(node: syntax.Node, known: Mapping[str, str]) -> Iterator[Doubt]:
    """Find source: clauses of sources that there are not."""
    match node:
        case syntax.Within("source", syntax.Term(text)) if text.casefold() not in known:
            near = difflib.get_close_matches(text.casefold(), known, 1, 0.6)
            hint = f"did you mean source:{known[near[0]]}?" if near else "monitor sources lists their ids"
            yield Doubt(node.pos, f"source:{text} can never hold: there is no such source", hint)
        case syntax.And(parts) | syntax.Or(parts):
            for part in parts:
                yield from _unknown_sources(part, known)
        case syntax.ScanAll(inner) | syntax.Not(inner):
            yield from _unknown_sources(inner, known)
        case _:
            return


def _elsewhere(node: syntax.Node, sources: set[str]) -> Iterator[Doubt]:
    """Find source: clauses that must hold, of sources that the rule does not look at."""
    match node:
        case syntax.Within("source", syntax.Term(text)) if text.casefold() not in sources:
            hint = "add the source to `sources`, or take the clause out"
            yield Doubt(node.pos, f"source:{text} can never hold: the rule's `sources` leave that source out", hint)
        case syntax.And(parts) | syntax.Or(parts):
            for part in parts:
                yield from _elsewhere(part, sources)
        case syntax.ScanAll(inner):
            yield from _elsewhere(inner, sources)
        case _:
            return


def _walk(node: syntax.Node, scope: _LintScope, aliases: Mapping[str, tuple[str, ...]]) -> Iterator[Doubt]:  # noqa: C901 - one case for each kind of node
    match node:
        case syntax.Term():
            yield from _of_term(node, scope)
        case syntax.Alias(name):
            yield from _of_alias(node, aliases.get(name, ()), scope, aliases)
        case syntax.Within(name, syntax.Term(text)) if name in syntax.LABEL_FIELDS:
            meant = _LANGUAGES.get(text.casefold(), "")
            if name == "lang" and (meant or len(text) > _CODE_OF_LANGUAGE or not text.isascii()):
                hint = f"write lang:{meant}" if meant else "languages are codes, as in lang:ko"
                yield Doubt(node.pos, f"lang:{text} can never hold", hint)
        case syntax.Moded(mode, inner):
            yield from _walk(inner, scope if mode == "case" else replace(scope, mode=mode), aliases)
        case syntax.Except(keep, drop):
            drops = tuple(_texts(drop, aliases))
            yield from _walk(keep, replace(scope, drops=(*scope.drops, *drops)), aliases)
        case syntax.Near(left, right):
            for side in (left, right):
                yield from _walk(side, replace(scope, nearby=True), aliases)
        case syntax.And(parts) | syntax.Or(parts):
            yield from _contradictions(node)
            for part in parts:
                yield from _walk(part, scope, aliases)
        case syntax.Within(_, inner) | syntax.AtLeast(_, inner) | syntax.ScanAll(inner):
            yield from _walk(inner, scope, aliases)
        case _:
            return


def _contradictions(node: syntax.And | syntax.Or) -> Iterator[Doubt]:
    """Find a AND NOT a."""
    if isinstance(node, syntax.And):
        for part in node.parts:
            if isinstance(part, syntax.Not) and part.node in node.parts:
                yield Doubt(part.pos, "what this NOT forbids is also demanded: the rule can never match", "remove one")


def _of_term(term: syntax.Term, scope: _LintScope) -> Iterator[Doubt]:
    folded = fold(term.text.replace("|", ""))
    if len(folded) == 1 and not scope.nearby:
        yield _short(term.text, term.pos)
    yield from _of_spelling(term, term.text, scope)


def _of_alias(
    node: syntax.Alias, listed: tuple[str, ...], scope: _LintScope, aliases: Mapping[str, tuple[str, ...]]
) -> Iterator[Doubt]:
    """Look at each spelling as the rule uses it; what is wrong with a group itself is told at the group."""
    for spelling in listed:
        tree = alias_tree(spelling)
        found = _of_spelling(tree, tree.text, scope) if isinstance(tree, syntax.Term) else _walk(tree, scope, aliases)
        for doubt in found:
            yield replace(doubt, pos=node.pos)


def _of_spelling(node: syntax.Node, text: str, scope: _LintScope) -> Iterator[Doubt]:
    folded = fold(text.replace("|", ""))
    needle = Needle(text, text, scope.mode)
    if any(drop in folded for drop in scope.drops):
        yield Doubt(node.pos, f"EXCEPT drops {text!r} itself: it can never match", "except longer words only")
    elif not _can_match(needle, folded):
        yield Doubt(node.pos, f"{text!r} can never match in {scope.mode} mode", "use another mode")
    elif len(folded) > 1:
        yield from _longer(node, needle, folded, scope)


def _can_match(needle: Needle, folded: str) -> bool:
    """Return whether the spelling, standing alone, is found at all."""
    return bool(folded) and judge(folded, 0, len(folded), needle).accepted


def _longer(node: syntax.Node, needle: Needle, folded: str, scope: _LintScope) -> Iterator[Doubt]:
    """Find known longer nouns that would count as mentions."""
    if script(folded[-1]) != HANGUL or scope.mode not in {"compound", "prefix", "substr"}:
        return
    caught = [
        word
        for word in longer_words(folded, most=100)
        if not any(drop in word for drop in scope.drops) and judge(word, 0, len(folded), needle).accepted
    ]
    if caught:
        shown = " OR ".join(caught[:_NAMED])
        more = f" and {len(caught) - _NAMED} more known nouns" if len(caught) > _NAMED else ""
        message = f"{needle.alias!r} in {scope.mode} mode also finds {', '.join(caught[:_NAMED])}{more}"
        yield Doubt(node.pos, message, f"if they are not meant: {needle.alias} EXCEPT ({shown})")


def _literal(text: str, pos: int, hint: str) -> Doubt:
    return Doubt(pos, f"{text!r} looks like an expression, and is looked for letter by letter", hint)


def _short(text: str, pos: int) -> Doubt:
    hint = f"use a longer word, or ask for another one near it, as in {text} NEAR/5 word"
    return Doubt(pos, f"{text!r} is a single character and will be found in many senses", hint)


def _texts(node: syntax.Node, aliases: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield the folded spellings of all terms in a tree."""
    match node:
        case syntax.Term(text):
            yield fold(text.replace("|", ""))
        case syntax.Alias(name):
            for spelling in aliases.get(name, ()):
                yield from _texts(alias_tree(spelling), {})
        case syntax.Or(parts):
            for part in parts:
                yield from _texts(part, aliases)
        case syntax.Within(_, inner) | syntax.Moded(_, inner):
            yield from _texts(inner, aliases)
        case _:
            return


def group_doubts(listed: tuple[str, ...]) -> Iterator[Doubt]:
    """Yield what is doubtful in one alias group; `pos` is the number of the spelling in its list."""
    plain = [(number, text) for number, text in enumerate(listed) if isinstance(alias_tree(text), syntax.Term)]
    owners: dict[str, str] = {}
    forms = {text: spellings(text) for _, text in plain}
    for _, text in plain:
        for form in forms[text]:
            owners.setdefault(form, text)
    twins = _twins([text for _, text in plain], forms)
    seen: set[str] = set()
    for number, text in plain:
        if len(fold(text.replace("|", ""))) == 1:
            yield _short(text, number)
        if hint := slip(text):
            yield _literal(text, number, hint)
        twin = text if text in seen else twins.get(text)
        seen.add(text)
        covers = [_cover(form, owners) for form in forms[text]] if twin is None else []
        if twin is not None:
            hint = "blanks, hyphens, capitals and widths are covered by one spelling; remove it"
            yield Doubt(number, f"{text!r} is found as {twin!r} already", hint)
        elif covers and all(covers):
            message = f"wherever {text!r} stands, {covers[0]!r} is found: it adds no hit"
            yield Doubt(number, message, "remove it, or list it in a group of its own")


def _twins(listed: list[str], forms: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return for each redundant text the one that finds all it finds; of two that find the same, the first stays."""
    kept: dict[str, list[str]] = {}
    twins: dict[str, str] = {}
    for text in sorted(dict.fromkeys(listed), key=lambda one: -len(forms[one])):
        wanted = frozenset(forms[text])
        owner = next((one for one in kept.get(forms[text][0], ()) if wanted <= set(forms[one])), "") if wanted else ""
        if owner:
            twins[text] = owner
            continue
        for form in forms[text]:
            kept.setdefault(form, []).append(text)
    return twins


def _cover(folded: str, owners: dict[str, str]) -> str:
    """Return a shorter spelling of the group that is a mention inside this one wherever it stands, "" without any."""
    for start in range(len(folded) if len(folded) <= _LONGEST else 0):
        for end in range(start + 1, len(folded) + 1):
            inner = owners.get(folded[start:end])
            if inner and end - start < len(folded) and judge(folded, start, end, Needle(inner, inner)).accepted:
                return inner
    return ""
