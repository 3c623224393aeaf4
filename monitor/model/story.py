"""Articles that tell the same matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Story:
    """A matter that one or more articles tell. `articles` and `outlets` count them so far."""

    id: str
    title: str
    articles: int
    outlets: int
    first_seen_at: datetime
