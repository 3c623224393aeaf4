"""How a channel wants to be told: for each hit or each matter, at once, together, or later; and how a rule tells of a story."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Per: TypeAlias = Literal["hit", "article", "story"]
By: TypeAlias = Literal["all", "rule", "source", "story"]
Severity: TypeAlias = Literal["info", "warning", "critical"]
Stories: TypeAlias = Literal["escalate", "all", "off"]


@dataclass(frozen=True, slots=True)
class Grouping:
    """What comes within `wait` seconds of the first goes in one message, and the next message after `interval` seconds.

    Each rule, source or story (`by`) has a group of its own; `all`: everything goes together.
    """

    wait: float
    interval: float
    by: By = "all"


@dataclass(frozen=True, slots=True)
class Throttle:
    """At most so many messages in `per` seconds; the rest goes in one, as soon as there may be one again."""

    most: int
    per: float


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When nothing is sent: from `start` to `end` of every day, and all of some days, in the zone of the channel.

    Both are minutes from midnight. `end` before `start` is on the next day; both None: no part of a day. `days` count from Monday = 0. `holidays` is the
    country (ISO 3166) whose public holidays are quiet, "" for none. `let_through`: what is at least so severe is sent, ""
    for nothing.
    """

    start: int | None = None
    end: int | None = None
    days: tuple[int, ...] = ()
    holidays: str = ""
    let_through: Severity | Literal[""] = ""


@dataclass(frozen=True, slots=True)
class NotifyPolicy:
    """When and in how many messages a channel is told.

    `per`: a message for each hit, for each article with all rules that it met, or for each story that a rule has told. `digest`
    is a crontab expression at whose moments everything goes together, "" for none. `storm`: a rule with more notifications
    in ten minutes goes in one message for ten minutes each, 0 for never. `repeat`: what is critical is sent again after so many
    seconds until somebody acknowledges it, 0 for never. `most` is how many notifications are put into one message.
    """

    per: Per = "hit"
    group: Grouping | None = None
    digest: str = ""
    throttle: Throttle | None = None
    quiet: QuietHours | None = None
    storm: int = 0
    most: int = 8
    repeat: float = 0.0


AT_ONCE: Final = NotifyPolicy()
"""A message for each hit, at once."""


@dataclass(frozen=True, slots=True)
class StoryBurst:
    """A story that spreads fast: `outlets` more of them took it up within `within` seconds, and since it was told last."""

    outlets: int = 5
    within: float = 1800.0


@dataclass(frozen=True, slots=True)
class StoryPolicy:
    """What a rule tells of a story after its first article.

    `escalate`: nothing, until the story reaches a level that was not told: so many `outlets` in all, a `burst`, the first of
    `majors` (ids of sources). `all`: each article. `off`: each article, and messages that were sent are never brought up to date.
    """

    mode: Stories = "escalate"
    outlets: tuple[int, ...] = (5, 15)
    burst: StoryBurst | None = StoryBurst()
    majors: tuple[str, ...] = ()


ESCALATE: Final = StoryPolicy()
"""A story is told with its first article, and again when 5 and 15 outlets tell it, or when it spreads fast."""
