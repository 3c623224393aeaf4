"""An alert that a channel has taken and nobody has acknowledged, at the moment when it is decided whether to send it again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from monitor.model.handling import HandlingState
from monitor.model.hit import Hit
from monitor.model.notification import History
from monitor.model.operator import OperatorNotice


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAlert:
    """The last hit of a story that a rule has told a channel: its receiver took the message at `told_at` (UTC).

    `repeats` is how often it was sent again, `last_at` when it was decided last, None before the first. `waits`: one of those is
    still on its way. `handling` is what people have made of the hit.
    """

    channel_id: str
    hit_id: int
    hit: Hit
    source_id: str
    story_id: str
    title: str
    url: str
    told_at: datetime
    handling: HandlingState
    repeats: int = 0
    last_at: datetime | None = None
    waits: bool = False


@dataclass(frozen=True, slots=True)
class RepeatSearch:
    """Where alerts are looked for that may be sent again: hits of these rules, stored since then (UTC), told this channel."""

    channel_id: str
    rule_ids: Sequence[str]
    since: datetime


DecideRepeat: TypeAlias = Callable[[OpenAlert, History], OperatorNotice | None]
"""What is sent again of an alert, None for nothing: pure but for what it asks of the history."""
