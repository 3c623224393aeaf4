"""An element of a page, as lines of text: one walk, block borders kept, noise left out.

Korean pages mark captions and related links by their first character alone (`▲`, `▶`), not by class; a definition
therefore names prefixes, and a prefix rules the whole block that it opens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from monitor.extract.definitions.site import Drops
from monitor.extract.text.markup import collapse_whitespace

_BLOCKS = (
    "address article aside blockquote center dd details div dl dt fieldset h1 h2 h3 h4 h5 h6 header hr li main ol p pre "
    "section summary table tbody td tfoot th thead tr ul body html form"
)
_UNSEEN = (
    "-comment script style noscript template iframe object embed svg math canvas audio video picture img button input "
    "select textarea footer nav map head title meta link amp-ad amp-img amp-iframe amp-video amp-carousel "
    "amp-social-share amp-analytics amp-embed amp-sidebar"
)
_KINDS = dict.fromkeys(_BLOCKS.split(), "block") | dict.fromkeys(_UNSEEN.split(), "unseen")
_KINDS |= {"-text": "text", "br": "break", "figure": "figure", "a": "link"}
_PHOTO = re.compile(r"사진|제공|캡[처쳐]|그래픽|자료|뉴시스|연합뉴스|뉴스1|gettyimages|ⓒ|©", re.IGNORECASE)
_GAP = ""
_SEARCHED = 500  # characters of a line in which a pattern is looked for


@dataclass(slots=True)
class Text:
    """Lines in page order; captions apart."""

    lines: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)


def read_blocks(root: LexborNode, drop: Drops, caption_marks: tuple[str, ...]) -> Text:
    """Read the text of `root`; the tree stays as it is."""
    dropped = frozenset(node.mem_id for selector in drop.selectors for node in root.css(selector))
    builder = _BlockBuilder(drop, caption_marks)
    for event, text in _events(root, drop.contains, dropped):
        builder.take(event, text)
    return builder.finish()


def block_lines(root: LexborNode) -> list[str]:
    """Return the lines of an element, nothing left out but what nobody sees."""
    return read_blocks(root, Drops(), ()).lines


def is_credit(line: str, marks: tuple[str, ...]) -> bool:
    """Return whether a line opens with a mark of captions and says where a picture is from."""
    return line.startswith(marks) and _PHOTO.search(line) is not None


class _BlockBuilder:
    """Turns the events of a walk into lines; knows where each open block began."""

    def __init__(self, drop: Drops, captions: tuple[str, ...]) -> None:
        self._drops = drop.prefixes
        self._paragraphs = drop.paragraphs
        self._marks = captions
        self._text = Text()
        self._line: list[str] = []
        self._open: list[int] = []

    def take(self, event: str, text: str) -> None:
        """Take one event of `_events`."""
        if event == "text":
            self._line.append(text)
        elif event == "caption":
            self._text.captions.append(text)
        else:
            ended = self._end_line()
            if event == "open":
                self._open.append(len(self._text.lines))
            elif event == "close":
                self._close()
            elif not ended:
                self._text.lines.append(_GAP)

    def finish(self) -> Text:
        """Return the text, with the rules for single lines applied."""
        self._end_line()
        kept = []
        for line in self._text.lines:
            if is_credit(line, self._marks):
                self._text.captions.append(line)
            elif line and not line.startswith(self._drops) and not self._unwanted(line):
                kept.append(line)
        return Text(kept, self._text.captions)

    def _unwanted(self, line: str) -> bool:
        return any(pattern.search(line, 0, _SEARCHED) for pattern in self._paragraphs)

    def _end_line(self) -> bool:
        """End the line; tell whether there was text in it."""
        line = collapse_whitespace("".join(self._line))
        self._line.clear()
        if line:
            self._text.lines.append(line)
        return bool(line)

    def _close(self) -> None:
        """End a block; when it opens with a mark, the mark rules it up to the first empty line."""
        lines = self._text.lines
        start = self._open.pop()
        while start < len(lines) and lines[start] == _GAP:
            start += 1
        first = lines[start] if start < len(lines) else ""
        caption = first.startswith(self._marks)
        if not caption and not first.startswith(self._drops):
            return
        end = next((n for n in range(start, len(lines)) if lines[n] == _GAP), len(lines))
        if caption:
            self._text.captions.append(" ".join(lines[start:end]))
        del lines[start:end]


def _events(root: LexborNode, contains: tuple[str, ...], dropped: frozenset[int]) -> Iterator[tuple[str, str]]:
    """Walk in page order without recursion: text | open | close | break | caption."""
    stack: list[tuple[LexborNode, bool]] = []
    node = root.first_child
    while node is not None or stack:
        if node is None:
            node, block = stack.pop()
            if block:
                yield "close", ""
            node = node.next
            continue
        kind = "unseen" if dropped and node.mem_id in dropped else _kind(node, contains)
        if kind in {"block", "inline"}:
            if kind == "block":
                yield "open", ""
            stack.append((node, kind == "block"))
            node = node.first_child
            continue
        if kind == "figure":
            yield from _figure(node)
        elif kind != "unseen":
            yield kind, (node.text_content or "") if kind == "text" else ""
        node = node.next


def _kind(node: LexborNode, contains: tuple[str, ...]) -> str:
    """Return text | break | figure | unseen | block | inline. Nodes without a tag are unseen."""
    kind = _KINDS.get(node.tag or "-comment", "inline")
    if kind == "link":
        return "unseen" if contains and _holds(node, contains) else "inline"
    return kind


def _figure(node: LexborNode) -> Iterator[tuple[str, str]]:
    """Keep of a figure what is written under it."""
    caption = node.css_first("figcaption")
    text = collapse_whitespace(caption.text()) if caption is not None else ""
    if text:
        yield "caption", text


def _holds(node: LexborNode, contains: tuple[str, ...]) -> bool:
    text = node.text()
    return any(words in text for words in contains)
