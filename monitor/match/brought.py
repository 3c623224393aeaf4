"""A stored article held against rules: as its own source brought it, and as each further one did. Pure.

A rule may ask for sources (`sources`, `source:`), so that an article meets it by one source and not by another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from monitor.model.article import Article
from monitor.model.hit import Match

Met: TypeAlias = Sequence[tuple[str, tuple[Match, ...]]]
"""(rule id, mentions) for each rule that an article meets, in the order of the rules."""


def as_brought(
    article: Article, others: Iterable[str], match: Callable[[Article], Met]
) -> Iterator[tuple[Article, Met]]:
    """Yield the article as each source brought it, its own first, with the rules that it meets so; nothing where it meets none."""
    for brought in (article, *(replace(article, source_id=source_id) for source_id in others)):
        if met := match(brought):
            yield brought, met


def newly_met(
    article: Article, others: Iterable[str], match: Callable[[Article], Met]
) -> Iterator[tuple[Article, Met]]:
    """Yield the same, each rule only with the first source by which the article meets it."""
    known: set[str] = set()
    for brought, met in as_brought(article, others, match):
        if fresh := [one for one in met if one[0] not in known]:
            known.update(rule_id for rule_id, _ in fresh)
            yield brought, fresh
