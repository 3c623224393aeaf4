"""Body text of a page nobody has described: the block that holds most running text outside links."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.extract.blocks import Text, read_blocks
from monitor.extract.site import Drops

DROPS = Drops(prefixes=("▶", "☞"), contains=("다른기사보기", "다른 기사 보기"))
CAPTIONS = ("▲", "△", "▼")
_NOISE = "nav, footer, aside, form, noscript, [aria-hidden=true], [role=navigation], [role=complementary]"
_KNOWN = "[itemprop=articleBody], #articleBody, #article-view-content-div, #newsct_article, #dic_area"
_SHORTEST = 25  # characters that make a paragraph
_SHARES = (1.0, 0.5)  # of a paragraph's weight, for the element that holds it and for the one around that
_CANDIDATES = 3_000
_LINKS = 0.5


def generic_body(tree: LexborHTMLParser) -> Text:
    """Answer the lines and captions of the most likely body; empty when the page holds no running text.

    Every paragraph (p, or an element whose own text is broken by br) gives its length without links to its parent, and
    half of it to the grandparent; the element with most wins. Names that papers agree on win outright. Removes
    navigation, footers and the like from the tree.
    """
    for node in tree.css(_NOISE):
        node.decompose()
    known = max(tree.css(_KNOWN), key=_own, default=None)
    chosen = known if known is not None and _own(known) > _SHORTEST else _best(tree)
    return read_blocks(chosen, DROPS, CAPTIONS) if chosen is not None else Text()


def _best(tree: LexborHTMLParser) -> LexborNode | None:
    """Score the parents of all paragraphs and answer the winner."""
    scores: dict[int, float] = {}
    nodes: dict[int, LexborNode] = {}
    for paragraph, weight in _paragraphs(tree):
        holder: LexborNode | None = paragraph
        for share in _SHARES:
            if holder is None or holder.tag in {None, "html", "-document"}:
                break
            nodes.setdefault(holder.mem_id, holder)
            scores[holder.mem_id] = scores.get(holder.mem_id, 0.0) + share * weight
            holder = holder.parent
    return nodes[max(scores, key=scores.__getitem__)] if scores else None


def _paragraphs(tree: LexborHTMLParser) -> list[tuple[LexborNode, float]]:
    """List (holder, length) of running text: the parents of p, and elements broken by br themselves."""
    found: list[tuple[LexborNode, float]] = []
    for node in tree.css("p")[:_CANDIDATES]:
        length = _own(node)
        if length >= _SHORTEST and node.parent is not None:
            found.append((node.parent, length))
    broken = {node.parent.mem_id: node.parent for node in tree.css("br")[:_CANDIDATES] if node.parent is not None}
    for node in broken.values():
        length = len(node.text(deep=False).strip())
        if node.tag != "p" and length >= _SHORTEST:
            found.append((node, float(length)))
    return found


def _own(node: LexborNode) -> float:
    """Length of the text outside links; 0 when links are half of it."""
    length = len(node.text().strip())
    linked = sum(len(link.text()) for link in node.css("a")) if length >= _SHORTEST else 0
    return float(length - linked) if linked < _LINKS * length else 0.0
