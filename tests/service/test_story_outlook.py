"""When a rule tells of a story again: what it waits for, as far as a channel has not heard it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

import pytest

from monitor.model.plan import Rule
from monitor.model.policy import NotifyPolicy, StoryBurst, StoryPolicy
from monitor.model.story_records import ActRecord, StoryRecord, ToldLevel
from monitor.service.story_outlook import StoryOutlook, story_outlooks
from tests.contracts.invented import channel

AT = datetime(2026, 11, 27, tzinfo=UTC)
BURST = StoryBurst(3, 600.0)
POLICY = StoryPolicy(outlets=(5, 15), burst=BURST, majors=("yonhap",))


def story(outlets: int) -> StoryRecord:
    acts = (ActRecord("a", "t", AT, AT, 40, 40), ActRecord("b", "t", AT, AT, outlets, outlets))
    return StoryRecord("a", "t", AT, AT, 40, 40, 0, ("openai",), (), acts)


def level(name: str, channel: str = "desk", *, act: str = "b", rule: str = "openai", holds: bool = True) -> ToldLevel:
    return ToldLevel(act, channel, rule, name, f"m-{channel}-{name}", AT, holds)


@pytest.mark.parametrize(
    ("outlets", "levels", "outlook"),
    [
        (2, ["new"], StoryOutlook("openai", outlets=5, missing=3, burst=BURST, majors=("yonhap",))),
        (7, ["new", "outlets:5"], StoryOutlook("openai", outlets=15, missing=8, burst=BURST, majors=("yonhap",))),
        (7, ["new"], StoryOutlook("openai", outlets=5, burst=BURST, majors=("yonhap",))),
        (16, ["new", "outlets:5", "outlets:15", "burst", "major"], StoryOutlook("openai")),
    ],
)
def test_a_rule_waits_for_the_next_level(outlets: int, levels: list[str], outlook: StoryOutlook) -> None:
    rule = Rule("openai", "OpenAI", "x", stories=POLICY)
    assert story_outlooks(story(outlets), [rule], [level(one) for one in levels], ()) == (outlook,)


def test_levels_of_another_act_and_of_nobody_do_not_count() -> None:
    rule = Rule("openai", "OpenAI", "x", stories=POLICY)
    refused = level("outlets:5", holds=False)
    (one,) = story_outlooks(story(7), [rule], [level("new"), level("outlets:5", act="a"), refused], ())
    assert (one.outlets, one.missing) == (5, 0)
    assert story_outlooks(story(7), [rule], [level("new", act="a"), level("new", rule="seoul")], ()) == ()


def test_a_level_is_ahead_while_one_channel_has_not_heard_it() -> None:
    rule = Rule("openai", "OpenAI", "x", stories=POLICY)
    levels = [level("new"), level("outlets:5"), level("new", "mail")]
    (one,) = story_outlooks(story(7), [rule], levels, ())
    assert one.outlets == 5


@pytest.mark.parametrize("mode", ["escalate", "all"])
def test_a_channel_that_hears_of_each_story_once_waits_for_nothing(mode: Literal["escalate", "all"]) -> None:
    once = channel("mail", policy=NotifyPolicy(per="story"))
    rule = Rule("openai", "OpenAI", "x", stories=replace(POLICY, mode=mode))
    assert story_outlooks(story(2), [rule], [level("new", "mail")], [once]) == (StoryOutlook("openai"),)
    levels = [level("new"), level("outlets:5"), level("new", "mail")]
    told = story_outlooks(story(7), [rule], levels, [once, channel("desk")])
    assert told == story_outlooks(story(7), [rule], levels[:2], [channel("desk")])


def test_a_rule_that_tells_each_article_waits_for_nothing() -> None:
    rule = Rule("openai", "OpenAI", "x", stories=StoryPolicy("all"))
    assert story_outlooks(story(7), [rule], [level("new")], ()) == (StoryOutlook("openai", each=True),)
