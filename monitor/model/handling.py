"""What people have made of a hit or a story: seen to, by whom, with which note."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from monitor.model.errors import InvalidValueError

LONGEST_NAME: Final = 100
LONGEST_NOTE: Final = 2_000
"""Letters of a name and of a note."""


class HandlingState(StrEnum):
    """How far a hit or a story is: nobody has said anything, it matters, it does not, it is done."""

    NEW = "new"
    KEPT = "kept"
    IGNORED = "ignored"
    HANDLED = "handled"


@dataclass(frozen=True, slots=True)
class Handling:
    """What was said last of a hit, of itself or of its story, or of a story; `author` said it `at` (UTC), None while nobody has.

    `owner` is who sees to it, "" for nobody in particular. `of_story`: it was said of the story.
    """

    state: HandlingState = HandlingState.NEW
    owner: str = ""
    note: str = ""
    author: str = ""
    at: datetime | None = None
    of_story: bool = False


UNHANDLED: Final = Handling()
"""That of what nobody has said anything of."""


@dataclass(frozen=True, slots=True)
class HandlingSubject:
    """What something is said of: one hit, or all acts that a story has by then. Raises ValueError for both, and for neither."""

    hit_id: int | None = None
    story_id: str = ""

    def __post_init__(self) -> None:
        """Refuse what names nothing, and what names two things."""
        if (self.hit_id is None) == (not self.story_id):
            raise ValueError("a hit or a story is handled, not both and not neither")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHandling:
    """What `author` says of a hit or a story `at` (UTC). `owner` None leaves the owner as it is, "" means nobody in particular;
    `note` None leaves the note.

    Raises InvalidValueError for a name or a note that is too long, and where nobody says it.
    """

    state: HandlingState
    author: str
    at: datetime
    owner: str | None = None
    note: str | None = ""

    def __post_init__(self) -> None:
        """Refuse what would not fit beside a hit."""
        if not self.author.strip():
            raise InvalidValueError("somebody has to say it: the name of who does is blank")
        for what, text, most in (
            ("name", self.author, LONGEST_NAME),
            ("owner", self.owner or "", LONGEST_NAME),
            ("note", self.note or "", LONGEST_NOTE),
        ):
            if len(text) > most:
                raise InvalidValueError(f"the {what} has {len(text)} letters, {most} at most")


@dataclass(frozen=True, slots=True)
class HandlingBatch:
    """What one act wrote: the words of `author` with numbers from `first` to `last`, about `subjects` hits and stories.

    Others may have said something meanwhile: not all numbers between are its own.
    """

    first: int
    last: int
    author: str
    subjects: int = 0
