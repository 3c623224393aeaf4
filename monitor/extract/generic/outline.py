"""A page as an outline: its blocks of text in order, and the boxes that hold them.

One walk over the tree, without recursion; everything after it works on these lists alone. Boxes are numbered in page
order, so each holds an unbroken run of blocks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.extract.generic.naming import BODY, CAPTION, FURNITURE, verdict
from monitor.extract.text.markup import collapse_whitespace

_INLINE_WORDS = (
    "abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q ruby s samp small span strike "
    "strong sub sup tt u var wbr"
)
_UNSEEN_WORDS = (
    "-comment script style noscript template iframe object embed svg math canvas audio video picture img button input "
    "select textarea map head title meta link dialog datalist progress source track param base rp rt amp-ad amp-img "
    "amp-iframe amp-video amp-carousel amp-social-share amp-analytics amp-embed amp-sidebar"
)
_KINDS = dict.fromkeys(_INLINE_WORDS.split(), "inline") | dict.fromkeys(_UNSEEN_WORDS.split(), "unseen")
_KINDS |= {"-text": "text", "br": "break", "hr": "break", "a": "link", "time": "link"}
_TAGS = dict.fromkeys(("nav", "footer", "aside", "menu", "form", "header"), FURNITURE)
_TAGS |= {"figure": CAPTION, "figcaption": CAPTION, "caption": CAPTION}
_ROLES_WORDS = "navigation complementary contentinfo banner search dialog alert menu menubar toolbar tablist"
_ROLES = frozenset(_ROLES_WORDS.split())
_NOT_RUNNING = "a, script, style, noscript, option, button"
_INVISIBLE = " \u200b\u200c\u200d\u2060\ufeff"
_UNNAMED = frozenset({"article", "main", "tbody", "tr", "td", "th"})
_FRAMES = frozenset({"div", "section", "figure", "p", "span"})
_SCRIPTS = frozenset({"script", "style", "noscript", "-comment"})
_MOST = 20_000  # boxes and blocks that are read


@dataclass(slots=True)
class Box:
    """An element that is no inline one. `first` and `end` are the run of its blocks, `mark` is what its tag and names say
    (FURNITURE, CAPTION, BODY or 0), `declared` whether markup states that it is the body (itemprop)."""

    parent: int
    tag: str
    mark: int
    declared: bool
    first: int
    end: int = 0
    names: str = ""


@dataclass(slots=True)
class Block:
    """A line of text. `linked` counts the characters inside links and times; `gap`: an empty line stands before it."""

    text: str
    linked: int
    box: int
    gap: bool


@dataclass(slots=True)
class Outline:
    """Boxes and blocks of a page, both in page order; box 0 is the whole page. `passed` is the furniture that was not read,
    each with the number of blocks before it."""

    boxes: list[Box] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    passed: list[tuple[LexborNode, int]] = field(default_factory=list)


def read_outline(tree: LexborHTMLParser, forgiven: frozenset[int] = frozenset()) -> Outline:
    """Walk the page's body. Stops reading at a bounded number of boxes and blocks.

    Furniture is passed over unread, unless there is more text in it than in all the rest: then nothing is. `forgiven` are
    elements (mem_id) that are none, whatever their names and roles say.
    """
    walk = _walk(tree, forgiven, strict=True)
    overlooked = any(_outweighs(node, walk.length) for node, _ in walk.passed)
    return (_walk(tree, forgiven, strict=False) if overlooked else walk).finish()


def _walk(tree: LexborHTMLParser, forgiven: frozenset[int] = frozenset(), *, strict: bool) -> _Walk:
    """Walk in page order, without recursion."""
    walk = _Walk(forgiven, strict=strict)
    line, enter, leave, kinds = walk.line, walk.enter, walk.leave, _KINDS.get
    stack: list[tuple[LexborNode, str]] = []
    push, pop = stack.append, stack.pop
    root = tree.body
    node = root.first_child if root is not None else None
    while (node is not None or stack) and not walk.full:
        if node is None:
            node, kind = pop()
            if kind != "inline":
                leave(kind)
            node = node.next
            continue
        tag = node.tag or "-comment"
        kind = kinds(tag, "box")
        if kind == "text":
            text = node.text_content or ""
            if line or not text.isspace():
                line.append(text)
        elif kind == "break":
            walk.end_line(broken=True)
        elif (
            kind != "unseen"
            and (child := node.first_child) is not None
            and (kind == "inline" or enter(kind, tag, node))
        ):
            push((node, kind))
            node = child
            continue
        node = node.next
    return walk


class _Walk:
    """The state of a walk: open boxes, the line that is being read. `length` counts the characters that were read, `passed`
    is the furniture that was not."""

    def __init__(self, forgiven: frozenset[int], *, strict: bool) -> None:
        self.line: list[str] = []
        self.full = False
        self.length = 0
        self.passed: list[tuple[LexborNode, int]] = []
        self._forgiven = forgiven
        self._strict = strict
        self._boxes = [Box(-1, "body", 0, declared=False, first=0)]
        self._blocks: list[Block] = []
        self._at = 0
        self._linked = 0
        self._links: list[int] = []
        self._gap = False

    def enter(self, kind: str, tag: str, node: LexborNode) -> bool:
        """Open a link or a box; False for one that is passed over."""
        if kind == "link":
            self._links.append(len(self.line))
            return True
        if self.line:
            self.end_line(broken=False)
        attributes = node.attributes
        mark, declared, names = _read_names(tag, attributes) if attributes else (_TAGS.get(tag, 0), False, "")
        if mark == FURNITURE and (node.mem_id in self._forgiven or _frames_a_quote(node)):
            mark = 0
        if mark == FURNITURE and self._strict:
            self.passed.append((node, len(self._blocks)))
            return False
        self._boxes.append(Box(self._at, tag, mark, declared, len(self._blocks), 0, names))
        self._at = len(self._boxes) - 1
        return True

    def leave(self, kind: str) -> None:
        """Close an element."""
        if kind == "link":
            start = self._links.pop()
            self._linked += sum(map(len, self.line[start:]))
        else:
            if self.line:
                self.end_line(broken=False)
            box = self._boxes[self._at]
            box.end = len(self._blocks)
            self._at = box.parent

    def end_line(self, *, broken: bool) -> None:
        """End the line; a break on an empty line is a gap."""
        if self.line:
            text = collapse_whitespace("".join(self.line)).strip(_INVISIBLE)
            self.length += len(text)
            if self._links:
                # A link around blocks: all of it is linked.
                self._linked += sum(map(len, self.line[self._links[-1] :]))
                self._links = [0] * len(self._links)
            self.line.clear()
            if text:
                self._blocks.append(Block(text, min(self._linked, len(text)), self._at, self._gap))
                self._linked, self._gap = 0, False
                self.full = len(self._blocks) + len(self._boxes) > _MOST
                return
            self._linked = 0
        self._gap = self._gap or broken

    def finish(self) -> Outline:
        """Return what was read; elements that are still open end here."""
        self.end_line(broken=False)
        while self._at >= 0:
            self._boxes[self._at].end = len(self._blocks)
            self._at = self._boxes[self._at].parent
        return Outline(self._boxes, self._blocks, self.passed)


def _frames_a_quote(node: LexborNode) -> bool:
    """Return whether an element is nothing but the frame of a quotation: a post of a network, shown in the text."""
    attributes = node.attributes
    if node.tag not in _FRAMES or _hidden(attributes) or attributes.get("role") in _ROLES:
        return False
    inside = [child for child in node.iter() if child.tag not in _SCRIPTS]
    while len(inside) == 1 and inside[0].tag in _FRAMES:
        inside = [child for child in inside[0].iter() if child.tag not in _SCRIPTS]
    return len(inside) == 1 and inside[0].tag == "blockquote"


def _outweighs(node: LexborNode, length: int) -> bool:
    """Return whether an element has more than `length` characters outside links and scripts, roughly."""
    text = node.text()
    left = len(collapse_whitespace(text)) if len(text) > length else 0
    if left > length:
        for inner in node.css(_NOT_RUNNING):
            left -= len(collapse_whitespace(inner.text())) + 1
            if left <= length:
                break
    return left > length


def _read_names(tag: str, attributes: Mapping[str, str | None]) -> tuple[int, bool, str]:
    """Return (mark, declared, names) of an element."""
    kind, number = attributes.get("class"), attributes.get("id")
    names = f"{kind or ''} {number or ''}" if number else kind or ""
    if len(attributes) > (kind is not None) + (number is not None):
        if "articlebody" in (attributes.get("itemprop") or "").lower():
            return BODY, True, names
        if attributes.get("role") in _ROLES or _hidden(attributes):
            return FURNITURE, False, names
    mark = _TAGS.get(tag, 0) or (verdict(names) if names else 0)
    # Content systems write an article's keywords into its class; a row's class speaks of the row's matter.
    return 0 if mark == FURNITURE and tag in _UNNAMED else mark, False, names


def _hidden(attributes: Mapping[str, str | None]) -> bool:
    style = attributes.get("style")
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or (style is not None and "display:none" in style.replace(" ", ""))
    )
