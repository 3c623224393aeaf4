"""YAML text -> values with their places, or the line that cannot be read.

The tree is built from libyaml's events, which come one by one, rather than by its composer, which recurses: a hundred
thousand opening brackets make the composer overflow the C stack. Depth, number of values and number of aliases are
bounded, duplicate keys are found, and scalars keep their written form, so that YAML 1.1's surprises (`no`, `1.10`, `1:30`)
can be told to the person who wrote them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import yaml
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

from monitor.config.encoding import NAMES, encoding_of
from monitor.config.interpolate import InterpolationError, interpolate
from monitor.config.lookalikes import BREAKS, cause, clean_key, lookalike, named, partly_quoted
from monitor.config.places import Spot
from monitor.model.errors import ConfigProblem

MAX_DEPTH = 16
MAX_VALUES = 1_000_000
MAX_ALIASES = 1_000


@dataclass(frozen=True, slots=True)
class Unquoted:
    """A plain scalar that YAML does not take for text: `what` is number, date, or the like; `raw` is how it is written."""

    what: str
    raw: str = field(default="", repr=False, compare=False)


class Broken:
    """Stands for a value whose fault has already been told."""


BROKEN = Broken()

Value: TypeAlias = "str | bool | Unquoted | Broken | list[Value] | dict[str, Value] | None"

OPEN = frozenset(
    {
        "id",
        "kind",
        "every",
        "enabled",
        "first_run",
        "timezone",
        "analyser",
        "data_dir",
        "listen",
        "timeout",
        "max_bytes",
    }
    | {
        "per_host_interval",
        "allow_networks",
        "operator_channels",
        "sources",
        "rules",
        "channels",
        "site",
        "lang",
        "max_age",
        "follow_up",
        "heartbeat",
        "late",
    }
    | {"tags", "severity", "continue", "stories", "majors", "tier", "tiers", "rights"}
)
"""Keys whose values are words, figures and places that every report needs, and never secrets."""

COMMENTED = frozenset({"match", "no_match", "name", "aliases"})
"""Keys under which words are looked for or shown, so that a part that YAML takes for a comment changes what is found."""

_MISTAKEN = re.compile(r"(?: (?=#)|\s+(?=#\S))(#.*)")
_QUOTED = 40
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAG = "tag:yaml.org,2002:"
_WHAT = {"int": "number", "float": "number", "timestamp": "date", "merge": "merge mark", "value": "mark"}
_PLAIN_TAGS = {None, "!", f"{_TAG}str", f"{_TAG}map", f"{_TAG}seq"}
_RESOLVER = Resolver()


@dataclass(slots=True)
class Document:
    """What a file holds: its value (None when empty or unreadable), where everything stands, and its faults.

    `secrets` are the values that came from variables, but for those of OPEN keys.
    """

    value: Value
    spot: Spot
    problems: list[ConfigProblem] = field(default_factory=list)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    warnings: list[ConfigProblem] = field(default_factory=list)


class _UnreadableError(Exception):
    def __init__(self, problem: ConfigProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def read(data: bytes, file: str, environ: Mapping[str, str]) -> Document:
    """Read one YAML document and fill in environment variables; `file` is how problems name it. Never raises."""
    builder = _TreeBuilder(file, environ)
    fatal: ConfigProblem | None = None
    lines: list[str] = []
    try:
        text = _text(data, file)
        lines = BREAKS.split(text)
        builder.run(text, lines)
    except _UnreadableError as error:
        fatal = error.problem
    except yaml.MarkedYAMLError as error:
        fatal = _syntax(error, file, lines)
    except yaml.YAMLError:
        fatal = ConfigProblem(file, 1, 1, "this is not YAML", code="CFG004")
    if fatal is not None:
        return Document(None, Spot(file, 1, 1), [fatal], tuple(builder.secrets))
    return Document(builder.value, builder.spot, builder.problems, tuple(builder.secrets), builder.warnings)


def _text(data: bytes, file: str) -> str:
    """Decode as UTF-8 (a byte order mark may lead) and refuse control characters, which YAML does not know."""
    if (encoding := encoding_of(data)) in NAMES:
        hint = f"save it as UTF-8 (메모장: 다른 이름으로 저장, 인코딩 UTF-8; or iconv -f {encoding} -t utf-8)"
        at = _first_beyond_ascii(data) if encoding == "cp949" else 0
        before = data[:at].decode("ascii", "replace")
        raise _UnreadableError(_at(before, file, f"the file is {NAMES[encoding]}, not UTF-8", hint))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        hint = "save the file as UTF-8"
        raise _UnreadableError(_at(before, file, "a byte here is not UTF-8", hint)) from None
    if found := _CONTROL.search(text):
        message = f"the control character U+{ord(found[0]):04X} is not allowed"
        raise _UnreadableError(_at(text[: found.start()], file, message, "delete it"))
    return text


def _first_beyond_ascii(data: bytes) -> int:
    return next((at for at, byte in enumerate(data) if byte > 0x7F), 0)  # noqa: PLR2004 - the end of ASCII


def _at(before: str, file: str, message: str, hint: str) -> ConfigProblem:
    """Return a ConfigProblem right after the text `before`."""
    lines = re.split(r"\r\n|\r|\n", before)
    return ConfigProblem(file, len(lines), len(lines[-1]) + 1, message, hint, "CFG003")


_BEGINNING: Final = re.compile(
    r"scanning (?:an alias|an anchor|a tag|a block scalar)|block sequence entries are not allowed"
)


def _syntax(error: yaml.MarkedYAMLError, file: str, lines: list[str]) -> ConfigProblem:
    """Return libyaml's complaint with the place it means; what is never closed, where it was opened."""
    message = ", ".join(part for part in (error.context, error.problem) if part)
    unclosed = "flow" in message or "quoted scalar, found unexpected end" in message
    mark = (error.context_mark if unclosed else None) or error.problem_mark or error.context_mark
    hint = ""
    if "tab" in message or "cannot start any token" in message:
        hint = "indent with blanks, not tabs; quote a value that begins with @, %, ` or a tab"
    elif _BEGINNING.search(message):
        hint = "a value that begins with *, &, !, |, >, - or ? means something to YAML: put the whole into '…'"
    elif "mapping values are not allowed" in message:
        hint = 'quote a value that holds ": ", and check the indentation'
    elif unclosed:
        hint = "a bracket, brace or quotation mark is not closed, or ${...} stands unquoted inside [ ] or { }"
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    stumbled = error.problem_mark or mark
    where = (stumbled.line + 1, stumbled.column + 1) if stumbled else (line, column)
    if not ("tab" in message or "cannot start any token" in message) and (found := cause(lines, where[0])):
        return ConfigProblem(file, found.line, found.column, f"not YAML: {found.message}", found.hint, "CFG004")
    if broken := partly_quoted(lines, *where):
        return ConfigProblem(file, *where, f"not YAML: {message}", broken, "CFG004")
    return ConfigProblem(file, line, column, f"not YAML: {message}", hint, "CFG004")


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being filled. `key` is the key that waits for its value, `name` the one it stands under."""

    value: list[Value] | dict[str, Value]
    spot: Spot
    key: str | None = None
    name: str = ""
    lost: bool = False


class _TreeBuilder:
    """Turns events into values."""

    def __init__(self, file: str, environ: Mapping[str, str]) -> None:
        self.value: Value = None
        self.spot = Spot(file, 1, 1)
        self.problems: list[ConfigProblem] = []
        self.secrets: list[str] = []
        self.warnings: list[ConfigProblem] = []
        self._lines: list[str] = []
        self._file = file
        self._environ = environ
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Value, Spot]] = {}
        self._documents = self._values = self._aliases = 0

    def run(self, text: str, lines: list[str]) -> None:
        """Read the whole text, which has these lines. Raises _UnreadableError or a YAMLError."""
        self._lines = lines
        for event in yaml.parse(text, yaml.CSafeLoader):
            match event:
                case yaml.ScalarEvent():
                    self._scalar(event)
                case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    self._start(event)
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self._stack.pop()
                case yaml.AliasEvent():
                    self._alias(event)
                case yaml.DocumentStartEvent():
                    self._document(event)
                case _:
                    pass

    def _document(self, event: yaml.Event) -> None:
        self._documents += 1
        if self._documents > 1:
            raise self._stop(event, "a second YAML document begins here", "keep one document in a file")

    def _start(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        """Begin a list or mapping; it is put in its place at once and filled later."""
        if self._waits_for_key():
            raise self._stop(event, "a key must be a word, not a list or mapping", "quote it if it is meant as text")
        if len(self._stack) >= MAX_DEPTH:
            raise self._stop(event, f"nested more than {MAX_DEPTH} levels deep", "close the brackets")
        if event.tag not in _PLAIN_TAGS:
            self._tell(event, "YAML tags are not supported", "leave the tag out", "CFG007")
        value: list[Value] | dict[str, Value] = {} if isinstance(event, yaml.MappingStartEvent) else []
        spot = self._spot(event)
        under = self._under()
        self._put(value, spot, event)
        self._stack.append(_Open(value, spot, name=under))

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        if self._waits_for_key():
            self._key(event)
            return
        spot = self._spot(event)
        spot.raw = event.value
        spot.inner = _inner(event)
        if event.implicit[0]:
            self._warn_of_comment(event)
        self._put(BROKEN if self._swallowed(event) else self._meaning(event), spot, event)

    def _swallowed(self, event: yaml.ScalarEvent) -> bool:
        """Tell of a further line that a plain value took in because a sign in it only looks like YAML's; return whether it did."""
        first, last = (event.start_mark, event.end_mark)
        if not event.implicit[0] or first is None or last is None or first.line == last.line:
            return False
        found = lookalike(self._lines, first.line + 2, last.line + 1)
        if found:
            self.problems.append(
                ConfigProblem(self._file, found.line, found.column, found.message, found.hint, "CFG004")
            )
        return found is not None

    def _warn_of_comment(self, event: yaml.ScalarEvent) -> None:
        """Warn where a comment that may be meant as text stands right behind a plain value that people read."""
        mark, keys = event.end_mark, {self._under(), *(one.name for one in self._stack)}
        if mark is None or mark.line >= len(self._lines) or not COMMENTED & keys:
            return
        if found := _MISTAKEN.match(self._lines[mark.line], mark.column):
            what = f"the value ends before the #: `{found[1][:_QUOTED]}` is a comment"
            hint = "if it is text put the whole value into '…'; if it is a comment set it two blanks apart"
            place = (mark.line + 1, found.start(1) + 1)
            self.warnings.append(ConfigProblem(self._file, *place, what, hint, "CFG105"))

    def _key(self, event: yaml.ScalarEvent) -> None:
        """Take a key. A faulty one is told, and its value is read and forgotten."""
        parent = self._stack[-1]
        name, unseen = clean_key(event.value)
        parent.key, parent.lost = name, False
        if unseen >= 0:
            spot = self._spot(event)
            what = f"the key {name} holds {named(event.value[unseen])}, which nobody sees"
            column = spot.column + unseen + (event.style in {"'", '"'})
            self.problems.append(ConfigProblem(self._file, spot.line, column, what, f"write {name} anew", "CFG010"))
            parent.lost = clean_key(event.value[:1])[1] == 0 and event.value[:1].isspace()
        kind = _kind(event) if event.tag is None else "str"
        if event.tag not in _PLAIN_TAGS or kind == "merge":
            self._tell(event, "merge keys and tags are not supported", "write the keys out", "CFG007")
            parent.lost = True
        elif kind not in {"str", "value"}:
            self._tell(event, f"YAML does not take the key {name} for text", f'quote it: "{name}"', "CFG012")
        if name in parent.spot.keys:
            first = parent.spot.keys[name]
            self._tell(event, f"the key {name} stands here twice", f"first on line {first[0]}; keep one", "CFG006")
            parent.lost = True
        elif not parent.lost:
            spot = self._spot(event)
            parent.spot.keys[name] = (spot.line, spot.column)

    def _alias(self, event: yaml.AliasEvent) -> None:
        self._aliases += 1
        if self._waits_for_key() or self._aliases > MAX_ALIASES:
            raise self._stop(
                event, f"an alias cannot be a key, nor stand more than {MAX_ALIASES} times", "write it out"
            )
        known = self._anchors.get(event.anchor or "")
        if known is None:
            raise self._stop(
                event, f"the alias *{event.anchor} has no anchor before it", f"define &{event.anchor} first"
            )
        if any(known[1] is one.spot for one in self._stack):
            raise self._stop(event, f"the alias *{event.anchor} stands inside its own anchor", "write the value out")
        self._put(*known, event)

    def _meaning(self, event: yaml.ScalarEvent) -> Value:
        """Return what a scalar means: text with its variables filled in, or what YAML takes it for."""
        if event.tag not in _PLAIN_TAGS:
            self._tell(event, "YAML tags are not supported", "leave the tag out", "CFG007")
            return BROKEN
        kind = _kind(event) if event.tag is None else "str"
        if kind == "null":
            return None
        if kind == "bool":
            return SafeConstructor.bool_values[event.value.lower()]
        if kind != "str":
            return Unquoted(_WHAT.get(kind, kind), event.value)
        try:
            return interpolate(event.value, self._environ, self._note_secret)
        except InterpolationError as error:
            self._tell(event, error.message, error.hint, "CFG020" if error.unset else "CFG021")
            return BROKEN

    def _under(self) -> str:
        """Return the key under which the next value stands; items of a list stand under that of the list."""
        innermost = self._stack[-1] if self._stack else None
        return "" if innermost is None else innermost.key or innermost.name

    def _note_secret(self, value: str) -> None:
        """Remember what a variable held, unless it stands under a key whose values are no secrets."""
        if self._under() not in OPEN:
            self.secrets.append(value)

    def _put(self, value: Value, spot: Spot, event: yaml.Event) -> None:
        """Hand a value to the list or mapping that is open, and remember its anchor."""
        self._values += 1
        if self._values > MAX_VALUES:
            raise self._stop(event, f"more than {MAX_VALUES} values", "split the file")
        if not isinstance(event, yaml.AliasEvent) and event.anchor is not None:  # type: ignore[attr-defined]  # NodeEvent
            self._anchors[event.anchor] = (value, spot)  # type: ignore[attr-defined]  # NodeEvent
        if not self._stack:
            self.value, self.spot = value, spot
            return
        parent = self._stack[-1]
        if isinstance(parent.value, list):
            parent.spot.children[len(parent.value)] = spot
            parent.value.append(value)
        elif parent.key is not None:
            if not parent.lost:
                parent.value[parent.key] = value
                parent.spot.children[parent.key] = spot
            parent.key = None

    def _waits_for_key(self) -> bool:
        return bool(self._stack) and isinstance(self._stack[-1].value, dict) and self._stack[-1].key is None

    def _spot(self, event: yaml.Event) -> Spot:
        mark = event.start_mark
        return Spot(self._file, mark.line + 1, mark.column + 1) if mark else Spot(self._file, 1, 1)

    def _tell(self, event: yaml.Event, message: str, hint: str, code: str) -> None:
        spot = self._spot(event)
        self.problems.append(ConfigProblem(self._file, spot.line, spot.column, message, hint, code))

    def _stop(self, event: yaml.Event, message: str, hint: str) -> _UnreadableError:
        spot = self._spot(event)
        return _UnreadableError(ConfigProblem(self._file, spot.line, spot.column, message, hint, "CFG005"))


def _kind(event: yaml.ScalarEvent) -> str:
    """Return what YAML 1.1 takes an untagged scalar for: str, int, float, bool, null, timestamp, merge, value."""
    if not event.implicit[0]:
        return "str"
    tag: str = _RESOLVER.resolve(yaml.ScalarNode, event.value, (True, False))  # type: ignore[no-untyped-call]  # PyYAML
    return tag.removeprefix(_TAG)


def _inner(event: yaml.ScalarEvent) -> int:
    """Return the column of the first character of the text, 0 where escapes or line breaks spoil the arithmetic."""
    start, end = event.start_mark, event.end_mark
    if start is None or end is None or start.line != end.line:
        return 0
    quotes = (end.column - start.column - len(event.value)) / 2
    return int(start.column + 1 + quotes) if quotes in {0.0, 1.0} else 0
