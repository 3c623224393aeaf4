"""A YAML text with one item of a section added, changed or taken out; every other byte of it stays as it was. Pure.

A text that was written anew from what it means would lose the hand of who wrote it, so the places of what changes are found and
nothing else is touched. What comes of it is read again and compared with what was meant: where a text is written in a way
that this does not know (an anchor that others lean on, a comment in the middle of what goes), it says so and changes nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, TypeAlias

import yaml

from monitor.config.documents import read
from monitor.model.errors import MonitorError

LONGEST: Final = 1024 * 1024
"""Letters of a text that is changed."""
WIDE: Final = 100
"""Columns up to which a list is written on one line."""
BOM: Final = "\ufeff"
ItemValue: TypeAlias = str | tuple[str, ...]
KeyPath: TypeAlias = tuple[str, ...]
Changes: TypeAlias = Mapping[KeyPath, ItemValue | None]
"""What keys of an item say from now on, None for a key that goes: {("name",): "…", ("tests", "match"): ("…",)}."""
_STR: Final = "tag:yaml.org,2002:str"
_NULL: Final = "tag:yaml.org,2002:null"
_PLAIN: Final = re.compile(r"[0-9A-Za-z가-힣_](?:[0-9A-Za-z가-힣_ -]*[0-9A-Za-z가-힣_])?")
_SINGLE: Final = re.compile(
    "[\x20-\x7e\xa0-\u2027\u202a-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*"
)
_ESCAPED: Final = re.compile(
    "[^\x20-\x7e\xa1-\u2027\u202a-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


class UneditableError(MonitorError):
    """A text is written in a way in which this change cannot be made without touching others; a person can."""


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    text: str


def changed(text: str, section: str, item_id: str, changes: Changes, order: Sequence[str]) -> str:
    """Return the text in which keys of an item say something else; new ones come in `order`. Raises UneditableError."""
    whole = _Whole(text)
    item = whole.item(section, item_id)
    edits: list[_Edit] = []
    for path, value in _deep(changes, item).items():
        edits.extend(_set(whole, item, path, value, order))
    expected = _expected(whole, section, item_id, changes)
    return _verified(whole, edits, expected)


def added(text: str, section: str, values: Mapping[KeyPath, ItemValue]) -> str:
    """Return the text with a new item at the end of a section, which is made where there is none. Raises UneditableError."""
    whole = _Whole(text)
    node = whole.section(section)
    item: dict[str, object] = {}
    _applied(item, values)
    before = [] if node is None or node.tag == _NULL else whole.meaning[section]
    if not isinstance(before, list):
        raise UneditableError(f"`{section}` is no list")
    expected = {**whole.meaning, section: [*before, item]}
    return _verified(whole, [_new_item(whole, section, node, values)], expected)


def removed(text: str, section: str, item_id: str) -> str:
    """Return the text without an item. Raises UneditableError."""
    whole = _Whole(text)
    item, node = whole.item(section, item_id), whole.section(section)
    assert isinstance(node, yaml.SequenceNode)  # noqa: S101 - an item was found in it
    items = whole.meaning[section]
    assert isinstance(items, list)  # noqa: S101 - as above
    left = [one for one in items if not (isinstance(one, dict) and one.get("id") == item_id)]
    expected = {**whole.meaning, section: left}
    if node.flow_style:
        return _verified(whole, [_without_flow(whole, node.value, node.value.index(item))], expected)
    start, end = whole.line_start(whole.dash(item)), whole.line_end(whole.end_of(item))
    if not left:
        key = whole.key(section)
        colon = whole.text.index(":", key.end_mark.index) + 1
        return _verified(whole, [_Edit(colon, colon, " []"), _Edit(start, end, "")], expected)
    blank = whole.text[end:].split("\n", 1)[0].strip(" \r") == "" and end < len(whole.text)
    if blank and (start == 0 or whole.text[:start].rstrip(" \r").endswith(("\n\n", "\n\r\n", ":\n", ":\r\n"))):
        end = whole.text.index("\n", end) + 1 if "\n" in whole.text[end:] else len(whole.text)
    return _verified(whole, [_Edit(start, end, "")], expected)


def item_text(values: Mapping[KeyPath, ItemValue]) -> str:
    """Return a new item as it would be written into a file, to be copied there."""
    return "\n".join(_item_lines(values, 2)) + "\n"


def source(text: str, section: str, item_id: str) -> str:
    """Return an item as it stands in the text, with comments between its keys. Raises UneditableError."""
    whole = _Whole(text)
    item, node = whole.item(section, item_id), whole.section(section)
    if node is not None and isinstance(node, yaml.SequenceNode) and node.flow_style:
        return whole.text[item.start_mark.index : whole.end_of(item)]
    return whole.text[whole.line_start(whole.dash(item)) : whole.line_end(whole.end_of(item))]


class _Whole:
    """A text, the nodes in it and what they mean."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise UneditableError(f"the file has more than {LONGEST} letters")
        self.text = text.removeprefix(BOM)
        self.bom = BOM if text.startswith(BOM) else ""
        self.newline = "\r\n" if "\r\n" in text else "\n"
        read_so = read(text.encode("utf-8", "surrogateescape"), "", {})
        if read_so.value is None and read_so.problems:  # bounded: depth, values, aliases
            raise UneditableError("the file cannot be read")
        try:
            self.root = yaml.compose(self.text, yaml.SafeLoader)
            tokens = yaml.scan(self.text, yaml.SafeLoader)
            self._dashes: list[int] = [one.start_mark.index for one in tokens if isinstance(one, yaml.BlockEntryToken)]
        except (yaml.YAMLError, RecursionError):
            raise UneditableError("the file cannot be read") from None
        if self.root is not None and self.root.tag != _NULL and not isinstance(self.root, yaml.MappingNode):
            raise UneditableError("the file holds no keys")
        meaning = _meaning(self.root) if isinstance(self.root, yaml.MappingNode) else {}
        assert isinstance(meaning, dict)  # noqa: S101 - of a mapping
        self.meaning: dict[str, object] = meaning

    def key(self, name: str) -> yaml.Node:
        assert isinstance(self.root, yaml.MappingNode)  # noqa: S101 - asked for a key that there is
        pair = _pair(self.root, name)
        assert pair is not None  # noqa: S101 - as above
        return pair[0]

    def section(self, name: str) -> yaml.Node | None:
        if not isinstance(self.root, yaml.MappingNode):
            return None
        found = [value for key, value in self.root.value if key.value == name]
        if len(found) > 1 or (found and self.root.flow_style):
            raise UneditableError(f"`{name}` stands twice, or in braces")
        return found[0] if found else None

    def item(self, section: str, item_id: str) -> yaml.MappingNode:
        node = self.section(section)
        items = node.value if isinstance(node, yaml.SequenceNode) else []
        found = [one for one in items if isinstance(one, yaml.MappingNode) and item_id in _ids(one)]
        if len(found) != 1 or isinstance(node, yaml.MappingNode):
            raise UneditableError(f"{item_id} does not stand here, or twice")
        return found[0]

    def end_of(self, node: yaml.Node) -> int:
        """Return where a node ends, the blank lines and comments behind it left out."""
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            last = last[1] if isinstance(last, tuple) else last
            if not node.start_mark.index <= last.start_mark.index <= node.end_mark.index:
                raise UneditableError("an alias stands at the end")
            return self.end_of(last)
        start = node.start_mark.index
        return int(start) + len(self.text[start : node.end_mark.index].rstrip())

    def dash(self, item: yaml.Node) -> int:
        place: int = item.start_mark.index
        return max(one for one in self._dashes if one < place)

    def line_start(self, place: int) -> int:
        return self.text.rfind("\n", 0, place) + 1

    def line_end(self, place: int) -> int:
        """Return where the next line begins."""
        found = self.text.find("\n", place)
        return len(self.text) if found < 0 else found + 1

    def below(self, place: int, lines: str) -> _Edit:
        """Return the edit that puts lines under the line of a place."""
        at = self.line_end(place)
        if at and not self.text[:at].endswith("\n"):
            return _Edit(at, at, self.newline + lines.replace("\n", self.newline))
        return _Edit(at, at, (lines + "\n").replace("\n", self.newline))


def _ids(node: yaml.MappingNode) -> list[str]:
    return [value.value for key, value in node.value if key.value == "id"]


def _meaning(node: yaml.Node) -> object:
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _meaning(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_meaning(one) for one in node.value]
    return node.value if node.tag == _STR else (node.tag, node.value)


def _deep(changes: Changes, item: yaml.MappingNode) -> Changes:
    """Return the changes, a key that would be left without any of its own taken out as a whole, a new one put in as a whole."""
    found: dict[KeyPath, ItemValue | None] = {}
    for path, value in changes.items():
        inside = _pair(item, path[0])
        if len(path) == 1 or (inside is not None and isinstance(inside[1], yaml.MappingNode)):
            kept = {one.value for one, _ in inside[1].value} if inside and len(path) > 1 else set()
            gone = {one[1] for one, other in changes.items() if one[:1] == path[:1] and other is None and len(one) > 1}
            new = any(other is not None for one, other in changes.items() if one[:1] == path[:1] and len(one) > 1)
            found[path[:1] if len(path) > 1 and kept <= gone and not new else path] = value
        elif value is not None:
            found[path] = value
    return found


def _pair(node: yaml.MappingNode, key: str) -> tuple[yaml.Node, yaml.Node] | None:
    return next(((one, value) for one, value in node.value if one.value == key), None)


def _set(
    whole: _Whole, node: yaml.MappingNode, path: KeyPath, value: ItemValue | None, order: Sequence[str]
) -> Iterable[_Edit]:
    pair = _pair(node, path[0])
    if len(path) > 1 and pair is not None and isinstance(pair[1], yaml.MappingNode):
        return _set(whole, pair[1], path[1:], value, order)
    if value is None:
        return () if pair is None else (_without_key(whole, node, path[0]),)
    if pair is None or len(path) > 1:
        if pair is not None:
            raise UneditableError(f"`{path[0]}` holds no keys")
        return (_new_key(whole, node, path, value, order),)
    if isinstance(pair[1], yaml.SequenceNode) and isinstance(value, tuple):
        return _listed(whole, pair[1], value, quoted=path[0] in {"match", "no_match"})
    return (_replaced(whole, node, pair[1], value),)


def _replaced(whole: _Whole, parent: yaml.MappingNode, node: yaml.Node, value: ItemValue) -> _Edit:
    start, end = node.start_mark.index, whole.end_of(node)
    if isinstance(node, yaml.CollectionNode) and "#" in whole.text[start:end]:
        raise UneditableError("a comment stands in the middle of what would be replaced")
    style = node.style if isinstance(node, yaml.ScalarNode) else None
    if style not in {"|", ">"} and "\n" in value:
        style = '"'  # a comment may stand behind it
    column = parent.start_mark.column
    text = _written(value, style, column if not parent.flow_style else None)
    if isinstance(node, yaml.CollectionNode) and not node.flow_style:
        start -= len(whole.text[:start]) - len(whole.text[:start].rstrip())
        text = " " + text
    elif start == end:
        text = " " + text
    return _Edit(start, end, text.replace("\n", whole.newline))


def _without_key(whole: _Whole, node: yaml.MappingNode, name: str) -> _Edit:
    place = [key.value for key, _ in node.value].index(name)
    key, value = node.value[place]
    if node.flow_style:
        nodes = [(one, other) for one, other in node.value]
        if place + 1 < len(nodes):
            return _gap(whole, key.start_mark.index, nodes[place + 1][0].start_mark.index, whole.end_of(value))
        start = whole.end_of(nodes[place - 1][1]) if place else key.start_mark.index
        return _gap(whole, start, whole.end_of(value), whole.end_of(value))
    if place == 0 and len(node.value) > 1:
        following = node.value[1][0].start_mark.index
        return _gap(whole, key.start_mark.index, following, whole.end_of(value))
    return _Edit(whole.line_start(key.start_mark.index), whole.line_end(whole.end_of(value)), "")


def _gap(whole: _Whole, start: int, end: int, told: int) -> _Edit:
    """Return the edit that takes a stretch out; what stands in it behind the value must be no comment."""
    if "#" in whole.text[told:end]:
        raise UneditableError("a comment stands in the middle of what would go")
    return _Edit(start, end, "")


def _without_flow(whole: _Whole, nodes: Sequence[yaml.Node], place: int) -> _Edit:
    node = nodes[place]
    if place + 1 < len(nodes):
        return _gap(whole, node.start_mark.index, nodes[place + 1].start_mark.index, whole.end_of(node))
    start = whole.end_of(nodes[place - 1]) if place else node.start_mark.index
    return _gap(whole, start, whole.end_of(node), whole.end_of(node))


def _new_key(whole: _Whole, node: yaml.MappingNode, path: KeyPath, value: ItemValue, order: Sequence[str]) -> _Edit:
    rank = {name: place for place, name in enumerate(order)}
    mine = rank.get(path[0], len(rank))
    earlier = [value for key, value in node.value if rank.get(key.value, len(rank)) <= mine]
    after = earlier[-1] if earlier else node.value[-1][1]
    if node.flow_style:
        inner = _written(value, None, None, quoted=path[-1] in {"match", "no_match"} and len(path) > 1)
        for name in reversed(path[1:]):
            inner = f"{{{name}: {inner}}}"
        at = whole.end_of(after)
        return _Edit(at, at, f", {path[0]}: {inner}")
    column = node.start_mark.column
    return whole.below(whole.end_of(after), "\n".join(_key_lines({path: value}, column)))


def _listed(whole: _Whole, node: yaml.SequenceNode, values: tuple[str, ...], *, quoted: bool) -> Iterable[_Edit]:
    """Yield what makes a list say other values; those that stay are not touched."""
    before = [one.value if isinstance(one, yaml.ScalarNode) else "" for one in node.value]
    if not before or not values:
        start, end = node.start_mark.index, whole.end_of(node)
        yield _Edit(start, end, _flow(values, quoted=quoted))
        return
    kept = [
        place
        for tag, first, last, _, _ in SequenceMatcher(None, before, values, autojunk=False).get_opcodes()
        if tag == "equal"
        for place in range(first, last)
    ]
    if not kept:
        yield from _all_others(whole, node, values, quoted=quoted)
        return
    for tag, first, last, begin, end_of_new in SequenceMatcher(None, before, values, autojunk=False).get_opcodes():
        new = [_scalar(one, None, None, quoted=quoted) for one in values[begin:end_of_new]]
        if tag in {"delete", "replace"}:
            if node.flow_style:
                yield _without_run(whole, node.value, first, last)
            else:
                begin_line = whole.line_start(whole.dash(node.value[first]))
                if node.value[first] is node.value[0] and whole.text[begin_line : whole.dash(node.value[0])].strip():
                    raise UneditableError("a list begins on the line of its key")
                yield _Edit(begin_line, whole.line_end(whole.end_of(node.value[last - 1])), "")
        if tag in {"insert", "replace"}:
            yield _inserted(whole, node, first, new)


def _without_run(whole: _Whole, nodes: Sequence[yaml.Node], first: int, last: int) -> _Edit:
    if last < len(nodes):
        start, end = nodes[first].start_mark.index, nodes[last].start_mark.index
    else:
        start, end = whole.end_of(nodes[first - 1]), whole.end_of(nodes[-1])
    bare = whole.text[start:end]
    for one in nodes[first:last]:
        bare = bare.replace(whole.text[one.start_mark.index : whole.end_of(one)], "", 1)
    if "#" in bare:
        raise UneditableError("a comment stands in the middle of what would go")
    return _Edit(start, end, "")


def _inserted(whole: _Whole, node: yaml.SequenceNode, place: int, new: Sequence[str]) -> _Edit:
    nodes = node.value
    if node.flow_style:
        if place == 0:
            at = nodes[0].start_mark.index
            return _Edit(at, at, "".join(f"{one}, " for one in new))
        at = whole.end_of(nodes[place - 1])
        between = whole.text[whole.end_of(nodes[0]) : nodes[1].start_mark.index] if len(nodes) > 1 else ", "
        comma = between if re.fullmatch(r",\s*", between) else ", "
        return _Edit(at, at, "".join(f"{comma}{one}" for one in new))
    column = node.start_mark.column
    lines = "\n".join(f"{' ' * column}- {one}" for one in new)
    if place == 0:
        at = whole.line_start(whole.dash(nodes[0]))
        if whole.text[at : whole.dash(nodes[0])].strip():
            raise UneditableError("a list begins on the line of its key")
        return _Edit(at, at, (lines + "\n").replace("\n", whole.newline))
    return whole.below(whole.end_of(nodes[place - 1]), lines)


def _all_others(whole: _Whole, node: yaml.SequenceNode, values: tuple[str, ...], *, quoted: bool) -> Iterable[_Edit]:
    """Yield the edit of a list of which nothing stays."""
    start, end = node.start_mark.index, whole.end_of(node)
    bare = whole.text[start:end]
    for one in node.value:
        bare = bare.replace(whole.text[one.start_mark.index : whole.end_of(one)], "", 1)
    if "#" in bare:
        raise UneditableError("a comment stands in the middle of what would go")
    if node.flow_style:
        yield _Edit(start, end, _flow(values, quoted=quoted))
        return
    column = " " * node.start_mark.column
    lines = ("\n" + column).join(f"- {_scalar(one, None, None, quoted=quoted)}" for one in values)
    yield _Edit(start, end, lines.replace("\n", whole.newline))


def _new_item(whole: _Whole, section: str, node: yaml.Node | None, values: Mapping[KeyPath, ItemValue]) -> _Edit:
    if node is None:
        if isinstance(whole.root, yaml.MappingNode) and whole.root.flow_style:
            raise UneditableError("all stands in braces")
        lines = "\n".join([f"{section}:", *_item_lines(values, 2)]) + "\n"
        end = len(whole.text)
        lead = "" if not end or whole.text.endswith("\n") else "\n"
        blank = "\n" if isinstance(whole.root, yaml.MappingNode) and whole.root.value else ""
        return _Edit(end, end, (lead + blank + lines).replace("\n", whole.newline))
    if not isinstance(node, yaml.SequenceNode) and node.tag != _NULL:
        raise UneditableError(f"`{section}` is no list")
    if not node.value:
        colon = whole.text.index(":", whole.key(section).end_mark.index) + 1
        rest = whole.text[max(colon, whole.end_of(node)) : whole.line_end(max(colon, whole.end_of(node)))].rstrip()
        lines = "\n".join(_item_lines(values, 2))
        return _Edit(
            colon, max(colon, whole.end_of(node)) + len(rest), (rest + "\n" + lines).replace("\n", whole.newline)
        )
    last = node.value[-1]
    if isinstance(node, yaml.CollectionNode) and node.flow_style:
        at = whole.end_of(last)
        return _Edit(at, at, ", " + _flow_item(values))
    dashes = [whole.dash(one) for one in node.value]
    column = dashes[-1] - whole.line_start(dashes[-1])
    spaced = len(dashes) > 1 and "" in [
        line.strip() for line in whole.text[whole.end_of(node.value[-2]) : dashes[-1]].split("\n")[1:-1]
    ]
    return whole.below(whole.end_of(last), "\n" * spaced + "\n".join(_item_lines(values, column)))


def _item_lines(values: Mapping[KeyPath, ItemValue], column: int) -> list[str]:
    lines = _key_lines(values, column + 2)
    return [f"{' ' * column}- {lines[0].lstrip()}", *lines[1:]]


def _key_lines(values: Mapping[KeyPath, ItemValue], column: int) -> list[str]:
    lines: list[str] = []
    above = ""
    for path, value in values.items():
        if len(path) > 1 and path[0] != above:
            lines.append(f"{' ' * column}{path[0]}:")
        above = path[0]
        here = column + 2 * (len(path) - 1)
        quoted = len(path) > 1
        text = _written(value, None, here, quoted=quoted)
        lines.extend(f"{' ' * here}{path[-1]}: {text}".replace(": \n", ":\n").split("\n"))
    return lines


def _flow_item(values: Mapping[KeyPath, ItemValue]) -> str:
    parts: dict[str, list[str]] = {}
    for path, value in values.items():
        text = _written(value, None, None, quoted=len(path) > 1)
        parts.setdefault(path[0], []).append(f"{path[1]}: {text}" if len(path) > 1 else text)
    nested = {path[0] for path in values if len(path) > 1}
    shown = (
        f"{key}: {{{', '.join(those)}}}" if key in nested else f"{key}: {those[0]}" for key, those in parts.items()
    )
    return "{" + ", ".join(shown) + "}"


def _written(value: ItemValue, style: str | None, column: int | None, *, quoted: bool = False) -> str:
    """Return a value as it is written behind its key; `column` is that of the key, None where braces are around it."""
    if isinstance(value, str):
        return _scalar(value, style, column, quoted=quoted)
    flow = _flow(value, quoted=quoted)
    if column is None or len(flow) + column <= WIDE or not value:
        return flow
    return "".join(f"\n{' ' * (column + 2)}- {_scalar(one, None, None, quoted=quoted)}" for one in value)


def _flow(values: Sequence[str], *, quoted: bool) -> str:
    return "[" + ", ".join(_scalar(one, None, None, quoted=quoted) for one in values) + "]"


def _scalar(text: str, style: str | None, column: int | None, *, quoted: bool = False) -> str:
    """Return a text as YAML: plain where that is safe, in the quotes it had, else in those that need no signs inside."""
    if style not in {"'", '"'} and not quoted and _PLAIN.fullmatch(text) and _resolves(text):
        return text
    in_lines = style not in {"'", '"'} and column is not None and re.fullmatch(r"\S.*(?:\n\S.*)+", text)
    if in_lines and column is not None and all(_SINGLE.fullmatch(line) for line in text.split("\n")):
        return "|-" + "".join(f"\n{' ' * (column + 2)}{line}" for line in text.split("\n"))
    if _SINGLE.fullmatch(text) and (style == "'" or ('"' in text and "'" not in text)):
        return "'" + text.replace("'", "''") + "'"
    return _ESCAPED.sub(lambda one: _escape(one[0]), json.dumps(text, ensure_ascii=False))


def _escape(sign: str) -> str:
    return f"\\U{ord(sign):08x}" if sign > "\uffff" else f"\\u{ord(sign):04x}"


def _resolves(text: str) -> bool:
    node = yaml.compose(text, yaml.SafeLoader)
    return isinstance(node, yaml.ScalarNode) and node.tag == _STR and node.value == text


def _expected(
    whole: _Whole, section: str, item_id: str, changes: Mapping[KeyPath, ItemValue | None]
) -> dict[str, object]:
    """Return what the text means once the item of that id has changed."""
    items = whole.meaning[section]
    assert isinstance(items, list)  # noqa: S101 - an item was found in it
    found = [_copied(one) if isinstance(one, dict) and one.get("id") == item_id else one for one in items]
    for before, one in zip(items, found, strict=True):
        if one is not before:
            _applied(one, changes)
    return {**whole.meaning, section: found}


def _copied(value: object) -> object:
    if isinstance(value, dict):
        return {key: _copied(one) for key, one in value.items()}
    return list(value) if isinstance(value, list) else value


def _applied(item: object, changes: Mapping[KeyPath, ItemValue | None] | Mapping[KeyPath, ItemValue]) -> None:
    assert isinstance(item, dict)  # noqa: S101 - an item is one
    for path, value in changes.items():
        here = item
        for step in path[:-1]:
            here = here.setdefault(step, {})
        if value is None:
            here.pop(path[-1], None)
        else:
            here[path[-1]] = list(value) if isinstance(value, tuple) else value
        if len(path) > 1 and not here:
            item.pop(path[0], None)


def _verified(whole: _Whole, edits: Iterable[_Edit], expected: dict[str, object]) -> str:
    """Return the text with the edits, once it is known to mean what was meant. Raises UneditableError where it does not."""
    text, until = whole.text, len(whole.text)
    last_first = [*edits][::-1]  # two at one place come in the order in which they were given
    for one in sorted(last_first, key=lambda each: (each.start, each.end), reverse=True):
        if one.end > until:
            raise UneditableError("two changes would stand in the same place")
        text, until = text[: one.start] + one.text + text[one.end :], one.start
    try:
        root = yaml.compose(text, yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError):
        root = None
    if root is None or _meaning(root) != expected:
        raise UneditableError("the file is written in a way in which only a person can change this")
    return whole.bom + text
