"""What is new about a story that a rule has told a channel of. Pure.

A story is told with its first article (NEW). After that it is told again when it reaches a level, each of them once:

    outlets:N   N outlets tell it
    burst       so many outlets more took it up within a span of time, none of which the channel has heard of
    major       the first outlet of those that the rule calls major: with its own article, or with the next one that is told,
                where its own was told to nobody

Several levels that are reached together are told together. What was told to nobody (a silence, a first run, a receiver that
refused the message for good) was not told: the next article of the story tells it, with what has been reached by then.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from monitor.model.escalation import NEW
from monitor.model.notification import Told
from monitor.model.policy import StoryPolicy

BURST: Final = "burst"
MAJOR: Final = "major"


def outlets_level(number: int) -> str:
    """Return the level of so many outlets."""
    return f"outlets:{number}"


def levels_to_tell(
    policy: StoryPolicy, outlets: Mapping[str, datetime], told: Told, source_id: str, now: datetime
) -> tuple[str, ...]:
    """Return the levels of a story that are to be told with the article of `source_id`, () when nothing is new.

    `outlets` are the sources that tell the story, each with when it began to; the first one to be told is NEW, and what
    has been reached by then is told with it.
    """
    if policy.mode != "escalate":
        return () if told.levels else (NEW,)
    reached = [outlets_level(number) for number in policy.outlets if len(outlets) >= number]
    if policy.burst and told.levels:
        since = now - timedelta(seconds=policy.burst.within)
        if told.last_at is not None and told.last_at <= now:  # else it was told under a clock that was set back since
            since = max(since, told.last_at)
        if sum(since < moment <= now for moment in outlets.values()) >= policy.burst.outlets:
            reached.append(BURST)
    if source_id in policy.majors or any(_is_news(outlets.get(one), told) for one in policy.majors):
        reached.append(MAJOR)
    if not told.levels:
        return (NEW, *reached)
    return tuple(level for level in reached if level not in told.levels)


def _is_news(since: datetime | None, told: Told) -> bool:
    """Return whether an outlet took up a story that was told before, and has done so since it was told last."""
    return since is not None and told.last_at is not None and since > told.last_at
