"""When the rules of a story tell of it again. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.model.plan import Channel, Rule
from monitor.model.policy import StoryBurst
from monitor.model.story_records import StoryRecord, ToldLevel
from monitor.notify.stories import BURST, MAJOR, outlets_level


@dataclass(frozen=True, slots=True)
class StoryOutlook:
    """What a rule waits for before it tells of a story again, of the levels that some channel it told has not heard.

    `each`: it does not wait, and tells each article. `outlets` is the next number of outlets, 0 where there is none, and
    `missing` how many are lacking: none, where the next article tells it. `burst` and `majors` are empty where they were told.
    """

    rule: str
    each: bool = False
    outlets: int = 0
    missing: int = 0
    burst: StoryBurst | None = None
    majors: tuple[str, ...] = ()


def story_outlooks(
    told: StoryRecord, rules: Iterable[Rule], levels: Sequence[ToldLevel], channels: Iterable[Channel]
) -> tuple[StoryOutlook, ...]:
    """Return what each rule waits for that has told of the last act of a story, in the order of the rules.

    Levels are counted in each act anew. Those of the `channels` that want one message for each story wait for nothing more.
    """
    once = {one.id for one in channels if one.policy.per == "story"}
    act = told.acts[-1] if told.acts else None
    found = []
    for rule in rules:
        heard: dict[str, set[str]] = {}
        for one in levels:
            if act is not None and one.act == act.id and one.rule == rule.id and one.holds:
                heard.setdefault(one.channel, set()).add(one.level)
        if act is None or not heard:
            continue
        again = [said for channel, said in heard.items() if channel not in once]
        found.append(_outlook(rule, set.intersection(*again), act.outlets) if again else StoryOutlook(rule.id))
    return tuple(found)


def _outlook(rule: Rule, heard: set[str], outlets: int) -> StoryOutlook:
    policy = rule.stories
    if policy.mode != "escalate":
        return StoryOutlook(rule.id, each=True)
    ahead = min((number for number in policy.outlets if outlets_level(number) not in heard), default=0)
    return StoryOutlook(
        rule.id,
        outlets=ahead,
        missing=max(0, ahead - outlets),
        burst=None if BURST in heard else policy.burst,
        majors=() if MAJOR in heard else policy.majors,
    )
