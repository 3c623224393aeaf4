"""Whole articles on the page of another one: the page is about the one that has its title, however long the others are."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice

from monitor.extract.generic.outline import Box, Outline
from monitor.extract.text.markup import collapse_whitespace

_HEADINGS = frozenset({"h1", "h2", "h3"})
_MOST = 200  # headings that are looked at
_TITLE = 5  # characters of a heading that a title may begin with
_SHARE = 0.1  # of another article's text is the least that the page's own one has: a headline alone is no article


def other_articles(outline: Outline, raw: list[float], titles: Collection[str]) -> frozenset[int]:
    """Number the boxes of articles beside the one that has a title of the page; none where no box has it.

    `raw` are running sums over the blocks' weights.
    """
    boxes = outline.boxes
    if sum(box.tag in _HEADINGS for box in boxes) <= 1:
        return frozenset()  # as nearly always
    heads = _headings(outline)
    known = [folded for title in titles if (folded := _folded(title))]
    own = next((at for at in heads if _is_title(outline.blocks[at].text, known)), None)
    if own is None:
        return frozenset()
    found: set[int] = set()
    for at in heads:
        if at == own or _is_title(outline.blocks[at].text, known):
            continue
        mine, other = _apart(boxes, outline.blocks[own].box, outline.blocks[at].box)
        if (
            _alike(boxes, (mine, own), (other, at), outline)
            and _weight(boxes[mine], raw) > _SHARE * _weight(boxes[other], raw)
            and _weight(boxes[mine], raw) > 0
        ):
            found.add(other)
    return frozenset(found)


def _headings(outline: Outline) -> list[int]:
    """Number the blocks of the first headings."""
    found = (at for at, block in enumerate(outline.blocks) if outline.boxes[block.box].tag in _HEADINGS)
    return list(islice(found, _MOST))


def _folded(text: str) -> str:
    return collapse_whitespace(text).casefold()


def _is_title(text: str, titles: Collection[str]) -> bool:
    """Return whether a heading is a title, or what a title begins with (the outlet's name may follow)."""
    heading = _folded(text)
    return any(title == heading or (len(heading) >= _TITLE and title.startswith(heading)) for title in titles)


def _apart(boxes: list[Box], one: int, other: int) -> tuple[int, int]:
    """Return the widest boxes around two that do not hold the other one."""
    above, path = set(), one
    while path >= 0:
        above.add(path)
        path = boxes[path].parent
    while boxes[other].parent not in above:
        other = boxes[other].parent
    meet = boxes[other].parent
    while boxes[one].parent != meet:
        one = boxes[one].parent
    return one, other


def _alike(boxes: list[Box], one: tuple[int, int], other: tuple[int, int], outline: Outline) -> bool:
    """Return whether two boxes beside each other are articles of one kind, each under its own heading."""
    here, there = boxes[one[0]], boxes[other[0]]
    if here.tag == there.tag == "article":
        return True
    tags = {boxes[outline.blocks[at].box].tag for at in (one[1], other[1])}
    top = "h1" if any(box.tag == "h1" for box in boxes) else "h2"
    return here.tag == there.tag and here.names == there.names != "" and tags == {top}


def _weight(box: Box, raw: list[float]) -> float:
    return raw[box.end] - raw[box.first]
