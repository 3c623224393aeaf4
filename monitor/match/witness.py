"""Articles made of the words of a rule: one that the rule must meet, if any article can meet it. Pure.

A rule can contradict itself in many ways (`해솔 NOT (해솔 OR 나래)`, `prefix(해솔) NOT 해솔`, `source:a source:b`). Rather than know
them all, `can_match` holds the rule against short articles that say what it demands and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Final

from monitor.match.compiler import alias_tree
from monitor.match.query import syntax
from monitor.match.ruleset import RuleSet
from monitor.model.article import Article

_MOST: Final = 20_000  # articles that one rule is held against; of a rule that can match, nearly always one
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)


class _UnknownTextError(Exception):
    """What a regular expression finds cannot be made up."""


@dataclass(frozen=True, slots=True)
class _Witness:
    """What one article says: texts by field, and its labels."""

    texts: tuple[tuple[str, str], ...] = ()
    source: str = ""
    lang: str = ""

    def joined(self, other: _Witness) -> _Witness:
        return _Witness((*self.texts, *other.texts), other.source or self.source, other.lang or self.lang)

    def article(self) -> Article:
        """Return the article, each text a paragraph of its field."""
        fields: dict[str, list[str]] = {}
        for field, text in self.texts:
            fields.setdefault(field, []).append(text)
        said = {field: "\n".join(texts) for field, texts in fields.items()}
        captions, author = fields.get("caption", ()), said.get("author", "")
        return Article(
            key="",
            url=said.get("url", ""),
            source_id=self.source,
            title=said.get("title", ""),
            first_seen_at=_EPOCH,
            body=said.get("body", ""),
            subtitle=said.get("subtitle", ""),
            captions=tuple(captions),
            section=said.get("section", ""),
            authors=(author,) if author else (),
            lang=self.lang,
        )


@dataclass(frozen=True, slots=True)
class _Style:
    """How an article says what is demanded: where, with endings, within longer words, in capitals, and how far apart."""

    field: str
    longer: bool
    ending: str
    capitals: str
    apart: bool
    reversed: bool

    def written(self, term: syntax.Term, mode: syntax.Mode) -> str:
        """Return a term as the article writes it."""
        text = term.text.replace("|", "")
        if term.slop and self.apart:
            text = text.replace(" ", f" {_FILLER} ")
        cased = {"upper": text.upper(), "lower": text.lower()}.get(self.capitals, text)
        if self.longer and mode in {"prefix", "substr", "compound"}:
            return f"{cased}{_LONGER}"
        return f"{cased}{self.ending}" if mode in {"word", "name"} else cased

    def beside(self, witness: _Witness, distance: int | None) -> _Witness:
        """Put all texts into one, so that they stand near each other."""
        if not witness.texts:
            return witness
        texts = [text for _, text in witness.texts]
        between = " ".join(["", *[_FILLER] * (1 if distance is None else distance - 1), ""]) if self.apart else " "
        return replace(witness, texts=((witness.texts[0][0], between.join(texts[::-1] if self.reversed else texts)),))


_LONGER: Final = "클라우드"
_ENDINGS: Final = ("", "에서도", "했다")
_FILLER: Final = "어제"
_STYLES: Final = tuple(
    _Style(field, longer, ending, capitals, apart, turned)
    for capitals in ("", "upper", "lower")
    for apart in (False, True)
    for turned in (False, True)
    for ending in _ENDINGS
    for field in syntax.TEXT_FIELDS[::-1]
    for longer in (False, True)
)


def is_intricate(node: syntax.Node) -> bool:
    """Return whether a tree says enough to contradict itself: a negation, an exception, or a field within another."""
    match node:
        case syntax.Not() | syntax.Except() | syntax.Within():
            return True
        case syntax.And(parts) | syntax.Or(parts):
            return any(map(is_intricate, parts))
        case syntax.Moded(_, inner) | syntax.AtLeast(_, inner) | syntax.ScanAll(inner):
            return is_intricate(inner)
        case _:
            return False


def can_match(node: syntax.Node, aliases: Mapping[str, tuple[str, ...]], compiled: RuleSet) -> bool:
    """Return whether an article made of the rule's own words meets it; True as well where none can be made up, or too many."""
    made = (witness for style in _STYLES for witness in _Maker(aliases, style).made(node, style.field, "word"))
    try:
        if any(compiled.match(witness.article()) for witness in islice(made, _MOST)):
            return True
        return next(made, None) is not None
    except _UnknownTextError:
        return True


class _Maker:
    """Makes articles of one style."""

    def __init__(self, aliases: Mapping[str, tuple[str, ...]], style: _Style) -> None:
        self._aliases = aliases
        self._style = style

    def made(self, node: syntax.Node, field: str, mode: syntax.Mode) -> Iterator[_Witness]:  # noqa: C901 - one case for each kind of node
        """Yield articles that say what a tree demands, a choice of its alternatives each. Raises _UnknownTextError."""
        match node:
            case syntax.Term():
                yield _Witness(((field, self._style.written(node, mode)),))
            case syntax.Regex():
                raise _UnknownTextError
            case syntax.Not():
                yield _Witness()
            case syntax.Within("source", syntax.Term(text)):
                yield _Witness(source=text)
            case syntax.Within("lang", syntax.Term(text)):
                yield _Witness(lang=text)
            case syntax.And(parts):
                yield from self._together(parts, field, mode)
            case syntax.Near(left, right, distance):
                for witness in self._together((left, right), field, mode):
                    yield self._style.beside(witness, distance)
            case _:
                yield from self._inner(node, field, mode)

    def _inner(self, node: syntax.Node, field: str, mode: syntax.Mode) -> Iterator[_Witness]:  # noqa: C901 - one case for each kind of node
        match node:
            case syntax.Alias(name):
                for spelling in self._aliases.get(name, ()):
                    yield from self.made(alias_tree(spelling), field, mode)
            case syntax.Within(name, inner):
                yield from self.made(inner, name, mode)
            case syntax.Moded(named, inner):
                yield from self.made(inner, field, mode if named == "case" else named)
            case syntax.ScanAll(inner) | syntax.Except(inner, _):
                yield from self.made(inner, field, mode)
            case syntax.Or(parts):
                for part in parts:
                    yield from self.made(part, field, mode)
            case syntax.AtLeast(count, inner):
                for witness in self.made(inner, field, mode):
                    yield replace(witness, texts=witness.texts * count)
            case _:
                return

    def _together(self, parts: tuple[syntax.Node, ...], field: str, mode: syntax.Mode) -> Iterator[_Witness]:
        """Yield articles that say what all parts demand."""
        first, *others = parts
        for witness in self.made(first, field, mode):
            if not others:
                yield witness
                continue
            yield from (witness.joined(other) for other in self._together(tuple(others), field, mode))
