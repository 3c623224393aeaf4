"""The lines between an article's headline and its text that tell what it is about: words that stand there only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from selectolax.lexbor import LexborNode

from monitor.extract.generic.naming import CAPTION, FURNITURE, verdict
from monitor.extract.generic.prose import credit, digest, masthead, pointer, sentence, size, stock
from monitor.extract.text.markup import collapse_whitespace

_TAGS = frozenset(["h1", "h2", "h3", "h4", "p", "div", "section", "span", "strong", "em", "li", "dd", "blockquote"])
_INLINE = frozenset({"span", "strong", "em"})
_BLOCKS = _TAGS - _INLINE | {"article", "ul", "ol", "table", "figure", "nav"}
_UNREAD = frozenset({"script", "style", "noscript"})
_BESIDE_TITLE = frozenset({"p", "h2", "h3"})
_NAMED = re.compile(
    r"stand-?first|(?<![a-z])(?:deck|dek|lede|lead|teaser|intro|excerpt|summary)(?![a-z])"
    r"|sub[-_]?(?:title|head(?:line|ing)?|tit)(?![a-z])|article[-_]?(?:desc|description|summary)",
    re.IGNORECASE,
)
_MACHINE = re.compile(r"(?<![a-z])ai(?![a-z])|hidden", re.IGNORECASE)
_LOOKED_AT = 80  # elements behind the headline
_SHORT = 30  # bytes of a line that says nothing
_LONG = 600
_STAMP = 60  # bytes; a shorter line with a date says when, whatever it ends with
_REPEATED = 20  # characters that a description must repeat
_LINKED = 0.5
_MOST = 3  # lines


def standfirst(title: LexborNode, lines: Sequence[str], described: str) -> str:
    """Return the lines under the headline's element that are no part of the body, `lines`; "" where there are none.

    `described` is what metadata says that the article is about: a line that it repeats is one, whatever it is called.
    """
    about = collapse_whitespace(described)
    found = (text for node, text in _above(title, lines) if _tells(node, text, title, about))
    return "\n".join(list(dict.fromkeys(found))[:_MOST])


def _behind(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the elements of _TAGS behind the beginning of one, in the order of the document."""
    at: LexborNode | None = node
    while at is not None:
        following = at.child or at.next
        while following is None and at is not None:
            at = at.parent
            following = at.next if at is not None else None
        at = following
        if at is not None and at.tag in _TAGS:
            yield at


def _above(title: LexborNode, lines: Sequence[str]) -> Iterator[tuple[LexborNode, str]]:
    """Walk the elements behind the headline that hold no others, up to the first that the body holds."""
    known = frozenset(lines)
    whole = title.mem_id
    for node in islice(_behind(title), _LOOKED_AT):
        if node.tag in _INLINE and _parent(node) == whole:
            continue  # words of a line that was read
        if any(child.tag in _BLOCKS for child in node.iter()) or _only_holds(node):
            continue
        text, whole = _text(node), node.mem_id
        if text in known or (lines and lines[0] in text):
            return
        yield node, text


def _only_holds(node: LexborNode) -> bool:
    """Return whether an element has inline ones, and no words beside them: each of those is a line."""
    inside = list(node.iter(include_text=True))
    return any(child.tag in _INLINE for child in inside) and not any(
        child.tag == "-text" and (child.text_content or "").strip() for child in inside
    )


def _text(node: LexborNode) -> str:
    """Return the text of an element on one line, a blank where it breaks."""
    pieces = (
        " " if inner.tag == "br" else inner.text_content or ""
        for inner in node.traverse(include_text=True)
        if inner.parent is None or inner.parent.tag not in _UNREAD
    )
    return collapse_whitespace("".join(pieces))


def _tells(node: LexborNode, text: str, title: LexborNode, about: str) -> bool:
    """Return whether a line tells what the article is about."""
    if not _SHORT <= size(text) <= _LONG or any(test(text) for test in (credit, stock, pointer, digest)):
        return False
    linked = sum(len(collapse_whitespace(link.text())) for link in node.css("a"))
    if linked > _LINKED * len(text) or _is_unseen(node):
        return False
    if len(text) >= _REPEATED and about.startswith(text.rstrip(" .…")):
        return True
    return not _MACHINE.search(_names(node)) and (
        _NAMED.search(_names(node)) is not None or _is_beside(node, text, title)
    )


def _is_beside(node: LexborNode, text: str, title: LexborNode) -> bool:
    """Return whether a line without a name of its own stands beside the headline, in the same box."""
    if _parent(node) != _parent(title) or (masthead(text) and (size(text) < _STAMP or not sentence(text))):
        return False
    if node.tag not in _BESIDE_TITLE and not sentence(text):
        return False
    return verdict(_own_names(node)) not in {FURNITURE, CAPTION}


def _own_names(node: LexborNode) -> str:
    attributes = node.attributes
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}"


def _names(node: LexborNode) -> str:
    """Return the names of an element and of the one around it."""
    return f"{_own_names(node)} {_own_names(node.parent) if node.parent is not None else ''}"


def _is_unseen(node: LexborNode) -> bool:
    around = (node, node.parent) if node.parent is not None else (node,)
    return any(
        "hidden" in one.attributes
        or one.attributes.get("aria-hidden") == "true"
        or "display:none" in (one.attributes.get("style") or "").replace(" ", "")
        for one in around
    )


def _parent(node: LexborNode) -> int:
    return node.parent.mem_id if node.parent is not None else 0
