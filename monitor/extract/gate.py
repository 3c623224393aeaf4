"""Refuse text that would hold a parser up for seconds, before any parser sees it.

Lexbor builds a tree in time that grows with the square of the nesting depth and of the attributes on one tag (measured:
1,000 nested `<div>` 1 ms, 4,000 17 ms, 100,000 22 s; 1,000 attributes 2 ms, 40,000 4 s). feedparser does the same with
attributes. A thread that hangs in a parser cannot be killed, so the only safe moment to say no is before.
Every check here is linear in the length of the text, and an ordinary page passes by counting alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from monitor.model.errors import ExtractError

# The spans that an HTML tokenizer reads as one thing: comment, raw text element, tag (quoted values may hold `>`).
_PIECE = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<raw>script|style|textarea|title|xmp|iframe|noembed|noframes)\b.*?(?:</(?P=raw)\b|\Z)"
    r"|<(?P<close>/?)(?P<tag>[a-zA-Z][^\s/>]*+)(?:[^\"'>]++|\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))*+",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"[^\s/>=\"']++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?|[\"']")
# Elements without content, and those whose next sibling closes them: neither makes a page deep.
_SHALLOW_WORDS = "area base br col embed hr img input link meta param source track wbr p li dt dd option tr td th"
_SHALLOW = frozenset(_SHALLOW_WORDS.split())
_LONG_TAG = 4096
_SMALL_PAGE = 65_536


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a parser is allowed to be given. Sizes are code points."""

    size: int
    tags: int
    depth: int
    attributes: int


PAGE = Bounds(size=4 * 1024 * 1024, tags=50_000, depth=1_500, attributes=2_000)
FEED = Bounds(size=4 * 1024 * 1024, tags=400_000, depth=200, attributes=200)
SLOW_FEED = Bounds(size=1024 * 1024, tags=20_000, depth=100, attributes=100)


def check(text: str, url: str, bounds: Bounds = PAGE) -> None:
    """Let harmless text pass. Raises ExtractError, naming `url`, for anything over the bounds.

    Pages up to 64 Ki code points are not searched for tags with too many attributes: there is no room in them for
    more than a quarter of a second of harm.
    """
    if len(text) > bounds.size:
        raise ExtractError(url, f"the document is longer than {bounds.size} characters")
    opened = text.count("<")
    if opened > bounds.tags:
        raise ExtractError(url, f"the document has more than {bounds.tags} tags")
    if opened - text.count("</") > bounds.depth or len(text) > _SMALL_PAGE:
        _scan(text, url, bounds)


def _scan(text: str, url: str, bounds: Bounds) -> None:
    """Walk the tags once, keeping the depth. Raises ExtractError."""
    depth = 0
    for piece in _PIECE.finditer(text):
        start, end = piece.span()
        tag = piece["tag"]
        if tag is None:
            continue
        if end - start > _LONG_TAG and _crowded(piece[0], bounds.attributes):
            raise ExtractError(url, f"a tag has more than {bounds.attributes} attributes")
        if tag.lower() in _SHALLOW or text[end - 1] == "/":
            continue
        depth = max(0, depth - 1) if piece["close"] else depth + 1
        if depth > bounds.depth:
            raise ExtractError(url, f"elements are nested more than {bounds.depth} deep")


def _crowded(tag: str, most: int) -> bool:
    """Tell whether a tag carries more than `most` attributes; counting stops there."""
    return any(number > most for number, _ in enumerate(_ATTRIBUTE.finditer(tag)))
