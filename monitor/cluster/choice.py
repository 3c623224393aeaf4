"""Which story an article joins, if any. Pure: the answer depends on the article and the members alone.

A lost alert (a new matter taken for an old one) is worse than a repeated one, so a story has to be like the article as
a whole: half the likeness counts from its nearest member, half from the mean of all, and one paragraph of background
that a single member shares builds no bridge. A report on the same template with other numbers is another matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import lru_cache
from typing import Protocol

from monitor.cluster.signature import UnpackedSignature, unpack
from monitor.model.story import Member, Signature

WINDOW = timedelta(hours=72)
"""An article joins a story only when it was seen within this time of another member."""

LIKE = 0.40
"""The likeness from which on an article joins. From 0.33 to 0.42 little changes (tests/bench/stories.py); the upper end
costs some repeated alerts and loses fewer."""

SAME_HEADLINE_LIKE = 0.50
"""Under one headline the nearest member alone decides; bodies with nothing else in common stay below this."""

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


def choose(signature: Signature, members: Iterable[Member], similarity: Similarity = cosine) -> str | None:
    """Return the id of the story that the article joins, None when it begins one.

    `members` are the articles of all stories in question, of each story as many as are to be compared. The most similar
    story wins, of two equally similar ones the one whose id sorts first: the older, where ids grow with time.
    """
    stories = _by_story(members)
    if not stories:
        return None
    new = unpack(signature.packed)
    likenesses = {story_id: _likeness(new, told, similarity) for story_id, told in stories.items()}
    joinable = [(-likeness, story_id) for story_id, likeness in likenesses.items() if likeness > 0]
    return min(joinable)[1] if joinable else None


def _by_story(members: Iterable[Member]) -> Mapping[str, list[UnpackedSignature]]:
    """Unpack the members. One that is damaged is as one that is not there: it must cost no article like it."""
    stories: defaultdict[str, list[UnpackedSignature]] = defaultdict(list)
    for member in members:
        with suppress(ValueError):
            told = _unpack(member.packed)
            stories[member.story_id].append(told)
    return stories


def _likeness(new: UnpackedSignature, members: list[UnpackedSignature], similarity: Similarity) -> float:
    """Return how like an article is to a story, 0 when it must not join."""
    scores = [similarity(new, member) for member in members]
    nearest = max(range(len(scores)), key=scores.__getitem__)
    if is_number_twin(new, members[nearest]):
        return 0.0
    apart = [0.0 if is_number_twin(new, member) else score for member, score in zip(members, scores, strict=True)]
    likeness = (scores[nearest] + sum(apart) / len(apart)) / 2
    if likeness >= LIKE or _same_headline(new, members, apart):
        return likeness
    return 0.0


def _same_headline(new: UnpackedSignature, members: list[UnpackedSignature], scores: list[float]) -> bool:
    """Return whether a member has the article's headline, and more than that in common with it."""
    return new.headline != 0 and any(
        member.headline == new.headline and score >= SAME_HEADLINE_LIKE
        for member, score in zip(members, scores, strict=True)
    )
