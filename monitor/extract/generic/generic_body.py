"""The body of a page nobody has described: text, captions, and how sure the reader is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from selectolax.lexbor import LexborHTMLParser

from monitor.extract.generic.candidates import Choice, choose, readable
from monitor.extract.generic.naming import CAPTION
from monitor.extract.generic.outline import Block, Outline, read_outline
from monitor.extract.generic.overlooked import passed_over
from monitor.extract.generic.prose import SHORT, credit, digest, masthead, pointer, sentence, size, stock
from monitor.extract.generic.survey import Survey, survey
from monitor.extract.text.markup import collapse_whitespace

_POINTERS = ("▶", "☞", "▷", "►")
_BULLETS = ("•", "·", "-", "▪", "◦", "*", "1.", "2.", "3.")
_CAPTIONS = ("▲", "△", "▼")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ITEMS = frozenset({"li", "td", "th", "dd", "dt", "p", "blockquote", "pre"})
_STARTS = _ITEMS | _HEADINGS - {"h1"}
_ROWS = frozenset({"tr", "tbody", "thead", "table"})
_REPEATED = 30  # characters; shorter lines may come twice
_STATED = 40
_LONG = 60  # size of a line that is no label, whatever it ends with
_LIST_LINKED = 0.5
_TEASER = 0.3  # of a line inside links: it points somewhere else
_MOSTLY = 0.4  # of the text: more than this is no list of other articles
_LIST = 3  # blocks that make a list of links
_DOUBTFUL = 0.5  # below this confidence the page is read once more, leniently
_NESTED = 3  # boxes inside each other whose names lie
_GOOD = 600.0  # weight of running text at which length says no more about confidence


@dataclass(frozen=True, slots=True)
class Body:
    """Lines and captions in page order. `confidence` is 0 (a guess) to 1 (independent readers agree on plenty of text)."""

    lines: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    confidence: float = 0.0


def generic_body(tree: LexborHTMLParser, titles: Collection[str] = (), stated: str = "") -> Body:
    """Find the body. `titles` are lines that are no part of it; `stated` is the text that metadata gives, if any."""
    outline = read_outline(tree)
    body = _best(outline, titles, stated)
    forgiven: frozenset[int] = frozenset()
    for _ in range(_NESTED):
        more = passed_over(outline, body.lines) - forgiven
        if not more:
            break
        forgiven |= more
        outline = read_outline(tree, forgiven)
        body = _best(outline, titles, stated)
    return body


def _best(outline: Outline, titles: Collection[str], stated: str) -> Body:
    """Read strictly, and leniently where that leaves doubt."""
    repeated = _repeated_by(outline.blocks, collapse_whitespace(stated))
    body = _read(survey(outline, titles), repeated, titles)
    if body.confidence >= _DOUBTFUL:
        return body
    second = _read(survey(outline, titles, lenient=True), repeated, titles)
    return second if second.confidence > body.confidence else body


def _read(page: Survey, repeated: frozenset[int], titles: Collection[str]) -> Body:
    choice = choose(page, repeated)
    return _compose(page, choice, titles) if choice else Body()


def fragment_body(tree: LexborHTMLParser, titles: Collection[str] = ()) -> Body:
    """Read HTML that is nothing but a body."""
    page = survey(read_outline(tree))
    return _compose(page, Choice(0, readable(page, 0), 1.0), titles)


def _compose(page: Survey, choice: Choice, titles: Collection[str]) -> Body:
    """Sift the chosen blocks and judge what is left."""
    kept, captions = _sift(page, choice.blocks, {collapse_whitespace(title) for title in titles})
    kept = _trim_ends(page, kept)
    captions = [*_captions(page, choice.box), *captions]
    lines = [page.outline.blocks[at].text for at in kept]
    length = sum(page.weights[at] for at in kept)
    return Body(lines, list(dict.fromkeys(captions)), round(choice.agreement * min(1.0, length / _GOOD), 3))


def _repeated_by(blocks: Sequence[Block], stated: str) -> frozenset[int]:
    """Number the blocks whose text metadata repeats."""
    if len(stated) < _STATED:
        return frozenset()
    return frozenset(at for at, block in enumerate(blocks) if len(block.text) >= _REPEATED and block.text in stated)


def _sift(page: Survey, chosen: list[int], titles: Collection[str]) -> tuple[list[int], list[str]]:
    """Drop what stands between paragraphs and is none; return (blocks, captions)."""
    blocks = page.outline.blocks
    dropped = _link_lists(page.outline, chosen) | _pointed(page, chosen) | _loose(page, chosen)
    seen: dict[str, int] = {}
    kept: list[int] = []
    captions: list[str] = []
    for at in chosen:
        text = blocks[at].text
        if credit(text) or text.startswith(_CAPTIONS):
            captions.append(text)
        elif not (at in dropped or text in titles or stock(text)):
            around = page.outline.boxes[blocks[at].box].parent
            # A pull quote repeats a line somewhere else; a line repeated by its neighbour is the writer's wish.
            if len(text) < _REPEATED or seen.setdefault(text, around) == around:
                kept.append(at)
    if kept or not captions:
        return kept, captions
    # What stands alone is the text, whatever mark it begins with: a notice (▲ 부고 = …), a picture that tells all there is.
    told = [at for at in chosen if blocks[at].text.startswith(_CAPTIONS) and at not in dropped]
    return told, [text for text in captions if not text.startswith(_CAPTIONS)]


def _pointed(page: Survey, chosen: list[int]) -> set[int]:
    """Number the lines that point to other articles, and the lists below them up to the next plain sentence; and the
    summaries that no reporter wrote, with their points."""
    found: set[int] = set()
    listing = digesting = False
    marked = -1
    for at in chosen:
        block = page.outline.blocks[at]
        if block.text.startswith(_POINTERS):
            marked = block.box
        elif block.box != marked or block.gap:
            marked = -1
        digesting = digest(block.text) or (digesting and _is_point(page, at))
        if marked >= 0 or pointer(block.text):
            found.add(at)
            listing = marked < 0
        elif digesting or (listing and _is_listed(page, at)):
            found.add(at)
        else:
            listing = False
    return found


def _is_listed(page: Survey, at: int) -> bool:
    block = page.outline.blocks[at]
    return block.linked > _TEASER * len(block.text) or not page.paragraph(at)


def _is_point(page: Survey, at: int) -> bool:
    block = page.outline.blocks[at]
    return page.outline.boxes[block.box].tag == "li" or block.text.startswith(_BULLETS)


def _loose(page: Survey, chosen: list[int]) -> set[int]:
    """Number the short lines that stand in boxes of their own: neither paragraph, heading nor item, and no sentence."""
    holders = {page.outline.blocks[at].box for at in chosen if page.paragraph(at)}
    return {
        at
        for at in chosen
        if (box := page.outline.blocks[at].box) not in holders
        and (tag := page.outline.boxes[box].tag) not in _HEADINGS
        and tag not in _ITEMS
        and not page.paragraph(at)
    }


def _link_lists(outline: Outline, chosen: list[int]) -> set[int]:
    """Number the blocks in boxes that are mostly links: lists of other articles, with their teasers."""
    inside = set(chosen)
    length, linked = _sums(outline, inside, linked=False), _sums(outline, inside, linked=True)
    most = _MOSTLY * length[-1]
    found: set[int] = set()
    done = 0
    for box in outline.boxes:
        if box.end - box.first >= _LIST and box.first >= done and box.tag not in _ROWS:
            here = length[box.end] - length[box.first]
            if 0 < here < most and linked[box.end] - linked[box.first] > _LIST_LINKED * here:
                found.update(range(box.first, box.end))
                done = box.end
    return found


def _sums(outline: Outline, inside: set[int], *, linked: bool) -> list[int]:
    """Add up characters, or linked ones, over the blocks that are inside."""
    values = (
        (block.linked if linked else len(block.text)) if at in inside else 0 for at, block in enumerate(outline.blocks)
    )
    return [0, *accumulate(values)]


def _trim_ends(page: Survey, kept: list[int]) -> list[int]:
    """Begin with the first paragraph and end with the last."""
    start, end = 0, len(kept)
    while start < end and not _opens(page, kept[start]):
        start += 1
    while end > start and not _closes(page, kept[end - 1]):
        end -= 1
    return kept[start:end] or kept


def _opens(page: Survey, at: int) -> bool:
    if page.paragraph(at):
        return True
    block = page.outline.blocks[at]
    if size(block.text) >= _LONG and not block.linked and not masthead(block.text):
        return True
    linked = block.linked > _LIST_LINKED * len(block.text) and not sentence(block.text)
    tag = page.outline.boxes[block.box].tag
    return tag in _STARTS and not linked and not masthead(block.text)


def _closes(page: Survey, at: int) -> bool:
    block = page.outline.blocks[at]
    tag = page.outline.boxes[block.box].tag
    return tag not in _HEADINGS and (page.weights[at] >= SHORT or sentence(block.text) or tag in _ITEMS)


def _captions(page: Survey, number: int) -> list[str]:
    """List the captions inside a box, by what its elements are called."""
    box = page.outline.boxes[number]
    return [page.outline.blocks[at].text for at in range(box.first, box.end) if page.noise[at] == CAPTION]
