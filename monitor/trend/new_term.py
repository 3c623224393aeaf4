"""Terms that stand beside a watched one for the first time. Pure.

A term is new when it stood in none of the rule's articles for thirty days and then in those of several outlets within one. While
less than two weeks are remembered nothing is new, because everything would be. A story brings many terms at once: it is told by
the one that most outlets use.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from monitor.trend.verdict import LEARNING, CountVerdict

WINDOW: Final = timedelta(hours=24)
MEMORY: Final = timedelta(days=30)
OUTLETS: Final = 3
MOST_A_DAY: Final = 3


@dataclass(frozen=True, slots=True)
class TermUse:
    """A term in an article of the rule, seen at `at` (UTC), with the article's outlet and story."""

    term: str
    outlet: str
    story_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TermMemory:
    """What is remembered of a rule: since when (UTC, None: of nothing), and what it has told in the last 24 hours."""

    since: datetime | None
    told: tuple[str, ...] = ()
    told_stories: frozenset[str] = field(default=frozenset())


@dataclass(slots=True)
class _FoundTerm:
    first: datetime
    outlets: set[str] = field(default_factory=set)
    stories: set[str] = field(default_factory=set)


def new_terms(
    uses: Sequence[TermUse], known: Collection[str], memory: TermMemory, now: datetime, outlets: int = OUTLETS
) -> CountVerdict:
    """Return the terms of `uses` that are new now, most outlets first; the count is of those outlets.

    `known` are the terms of the rule's articles from thirty days to one day ago. At most MOST_A_DAY are told in 24 hours.
    """
    if memory.since is None or (now - memory.since).total_seconds() / 3600 < LEARNING:
        return CountVerdict("new_term", now, WINDOW, 0, outlets, calm=True, silent="learning")
    past = {*known, *memory.told}
    found = _gathered((use for use in uses if now - WINDOW < use.at <= now), past)
    ranked = sorted(found.items(), key=lambda one: (-len(one[1].outlets), one[1].first, len(one[0]), one[0]))
    terms, covered, most = list[str](), set(memory.told_stories), 0
    for term, use in ranked:
        if len(terms) + len(memory.told) >= MOST_A_DAY or len(use.outlets) < outlets:
            break
        if use.stories <= covered:
            continue
        terms.append(term)
        covered |= use.stories
        most = max(most, len(use.outlets))
    return CountVerdict("new_term", now, WINDOW, most, outlets, alarm=bool(terms), calm=not terms, terms=tuple(terms))


def _gathered(uses: Iterable[TermUse], past: Collection[str]) -> dict[str, _FoundTerm]:
    """Return who uses each term that is not of the past, and since when."""
    found: dict[str, _FoundTerm] = {}
    for use in uses:
        if use.term in past:
            continue
        one = found.setdefault(use.term, _FoundTerm(use.at))
        one.first = min(one.first, use.at)
        one.outlets.add(use.outlet)
        one.stories.add(use.story_id)
    return found
