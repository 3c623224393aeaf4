"""What the articles of a story brought up that none before them did, as people are shown it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.cluster.developments import developments
from monitor.model.story_records import StoryArticle
from monitor.present.marked import merge_spans, pieces

LATEST: Final = 12
"""How many of them are shown."""


@dataclass(frozen=True, slots=True)
class Development:
    """An article that brought something up: its headline in pieces (text, whether it is new)."""

    article: StoryArticle
    headline: tuple[tuple[str, bool], ...]


def brought_up(articles: Sequence[StoryArticle]) -> tuple[Development, ...]:
    """Return the LATEST of some articles, oldest first, whose headlines bring something up, with what is new marked."""
    found = developments([one.title for one in articles])[-LATEST:]
    return tuple(Development(articles[at], _marked(articles[at].title, words)) for at, words in found)


def _marked(title: str, words: Iterable[str]) -> tuple[tuple[str, bool], ...]:
    places = (re.search(re.escape(word), title) for word in words)
    return pieces(title, merge_spans(found.span() for found in places if found))
