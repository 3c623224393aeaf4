"""Refuse text that would hold a parser up for seconds, before any parser sees it.

Lexbor builds a tree in time that grows with the square of the nesting depth and of the attributes on one tag (measured:
1,000 nested `<div>` 1 ms, 4,000 17 ms, 100,000 22 s; 1,000 attributes 2 ms, 40,000 4 s). feedparser does the same with
attributes; the fast feed parser bears depth. A thread that hangs in a parser cannot be killed, so the only safe moment to
say no is before; a process can, so one that was made for it (monitor.extract.sandbox.worker) lifts the limits and tries.
Every check here is linear in the length of the text, and an ordinary page passes by counting alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from threading import Event

from monitor.model.errors import ExtractError, SuspectError

_RAW_ELEMENTS = "script style textarea title xmp iframe noembed noframes"
_TAG = re.compile(r"</?[a-zA-Z](?:[^=>]*+=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\s>\"'][^\s>]*+)?)*+[^=>]*+")
# The spans that an HTML tokenizer reads as one thing: comment, raw text element, tag (quoted values may hold `>`). Every
# branch begins with the same character and never steps back, so that the search runs from one `<` to the next.
_PIECE = re.compile(
    rf"<(?:!--(?:[^-]++|-(?!->))*+(?:-->)?|(?=[{''.join({name[0] + name[0].upper() for name in _RAW_ELEMENTS.split()})}])(?:"
    + "|".join(rf"(?i:{name}\b)(?:[^<]++|<(?!(?i:/{name}\b)))*+(?:</[a-zA-Z]++)?" for name in _RAW_ELEMENTS.split())
    + f")|{_TAG.pattern.removeprefix('<')})"
)
_NAME = re.compile(r"[^\s/>]+")
_ATTRIBUTE = re.compile(r"[^\s/>=]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?")
# Elements without content, and those whose next sibling closes them: neither makes a page deep.
_SHALLOW_WORDS = "area base br col embed hr img input link meta param source track wbr p li dt dd option tr td th !--"
_SHALLOW = frozenset((*_SHALLOW_WORDS.split(), *_RAW_ELEMENTS.split()))
_LONG_TAG = 1_024
_SMALL = 65_536


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a parser is allowed to be given. Sizes are code points."""

    size: int
    tags: int
    depth: int
    attributes: int


LARGEST = 4 * 1024 * 1024  # code points; nobody reads more
PAGE = Bounds(size=LARGEST, tags=50_000, depth=4_000, attributes=2_000)
FEED = Bounds(size=LARGEST, tags=400_000, depth=400_000, attributes=2_000)
SLOW_FEED = Bounds(size=256 * 1024, tags=4_000, depth=1_000, attributes=500)  # a tenth of a second


_LIFTED = Event()


def lift() -> None:
    """Let everything but size pass from now on: this process may be killed at any moment, and somebody watches it."""
    _LIFTED.set()


def check(text: str, url: str, bounds: Bounds = PAGE) -> None:
    """Let harmless text pass. Raises SuspectError, naming `url`, for what is over the bounds; ExtractError for what is too
    long for anybody.

    A text up to 64 Ki code points is not searched for tags with too many attributes: there is no room in it for more
    than a quarter of a second of harm.
    """
    if len(text) > LARGEST:
        raise ExtractError(url, f"the document is longer than {LARGEST} characters")
    if _LIFTED.is_set():
        return
    if len(text) > bounds.size:
        raise SuspectError(url, f"the document is longer than {bounds.size} characters")
    opened = text.count("<")
    if opened > bounds.tags:
        raise SuspectError(url, f"the document has more than {bounds.tags} tags")
    perhaps_deep = opened > bounds.depth and opened - text.count("</") > bounds.depth
    if not perhaps_deep and len(text) <= _SMALL:
        return
    pieces = _PIECE.findall(text)
    if any(_crowded(piece, bounds.attributes) for piece in [piece for piece in pieces if len(piece) > _LONG_TAG]):
        raise SuspectError(url, f"a tag has more than {bounds.attributes} attributes")
    if perhaps_deep and _deeper(pieces, bounds.depth):
        raise SuspectError(url, f"elements are nested more than {bounds.depth} deep")


def _crowded(piece: str, most: int) -> bool:
    """Return whether a tag carries more than `most` attributes; counting stops there.

    Comments have none; of a raw text element only its own tag can.
    """
    if piece.startswith("<!--"):
        return False
    tag = _TAG.match(piece)
    return tag is not None and any(number > most for number, _ in enumerate(_ATTRIBUTE.finditer(tag[0])))


def _deeper(pieces: list[str], most: int) -> bool:
    """Return whether more than `most` elements are open at once. An end tag closes only what is open by its name."""
    opened: dict[str, int] = {}
    depth = 0
    for piece in pieces:
        name = _name(piece)
        if name in _SHALLOW:
            continue
        step = -1 if piece[1] == "/" else 1
        if step > 0 or opened.get(name):
            opened[name] = opened.get(name, 0) + step
            depth += step
            if depth > most:
                return True
    return False


def _name(piece: str) -> str:
    """Return the element's name, `!--` for a comment."""
    if piece.startswith("<!--"):
        return "!--"
    found = _NAME.match(piece, 2 if piece[1] == "/" else 1)
    return found[0].lower() if found else ""
