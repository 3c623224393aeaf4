"""A rule's `match` written as a tree of keys -> JSON text, which is how a plan carries it. Pure.

What the keys mean is known to the room that matches; here only the shape is settled. Whole numbers become numbers; what
else YAML does not take for text, and what has no value, becomes null, which is refused there at its place.
"""

from __future__ import annotations

import json
from itertools import count
from typing import Final, TypeAlias

from monitor.config.documents import Broken, Unquoted, Value
from monitor.config.values import fault

MAX_VALUES: Final = 20_000  # YAML aliases can make a small file mean billions
_LONGEST_NUMBER: Final = 9
Data: TypeAlias = "str | bool | int | list[Data] | dict[str, Data] | None"


def tree_text(value: object) -> object:
    """Write a mapping as JSON; anything else is left to the checks of text."""
    if not isinstance(value, dict):
        return value
    return json.dumps(_data(value, count(1)), ensure_ascii=False)


def _data(value: Value, counter: count[int]) -> Data:
    """Return the same tree in the types of JSON. Raises a fault where it is too large."""
    if next(counter) > MAX_VALUES:
        raise fault("CFG005", f"must hold at most {MAX_VALUES} values", "split the rule, or use alias groups")
    match value:
        case dict():
            return {key: _data(item, counter) for key, item in value.items()}
        case list():
            return [_data(item, counter) for item in value]
        case Unquoted("number", raw) if raw.isascii() and raw.isdigit() and len(raw) <= _LONGEST_NUMBER:
            return int(raw)
        case Unquoted():
            return None
        case Broken():
            raise fault("", "already told")
        case _:
            return value
