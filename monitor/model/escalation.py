"""A story that is told again, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

NEW: Final = "new"
"""The level at which a story is told for the first time."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """A source that tells a story: since when (UTC), and its name for people, "" where it has none."""

    source_id: str
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Escalation:
    """What is new about a story since its channel heard of it last, at `last_at`; first it did at `first_at` (UTC).

    `levels` say why it is told again (monitor.notify.stories). `articles` and `outlets` are as they were then, `joined` are the
    first of the `joined_total` outlets that have taken it up since, in order. `first` is the outlet that told it first.
    """

    levels: tuple[str, ...]
    first_at: datetime
    last_at: datetime
    articles: int
    outlets: int
    joined: tuple[Outlet, ...] = ()
    joined_total: int = 0
    first: Outlet | None = None
