"""The values that must be shown nowhere, known by where they came from: a variable or a file of secrets, not by a key's name.

A process has one set of them, filled whenever a configuration is read; whatever puts a text before people or into the
database asks `hide` first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import parse_qsl, quote, quote_plus, unquote, unquote_plus, urlsplit

SHORTEST: Final = 6
"""Characters from which a value counts: hiding `5m` or `true` wherever they stand would hide everything else."""
MOST: Final = 4_000
"""How many spellings are remembered; then the oldest is forgotten."""
LONG_PATH: Final = 16
"""Characters from which the path of a confidential address, or a step of it, is hidden by itself; `/news/` stands in too many others."""
_ESCAPE: Final = re.compile("%[0-9A-F]{2}")
HIDDEN: Final = "[hidden]"


class SecretValues:
    """A bounded set of confidential values, in every spelling in which an address, JSON or a log may show them."""

    def __init__(self) -> None:
        self._spellings: dict[str, None] = {}
        self._longest_first: tuple[str, ...] = ()

    def remember(self, values: Iterable[str]) -> None:
        """Add values; those that were added before stay, because a secret that was exchanged may still stand somewhere."""
        for spelling in (spelling for value in values for spelling in _spellings(value)):
            self._spellings[spelling] = None
        for oldest in list(self._spellings)[:-MOST]:
            self._spellings.pop(oldest, None)
        self._longest_first = tuple(sorted(self._spellings, key=len, reverse=True))

    def hide(self, text: str) -> str:
        """Return the text with `[hidden]` where a confidential value stands."""
        for value in self._longest_first:
            if value in text:
                text = text.replace(value, HIDDEN)
        return text


_VALUES = SecretValues()


def remember(values: Iterable[str]) -> None:
    """Add values to those that this process shows nowhere."""
    _VALUES.remember(values)


def hide(text: str) -> str:
    """Return the text with `[hidden]` where a value stands that this process must not show."""
    return _VALUES.hide(text)


def hidden(value: object) -> object:
    """Return a value with every text inside its lists and mappings as `hide` returns it; keys stay."""
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, dict):
        return {key: hidden(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [hidden(inner) for inner in value]
    return value


def _spellings(value: str) -> Iterator[str]:
    """Yield every form of a value, of its lines, and of what is confidential inside an address."""
    for part in {value: None, **dict.fromkeys(line.strip() for line in value.splitlines()), **_inside(value)}:
        forms = (
            part,
            quote(part),
            quote(part, safe=""),
            quote_plus(part),
            unquote(part),
            unquote_plus(part),
            part.lower(),  # of an address's host, which is compared so
            *(_ESCAPE.sub(lambda mark: mark[0].lower(), quoted) for quoted in (quote(part), quote(part, safe=""))),
            json.dumps(part)[1:-1],
            repr(part)[1:-1],
        )
        yield from (form for form in dict.fromkeys(forms) if len(form.strip()) >= SHORTEST)


def _inside(value: str) -> dict[str, None]:
    """Return what an address holds that may be shown apart from it: password, values of its query, a long path."""
    if "://" not in value:
        return {}
    try:
        parts = urlsplit(value.strip())
        password = parts.password or ""
    except ValueError:
        return {}
    given = [item for _, item in parse_qsl(parts.query)]
    raw = [item.partition("=")[2] for item in parts.query.split("&")]
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    steps = [step for step in parts.path.split("/") if len(step) >= LONG_PATH]
    paths = [path, parts.path, *steps] if len(path) >= LONG_PATH else []
    bare = parts.netloc.rpartition("@")[2] + path
    return dict.fromkeys(
        [password, *given, *raw, *(one for one in paths if len(one) >= LONG_PATH), *([bare] if paths else [])]
    )
