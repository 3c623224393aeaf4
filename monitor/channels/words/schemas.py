"""The JSON Schemas of the bodies, which stand beside this file as `<type>.schema.json`, and a body made from each. Pure.

The `$id` of a schema ends in the version of the shape: `urn:monitor:webhook:hit.created:1`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, Final

_SUFFIX: Final = ".schema.json"
_DIGEST: Final = "digest"
_SHED: Final = (
    "matches",
    "excerpt",
    "story",
    "action",
    "passages",
    "words",
    "escalation",
    "series",
)  # what items of a digest may lack
_TEXTS: Final = (
    'a "quoted" \\ word, 100 % <b>오픈AI</b> {{1}} & 😀',
    "2026-11-24T00:30:05.120Z",
    "https://example.com/news?a=1&b=%EB%89%B4",
    "outlets:5",
)
"""Tried in order until one fits: what a headline may hold, a moment, an address, a level of a story."""


@cache
def types() -> tuple[str, ...]:
    """Return the types of message that there are, in alphabetical order."""
    names = (file.name for file in files(__package__).iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX)))


def schema_text(message_type: str) -> str:
    """Return the schema of a type as it is written. Raises KeyError for a type that there is not."""
    if message_type not in types():
        raise KeyError(message_type)
    return files(__package__).joinpath(message_type + _SUFFIX).read_text("utf-8")


def samples() -> Iterator[tuple[str, bytes]]:
    """Yield bodies as a receiver may meet them, with their types: each type with all its keys, and with nulls where it may have them.

    Their texts hold quotation marks, backslashes and signs of markup, as headlines do.
    """
    for bare in (False, True):
        alone = {name: _sample(name, bare=bare) for name in types() if name != _DIGEST}
        for name, body in alone.items():
            yield name, _encoded(body)
        items = [_item(body, bare=bare) for body in alone.values()]
        digest = _sample(_DIGEST, bare=bare) | {"data": {"total": len(items) + 1, "items": items}}
        yield _DIGEST, _encoded(digest)


def _sample(message_type: str, *, bare: bool) -> dict[str, Any]:
    schema = json.loads(schema_text(message_type))
    made: dict[str, Any] = _example(schema, schema.get("$defs", {}), bare=bare)
    return made


def _item(body: dict[str, Any], *, bare: bool) -> dict[str, Any]:
    """Return a body as an item of a digest, which has neither version nor seq."""
    shed = _SHED if bare else ()
    data = {key: value for key, value in body["data"].items() if key not in shed}
    return {"type": body["type"], "timestamp": body["timestamp"], "data": data}


def _example(schema: dict[str, Any], defs: dict[str, Any], *, bare: bool) -> Any:  # noqa: ANN401 - JSON
    """Return a value that a schema allows, as far as our own schemas go."""
    if "$ref" in schema:
        return _example(defs[schema["$ref"].rpartition("/")[2]], defs, bare=bare)
    if "anyOf" in schema:
        return _example(schema["anyOf"][-1 if bare else 0], defs, bare=bare)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object":
        return {name: _example(one, defs, bare=bare) for name, one in schema.get("properties", {}).items()}
    if schema.get("type") == "array":
        return [_example(schema["items"], defs, bare=bare)] * schema.get("minItems", 1)
    return schema["const"] if "const" in schema else _scalar(schema)


def _scalar(schema: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    numbers = {"integer": schema.get("minimum", 1), "number": schema.get("minimum", 1), "boolean": True, "null": None}
    if schema.get("type") in numbers:
        return numbers[schema["type"]]
    return next(text for text in _TEXTS if re.search(schema.get("pattern", ""), text))


def _encoded(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
