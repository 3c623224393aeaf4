"""Text that was passed over for its name: a guess never leaves nothing where there was something.

Names lie now and then: a site calls the box of its articles `hero-banner` or gives it the role of a tab list. Where the
body that was found without such a box is less than what the box holds, or nothing but teasers of other articles, the box
under the headline is the text.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from selectolax.lexbor import LexborNode

from monitor.extract.generic.outline import Outline
from monitor.extract.text.markup import collapse_whitespace

_NEVER = re.compile(
    r"comment|repl(?:y|ies)|disqus|cookie|consent|gdpr|privacy|newsletter|relat|recommend|login|sign[-_]?(?:in|up)|regist|subscri|paywall|metered|donat|advert|popup|modal"
    r"|copyright|hidden|hide|summary|byline|taboola|outbrain|ranking|popular",
    re.IGNORECASE,
)
_NEVER_ROLES = frozenset({"dialog", "alert"})  # of the others none holds sentences under a headline
_BY_TAG = frozenset({"nav", "footer", "aside", "menu", "form", "header"})
_NOT_RUNNING = "a, script, style, noscript, option, button"
_END = re.compile(r"[.!?。](?=[\s\"'”’)]|$)")
_SENTENCES = 3
_LEAST = 120  # characters of prose that no furniture has right under a headline
_SIGNPOST = 0.8
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_TEASERS = 0.5  # of the lines below a link or heading each: they tell of other articles


def passed_over(outline: Outline, lines: Collection[str]) -> frozenset[int]:
    """Return the elements (mem_id) right under the headline that hold more prose than the body found without them, or any
    where that body, `lines`, is made of teasers; may be empty."""
    passed = [(node, at) for node, at in outline.passed if _may_be_text(node)]
    if not passed:
        return frozenset()
    known = frozenset(lines)
    headline = _headline(outline)
    begins = next((at for at in range(headline + 1, len(outline.blocks)) if outline.blocks[at].text in known), None)
    last = len(outline.blocks) if begins is None else begins
    most = 0 if _is_teasers(outline, known) else sum(map(len, lines))
    return frozenset(
        node.mem_id
        for node, at in passed
        if (0 <= headline < at <= last or node.css_first("h1") is not None) and _prose(node) > max(most, _LEAST)
    )


def _headline(outline: Outline) -> int:
    """Number the block of the first headline, an h2 where the page has no h1; -1 where there is none."""
    tags = [outline.boxes[block.box].tag for block in outline.blocks]
    return next((tags.index(tag) for tag in ("h1", "h2") if tag in tags), -1)


def _may_be_text(node: LexborNode) -> bool:
    """Return whether only a name or a role that says little calls an element furniture."""
    attributes = node.attributes
    style = (attributes.get("style") or "").replace(" ", "")
    if node.tag in _BY_TAG or attributes.get("role") in _NEVER_ROLES or "display:none" in style:
        return False
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return False
    return not _NEVER.search(f"{attributes.get('class') or ''} {attributes.get('id') or ''}")


def _prose(node: LexborNode) -> int:
    """Count the characters of an element outside links and scripts; 0 where they are no run of sentences."""
    text = collapse_whitespace(node.text(separator=" "))
    if len(_END.findall(text)) < _SENTENCES:
        return 0
    return len(text) - sum(len(collapse_whitespace(inner.text())) for inner in node.css(_NOT_RUNNING))


def _is_teasers(outline: Outline, lines: frozenset[str]) -> bool:
    """Return whether most lines of a body stand right below a link or a heading: each the summary of another article."""
    found = [at for at, block in enumerate(outline.blocks) if block.text in lines]
    below = sum(1 for at in found if at and _heads(outline, at - 1))
    return below >= _TEASERS * len(found)


def _heads(outline: Outline, at: int) -> bool:
    block = outline.blocks[at]
    return outline.boxes[block.box].tag in _HEADINGS or block.linked > _SIGNPOST * len(block.text)
