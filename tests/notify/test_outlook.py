"""What is told ahead is what is decided then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.notification import Silence
from monitor.model.plan import Channel, Plan, Route, Rule
from monitor.model.policy import Grouping, NotifyPolicy, QuietHours, Severity, StoryBurst, StoryPolicy, Throttle
from monitor.notify.outlook import Conditions, Hearing, Prospect, Reason, outlook
from monitor.notify.policy import decide_hits
from monitor.notify.routes import OWN
from monitor.schedule.calendar import CALENDAR
from tests.notify.test_policy import Past, hit, situation

NOW = datetime(2026, 11, 5, 2, 32, 16, tzinfo=UTC)
CHANNELS = (
    Channel("desk", "webhook", "https://hooks.example/desk"),
    Channel("later", "webhook", ""),
    Channel("off", "webhook", "https://hooks.example/off", enabled=False),
)
RULE = Rule("openai", "OpenAI", "@openai", tags=("ai",), stories=StoryPolicy("all"))
PLAN = Plan("v1", rules=(RULE,), channels=CHANNELS, routes=(Route(("later", "desk"), tags=("ai",)),))
KIM = Silence(3, "openai", "", NOW, "배포", author="kim")


def found(plan: Plan = PLAN, *silences: Silence, closed: str = "") -> tuple[Hearing, ...]:
    shut = {closed: "410 gone"} if closed else {}
    return outlook(plan, plan.rules[0], "herald", Conditions(NOW, CALENDAR, shut, silences))


def test_each_channel_says_which_way_leads_there_and_what_becomes_of_it() -> None:
    assert found() == (
        Hearing("later", 1, Prospect.NOT_TOLD, (Reason("the channel has no url yet"),)),
        Hearing("desk", 1, Prospect.AT_ONCE),
    )
    own = replace(PLAN, rules=(replace(RULE, channels=("off", "desk")),))
    assert found(own) == (
        Hearing("off", OWN, Prospect.NOT_TOLD, (Reason("the channel is switched off"),)),
        Hearing("desk", OWN, Prospect.AT_ONCE),
    )
    assert found(replace(PLAN, routes=())) == ()


def test_a_silence_and_a_shut_channel_say_so() -> None:
    kept = Reason("silence 3 of kim: 배포", NOW)
    assert found(PLAN, KIM)[1] == Hearing("desk", 1, Prospect.NOT_TOLD, (kept,))
    shut = Reason("its receiver shut the channel: 410 gone")
    assert found(closed="desk")[1] == Hearing("desk", 1, Prospect.WAITS, (shut,))
    assert found(PLAN, KIM, closed="desk")[1] == Hearing("desk", 1, Prospect.NOT_TOLD, (kept, shut))


def test_a_silence_of_a_word_is_told_of_and_decides_nothing() -> None:
    (_, desk) = found(PLAN, replace(KIM, word="삼성"))
    assert desk.prospect is Prospect.AT_ONCE
    assert desk.why == (Reason("silence 3 of kim covers hits that mention nothing but 삼성: 배포", NOW),)


@pytest.mark.parametrize("other", [{"rule_id": "chips"}, {"source_id": "daily"}, {"tag": "rival"}])
def test_a_silence_of_something_else_is_not_told_of(other: dict[str, str]) -> None:
    assert found(PLAN, replace(KIM, **other)) == found()  # type: ignore[arg-type]  # of the table


_ids = st.sampled_from(("desk", "later", "off"))
_silences = st.builds(
    Silence,
    st.integers(1, 9),
    st.sampled_from(("", "openai", "chips")),
    st.sampled_from(("", "herald", "daily")),
    st.just(NOW),
    st.just("점검"),
    st.sampled_from(("", "ai", "rival")),
    author=st.just("kim"),
)


@given(
    st.lists(_ids, unique=True).map(tuple),
    st.lists(st.builds(Route, st.lists(_ids, unique=True).map(tuple), goes_on=st.booleans()), max_size=3).map(tuple),
    st.lists(_silences, max_size=2).map(tuple),
)
def test_what_is_told_ahead_is_what_is_decided(
    own: tuple[str, ...], routes: tuple[Route, ...], silences: tuple[Silence, ...]
) -> None:
    plan = replace(PLAN, rules=(replace(RULE, channels=own),), routes=routes)
    decided = decide_hits(situation(hit(), past=Past(silences)), plan, calendar=CALENDAR)
    ahead = found(plan, *silences)
    assert [(one.channel_id, one.prospect is Prospect.AT_ONCE) for one in ahead] == [
        (one.channel_id, one.suppressed is None) for one in decided
    ]


@pytest.mark.parametrize(
    ("repeat", "severity", "said"),
    [
        (900.0, "critical", "again every 15 min until acknowledged, at most 12 times"),
        (7200.0, "critical", "again every 2 h until acknowledged, at most 12 times"),
        (900.0, "warning", ""),
        (0.0, "critical", ""),
    ],
)
def test_that_an_alert_is_repeated_is_told_ahead(repeat: float, severity: Severity, said: str) -> None:
    desk = replace(CHANNELS[0], policy=NotifyPolicy(repeat=repeat))
    rule = replace(PLAN.rules[0], severity=severity)
    plan = replace(PLAN, channels=(desk,), routes=(Route(("desk",)),), rules=(rule,))
    conditions = Conditions(NOW, CALENDAR, {}, ())
    (heard,) = outlook(plan, rule, "herald", conditions)
    assert [one.words for one in heard.why if "acknowledged" in one.words] == ([said] if said else [])


@pytest.mark.parametrize(
    ("policy", "prospect", "why"),
    [
        (NotifyPolicy(quiet=QuietHours(0, 23 * 60)), Prospect.WAITS, ("quiet hours",)),
        (NotifyPolicy(quiet=QuietHours(0, 60)), Prospect.AT_ONCE, ()),
        (NotifyPolicy(digest="0 18 * * *"), Prospect.WAITS, ("digest",)),
        (NotifyPolicy(group=Grouping(30, 300, "rule")), Prospect.WAITS, ("group by rule",)),
        (NotifyPolicy(throttle=Throttle(5, 3600)), Prospect.AT_ONCE, ("at most 5 messages in 1 h, the rest in one",)),
        (NotifyPolicy(throttle=Throttle(1, 60)), Prospect.AT_ONCE, ("at most 1 message in 1 min, the rest in one",)),
        (NotifyPolicy(storm=5), Prospect.AT_ONCE, ("more than 5 hits of the rule in 10 min go in one message",)),
        (NotifyPolicy(per="story"), Prospect.AT_ONCE, ("each story once",)),
    ],
)
def test_what_a_channel_says_of_itself_is_told_ahead(
    policy: NotifyPolicy, prospect: Prospect, why: tuple[str, ...]
) -> None:
    (desk,) = found(replace(PLAN, channels=(replace(CHANNELS[0], policy=policy),), routes=(Route(("desk",)),)))
    assert desk.prospect is prospect
    assert tuple(reason.words for reason in desk.why) == why
    (decided,) = decide_hits(
        situation(hit()),
        replace(PLAN, channels=(replace(CHANNELS[0], policy=policy),), routes=(Route(("desk",)),)),
        calendar=CALENDAR,
    )
    assert (decided.not_before is not None) is (prospect is Prospect.WAITS)
    assert decided.not_before in {None, *(reason.until for reason in desk.why)}


@pytest.mark.parametrize(
    ("stories", "words"),
    [
        (StoryPolicy(), ("each story once, again at 5 and 15 outlets, at 5 more in 30 min",)),
        (StoryPolicy(outlets=(3,), burst=None), ("each story once, again at 3 outlets",)),
        (
            StoryPolicy(outlets=(3, 5, 9), burst=StoryBurst(2, 3600), majors=("herald", "daily")),
            ("each story once, again at 3, 5 and 9 outlets, at 2 more in 1 h, with the first of herald, daily",),
        ),
        (StoryPolicy(outlets=(), burst=None), ("each story once",)),
        (StoryPolicy("off"), ()),
    ],
)
def test_when_a_story_is_told_again_is_told_ahead(stories: StoryPolicy, words: tuple[str, ...]) -> None:
    (_, desk) = found(replace(PLAN, rules=(replace(RULE, stories=stories),)))
    assert tuple(reason.words for reason in desk.why) == words
