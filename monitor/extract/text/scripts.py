"""Data that a page's scripts hold: what client-rendered sites print instead of paragraphs.

Three forms are read. `#ID`: a script element that is nothing but JSON (Next.js: `#__NEXT_DATA__`). `NAME`: JSON assigned
to a variable (Arc Publishing: `Fusion.globalContent`). `__next_f`: the rows of React's flight protocol, which Next.js
pushes piece by piece (`self.__next_f.push([1, "…"])`); a row is `hex:JSON` or, for long text, `hex:Tlength,text`; hints to the
browser have no number.

A path leads to values: names joined by dots, `*` for every item, `**` for any depth; `[key=value]` keeps the mappings
that say so. Lists are looked through without being named.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from selectolax.lexbor import LexborHTMLParser

from monitor.model.errors import DefinitionError

SCRIPT = "@script"
_FORM = "write @script NAME PATH, as in @script #__NEXT_DATA__ props.title"
FLIGHT = "__next_f"
_LARGEST = 4 * 1024 * 1024  # characters of a script
_MOST = 100_000  # values looked at on the way
_FOUND = 2_000
_SCRIPTS = 400
_STEP = re.compile(r"(?P<name>\*\*|\*|[^.\[\]]+)(?:\[(?P<key>[^=\[\]]+)=(?P<value>[^\[\]]*)\])?")
_PUSH = re.compile(r"self\.__next_f\.push\(")
_ROW = re.compile(r"(?P<id>[0-9a-f]*):(?:T(?P<size>[0-9a-f]+),)?")
_REFERENCE = re.compile(r"\$([0-9a-f]+)")
_DECODER = json.JSONDecoder(strict=False)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path; an empty `key` keeps everything."""

    name: str
    key: str = ""
    value: str = ""


@lru_cache(maxsize=512)
def script_query(way: str) -> tuple[str, tuple[Step, ...]]:
    """Read `@script NAME PATH`. Raises DefinitionError."""
    words = way.split(" ")
    if len(words) != 3 or words[0] != SCRIPT or not all(words):  # noqa: PLR2004 - the word, the name, the path
        raise DefinitionError("a script's name and a path are expected", _FORM)
    steps = []
    for part in re.split(r"\.(?![^\[]*\])", words[2]):
        found = _STEP.fullmatch(part)
        if found is None:
            raise DefinitionError(f"the path cannot be read at {part!r}", _FORM)
        steps.append(Step(found["name"], found["key"] or "", found["value"] or ""))
    return words[1], tuple(steps)


def script_data(tree: LexborHTMLParser, name: str) -> object:
    """Return what the script of that name holds; None when there is none, or when it is no JSON. Never raises."""
    if name.startswith("#"):
        node = tree.css_first(f"script{name}")
        return decoded(node.text().strip(), 0) if node is not None else None
    scripts = [node.text() for node in tree.css("script")[:_SCRIPTS]]
    if name == FLIGHT:
        return _flight(scripts)
    assigned = re.compile(rf"(?<![\w.]){re.escape(name)}\s*=\s*(?=[{{\[])")
    return next((decoded(script, found.end()) for script in scripts if (found := assigned.search(script))), None)


def follow(data: object, steps: tuple[Step, ...]) -> list[str]:
    """Return the texts at the end of a path, in order, at most 2,000."""
    rows = data if isinstance(data, dict) else {}
    found: list[object] = [data]
    for step in steps:
        found = list(islice((value for one in found for value in _stepped(one, step)), _MOST))
    texts = (_text(value, rows) for one in found for value in (one if isinstance(one, list) else [one]))
    return list(islice((text for text in texts if text), _FOUND))


def decoded(script: str, start: int) -> object:
    """Read the JSON value that begins there; None when there is none, or too much of it."""
    if len(script) > _LARGEST:
        return None
    try:
        return _DECODER.raw_decode(script, start)[0]
    except (ValueError, RecursionError):
        return None


def _stepped(value: object, step: Step) -> Iterator[object]:
    """Go one step; a filter looks at the mappings that the step led to."""
    for reached in _named(value, step.name):
        if not step.key:
            yield reached
            continue
        for item in reached if isinstance(reached, list) else [reached]:
            if isinstance(item, dict) and str(item.get(step.key)) == step.value:
                yield item


def _named(value: object, name: str) -> Iterator[object]:
    if name == "**":
        return _everything(value)
    if name == "*":
        return iter(value.values() if isinstance(value, dict) else value if isinstance(value, list) else ())
    holders = value if isinstance(value, list) else [value]
    return (holder[name] for holder in holders if isinstance(holder, dict) and name in holder)


def _everything(value: object) -> Iterator[object]:
    """Return every mapping of the whole value, in order, without recursion, after a bounded number of steps."""
    stack = [value]
    for _ in range(_MOST):
        if not stack:
            return
        one = stack.pop()
        if isinstance(one, dict):
            yield one
        inner = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        stack.extend(reversed([item for item in inner if isinstance(item, dict | list)]))


def _text(value: object, rows: dict[str, object]) -> str:
    """Return a text or a number as text; a flight reference stands for the row that it names."""
    if isinstance(value, str):
        reference = _REFERENCE.fullmatch(value)
        target = rows.get(reference[1]) if reference else None
        return target if isinstance(target, str) else value.strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _flight(scripts: list[str]) -> dict[str, object] | None:
    """Join what was pushed and read its rows; sizes of text rows count bytes of UTF-8."""
    pushed = (decoded(script, found.end()) for script in scripts if (found := _PUSH.search(script)))
    parts = [part[1] for part in pushed if isinstance(part, list) and len(part) > 1 and isinstance(part[1], str)]
    stream = "".join(parts)
    if not stream or len(stream) > _LARGEST:
        return None
    rows: dict[str, object] = {}
    position = 0
    while (found := _ROW.match(stream, position)) and len(rows) < _MOST:
        if found["size"]:
            rows[found["id"]], position = _long_text(stream, found.end(), int(found["size"], 16))
            continue
        end = stream.find("\n", found.end())
        end = len(stream) if end < 0 else end
        rows[found["id"]] = decoded(stream, found.end())
        position = end + 1
    return rows


def _long_text(stream: str, start: int, size: int) -> tuple[str, int]:
    """Cut `size` bytes of UTF-8 from the stream; return it and where the next row begins."""
    text = stream[start : start + size].encode("utf-8", "surrogatepass")[:size].decode("utf-8", "ignore")
    return text, start + len(text)
