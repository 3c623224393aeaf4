"""The query language as a tree of keys, for people who never want a syntax: `match:` of a rule may be a mapping.

A text is a word or phrase, taken as it is; a text that begins with @ names an alias group. A mapping says more:

    any_of, all_of, none_of   lists of texts and mappings
    near                      a list; `within` says how many words apart (default: one sentence), `ordered` in this order
    term, regex               one text
    except, min_count         occurrences that do not count; how many must
    mode, field               for everything in the mapping
    scan_all                  at the top: hold the rule against every article

The tree is the same that `parser.parse` makes, so `syntax.show` writes it as an expression. Rules carry it as JSON text.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NoReturn, TypeAlias, cast

from monitor.match.query import syntax
from monitor.match.query.lexer import COUNT_LIMIT
from monitor.match.query.parser import LONGEST, has_occurrences
from monitor.model.errors import QueryError

Path: TypeAlias = tuple[str | int, ...]
_DEEPEST: Final = 30
_CONTENTS: Final = ("term", "regex", "any_of", "all_of", "near")
KEYS: Final = (
    *_CONTENTS,
    *("none_of", "except", "min_count", "within", "ordered", "mode", "field", "scan_all"),
)


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree that was read, and where its nodes stood: a node's `pos` is an index into `paths`."""

    node: syntax.Node
    paths: tuple[Path, ...]


def is_tree(expression: str) -> bool:
    """Return whether the expression of a rule is a tree written as JSON."""
    return expression.lstrip()[:1] == "{"


def read_tree(expression: str) -> Tree:
    """Read a tree from JSON text. Raises QueryError, whose `path` leads to the wrong key or value."""
    if len(expression) > LONGEST:
        raise QueryError(expression, 0, f"the tree is longer than {LONGEST} characters", "split the rule")
    try:
        data = json.loads(expression)
    except json.JSONDecodeError as error:
        raise QueryError(
            expression, error.pos, f"not a tree: {error.msg}", 'quote a word that begins with "{"'
        ) from None
    except (RecursionError, ValueError):
        raise QueryError(expression, 0, "the tree cannot be read", "nest less deeply") from None
    return from_data(data, expression)


def from_data(data: object, text: str = "") -> Tree:
    """Read a tree from lists, mappings, texts, numbers and truth values; `text` is what errors quote.

    Raises QueryError, whose `path` leads to the wrong key or value.
    """
    reader = _TreeReader(text)
    node = reader.top(data)
    return Tree(node, tuple(reader.paths))


class _TreeReader:
    """Turns data into nodes and remembers where each stood."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.paths: list[Path] = []

    def top(self, data: object) -> syntax.Node:
        """Read the whole tree; `scan_all` may stand here only."""
        everywhere = False
        if isinstance(data, dict) and "scan_all" in data:
            everywhere = self._switch(data["scan_all"], ("scan_all",))
            data = {key: value for key, value in data.items() if key != "scan_all"}
        node = self._node(data, ())
        return syntax.ScanAll(node, self._pos(())) if everywhere else node

    def _node(self, data: object, path: Path) -> syntax.Node:
        if len(path) > _DEEPEST:
            self._fail(path, "the tree is nested too deeply", "use alias groups")
        if isinstance(data, str):
            return self._word(data, path)
        if not isinstance(data, dict):
            self._not_text(data, path)
        return self._mapping(data, path)

    def _word(self, text: str, path: Path) -> syntax.Node:
        """Read a text: an alias group, or a term as it is."""
        if not text.startswith("@"):
            return self._term(text, path)
        name = text[1:]
        if not name or not all(char.isalnum() or char in "-_" for char in name):
            self._fail(path, "@ must be followed by the name of an alias group", 'to look for "@" itself use `term`')
        return syntax.Alias(name, self._pos(path))

    def _term(self, data: object, path: Path) -> syntax.Term:
        if not isinstance(data, str):
            self._not_text(data, path)
        if not data.strip():
            self._fail(path, "the term is empty", "write a word")
        return syntax.Term(data, quoted=True, pos=self._pos(path))

    def _mapping(self, data: dict[str, object], path: Path) -> syntax.Node:
        """Read a mapping: its contents, what does not count, how often, what must not stand there, mode and field."""
        self._known(data, path)
        parts = [self._content(key, data, path) for key in _CONTENTS if key in data]
        if not parts and "none_of" not in data:
            self._fail(path, "this mapping looks for nothing", f"it needs one of: {', '.join(_CONTENTS)}")
        if "except" in data or "min_count" in data:
            parts = [self._counted(data, parts, path)]
        if "none_of" in data:
            parts.append(
                syntax.Not(self._joined(syntax.Or, data["none_of"], (*path, "none_of")), self._pos((*path, "none_of")))
            )
        return self._placed(data, _one(syntax.And, parts, self._pos(path)), path)

    def _known(self, data: dict[str, object], path: Path) -> None:
        for key in data:
            if key not in KEYS:
                close = difflib.get_close_matches(str(key), KEYS, 1, 0.6)
                hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(KEYS)}"
                self._fail((*path, key), f"unknown key `{key}`", hint)
            if key in {"within", "ordered"} and "near" not in data:
                self._fail((*path, key), f"`{key}` belongs to `near`", "put it beside `near`")
            if key == "scan_all":
                self._fail((*path, key), "`scan_all` must stand at the top of the tree", "move it to the outside")

    def _content(self, key: str, data: dict[str, object], path: Path) -> syntax.Node:
        value, inside = data[key], (*path, key)
        match key:
            case "term":
                return self._term(value, inside)
            case "regex":
                return syntax.Regex(self._term(value, inside).text, self._pos(inside))
            case "near":
                return self._near(data, path)
            case _:
                return self._joined(syntax.Or if key == "any_of" else syntax.And, value, inside)

    def _joined(self, kind: type[syntax.And | syntax.Or], data: object, path: Path) -> syntax.Node:
        nodes = [self._node(item, where) for item, where in self._items(data, path)]
        return _one(kind, nodes, self._pos(path))

    def _items(self, data: object, path: Path) -> list[tuple[object, Path]]:
        """Return the items of a list with their places; one text stands for a list of one."""
        if isinstance(data, str | dict):
            return [(data, path)]
        if not isinstance(data, list) or not data:
            self._fail(path, f"`{path[-1]}` must be a list of at least one item", "as in [word, another]")
        return [(item, (*path, number)) for number, item in enumerate(data)]

    def _near(self, data: dict[str, object], path: Path) -> syntax.Node:
        """Read `near`, `within` and `ordered`: a near b near c."""
        items = self._items(data["near"], (*path, "near"))
        if len(items) < 2:  # noqa: PLR2004 - a pair
            self._fail((*path, "near"), "`near` needs two items at least", "as in [word, another]")
        words = data.get("within", "sentence")
        distance = None if words == "sentence" else self._number(words, (*path, "within"))
        ordered = self._switch(data.get("ordered", False), (*path, "ordered"))
        if ordered and distance is None:
            self._fail((*path, "ordered"), "`ordered` needs a number of words", "add `within: 5`")
        node, *others = [self._occurrences(self._node(item, where), where, "near") for item, where in items]
        for other in others:
            node = syntax.Near(node, other, distance, ordered, self._pos((*path, "near")))
        return node

    def _counted(self, data: dict[str, object], parts: list[syntax.Node], path: Path) -> syntax.Node:
        """Apply `except` and `min_count`, which work on occurrences of one thing."""
        name = "except" if "except" in data else "min_count"
        if len(parts) != 1:
            hint = "put the things that are meant into a mapping of their own"
            self._fail((*path, name), f"`{name}` needs exactly one of: {', '.join(_CONTENTS)}", hint)
        node = self._occurrences(parts[0], (*path, name), name)
        if "except" in data:
            inside = (*path, "except")
            drop = self._occurrences(self._joined(syntax.Or, data["except"], inside), inside, "except")
            node = syntax.Except(node, drop, self._pos(inside))
        if "min_count" in data:
            inside = (*path, "min_count")
            return syntax.AtLeast(self._number(data["min_count"], inside), node, self._pos(inside))
        return node

    def _placed(self, data: dict[str, object], node: syntax.Node, path: Path) -> syntax.Node:
        """Apply `mode` and `field` to everything in the mapping."""
        for mode, where in self._items(data["mode"], (*path, "mode")) if "mode" in data else ():
            node = syntax.Moded(cast("syntax.Mode", self._one_of(mode, syntax.MODES, where)), node, self._pos(where))
        if "field" not in data:
            return node
        inside = (*path, "field")
        field = self._one_of(data["field"], syntax.FIELDS, inside)
        if field in syntax.LABEL_FIELDS and not isinstance(node, syntax.Term):
            self._fail(inside, f"the field {field} is compared with one `term`", "use any_of around several mappings")
        return syntax.Within(field, node, self._pos(inside))

    def _occurrences(self, node: syntax.Node, path: Path, name: str) -> syntax.Node:
        if not has_occurrences(node):
            hint = "use terms, or any_of with terms"
            self._fail(path, f"`{name}` works on occurrences of words; this has none", hint)
        return node

    def _number(self, data: object, path: Path) -> int:
        if isinstance(data, bool) or not isinstance(data, int) or not 1 <= data <= COUNT_LIMIT:
            self._fail(path, f"`{path[-1]}` must be a whole number from 1 to {COUNT_LIMIT}", "")
        return data

    def _switch(self, data: object, path: Path) -> bool:
        if not isinstance(data, bool):
            self._fail(path, f"`{path[-1]}` must be true or false", "")
        return data

    def _one_of(self, data: object, known: Iterable[str], path: Path) -> str:
        if not isinstance(data, str) or data not in known:
            self._fail(path, f"there is no such {path[-1] if isinstance(path[-1], str) else path[-2]}",
                       f"known: {', '.join(known)}")  # fmt: skip
        return data

    def _not_text(self, data: object, path: Path) -> NoReturn:
        if isinstance(data, list):
            self._fail(path, "a list stands where a text or mapping is needed", "write any_of: or all_of: before it")
        self._fail(path, "this must be text", "put it in quotation marks")

    def _pos(self, path: Path) -> int:
        self.paths.append(path)
        return len(self.paths) - 1

    def _fail(self, path: Path, message: str, hint: str) -> NoReturn:
        raise QueryError(self._text, 0, message, hint, path=path)


def _one(kind: type[syntax.And | syntax.Or], nodes: list[syntax.Node], pos: int) -> syntax.Node:
    """Join nodes as the parser does: one stands alone, and parts of the same kind are taken in."""
    if len(nodes) == 1:
        return nodes[0]
    return kind(tuple(part for node in nodes for part in (node.parts if isinstance(node, kind) else (node,))), pos)
