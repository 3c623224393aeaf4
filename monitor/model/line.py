"""How the line itself is doing: what waits, who polls, what was stored since. Read in one transaction, judged elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """The last event that was told of a topic: its type, and when it was decided (UTC)."""

    type: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Topic:
    """What an event of the line is about, and the types of event that tell of it. `about` is one line, the same each time."""

    about: str
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OldestMessage:
    """The message of an open channel that has waited longest, since that moment (UTC), and how many wait with it."""

    channel_id: str
    since: datetime
    waiting: int


@dataclass(frozen=True, slots=True)
class Pulse:
    """What has become of the line since the moment `since` (UTC): what the heartbeat tells.

    `failing` and `polled` count sources that are on, `sources` of them; `polled` had a list looked at since then. `shut` and
    `unwell` are the ids of channels that their receivers shut, and that fail at present.
    """

    since: datetime
    articles: int
    hits: int
    sources: int
    polled: int
    failing: int
    shut: tuple[str, ...]
    unwell: tuple[str, ...]
    waiting: int


@dataclass(frozen=True, slots=True)
class LineState:
    """What may be wrong with the line at a moment: nothing polled any more, all sources out, channels shut, messages late.

    `overdue` counts sources that are on and should have been polled long ago; `polled_at` is when the last list was looked
    at (UTC), None before the first.
    """

    overdue: int
    polled_at: datetime | None
    outage: bool
    shut: tuple[str, ...]
    oldest: tuple[OldestMessage, ...]
