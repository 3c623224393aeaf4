"""Whether a hit was what its rule means, as people say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.errors import InvalidValueError
from monitor.model.handling import LONGEST_NAME, LONGEST_NOTE


class Relevance(StrEnum):
    """What somebody says of a hit: it is what the rule means, it is not, or nothing any more."""

    MEANT = "meant"
    NOT_MEANT = "not_meant"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Feedback:
    """What `author` said of a hit `at` (UTC); `none` takes back what was said before."""

    relevance: Relevance
    note: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFeedback:
    """What `author` says of a hit `at` (UTC).

    Raises InvalidValueError for a name or a note that is too long, and where nobody says it.
    """

    relevance: Relevance
    author: str
    at: datetime
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse what would not fit beside a hit."""
        if not self.author.strip():
            raise InvalidValueError("somebody has to say it: the name of who does is blank")
        for what, text, most in (("name", self.author, LONGEST_NAME), ("note", self.note, LONGEST_NOTE)):
            if len(text) > most:
                raise InvalidValueError(f"the {what} has {len(text)} letters, {most} at most")
