"""Which story an article joins, if any. Pure: the answer depends on the article and the members alone.

A lost alert (a new matter taken for an old one) is worse than a repeated one, so a story has to be like the article as
a whole: half the likeness counts from its nearest member, half from the mean of all, and one paragraph of background
that a single member shares builds no bridge. A report on the same template with other numbers is another matter, and
one whose lead is news to the story that it is like begins that story's next act.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple, Protocol

from monitor.cluster.newness import newness
from monitor.cluster.signature import UnpackedSignature, unpack
from monitor.model.story import Member, Signature, StoryChoice

WINDOW = timedelta(hours=72)
"""An article joins a story only when it was seen within this time of another member."""

LIKE = 0.40
"""The likeness from which on an article joins. From 0.33 to 0.42 little changes (tests/bench/stories.py); the upper end
costs some repeated alerts and loses fewer."""

SAME_HEADLINE_LIKE = 0.50
"""Under one headline the nearest member alone decides; bodies with nothing else in common stay below this."""

NEAR = 0.25
"""The likeness from which on a story is shown beside one that is not joined to it; it is the other angle of one act, or its kin."""

NEAR_WITHIN = timedelta(hours=4)
"""How far apart the two may have been seen."""

_HOUR = timedelta(hours=1)
_CONFLICTS = 2  # slots with other numbers that make a twin, when at most half as many have the same ones
_REMEMBERED = 1_024  # unpacked prints, some 10 MB; what is stored never changes

_unpack = lru_cache(maxsize=_REMEMBERED)(unpack)


class Similarity(Protocol):
    """How like two articles are, from 0 (nothing in common) to 1."""

    def __call__(self, one: UnpackedSignature, other: UnpackedSignature, /) -> float:
        """Return the likeness; it is symmetrical."""
        ...


def cosine(one: UnpackedSignature, other: UnpackedSignature) -> float:
    """Return the cosine of two weighted sets of terms."""
    mine, theirs = one.terms, other.terms
    common = mine.keys() & theirs.keys()
    if not common:
        return 0.0
    return sum([mine[term] * theirs[term] for term in common]) / (one.norm * other.norm)


def is_number_twin(one: UnpackedSignature, other: UnpackedSignature) -> bool:
    """Return whether two articles are one template filled twice: the same words around other numbers."""
    common = one.slots.keys() & other.slots.keys()
    same = sum(one.slots[slot] == other.slots[slot] for slot in common)
    return len(common) - same >= _CONFLICTS and 3 * same <= len(common)


def choose(
    signature: Signature, members: Iterable[Member], seen: datetime, similarity: Similarity = cosine
) -> StoryChoice:
    """Return which story the article joins, or what the one that it begins has to do with another.

    `members` are the articles of all stories in question, of each story as many as are to be compared; `seen` is when the
    article was first seen. The most similar story wins, of two equally similar ones the one whose id sorts first: the older,
    where ids grow with time. A story to which the article is news takes it not, but is continued by the one that it
    begins, unless a third takes it: a copy of the second act is refused by the first, and belongs to the second.
    """
    stories = _by_story(members)
    if not stories:
        return StoryChoice()
    new = unpack(signature.packed)
    joinable: list[tuple[float, str]] = []
    refused: list[tuple[float, str]] = []
    near: list[tuple[float, str]] = []
    for story_id, (known, times) in stories.items():
        found = _compared(new, known, similarity)
        ranked = (-found.likeness, story_id)
        apart = min(abs(seen - at) for at in times)
        if found.joins:
            news = newness(signature.lead, known, found.nearest, apart / _HOUR) > 0
            (refused if news else joinable).append(ranked)
        elif found.likeness >= NEAR and apart <= NEAR_WITHIN:
            near.append(ranked)
    if joinable:
        return StoryChoice(min(joinable)[1])
    if refused:
        return StoryChoice(continues=min(refused)[1])
    return StoryChoice(related=min(near)[1] if near else None)


def _by_story(members: Iterable[Member]) -> Mapping[str, tuple[list[UnpackedSignature], list[datetime]]]:
    """Unpack the members. One that is damaged is as one that is not there: it must cost no article like it."""
    stories: defaultdict[str, tuple[list[UnpackedSignature], list[datetime]]] = defaultdict(lambda: ([], []))
    for member in members:
        with suppress(ValueError):
            told = _unpack(member.packed)
            known, times = stories[member.story_id]
            known.append(told)
            times.append(member.seen_at)
    return stories


class _Comparison(NamedTuple):
    """How like an article is to a story, whether that is enough to join it, and the member that it is most like."""

    likeness: float
    joins: bool
    nearest: UnpackedSignature


def _compared(new: UnpackedSignature, members: list[UnpackedSignature], similarity: Similarity) -> _Comparison:
    """Compare an article with a story; one that is its template filled again is not like it at all."""
    scores = [similarity(new, member) for member in members]
    nearest = max(range(len(scores)), key=scores.__getitem__)
    if is_number_twin(new, members[nearest]):
        return _Comparison(0.0, joins=False, nearest=members[nearest])
    apart = [0.0 if is_number_twin(new, member) else score for member, score in zip(members, scores, strict=True)]
    likeness = (scores[nearest] + sum(apart) / len(apart)) / 2
    joins = likeness >= LIKE or _same_headline(new, members, apart)
    return _Comparison(likeness, joins, members[nearest])


def _same_headline(new: UnpackedSignature, members: list[UnpackedSignature], scores: list[float]) -> bool:
    """Return whether a member has the article's headline, and more than that in common with it."""
    return new.headline != 0 and any(
        member.headline == new.headline and score >= SAME_HEADLINE_LIKE
        for member, score in zip(members, scores, strict=True)
    )
