"""The keys of a definition: what may stand under each, and what to say where something else does."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from monitor.extract.text.scripts import SCRIPT, script_query
from monitor.model.errors import DefinitionError

Place: TypeAlias = tuple[str | int, ...]
Written: TypeAlias = Mapping[str, Any]
Check: TypeAlias = Callable[[Any], None]

FAMILY = "@family"
READERS = frozenset({"@jsonld", "@meta", "@image-clock", "@generic"})
FIELDS = ("title", "subtitle", "body", "published_at", "modified_at", "authors", "section", "captions", "lang")
WAYS = ("title", "subtitle", "body", "date", "modified", "author", "section", "caption")
_LONGEST = 2_000  # characters of one text
_TEMPLATE = re.compile(r"(?:[^{}]|\{[A-Za-z_]\w*\})+")
# Keys of earlier versions, and what they are called now.
_RENAMED: Mapping[str, str] = {"leads": "entries"}
_EMPTY = LexborHTMLParser("")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at `place`, a path of keys and indices inside one definition, and how to mend it.

    `key` says that the key itself is wrong, not what stands under it.
    """

    place: Place
    message: str
    hint: str = ""
    key: bool = False

    def __str__(self) -> str:
        """Return it as one line."""
        return f"{'.'.join(map(str, self.place))}: {self.message}" + (f" ({self.hint})" if self.hint else "")


def fault_of(error: DefinitionError, *above: str | int) -> Fault:
    """Return what an error says, its place below `above`."""
    return Fault((*above, *error.place), error.message, error.hint, error.key)


def wrong(written: Written, known: Mapping[str, Check]) -> list[Fault]:
    """Return the faults of all keys of a mapping, in their order."""
    found = []
    for key, value in written.items():
        check = known.get(key)
        if check is None:
            found.append(Fault((key,), *_unknown(key, known), key=True))
            continue
        try:
            check(value)
        except DefinitionError as error:
            found.append(fault_of(error, key))
    return found


def _unknown(key: str, known: Collection[str]) -> tuple[str, str]:
    """Return (message, hint) for a key that is none here."""
    now = _RENAMED.get(key, "")
    if now in known:
        return f"`{key}` is called `{now}` now", f"write `{now}:`"
    near = get_close_matches(key, known, 1)
    return f"unknown key `{key}`", f"did you mean `{near[0]}`?" if near else f"known: {', '.join(sorted(known))}"


def _text(value: object) -> None:
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise DefinitionError("a text is expected")


def _each(check: Check) -> Check:
    """Make a check of lists from one of items."""

    def listed(value: object) -> None:
        if not isinstance(value, list):
            raise DefinitionError("a list is expected", "put it into brackets: [ ]")
        for number, item in enumerate(value):
            try:
                check(item)
            except DefinitionError as error:
                raise DefinitionError(error.message, error.hint, number, *error.place, key=error.key) from None

    return listed


def _inside(known: Mapping[str, Check], required: tuple[str, ...] = ()) -> Check:
    """Make a check of mappings with these keys."""

    def mapping(value: object) -> None:
        if not isinstance(value, Mapping):
            raise DefinitionError("a mapping is expected", f"its keys are {', '.join(known)}")
        found = wrong(value, known)
        missing = [key for key in required if key not in value]
        if missing:
            raise DefinitionError(f"`{missing[0]}` is missing")
        if found:
            raise DefinitionError(found[0].message, found[0].hint, *found[0].place, key=found[0].key)

    return mapping


def _selector(value: object) -> None:
    _text(value)
    if value == FAMILY:
        return
    try:
        _EMPTY.css(str(value))
    except SelectolaxError:
        raise DefinitionError("this is no CSS selector that can be used", "write it as in a style sheet") from None


def _way(value: object) -> None:
    _text(value)
    word = str(value).split(" ")[0]
    if word == SCRIPT:
        script_query(str(value))
    elif word.startswith("@") and value not in READERS and value != FAMILY:
        raise DefinitionError(f"unknown reader {word}", f"readers: {', '.join(sorted({*READERS, SCRIPT, FAMILY}))}")
    elif not word.startswith("@"):
        _selector(value)


def _pattern(group: str = "") -> Check:
    """Make a check of regular expressions, which must have the group if one is named."""

    def pattern(value: object) -> None:
        _text(value)
        if value in {"", FAMILY}:
            return
        try:
            compiled = re.compile(str(value))
        except re.error as error:
            raise DefinitionError(f"this regular expression cannot be read: {error}") from None
        if group and group not in compiled.groupindex:
            raise DefinitionError(f"the group (?P<{group}>...) is missing")

    return pattern


def _host(value: object) -> None:
    _text(value)
    if not re.fullmatch(r"\*|[a-z0-9.-]+\.[a-z0-9-]+", str(value)):
        raise DefinitionError("a host without www. or https:// is expected", "as in mediapen.com")


def _home(value: object) -> None:
    if value != FAMILY:
        _host(value)


def _rule(value: object) -> None:
    """Check an identity rule: every part of `canonical` must be in every path or in the query."""
    if value == FAMILY:
        return
    _RULE(value)
    if not isinstance(value, Mapping):
        return
    if not str(value["canonical"]).startswith(("https://", "http://")):
        raise DefinitionError("a URL is expected", "", "canonical")
    if not _TEMPLATE.fullmatch(str(value["canonical"])):
        raise DefinitionError("only names may stand in { }", "as in https://ex.kr/{id}", "canonical")
    wanted = set(re.findall(r"\{(\w+)\}", value["canonical"]))
    for pattern in value["paths"]:
        known = {"host", *re.compile(pattern).groupindex, *value.get("query", ())}
        if wanted - known:
            raise DefinitionError(f"{{{min(wanted - known)}}} is no group of {pattern}", "", "canonical")


def _number(value: object) -> None:
    if not str(value).isdecimal() or len(str(value)) > 9:  # noqa: PLR2004 - more is no number of anything here
        raise DefinitionError("a whole number is expected")


def _date(value: object) -> None:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        raise DefinitionError("a day is expected", "as in 2026-01-31") from None


def _zone(value: object) -> None:
    try:
        ZoneInfo(str(value))
    except (ValueError, OSError, LookupError):
        raise DefinitionError("an IANA time zone is expected", "as in Asia/Seoul") from None


def _one_of(*words: str) -> Check:
    def word(value: object) -> None:
        if value not in words:
            raise DefinitionError(f"one of {', '.join(words)} is expected")

    return word


_RULE = _inside(
    {
        "hosts": _each(_host),
        "paths": _each(_pattern()),
        "query": _each(_text),
        "canonical": _text,
        "answers": _one_of("true", "false"),
    },
    ("paths", "canonical"),
)
_LAYOUT: Mapping[str, Check] = {
    **dict.fromkeys(WAYS, _each(_way)),
    "byline": _pattern("names"),
    "image_clock": _pattern("unix"),
    "drop": _inside(
        {
            "selectors": _each(_selector),
            "prefixes": _each(_text),
            "contains": _each(_text),
            "paragraphs": _each(_pattern()),
        }
    ),
    "caption_marks": _each(_text),
    "check": _inside({"entries": _number, "body": _number, "needs": _each(_one_of(*FIELDS, FAMILY))}),
}
KEYS: Mapping[str, Check] = {
    **_LAYOUT,
    "family": _text,
    "outlet": _text,
    "zone": _zone,
    "hosts": _each(_home),
    "identity": _each(_rule),
    "list": _inside({"not_titles": _each(_selector), "stale_ids": _number}),
    "layouts": _each(_inside({**_LAYOUT, "from": _date, "until": _date})),
    "unverified_live": _one_of("true", "false"),
}
