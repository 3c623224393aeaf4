"""Articles that tell the same matter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Story:
    """A matter that one or more articles tell. `articles` and `outlets` count them so far."""

    id: str
    title: str
    articles: int
    outlets: int
    first_seen_at: datetime


@dataclass(frozen=True, slots=True)
class Signature:
    """What is kept of an article to find its story.

    Articles of one story share `keys` (32-bit numbers of rare terms) or the `headline` (a 64-bit number, 0: none).
    `packed` is what is compared, some hundred bytes, readable to the room that made it. An empty signature finds
    nothing and is found by nothing.
    """

    headline: int = 0
    keys: tuple[int, ...] = ()
    packed: bytes = b""

    def __bool__(self) -> bool:
        """Return whether anything can be found by it."""
        return bool(self.keys or self.headline)


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a story, as far as the choice of a story needs it."""

    story_id: str
    packed: bytes


Choose: TypeAlias = Callable[[Signature, Iterable[Member]], str | None]
"""Which of the members' stories an article joins; None: it begins one. Pure."""
