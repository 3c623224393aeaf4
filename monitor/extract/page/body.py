"""The body of an article: what the outlet's definition names, else the best of what the page itself offers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.extract.definitions.site import Site
from monitor.extract.generic.generic_body import Body, fragment_body, generic_body
from monitor.extract.generic.prose import size
from monitor.extract.page.blocks import Text, block_lines, is_credit, read_blocks
from monitor.extract.page.embedded import NO_STATE, State, read_state
from monitor.extract.page.head import Head
from monitor.extract.page.parsed_page import ParsedPage
from monitor.extract.text.limits import check
from monitor.extract.text.markup import plain_text
from monitor.extract.text.repeats import said_once
from monitor.extract.text.scripts import SCRIPT
from monitor.model.errors import ExtractError

# JSON-LD bodies have lost their paragraphs and are often cut short; one that is this much longer knows more.
_FULLER = 1.6
_MARKUP = re.compile(r"<|&#?\w{2,8};")
_SURE = 0.9  # a generic body with this confidence is not compared with the page's own data, which is slow to read


@dataclass(frozen=True, slots=True)
class FoundBody:
    """A body, the way it was found (site, jsonld, state, generic), and for the ways without a definition how sure."""

    text: Text
    way: str
    confidence: float = 1.0
    state: State = NO_STATE


def find_body(page: ParsedPage) -> FoundBody:
    """Find the body. Raises ExtractError at an outlet whose definition does not fit the page."""
    site = page.site
    described = described_body(page)
    if described:
        return FoundBody(described, "site")
    found = undescribed_body(page.tree, page.head, page.html, page.url)
    if site is not None and site.body and _length(found.text.lines) < site.check.body:
        raise ExtractError(page.url, f"no element of the page is the body that the definition {site.name} describes")
    return found


def described_body(page: ParsedPage) -> Text | None:
    """Return the body where the definition says that it is; None when it is nowhere there."""
    site = page.site
    for way in site.body if site else ():
        root = _scripted(page.script(way), page.url) if way.startswith(SCRIPT) else page.find(way)
        if root is not None and site is not None:
            text = _readable(root, site)
            if text.lines or text.captions:
                return text
    return None


def is_emptied(page: ParsedPage) -> bool:
    """Return whether an element that the definition names has text, and the definition leaves none of it."""
    ways = [way for way in (page.site.body if page.site else ()) if not way.startswith(SCRIPT)]
    return any(node is not None and block_lines(node) for node in map(page.find, ways)) and described_body(page) is None


def _readable(root: LexborNode, site: Site) -> Text:
    """Read an element. Rules for single lines that leave none of it are not applied: its own lines begin with their marks."""
    text = read_blocks(root, site.drop, site.caption_marks)
    if text.lines:
        return text
    # Beside a picture and its caption, what the rules drop is what they are meant for.
    drop = site.drop if text.captions else replace(site.drop, prefixes=(), paragraphs=())
    whole = read_blocks(root, drop, ())
    said = [line for line in whole.lines if not is_credit(line, site.caption_marks)]
    return Text(said, whole.captions) if said else text


def _scripted(parts: list[str], url: str) -> LexborNode | None:
    """Make an element of texts from a script: fragments of HTML, or plain text whose line breaks count.

    Raises ExtractError: the limits were held against the page, in which a script can write its markup so that nobody sees it.
    """
    blocks = (part if _MARKUP.search(part) else escape(part, quote=False).replace("\n", "<br>") for part in parts)
    html = "".join(f"<div>{block}</div>" for block in blocks)
    if html:
        check(html, url)
    return LexborHTMLParser(html).body if html else None


def undescribed_body(tree: LexborHTMLParser, head: Head, html: str, url: str) -> FoundBody:
    """Find the body of a page nobody has described. Raises ExtractError when its data hides what the limits refuse.

    The text that the page shows is the best one: it has paragraphs. JSON-LD and the page's own data win when they have
    much more of it.
    """
    titles = (head.title, head.first("og:title"), head.stated("headline"))
    stated = head.stated("articleBody")
    shown = generic_body(tree, titles, stated)
    lines = said_once([line for line in map(plain_text, stated.splitlines()) if line])
    state = read_state(tree, html) if shown.confidence < _SURE else NO_STATE
    if state.body:
        check(state.body, url)
    held = fragment_body(LexborHTMLParser(state.body), titles) if state.body else Body()
    least = _FULLER * _length(shown.lines)
    if _length(held.lines) > max(least, _length(lines)):
        return FoundBody(Text(held.lines, held.captions), "state", held.confidence, state)
    if _length(lines) > least:
        return FoundBody(Text(lines), "jsonld", 1.0, state)
    return FoundBody(Text(shown.lines, shown.captions), "generic", shown.confidence, state)


def _length(lines: list[str]) -> int:
    return sum(map(size, lines))
