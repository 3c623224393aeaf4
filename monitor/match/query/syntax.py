"""What an expression of the query language says: a tree of frozen values, and its text form.

`pos` is the 0-based code point offset in the expression the node was read from; it takes no part in equality.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as _field
from typing import Final, Literal, TypeAlias

Mode: TypeAlias = Literal["word", "name", "compound", "prefix", "substr", "exact", "case"]
MODES: Final[tuple[Mode, ...]] = ("word", "name", "compound", "prefix", "substr", "exact", "case")
# The four texts a bare term is looked for in, then the texts that only a field prefix opens.
TEXT_FIELDS: Final = ("title", "subtitle", "body", "caption")
# What the list said of the article and the page does not: no prefix of its own, `title:` and `body:` look there too.
LISTED_FIELDS: Final = ("listed_title", "listed_summary")
OTHER_FIELDS: Final = ("section", "author", "url")
# Fields that are compared as a whole.
LABEL_FIELDS: Final = ("source", "lang")
FIELDS: Final = TEXT_FIELDS + OTHER_FIELDS + LABEL_FIELDS
_PLAIN_STOPS: Final = frozenset(' \t\n\r()"“”|&')


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or a phrase when `quoted`. `slop`: its words may stand that many eojeols apart, in any order."""

    text: str
    quoted: bool = False
    slop: int = 0
    pos: int = _field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Alias:
    """A group of spellings that the configuration names."""

    name: str
    pos: int = _field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression in RE2 syntax, searched in the original text without regard to case."""

    pattern: str
    pos: int = _field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Within:
    """The node, looked for in one field only."""

    field: str
    node: Node
    pos: int = _field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Moded:
    """The node, its terms matched in another mode."""

    mode: Mode
    node: Node
    pos: int = _field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Except:
    """Occurrences of `keep` that no occurrence of `drop` overlaps."""

    keep: Node
    drop: Node
    pos: int = _field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Near:
    """Both sides at most `distance` eojeols apart within a paragraph; None means in one sentence."""

    left: Node
    right: Node
    distance: int | None
    ordered: bool = False
    pos: int = _field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `count` occurrences."""

    count: int
    node: Node
    pos: int = _field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """The article must not contain the node."""

    node: Node
    pos: int = _field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts; at least two, none of them an And."""

    parts: tuple[Node, ...]
    pos: int = _field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """Any of the parts; at least two, none of them an Or."""

    parts: tuple[Node, ...]
    pos: int = _field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ScanAll:
    """The whole expression, held against every article although no literal announces it."""

    node: Node
    pos: int = _field(default=0, compare=False)


Node: TypeAlias = Term | Alias | Regex | Within | Moded | Except | Near | AtLeast | Not | And | Or | ScanAll

_BINDING: Final = {Or: 10, And: 20, Not: 30, Near: 40, Except: 50, AtLeast: 60}


def show(node: Node) -> str:  # noqa: PLR0911 - one case for each kind of node
    """Write a tree as an expression that reads back as the same tree."""
    match node:
        case Term():
            return _show_term(node)
        case Alias(name):
            return f"@{name}"
        case Regex(pattern):
            return "/" + pattern.replace("/", "\\/") + "/"
        case Within(name, inner):
            return f"{name}:{_show_in(inner, 70)}"
        case Moded(mode, inner):
            return f"{mode}({show(inner)})"
        case ScanAll(inner):
            return f"scan_all({show(inner)})"
        case _:
            return _show_operator(node)


def _show_operator(node: Except | Near | AtLeast | Not | And | Or) -> str:
    match node:
        case Except(keep, drop):
            return f"{_show_in(keep, 51)} EXCEPT {_show_in(drop, 51)}"
        case Near(left, right, distance, ordered):
            word = "SAME_SENTENCE" if distance is None else f"{'O' if ordered else ''}NEAR/{distance}"
            return f"{_show_in(left, 40)} {word} {_show_in(right, 41)}"
        case AtLeast(count, inner):
            return f"ATLEAST/{count} {_show_in(inner, 61)}"
        case Not(inner):
            return f"NOT {_show_in(inner, 30)}"
        case And(parts):
            return " AND ".join(_show_in(part, 21) for part in parts)
        case Or(parts):
            return " OR ".join(_show_in(part, 11) for part in parts)


def _show_in(node: Node, least: int) -> str:
    """Write a node, in brackets where it binds less tightly than its place asks for."""
    text = show(node)
    return f"({text})" if _BINDING.get(type(node), 99) < least else text


def _show_term(term: Term) -> str:
    """Write a term; quoted where it was, or where it would read as something else."""
    if not term.quoted:
        return term.text
    text = term.text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"' + (f"~{term.slop}" if term.slop else "")
