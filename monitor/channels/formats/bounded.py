"""Jinja2 with an end: a template whose time and size are bounded by the text it is made from. Pure.

The sandbox of Jinja2 keeps a template from the program, and bounds neither time nor memory. So here a template has no calls, no
assignments, no macros, no arithmetic that multiplies, at most MOST_NODES parts; and what is left that could grow pays from
a purse: each turn of a loop the parts inside it, each filter the text it makes, each piece of output its length. Nothing of
Python is behind a dot: it reads the keys of mappings, and what `loop` knows.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

from jinja2 import StrictUndefined, Template, TemplateRuntimeError, TemplateSyntaxError, Undefined, nodes, pass_context
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from monitor.channels.words.card import shortened

MOST_NODES: Final = 1_000
MOST_TURNS: Final = 50_000  # parts of a template that loops may go through
MOST_TEXT: Final = 1_000_000  # code points that filters may make
MOST_OUTPUT: Final = 65_536  # bytes

_PURSE: Final = "%purse"  # no name that can be written in a template
_EACH: Final = "%each"
_LOOP: Final = frozenset({"index", "index0", "revindex", "revindex0", "first", "last", "length", "depth", "depth0"})
_TESTS: Final = (
    "defined",
    "undefined",
    "none",
    "string",
    "number",
    "mapping",
    "sequence",
    "true",
    "false",
    "in",
    "eq",
    "ne",
)
_ALLOWED: Final = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For),
    *(nodes.Name, nodes.Const, nodes.List, nodes.Tuple, nodes.Dict, nodes.Pair, nodes.Keyword),
    *(nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.CondExpr, nodes.Filter, nodes.Test),
    *(nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Concat, nodes.Add, nodes.Sub, nodes.Neg),
)
_NAMED: Final = {
    nodes.Call: "a call",
    nodes.Assign: "`set`",
    nodes.AssignBlock: "`set`",
    nodes.With: "`with`",
    nodes.Macro: "a macro",
    nodes.Mul: "a multiplication",
    nodes.Pow: "a power",
    nodes.Mod: "`%`",
    nodes.Include: "`include`",
    nodes.Import: "`import`",
    nodes.FromImport: "`import`",
    nodes.Extends: "`extends`",
    nodes.Block: "a block",
}


class Purse:
    """What one rendering may still spend: parts of loops, and code points."""

    def __init__(self) -> None:
        self._turns = MOST_TURNS
        self._text = MOST_TEXT

    def each(self, items: Iterable[object], cost: int) -> Iterator[object]:
        """Yield the items of a list as long as it can be paid for. Raises TemplateRuntimeError."""
        if not isinstance(items, list | tuple):
            raise TemplateRuntimeError("only a list can be looped over")
        for item in items:
            self._turns -= cost
            if self._turns < 0:
                raise TemplateRuntimeError("the loops take too many turns")
            yield item

    def paid(self, value: object) -> object:
        """Return what a filter made. Raises TemplateRuntimeError where all of them made too much."""
        self._text -= len(value) if isinstance(value, str) else 1
        if self._text < 0:
            raise TemplateRuntimeError("the filters make too much text")
        return value


class BoundedEnvironment(ImmutableSandboxedEnvironment):
    """Reads and runs bounded templates (jinja2.Environment)."""

    def __init__(self, *, autoescape: bool) -> None:
        super().__init__(autoescape=autoescape, undefined=StrictUndefined, keep_trailing_newline=True)
        self.globals.clear()
        kept = {name: self.tests[name] for name in _TESTS}
        self.tests.clear()
        self.tests.update(kept)
        self.filters.clear()
        self.filters.update({name: _paying(make) for name, make in FILTERS.items()})
        if autoescape:
            self.filters["e"] = self.filters["escape"] = self.filters["string"]  # once is enough
        self.filters[_EACH] = _each

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Read a template, refuse what has no bound, and let loops pay."""
        tree = super()._parse(source, name, filename)
        _check(tree)
        for loop in list(tree.find_all(nodes.For)):
            cost = sum(1 for _ in loop.find_all(nodes.Node))
            paid = nodes.Filter(loop.iter, _EACH, [nodes.Const(cost)], [], None, None, lineno=loop.lineno)
            loop.iter = paid.set_environment(self)
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 - jinja2's signature
        """Return what stands under a key, or what `loop` knows; nothing else has attributes."""
        if isinstance(obj, LoopContext) and attribute in _LOOP:
            return getattr(obj, attribute)
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:  # noqa: ANN401 - jinja2's signature
        """Return what stands under a key or at a place; where nothing does, what complains when it is used."""
        if isinstance(obj, Undefined):
            str(obj)  # raises UndefinedError
        if isinstance(obj, Mapping) or (isinstance(obj, list | tuple | str) and isinstance(argument, int)):
            try:
                return obj[argument]
            except (LookupError, TypeError):
                pass
        what = "is nothing" if obj is None else "does not hold it" if isinstance(obj, Mapping) else "is no mapping"
        return self.undefined(f"there is no {argument!r}: what stands before it {what}")


def render(template: Template, values: Mapping[str, object]) -> bytes:
    """Return what a template of a BoundedEnvironment makes of these values, in UTF-8.

    Raises jinja2's TemplateError, also for what would cost too much; TypeError and ValueError for sums of what is none.
    """
    pieces: list[bytes] = []
    size = 0
    for piece in template.generate({**values, _PURSE: Purse()}):
        pieces.append(piece.encode())
        size += len(pieces[-1])
        if size > MOST_OUTPUT:
            raise TemplateRuntimeError(f"the output has more than {MOST_OUTPUT} bytes")
    return b"".join(pieces)


def _check(tree: nodes.Template) -> None:
    """Raise TemplateSyntaxError for parts that have no bound, and for too many."""
    for count, node in enumerate(tree.find_all(nodes.Node)):
        if count > MOST_NODES:
            raise TemplateSyntaxError(f"the template has more than {MOST_NODES} parts", node.lineno)
        if not isinstance(node, _ALLOWED):
            what = _NAMED.get(type(node), f"`{type(node).__name__.lower()}`")
            line = node.lineno or next((inner.lineno for inner in node.find_all(nodes.Node) if inner.lineno), 1)
            raise TemplateSyntaxError(f"{what} cannot stand in a template here", line)
        if isinstance(node, nodes.For) and (node.recursive or not isinstance(node.target, nodes.Name)):
            raise TemplateSyntaxError("a loop goes over one list, with one name", node.lineno)


@pass_context
def _each(context: Context, items: Iterable[object], cost: int) -> Iterator[object]:
    return _purse(context).each(items, cost)


def _purse(context: Context) -> Purse:
    purse = context.resolve(_PURSE)
    if not isinstance(purse, Purse):
        raise TemplateRuntimeError("a template is rendered by `render` alone")
    return purse


def _paying(make: Callable[..., object]) -> Callable[..., object]:
    """Return a filter that pays for what it makes."""

    @pass_context
    def paying(context: Context, value: object, *arguments: object, **named: object) -> object:
        return _purse(context).paid(make(value, *arguments, **named))

    return paying


def _text(value: object) -> str:
    return str(value)  # of what is undefined it raises UndefinedError


def _tojson(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=_text)


def _default(value: object, other: object = "", boolean: object = False) -> object:  # noqa: FBT002 - as jinja2's own
    return other if isinstance(value, Undefined) or (boolean and not value) else value


def _length(value: object) -> int:
    if isinstance(value, str | list | tuple | Mapping):
        return len(value)
    raise TemplateRuntimeError(f"{_text(value)[:40]!r} has no length")


def _join(value: object, between: object = "") -> str:
    if not isinstance(value, list | tuple):
        raise TemplateRuntimeError("only a list can be joined")
    return _text(between).join(_text(item) for item in value)


def _end(place: int) -> Callable[[object], object]:
    def end(value: object) -> object:
        return value[place] if isinstance(value, str | list | tuple) and value else ""

    return end


def _truncate(value: object, length: object = 255) -> str:
    if not isinstance(length, int) or length < 1:
        raise TemplateRuntimeError("`truncate` takes a number from 1 on")
    return shortened(_text(value), length)


FILTERS: Final[Mapping[str, Callable[..., object]]] = {
    "tojson": _tojson,
    "default": _default,
    "d": _default,
    "length": _length,
    "count": _length,
    "join": _join,
    "first": _end(0),
    "last": _end(-1),
    "truncate": _truncate,
    "upper": lambda value: _text(value).upper(),
    "lower": lambda value: _text(value).lower(),
    "trim": lambda value: _text(value).strip(),
    "string": _text,
    "escape": lambda value: html.escape(_text(value)),
    "e": lambda value: html.escape(_text(value)),
    "urlencode": lambda value: quote(_text(value), safe=""),
}
