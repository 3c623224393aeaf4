"""Articles that tell the same matter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class StoryLink:
    """Another story, as far as it is shown beside one."""

    id: str
    title: str
    first_seen_at: datetime


@dataclass(frozen=True, slots=True)
class Act:
    """What a story continues: the act `before` it, and the `first` act of them all (the same one for the second act)."""

    before: StoryLink
    first: StoryLink


@dataclass(frozen=True, slots=True)
class Story:
    """A matter that one or more articles tell. `articles` and `outlets` count them so far.

    A story that is news to another one `continues` it as its next act. One that is nearly like a story of the last hours, and
    continues none, is `related` to it: perhaps another angle of it.
    """

    id: str
    title: str
    articles: int
    outlets: int
    first_seen_at: datetime
    continues: Act | None = None
    related: StoryLink | None = None


@dataclass(frozen=True, slots=True)
class Lead:
    """What an article opens with, needed once, when its story is chosen: is it news to a story that it is like?

    `terms` of headline and lead and those of the `title` alone, 32-bit numbers with their weights; `acts` that it names and
    `days` of the month on which they happened, as sets of bits.
    """

    terms: Mapping[int, float] = field(default_factory=dict)
    title: Mapping[int, float] = field(default_factory=dict)
    acts: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class Signature:
    """What is kept of an article to find its story.

    Articles of one story share `keys` (32-bit numbers of rare terms) or the `headline` (a 64-bit number, 0: none).
    `packed` is what is compared, some hundred bytes, readable to the room that made it; `lead` is stored nowhere. An empty
    signature finds nothing and is found by nothing.
    """

    headline: int = 0
    keys: tuple[int, ...] = ()
    packed: bytes = b""
    lead: Lead = field(default_factory=Lead)

    def __bool__(self) -> bool:
        """Return whether anything can be found by it."""
        return bool(self.keys or self.headline)


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a story, as far as the choice of a story needs it; `seen_at` is when it was first seen (UTC)."""

    story_id: str
    packed: bytes
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class StoryChoice:
    """The story that an article joins; None: it begins one.

    One that begins may be the next act of another story, which it `continues`, or be `related` to one that is nearly like
    it and as recent.
    """

    joins: str | None = None
    continues: str | None = None
    related: str | None = None


Choose: TypeAlias = Callable[[Signature, Iterable[Member], datetime], StoryChoice]
"""Which of the members' stories an article joins that was first seen at that moment (UTC), or begins. Pure."""
