"""How an article opens: its headline and its first sentence or two, where the news of it stands. Pure."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from monitor.cluster.acts import OWN, acts
from monitor.cluster.days import days_of
from monitor.cluster.rarity import Rarity
from monitor.cluster.terms import terms
from monitor.model.story import Lead

_ENOUGH = 70  # code points; a shorter first sentence takes the next one along
_TOGETHER = 160  # as long as both stay within this
_MOST = 260

_END = re.compile(r"[.!?]+[\"'”’)\]]*(?=\s|$)|(?<=[가-힣])\.(?=[가-힣\"'“‘])|\n")


def sentences(text: str) -> Iterable[str]:
    """Yield the sentences of a text, in order; a line break ends one, as a full stop does."""
    start = 0
    for end in _END.finditer(text):
        if told := text[start : end.end()].strip():
            yield told
        start = end.end()
    if told := text[start:].strip():
        yield told


def opening(body: str) -> tuple[str, str]:
    """Return the first sentence of a folded body, and that with the second where it is short; at most 260 code points each."""
    found = iter(sentences(body[: _MOST + 1]))
    first, second = next(found, "")[:_MOST], next(found, "")
    if second and len(first) < _ENOUGH and len(first) + len(second) < _TOGETHER:
        return first, f"{first} {second}"
    return first, first


def lead_of(title: str, first: str, lead: str, rarity: Rarity, kept: Mapping[str, int]) -> Lead:
    """Return what a folded headline and opening tell, as it is held against what a story knows.

    `kept` are the article's own strongest terms with their numbers. No others count: of a member no others are known either,
    so that all that a copy tells is known.
    """
    head, rare = terms(title), rarity.weights
    counted = Counter(2 * head + terms(lead))
    return Lead(
        terms={kept[term]: (1 + math.log(count)) * rare[term] for term, count in counted.items() if term in kept},
        title={kept[term]: rare[term] for term in head if term in kept},
        acts=acts(title) & OWN or acts(first) & OWN,
        days=days_of(f"{title} {lead}"),
    )
