"""What a rule could refuse so that it does not meet some articles, and meets the others as before. Pure.

What stands around the words that were found is tried: a longer word that they are part of, the word before or behind, a noun of the
same sentence. EXCEPT drops the mentions there; where an article has mentions elsewhere too, the whole of it is refused with NOT.
Either can only take away. Each is held against the articles by the matcher itself: what does not refuse is not proposed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from monitor.match.query import syntax
from monitor.match.query.parser import has_occurrences
from monitor.match.query.syntax import show
from monitor.match.rule_check import check_rules
from monitor.match.ruleset import compile_rules, read_expression
from monitor.match.words.korean import final_sound, read_tail
from monitor.match.words.names import names_in
from monitor.match.words.scan import Analyser
from monitor.model.article import Article
from monitor.model.errors import QueryError
from monitor.model.hit import Match
from monitor.model.normalise import fold
from monitor.model.plan import Rule
from monitor.model.suggestion import Exclusion

MOST: Final = 5
"""Proposals that are made."""

_WRONG, _OTHERS = 50, 500  # articles that are looked at
_MENTIONS: Final = 40  # of one article around which is looked
_NOUNS: Final = 12  # of one article that are tried, those that the others have least
_COUNTED: Final = 60  # nouns that are looked for in the others
_TRIED: Final = 100  # proposals that are held against the articles
_JOINED: Final = 4  # phrases in one proposal
_SURFACES: Final = 3  # ways in which an article writes what was found, in one proposal
_LOST: Final = 10  # one in so many of the others may be lost
_LONGEST: Final = 40  # characters of a phrase
_WORD_AHEAD: Final = re.compile(r"[ \t\u00a0]{1,2}([^\W_]{1,40})")
_WORD_BEHIND: Final = re.compile(r"(?<![^\W_])([^\W_]{1,40})[ \t\u00a0]{1,2}\Z")
_HANGUL_TAIL: Final = re.compile(r"[가-힣]*\Z")
_SENTENCE_END: Final = re.compile(r"[.!?。…]+[\"'”’」』)\]]*(?=\s)|\n")
_SENTENCE: Final = 600  # characters to either side in which its ends are looked for


class _Place(NamedTuple):
    """A part of a rule that stands for words which must occur: `alone` as a rule of its own, `put` to put another in its place."""

    node: syntax.Node
    alone: syntax.Node
    put: Callable[[syntax.Node], syntax.Node]


@dataclass(frozen=True, slots=True)
class _Idea:
    """What is tried: `drop` as EXCEPT of a place, or with NOT (`place` None); it stands with that many mentions of its article."""

    drop: tuple[syntax.Node, ...]
    place: _Place | None
    mentions: int

    @property
    def dropped(self) -> syntax.Node:
        return self.drop[0] if len(self.drop) == 1 else syntax.Or(self.drop)

    @property
    def phrase(self) -> str:
        """Return what is added to the rule, as it is written."""
        text = show(self.dropped)
        word = "NOT" if self.place is None else "EXCEPT"
        return f"{word} ({text})" if isinstance(self.dropped, syntax.Or | syntax.Near) else f"{word} {text}"

    @property
    def rank(self) -> tuple[bool, int, int]:
        """Return what orders those of the same effect: mentions before articles, what stands with most of them, the shortest."""
        return self.place is None, -self.mentions, len(self.phrase)

    def added_to(self, root: syntax.Node) -> syntax.Node:
        """Return the rule's tree with it."""
        if self.place is not None:
            return self.place.put(_except(self.place.node, self.drop))
        inner = root.node if isinstance(root, syntax.ScanAll) else root
        parts = inner.parts if isinstance(inner, syntax.And) else (inner,)
        added = syntax.And((*parts, syntax.Not(self.dropped)))
        return syntax.ScanAll(added) if isinstance(root, syntax.ScanAll) else added


def exclusions(
    rule: Rule,
    aliases: Mapping[str, tuple[str, ...]],
    wrong: Sequence[Article],
    others: Sequence[Article],
    analyser: Analyser | None = None,
) -> tuple[Exclusion, ...]:
    """Return what the rule could refuse, at most MOST: what refuses most of the wrong articles and loses fewest others first.

    The first of the wrong articles is the one that is asked about: each proposal refuses it, whatever it does to the others.
    Of equal ones what drops mentions comes before what drops articles, then what stands with most mentions, then the shortest.
    Articles that the rule does not meet as it stands do not count, nor do limits to sources; of more than a few hundred others the
    first are looked at. Raises QueryError for an expression that cannot be used.
    """
    root = read_expression(rule.expression)
    anywhere = replace(rule, sources=())
    met = compile_rules([anywhere], aliases, analyser)
    wrong_met = [number for number, article in enumerate(wrong[:_WRONG]) if met.match(article)]
    if 0 not in wrong_met:
        return ()
    others_met = [number for number, article in enumerate(others[:_OTHERS]) if met.match(article)]
    places = tuple(_places(root))
    texts = [fold("\n".join(others[number].fields().values())) for number in others_met]
    tried: dict[str, _Idea] = {}
    for idea in _ideas(places, aliases, wrong[0], texts, analyser):
        expression = show(idea.added_to(root))
        if len(tried) < _TRIED and expression not in tried and _compiles(expression, aliases):
            tried[expression] = idea
    rules = [Rule(expression, expression, expression) for expression in tried]
    trial = compile_rules(rules, aliases, analyser)
    refused = _unmet(trial.match, wrong, wrong_met, tried)
    lost = _unmet(trial.match, others, others_met, tried)
    ranked = sorted(
        (one for one in tried if 0 in refused[one] and len(lost[one]) * _LOST <= len(others_met)),
        key=lambda one: (-len(refused[one]), len(lost[one]), *tried[one].rank, one),
    )
    found: list[Exclusion] = []
    for one in ranked:
        proposal = Exclusion(tried[one].phrase, one, refused[one], lost[one])
        if not _says_more(proposal, found) and _is_usable(replace(rule, expression=one), aliases, analyser):
            found.append(proposal)
        if len(found) == MOST:
            break
    return tuple(found)


def _places(node: syntax.Node) -> Iterator[_Place]:
    """Yield the largest parts that stand for places in a text and that count for the rule, not against it."""
    if has_occurrences(node):
        yield _Place(node, node, lambda new: new)
        return
    match node:
        case syntax.And() | syntax.Or():
            yield from _places_in(node)
        case syntax.Within() | syntax.Moded():
            for place in _places(node.node):
                yield place._replace(alone=replace(node, node=place.alone), put=_into(node, place.put))
        case syntax.AtLeast() | syntax.ScanAll():
            for place in _places(node.node):
                yield place._replace(put=_into(node, place.put))
        case _:
            return


def _places_in(node: syntax.And | syntax.Or) -> Iterator[_Place]:
    for number, part in enumerate(node.parts):
        for place in _places(part):
            yield place._replace(put=_into_parts(node, number, place.put))


def _into_parts(
    node: syntax.And | syntax.Or, number: int, put: Callable[[syntax.Node], syntax.Node]
) -> Callable[[syntax.Node], syntax.Node]:
    return lambda new: replace(node, parts=(*node.parts[:number], put(new), *node.parts[number + 1 :]))


def _into(
    node: syntax.Within | syntax.Moded | syntax.AtLeast | syntax.ScanAll, put: Callable[[syntax.Node], syntax.Node]
) -> Callable[[syntax.Node], syntax.Node]:
    return lambda new: replace(node, node=put(new))


def _except(node: syntax.Node, drop: tuple[syntax.Node, ...]) -> syntax.Node:
    """Return the node with more that it does not count; exceptions that it has already stay the first of them."""
    keep, before = (node.keep, node.drop) if isinstance(node, syntax.Except) else (node, None)
    had = () if before is None else before.parts if isinstance(before, syntax.Or) else (before,)
    dropped = (*had, *(one for one in drop if one not in had))
    return syntax.Except(keep, dropped[0] if len(dropped) == 1 else syntax.Or(dropped))


def _ideas(
    places: Sequence[_Place],
    aliases: Mapping[str, tuple[str, ...]],
    article: Article,
    others: Sequence[str],
    analyser: Analyser | None,
) -> Iterator[_Idea]:
    """Yield what is worth a trial, place by place: what stands around the mentions of an article."""
    alone = [Rule(str(number), "", show(_always(place.alone))) for number, place in enumerate(places)]
    texts = article.fields()
    for number, matches in compile_rules(alone, aliases, analyser).match(article):
        place = places[int(number)]
        mentions = [one for one in matches if texts.get(one.field, "")[one.start : one.end] == one.surface]
        mentions = [one for one in mentions if one.surface.strip()][:_MENTIONS]
        around = [tuple(_phrases(texts[one.field], one.start, one.end)) for one in mentions]
        phrases = Counter(phrase for some in around for phrase in set(some))
        nouns = _nouns(texts, mentions, others)
        yield from (_Idea((_term(phrase),), place, count) for phrase, count in phrases.items())
        if len(mentions) > 1 and (cover := _cover(around)):
            yield _Idea(tuple(map(_term, cover)), place, len(mentions))
        surfaces = list(dict.fromkeys(fold(one.surface) for one in mentions))[:_SURFACES]
        for noun, count in nouns:
            near = [syntax.Near(_term(surface), _term(noun), None) for surface in surfaces]
            yield _Idea(tuple(near), place, count)
        yield from (_Idea((_term(one),), None, count) for one, count in (*phrases.items(), *nouns))


def _phrases(text: str, start: int, end: int) -> Iterator[str]:
    """Yield what stands around a mention: the longer word that it is part of, and that with the word behind or before."""
    first, last = start, end
    while first > 0 and start - first < _LONGEST and text[first - 1].isalnum():
        first -= 1
    while last < len(text) and last - end < _LONGEST and text[last].isalnum():
        last += 1
    word = text[first : _core(text, end, last)]
    if word != text[start:end]:
        yield word
    if ahead := _WORD_AHEAD.match(text, last):
        yield text[first : _core(text, ahead.start(1) + 1, ahead.end(1))]
    if behind := _WORD_BEHIND.search(text[max(0, first - _LONGEST) : first]):
        yield f"{behind[1]} {word}"


def _core(text: str, least: int, end: int) -> int:
    """Return where a word ends without its particles, at `least` the earliest."""
    tail = _HANGUL_TAIL.search(text[:end], least)
    begin = tail.start() if tail else end
    for cut in range(max(begin, least), end):
        if read_tail(text[cut:end], final_sound(text[cut - 1])):
            return cut
    return end


def _cover(around: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return a few phrases of which each mention has one around it, () where a few do not do."""
    chosen: list[str] = []
    open_ones = list(around)
    while open_ones:
        counted = Counter(phrase for some in open_ones for phrase in some)
        if not counted or len(chosen) == _JOINED:
            return ()
        best = min(counted, key=lambda phrase: (-counted[phrase], len(phrase), phrase))
        chosen.append(best)
        open_ones = [some for some in open_ones if best not in some]
    return tuple(chosen) if len(chosen) > 1 else ()


def _nouns(texts: Mapping[str, str], mentions: Sequence[Match], others: Sequence[str]) -> list[tuple[str, int]]:
    """Return the nouns that stand in a sentence with a mention and with how many, those that fewest others have first."""
    counted = Counter[str]()
    surfaces = {fold(one.surface) for one in mentions}
    for one in mentions:
        sentence = _sentence(texts[one.field], one.start, one.end)
        counted.update(name for name in names_in(sentence) if not any(part in name for part in surfaces))
    known = {name: sum(name in text for text in others) for name, _ in counted.most_common(_COUNTED)}
    ranked = sorted(known, key=lambda name: (known[name], -counted[name], len(name), name))
    return [(name, counted[name]) for name in ranked[:_NOUNS]]


def _sentence(text: str, start: int, end: int) -> str:
    before, behind = text[max(0, start - _SENTENCE) : start], text[end : end + _SENTENCE]
    begin = max((found.end() for found in _SENTENCE_END.finditer(before)), default=0)
    stop = found.start() if (found := _SENTENCE_END.search(behind)) else len(behind)
    return f"{before[begin:]}{text[start:end]}{behind[:stop]}"


def _term(text: str) -> syntax.Term:
    """Return a text as a term, quoted where it is no plain word."""
    return syntax.Term(text, quoted=re.fullmatch("[가-힣]+", text) is None)


def _always(node: syntax.Node) -> syntax.Node:
    return node if isinstance(node, syntax.ScanAll) else syntax.ScanAll(node)


def _compiles(expression: str, aliases: Mapping[str, tuple[str, ...]]) -> bool:
    try:
        compile_rules([Rule("", "", expression)], aliases)
    except QueryError:
        return False
    return True


def _unmet(
    match: Callable[[Article], Sequence[tuple[str, Sequence[Match]]]],
    articles: Sequence[Article],
    numbers: Sequence[int],
    expressions: Iterable[str],
) -> dict[str, tuple[int, ...]]:
    """Return for each expression which of the articles it does not meet."""
    met = [(number, {one for one, _ in match(articles[number])}) for number in numbers]
    return {one: tuple(number for number, some in met if one not in some) for one in expressions}


def _says_more(proposal: Exclusion, found: Sequence[Exclusion]) -> bool:
    """Return whether a proposal refuses and loses what a shorter one does whose words are all in it."""
    words = _words(proposal)
    return any(one.refused == proposal.refused and one.lost == proposal.lost and _words(one) in words for one in found)


def _words(proposal: Exclusion) -> str:
    return proposal.phrase.split(" ", 1)[1].strip('()"')


def _is_usable(rule: Rule, aliases: Mapping[str, tuple[str, ...]], analyser: Analyser | None) -> bool:
    """Return whether the rule could stand in the files: it can match, and meets its own tests."""
    own = [one for one in check_rules((rule,), aliases, analyser) if one.rule_id == rule.id]
    return not any(one.severity == "error" for one in own)
