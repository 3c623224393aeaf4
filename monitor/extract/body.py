"""The body of an article: what the outlet's definition names, else the best of what the page itself offers."""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from monitor.extract.blocks import Text, read_blocks
from monitor.extract.embedded import NO_STATE, State, read_state
from monitor.extract.generic import Body, fragment_body, generic_body
from monitor.extract.head import Head
from monitor.extract.prose import size
from monitor.extract.sheet import Sheet
from monitor.extract.text import plain
from monitor.model.errors import ExtractError

# JSON-LD bodies have lost their paragraphs and are often cut short; one that is this much longer knows more.
_FULLER = 1.6
_SURE = 0.9  # a generic body with this confidence is not compared with the page's own data, which is slow to read


@dataclass(frozen=True, slots=True)
class Found:
    """A body, the way it was found (site, jsonld, state, generic), and for the ways without a definition how sure."""

    text: Text
    way: str
    confidence: float = 1.0
    state: State = NO_STATE


def find_body(sheet: Sheet) -> Found:
    """Find the body. Raises ExtractError at an outlet whose definition does not fit the page."""
    site = sheet.site
    for selector in site.body if site else ():
        node = sheet.find(selector)
        if node is not None and site is not None:
            text = read_blocks(node, site.drop, site.captions)
            if text.lines or text.captions:
                return Found(text, "site")
    found = undescribed_body(sheet.tree, sheet.head, sheet.html)
    if site is not None and _length(found.text.lines) < site.check.body:
        raise ExtractError(sheet.url, f"no element of the page is the body that the definition {site.name} describes")
    return found


def undescribed_body(tree: LexborHTMLParser, head: Head, html: str) -> Found:
    """Find the body of a page nobody has described.

    The text that the page shows is the best one: it has paragraphs. JSON-LD and the page's own data win when they have
    much more of it.
    """
    titles = (head.title, head.first("og:title"), head.stated("headline"))
    stated = head.stated("articleBody")
    shown = generic_body(tree, titles, stated)
    lines = [line for line in map(plain, stated.splitlines()) if line]
    state = read_state(tree, html) if shown.confidence < _SURE else NO_STATE
    held = fragment_body(LexborHTMLParser(state.body), titles) if state.body else Body()
    least = _FULLER * _length(shown.lines)
    if _length(held.lines) > max(least, _length(lines)):
        return Found(Text(held.lines, held.captions), "state", held.confidence, state)
    if _length(lines) > least:
        return Found(Text(lines), "jsonld", 1.0, state)
    return Found(Text(shown.lines, shown.captions), "generic", shown.confidence, state)


def _length(lines: list[str]) -> int:
    return sum(map(size, lines))
