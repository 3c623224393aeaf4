"""Articles gathered into stories in memory, as the store does it one by one. Pure.

For what is tried over the past: an article that met no rule when it was stored was compared with nothing then, and its story
says nothing of what a rule would have made of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime

from monitor.cluster.choice import WINDOW, choose
from monitor.model.story import Member, Signature
from monitor.model.story_reach import KEYS, LONGEST, MEMBERS, NEAREST, POSTINGS, SHARED, STORIES


@dataclass(slots=True)
class Gathering:
    """Stories by what their articles are found by; it remembers no more of a key or a story than is compared."""

    _postings: defaultdict[int, deque[int]] = field(default_factory=lambda: defaultdict(lambda: deque(maxlen=POSTINGS)))
    _members: defaultdict[str, deque[Member]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=MEMBERS))
    )
    _begun: dict[str, datetime] = field(default_factory=dict)
    _articles: list[tuple[str, datetime]] = field(default_factory=list)

    def story_of(self, signature: Signature, seen: datetime, own: str) -> str:
        """Return the story that an article joins which was first seen at that moment (UTC), or `own`, which it begins."""
        joined = choose(signature, self._near(signature, seen), seen).joins if signature else None
        story_id = joined or own
        self.add(signature, seen, story_id)
        return story_id

    def add(self, signature: Signature, seen: datetime, story_id: str) -> None:
        """Take in an article whose story is known, so that later ones may join it."""
        self._begun.setdefault(story_id, seen)
        if not signature:
            return
        self._members[story_id].append(Member(story_id, signature.packed, seen))
        number = len(self._articles)
        self._articles.append((story_id, seen))
        for gram in _grams(signature):
            self._postings[gram].append(number)

    def _near(self, signature: Signature, seen: datetime) -> list[Member]:
        """Return the members of the stories that an article may belong to."""
        shared = Counter[int]()
        for gram in _grams(signature):
            for _ in range(SHARED if gram == signature.headline else 1):
                shared.update(self._postings.get(gram, ()))
        ranked = sorted((-worth, -number) for number, worth in shared.items() if worth >= SHARED)[:NEAREST]
        near = [self._articles[-number] for _, number in ranked]
        within = [story_id for story_id, at in near if self._is_open(story_id, at, seen)]
        stories = list(dict.fromkeys(within))[:STORIES]
        return [one for story_id in stories for one in self._members[story_id] if abs(one.seen_at - seen) <= WINDOW]

    def _is_open(self, story_id: str, member_seen: datetime, seen: datetime) -> bool:
        return abs(member_seen - seen) <= WINDOW and self._begun[story_id] >= seen - LONGEST


def _grams(signature: Signature) -> tuple[int, ...]:
    """Return the numbers that an article is found by."""
    return (*signature.keys[:KEYS], *((signature.headline,) if signature.headline else ()))
