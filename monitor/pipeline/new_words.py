"""Which words stood beside what a rule watches: remembered for thirty days, from the hits that are stored.

The memory is made of the stored hits, which are kept for ever, when a rule is looked at for the first time, and grows with
each new one: a restart forgets nothing, and no table has to be kept beside them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from monitor.match.words.names import names_in
from monitor.model.count_notice import NewTerm, TermArticle
from monitor.model.plan import CountRule
from monitor.store.write.count_store import CountStore, TermHit
from monitor.trend.new_term import MEMORY, WINDOW, TermUse

PAGE: Final = 500
"""Hits that are read at once."""

LATE: Final = timedelta(minutes=10)
"""How much later than its neighbours a hit may become visible."""

MOST_ARTICLES: Final = 10
"""Articles of a term that an alert shows."""


@dataclass(slots=True)
class Words:
    """The words of one rule's hits: when each was used last before today (`known`), and each use of the last day."""

    of: str
    since: datetime | None = None
    known: dict[str, datetime] = field(default_factory=dict)
    recent: list[tuple[TermHit, frozenset[str]]] = field(default_factory=list)
    after: int = 0
    taken: dict[int, datetime] = field(default_factory=dict)

    def take(self, hits: Sequence[TermHit], aliases: Mapping[str, tuple[str, ...]]) -> None:
        """Read the words of hits that were not read before."""
        for one in hits:
            if one.id in self.taken:
                continue
            self.taken[one.id] = one.found_at
            self.since = one.seen_at if self.since is None else min(self.since, one.seen_at)
            watched = {*one.words, *(alias for word in one.words for alias in aliases.get(word.removeprefix("@"), ()))}
            self.recent.append((one, names_in(one.text, watched)))

    def age(self, now: datetime) -> None:
        """Move what is a day old to what is known, and forget what is older than MEMORY."""
        fresh: list[tuple[TermHit, frozenset[str]]] = []
        for one, words in self.recent:
            if one.seen_at > now - WINDOW:
                fresh.append((one, words))
                continue
            for word in words:
                self.known[word] = max(self.known.get(word, one.seen_at), one.seen_at)
        self.recent = fresh
        for word in [word for word, at in self.known.items() if at <= now - MEMORY]:
            del self.known[word]
        done = [number for number, found in self.taken.items() if found < now - LATE]
        self.after = max([self.after, *done])
        for number in done:
            del self.taken[number]

    def uses(self) -> list[TermUse]:
        """Return each use of the last day."""
        return [
            TermUse(word, one.article.source, one.story_id, one.seen_at) for one, words in self.recent for word in words
        ]

    def new_term(self, term: str) -> NewTerm:
        """Return a term with one article of each outlet that uses it, the first one, and the stories that these tell."""
        first: dict[str, TermArticle] = {}
        stories: dict[str, None] = {}
        for one, words in sorted(self.recent, key=lambda use: use[0].seen_at):
            if term in words:
                first.setdefault(one.article.source, one.article)
                stories[one.story_id] = None
        return NewTerm(term, len(first), tuple(first.values())[:MOST_ARTICLES], tuple(stories))


@dataclass(slots=True)
class WordMemory:
    """The words of all rules that somebody looks for new terms beside."""

    counts: CountStore
    _words: dict[str, Words] = field(default_factory=dict)

    async def of(self, rule: CountRule, now: datetime, aliases: Mapping[str, tuple[str, ...]]) -> Words:
        """Return the words beside what a rule over counts watches, as they are now. Raises StoreError."""
        words = self._words.get(rule.rule.id)
        if words is None or words.of != rule.of:
            words = self._words[rule.rule.id] = Words(rule.of)
        after = words.after
        while page := await self.counts.term_hits(rule.of, now - MEMORY, after, PAGE):
            await asyncio.to_thread(words.take, page, aliases)
            after = page[-1].id
        words.age(now)
        return words
