"""What an engine carries: eight tasks, ids only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Poll:
    """Poll one source: its lists or feeds, then the articles that are still unread, as far as its time goes.

    `at_once`: poll the lists although they are not due.
    """

    source_id: str
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Deliver:
    """Send one delivery of the outbox."""

    delivery_id: str


@dataclass(frozen=True, slots=True)
class Flush:
    """Make the message that a channel's group of held notifications becomes."""

    channel_id: str
    group_key: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Look again at an article that somebody was told of."""

    article_id: int


@dataclass(frozen=True, slots=True)
class Evaluate:
    """Count what a rule over counts counts, and tell what that comes to."""

    rule_id: str


@dataclass(frozen=True, slots=True)
class Refresh:
    """Have a message that was sent show its story as it is now, by an edit."""

    delivery_id: str


@dataclass(frozen=True, slots=True)
class Rematch:
    """Hold all rules that are new, changed or back in the plan against the stored articles, in one walk."""


@dataclass(frozen=True, slots=True)
class Maintain:
    """Keep the store in shape; `kind` names the chore (see pipeline.maintain)."""

    kind: str


Task: TypeAlias = Poll | Deliver | Flush | FollowUp | Evaluate | Refresh | Rematch | Maintain
