"""Where the body may be: readers that know nothing of each other, and how far they agree.

Each one names a box. The box whose text most of the others would have taken too is chosen, and the agreement is the
confidence: no single signal is right on every page, but they are seldom wrong together.
"""

from __future__ import annotations

from dataclasses import dataclass

from monitor.extract.generic.naming import BODY
from monitor.extract.generic.outline import Box, Outline
from monitor.extract.generic.prose import SHORT, sentence
from monitor.extract.generic.survey import Survey

_SPREAD = (1.0, 0.8, 0.5, 0.3, 0.15)  # of a paragraph's weight, for the box around it and those around that
_PARAGRAPHS = frozenset({"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "dd", "dt"})
_COST = 0.5  # of a line that is no running text, against one that is
_CLIMB = 8  # elements
_ALIKE = 0.6  # of what the parent adds must lie in boxes of the same kind
_CLUTTERED = 0.3  # of it may be no running text
_FAIR = 0.2  # of the page's running text is the least that a body holds
_SIGNPOST = 0.8
_LONG_LINK = 40
_ROW = 50  # lines; a longer row lays a page out


@dataclass(frozen=True, slots=True)
class Choice:
    """The blocks of the chosen body, and how far the readers agree on them (0 to 1)."""

    box: int
    blocks: list[int]
    agreement: float


def choose(page: Survey, stated: frozenset[int]) -> Choice | None:
    """Return the body; None when the page holds no running text. `stated`: blocks that metadata repeats, may be empty."""
    found = (_widened(page, named(page)), _widened(page, densest(page)), fullest(page), landmark(page))
    boxes = [box for box in found if box is not None]
    if not boxes:
        return None
    sets = [frozenset(readable(page, box)) for box in boxes]
    voters = [*sets, stated] if stated else sets
    scores = [_support(page, number, sets, voters) for number in range(len(boxes))]
    best = max(range(len(boxes)), key=scores.__getitem__)
    return Choice(boxes[best], sorted(sets[best]), scores[best])


def named(page: Survey) -> int | None:
    """Return the box that markup or its own name calls the body."""
    boxes = page.outline.boxes
    declared = [number for number, box in enumerate(boxes) if box.declared]
    return _worthiest(page, declared) or _worthiest(page, [n for n, box in enumerate(boxes) if box.mark == BODY])


def landmark(page: Survey) -> int | None:
    """Return the article element, or the main one, that holds most."""
    boxes = page.outline.boxes
    articles = [number for number, box in enumerate(boxes) if box.tag == "article"]
    return _worthiest(page, articles) or _worthiest(page, [n for n, box in enumerate(boxes) if box.tag == "main"])


def _worthiest(page: Survey, numbers: list[int]) -> int | None:
    """Return the innermost of the best of these boxes; None when none holds a fair share of the page's text."""
    least = max(SHORT, _FAIR * page.prose[-1])
    able = [number for number in numbers if not page.within[number] and page.text_in(number) > least]
    return max(able, key=lambda number: (page.text_in(number) - page.clutter_in(number), number), default=None)


def densest(page: Survey) -> int | None:
    """Return the box with most paragraphs close below it."""
    boxes = page.outline.boxes
    scores: dict[int, float] = {}
    for block, value in zip(page.outline.blocks, page.weights, strict=True):
        if value < SHORT or page.within[block.box]:
            continue
        box = boxes[block.box]
        holder = box.parent if box.tag in _PARAGRAPHS or box.end - box.first == 1 else block.box
        for share in _SPREAD:
            if holder < 0:
                break
            scores[holder] = scores.get(holder, 0.0) + share * value
            holder = boxes[holder].parent
    return max(scores, key=scores.__getitem__, default=None)


def _widened(page: Survey, number: int | None) -> int | None:
    """Climb while the box is only one of several of its kind: a text that is cut up by advertisements."""
    boxes = page.outline.boxes
    at = number
    for _ in range(_CLIMB):
        if number is None or not at:
            break
        parent, kind = boxes[at].parent, _kind(boxes[at])
        gain = page.text_in(parent) - page.text_in(number)
        if gain > SHORT:
            alike = (n for n in range(parent + 1, len(boxes)) if boxes[n].parent == parent and _kind(boxes[n]) == kind)
            added = page.clutter_in(parent) - page.clutter_in(number)
            if added > _CLUTTERED * gain or sum(map(page.text_in, alike)) - page.text_in(at) < _ALIKE * gain:
                break
            number = parent
        at = parent
    return number


def _kind(box: Box) -> str:
    """Return the tag and names of a box."""
    return f"{box.tag} {box.names}"


def fullest(page: Survey) -> int | None:
    """Return the box that holds most running text when every other line in it costs."""
    best, most = None, float("-inf")
    for number in range(len(page.outline.boxes)):
        text = page.text_in(number)
        worth = text - _COST * page.clutter_in(number)
        if text > 0 and worth >= most and not page.within[number]:
            best, most = number, worth
    return best


def readable(page: Survey, number: int) -> list[int]:
    """List the blocks of a box that are neither furniture nor mere links."""
    box = page.outline.boxes[number]
    return [
        at
        for at in range(box.first, box.end)
        if (not page.noise[at] or page.within[number]) and not _signpost(page.outline, at)
    ]


def _signpost(outline: Outline, at: int) -> bool:
    """Return whether a line is nothing but a link. A linked sentence may be part of the text, and so is a cell with a link
    when its row holds more than that."""
    block = outline.blocks[at]
    if block.linked <= _SIGNPOST * len(block.text) or (len(block.text) >= _LONG_LINK and sentence(block.text)):
        return False
    row = outline.boxes[outline.boxes[block.box].parent]
    if row.tag != "tr" or row.end - row.first > _ROW:
        return True
    return all(cell.linked > _SIGNPOST * len(cell.text) for cell in outline.blocks[row.first : row.end])


def _support(page: Survey, number: int, sets: list[frozenset[int]], voters: list[frozenset[int]]) -> float:
    """Return the mean agreement (F1 of weights) of one candidate with the other voters; 1 when it stands alone."""
    others = [voter for at, voter in enumerate(voters) if at != number]
    return sum(_agreement(page, sets[number], other) for other in others) / len(others) if others else 1.0


def _agreement(page: Survey, one: frozenset[int], other: frozenset[int]) -> float:
    if one == other:
        return 1.0
    both = sum(page.weights[at] for at in one & other)
    return 2 * both / (sum(page.weights[at] for at in one) + sum(page.weights[at] for at in other) or 1.0)
