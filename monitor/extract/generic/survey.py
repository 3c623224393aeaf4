"""Weights laid over an outline: what is running text, what is furniture, how much of both every box holds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from monitor.extract.generic.naming import BODY, FURNITURE
from monitor.extract.generic.others import other_articles
from monitor.extract.generic.outline import Box, Outline
from monitor.extract.generic.prose import SHORT, sentence, size, weight

_MAJORITY = 0.5  # a box with more than this share of a page's text is no furniture, whatever its name
_CARD = 0.15  # of a page's text is more than a teaser has
_CARDS = 0.6  # of it in articles that small: the page is made of them, a live report for one
_TEASERS = 0.8  # of it below linked headings: that is a front page
_SEVERAL = 3
_SIGNPOST = 0.8  # of a heading inside a link: it stands for another article
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_CLUTTER = 120  # most that one line costs
_LINK_COST = 1.0


@dataclass(frozen=True, slots=True)
class Survey:
    """By block: `weight` of running text, `noise` whether it lies in furniture or a caption (their mark, else 0). `prose`
    and `clutter` are running sums over the blocks, with furniture left out. By box: `within`, the mark that holds."""

    outline: Outline
    weights: list[float]
    noise: list[int]
    within: list[int]
    prose: list[float]
    clutter: list[float]
    lenient: bool

    def paragraph(self, at: int) -> bool:
        """Return whether a block is a paragraph: heavy enough, and a sentence where sentences are asked for."""
        return self.weights[at] >= SHORT and (self.lenient or sentence(self.outline.blocks[at].text))

    def text_in(self, box: int) -> float:
        """Return the weight of the running text in a box."""
        found = self.outline.boxes[box]
        return self.prose[found.end] - self.prose[found.first]

    def clutter_in(self, box: int) -> float:
        """Return the size of the lines in a box that are no running text."""
        found = self.outline.boxes[box]
        return self.clutter[found.end] - self.clutter[found.first]


def survey(outline: Outline, titles: Collection[str] = (), *, lenient: bool = False) -> Survey:
    """Weigh every block; `titles` are those of the article that is looked for, `lenient` is as in prose.weight."""
    blocks = outline.blocks
    weights = [weight(block.text, block.linked, lenient=lenient) for block in blocks]
    raw = _sums(weights)
    within = _marks(outline, raw, other_articles(outline, raw, titles))
    noise = [within[block.box] for block in blocks]
    prose = [0.0 if mark else value for value, mark in zip(weights, noise, strict=True)]
    clutter = [
        0.0 if mark else block.linked * _LINK_COST if value >= SHORT else min(size(block.text), _CLUTTER)
        for block, value, mark in zip(blocks, weights, noise, strict=True)
    ]
    return Survey(outline, weights, noise, within, _sums(prose), _sums(clutter), lenient)


def _marks(outline: Outline, raw: list[float], others: frozenset[int]) -> list[int]:
    """Hand marks down; lift those of boxes that hold most of the page, and those above a declared body.
    `others` are articles that the page is not about, whatever is declared in them."""
    boxes = outline.boxes
    most = _MAJORITY * raw[-1]
    cards = _cards(outline, raw)
    shut: set[int] = set()
    within = [0] * len(boxes)
    for number, box in enumerate(boxes):
        above = within[box.parent] if box.parent >= 0 else 0
        own = 0 if box.mark == BODY or raw[box.end] - raw[box.first] > most else box.mark
        if number in others or box.parent in shut:
            shut.add(number)
            within[number] = FURNITURE
        else:
            within[number] = 0 if box.declared else above or own or (FURNITURE if number in cards else 0)
    return within


def _cards(outline: Outline, raw: list[float]) -> frozenset[int]:
    """Number the small elements of which a page has several: articles, and those beside each other that begin with a linked
    heading. They are teasers of other articles, or readers' comments."""
    articles = ("article",)
    kinds: dict[tuple[object, ...], dict[int, float]] = {}
    for number, box in enumerate(outline.boxes):
        if box.tag == "article" or (box.end - box.first > 1 and _is_headed(outline, box)):
            size = raw[box.end] - raw[box.first]
            if size < _CARD * raw[-1]:
                kind = articles if box.tag == "article" else (box.parent, box.tag, box.names)
                kinds.setdefault(kind, {})[number] = size
    several = (
        one
        for kind, one in kinds.items()
        if len(one) >= _SEVERAL and sum(one.values()) < (_CARDS if kind == articles else _TEASERS) * raw[-1]
    )
    return frozenset(number for one in several for number in one)


def _is_headed(outline: Outline, box: Box) -> bool:
    """Return whether an element begins with a heading that is a link."""
    first = outline.blocks[box.first]
    return first.linked > _SIGNPOST * len(first.text) and outline.boxes[first.box].tag in _HEADINGS


def _sums(values: list[float]) -> list[float]:
    total = 0.0
    sums = [0.0]
    for value in values:
        total += value
        sums.append(total)
    return sums
