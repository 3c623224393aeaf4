"""Every channel of a rule gets a decision, and every silence a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.article import Article
from monitor.model.escalation import NEW
from monitor.model.health import Alarm, Bilingual, Notice, SourceProblem
from monitor.model.hit import Hit
from monitor.model.notification import (
    Notification,
    NotificationState,
    OpenGroup,
    Silence,
    Situation,
    StoredHit,
    Suppression,
    Told,
)
from monitor.model.plan import Channel, CountRule, Plan, Route, Rule
from monitor.model.policy import NotifyPolicy, QuietHours, Severity, StoryPolicy
from monitor.model.story import Story
from monitor.notify import policy
from monitor.notify.channels import channel_disabled
from monitor.notify.policy import decide_count, decide_event, suppressed_as
from monitor.schedule.calendar import CALENDAR

decide_hits = partial(policy.decide_hits, calendar=CALENDAR)
NOW = datetime(2026, 11, 5, 2, 32, 16, tzinfo=UTC)
OPEN = Channel("desk", "webhook", "https://hooks.example/desk")
BARE = Channel("later", "webhook", "")
OFF = Channel("off", "webhook", "https://hooks.example/off", enabled=False)
OFF_AND_BARE = Channel("void", "webhook", "", enabled=False)
EVERYBODY = ("desk", "later", "off", "void", "unknown")
RULE = Rule("openai", "OpenAI", "@openai", channels=EVERYBODY)
PLAN = Plan("v1", rules=(RULE,), channels=(OPEN, BARE, OFF, OFF_AND_BARE), operator_channels=EVERYBODY)
ARTICLE = Article("k", "https://news.example/k", "herald", "오픈AI, 서울에", NOW)
ALARM = Alarm(SourceProblem.EMPTY, NOW, Bilingual("s", "s"), Bilingual("a", "a"))
NOTICE = Notice(broken=True, alarm=ALARM, at=NOW, source_id="herald", source_name="한빛")


@dataclass(frozen=True)
class Past:
    """A history in which nothing was told; only silences matter so far."""

    quiet: tuple[Silence, ...] = ()
    stories: tuple[str, ...] = ()

    def outlets(self) -> Mapping[str, datetime]:
        return {}

    def told_of_story(self, rule_id: str, channel_id: str) -> Told:
        del channel_id
        return Told(frozenset({"new"} if rule_id in self.stories else ()))

    def notified_since(self, rule_id: str, channel_id: str, since: datetime, most: int) -> int:
        del rule_id, channel_id, since, most
        return 0

    def latest_messages(self, channel_id: str, most: int) -> tuple[datetime, ...]:
        del channel_id, most
        return ()

    def last_of_group(self, channel_id: str, key: str, since: datetime) -> datetime | None:
        del channel_id, key, since
        return None

    def open_groups(self, channel_id: str) -> tuple[OpenGroup, ...]:
        del channel_id
        return ()

    def silences(self) -> tuple[Silence, ...]:
        return self.quiet


GROWN = Story("s", "t", 2, 2, NOW)


def silence(rule_id: str = "", source_id: str = "") -> Past:
    return Past((Silence(1, rule_id, source_id, NOW, "planned"),))


def situation(*hits: StoredHit, past: Past | None = None) -> Situation:
    return Situation(ARTICLE, hits or (hit(),), Story("s", "t", 1, 1, NOW), past or Past(), NOW)


def hit(rule_id: str = "openai", *, new: bool = True, notified: Mapping[str, str] | None = None) -> StoredHit:
    return StoredHit(Hit(rule_id, rule_id, "v1", (), ""), new, notified or {})


def of(*channels: str) -> Plan:
    return replace(PLAN, rules=(replace(RULE, channels=channels),))


def reasons(*, baseline: bool = False, rematch: bool = False, past: Past | None = None) -> list[Suppression | None]:
    found = decide_hits(situation(past=past), PLAN, baseline=baseline, rematch=rematch)
    return [told.suppressed for told in found]


def test_each_channel_is_told_or_says_why_not() -> None:
    assert decide_hits(situation(), PLAN) == (
        Notification("desk", "openai", levels=(NEW,)),
        Notification("later", "openai", Suppression.NOT_CONFIGURED),
        Notification("off", "openai", Suppression.DISABLED),
        Notification("void", "openai", Suppression.DISABLED),
        Notification("unknown", "openai", Suppression.NOT_CONFIGURED),
    )


def test_an_event_is_told_to_the_operator_in_the_same_way() -> None:
    found = decide_event(NOTICE, Past(), NOW, calendar=CALENDAR, plan=PLAN)
    assert [(told.channel_id, told.rule_id) for told in found] == [(name, "") for name in EVERYBODY]
    assert [told.suppressed for told in found] == reasons()
    assert decide_event(NOTICE, Past(), NOW, calendar=CALENDAR, plan=replace(PLAN, operator_channels=())) == ()


def test_a_hit_is_kept_back_when_no_channel_is_told() -> None:
    told, bare, off = (
        Notification(name, "openai", why, levels=() if why else (NEW,))
        for name, why in (("desk", None), ("later", Suppression.NOT_CONFIGURED), ("off", Suppression.DISABLED))
    )
    assert suppressed_as((told,)) == suppressed_as((bare, told)) == ""
    assert suppressed_as((off, bare)) == "disabled"
    assert suppressed_as((bare, off)) == "not_configured"
    assert suppressed_as(()) == "no_channel"
    assert suppressed_as(decide_hits(situation(), PLAN, baseline=True)) == "baseline"


def test_a_baseline_is_silent_everywhere() -> None:
    assert reasons(baseline=True) == [Suppression.BASELINE] * 5


def test_a_rematch_is_silent_everywhere() -> None:
    assert reasons(rematch=True) == [Suppression.REMATCH] * 5


def test_baseline_goes_before_rematch() -> None:
    assert reasons(baseline=True, rematch=True) == [Suppression.BASELINE] * 5


@pytest.mark.parametrize(
    ("past", "silent"),
    [
        (silence(), True),
        (silence("openai"), True),
        (silence(source_id="herald"), True),
        (silence("openai", "herald"), True),
        (silence("deepseek"), False),
        (silence("openai", "daily"), False),
    ],
)
def test_a_silence_covers_what_it_names(past: Past, silent: bool) -> None:  # noqa: FBT001 - of the table
    assert (reasons(past=past) == [Suppression.SILENCED] * 5) is silent
    (event, *_) = decide_event(NOTICE, past, NOW, calendar=CALENDAR, plan=PLAN)
    about_the_source = not past.quiet[0].rule_id and past.quiet[0].source_id == "herald"
    assert (event.suppressed is Suppression.SILENCED) is about_the_source, "only what names it and nothing else"
    assert event.silence_id == (1 if about_the_source else None)


def test_a_rule_without_channels_tells_nobody() -> None:
    assert decide_hits(situation(), of()) == ()


def test_a_rule_without_channels_is_told_where_the_routes_lead() -> None:
    routes = (
        Route(("desk", "off"), sources=("herald",), goes_on=True),
        Route(("desk", "later"), rules=("openai",)),
        Route(("void",)),
    )
    plan = replace(of(), routes=routes)
    assert decide_hits(situation(), plan) == (
        Notification("desk", "openai", levels=(NEW,)),
        Notification("off", "openai", Suppression.DISABLED),
        Notification("later", "openai", Suppression.NOT_CONFIGURED),
    )
    elsewhere = replace(situation(), article=replace(ARTICLE, source_id="daily"))
    assert [told.channel_id for told in decide_hits(elsewhere, plan)] == ["desk", "later"]
    assert [told.channel_id for told in decide_hits(situation(), replace(PLAN, routes=routes))] == list(EVERYBODY)


def test_a_rule_that_has_left_the_plan_tells_nobody() -> None:
    assert decide_hits(situation(hit("gone")), PLAN) == ()


def test_a_channel_named_twice_is_told_once() -> None:
    assert decide_hits(situation(), of("desk", "desk")) == (Notification("desk", "openai", levels=(NEW,)),)


def test_of_an_old_hit_only_what_a_first_run_held_back_is_decided_again() -> None:
    known = {"desk": "baseline", "later": "rematch", "off": ""}
    found = decide_hits(situation(hit(new=False, notified=known)), of("desk", "later", "off", "unknown"))
    assert found == (Notification("desk", "openai", levels=(NEW,)),)


@given(st.lists(st.sampled_from(EVERYBODY)), st.booleans(), st.booleans())
def test_one_notification_per_channel_in_order(names: list[str], baseline: bool, rematch: bool) -> None:  # noqa: FBT001 - drawn
    found = decide_hits(situation(), of(*names), baseline=baseline, rematch=rematch)
    assert [told.channel_id for told in found] == list(dict.fromkeys(names))
    sent = [told.channel_id for told in found if told.suppressed is None]
    assert sent == ([] if baseline or rematch else ["desk"] * ("desk" in names))


def test_every_reason_is_in_use() -> None:
    used = {
        reason
        for flags in product((False, True), repeat=2)
        for past in (None, silence())
        for reason in reasons(baseline=flags[0], rematch=flags[1], past=past)
    } | {Suppression.OLD, Suppression.SAME_STORY}  # below
    assert used == {*Suppression, None}


@pytest.mark.parametrize(
    ("suppressed", "group_key", "not_before"),
    [(Suppression.DISABLED, "g", NOW), (Suppression.DISABLED, "g", None), (None, "", NOW)],
)
def test_a_decision_says_one_thing(suppressed: Suppression | None, group_key: str, not_before: datetime | None) -> None:
    with pytest.raises(ValueError, match="or suppressed"):
        Notification("desk", "openai", suppressed, group_key, not_before)


def test_a_decision_says_where_its_notification_begins() -> None:
    assert Notification("desk").state is NotificationState.QUEUED
    assert Notification("desk", group_key="g", not_before=NOW).state is NotificationState.HELD
    assert Notification("desk", suppressed=Suppression.BASELINE).state is NotificationState.SUPPRESSED


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("published", "modified", "listed", "told"),
    [
        (None, None, None, True),
        (8 * DAY, None, None, False),
        (7 * DAY, None, None, True),
        (2000 * DAY, 3000 * DAY, None, False),
        (2000 * DAY, DAY, None, True),
        (2000 * DAY, None, DAY, True),
        (None, None, 2000 * DAY, False),
        (-DAY, None, None, True),
    ],
)
def test_what_says_that_it_is_old_is_stored_and_told_to_nobody(
    published: timedelta | None, modified: timedelta | None, listed: timedelta | None, *, told: bool
) -> None:
    moments = [NOW - age if age is not None else None for age in (published, modified, listed)]
    old = replace(ARTICLE, published_at=moments[0], modified_at=moments[1])
    found = decide_hits(replace(situation(), article=old), PLAN, listed_at=moments[2])
    assert {one.suppressed for one in found if one.channel_id == "desk"} == {None if told else Suppression.OLD}
    always = decide_hits(replace(situation(), article=old), replace(PLAN, max_age=None), listed_at=moments[2])
    assert always[0].suppressed is None


def test_what_a_first_run_held_back_stays_so_when_it_is_rewritten() -> None:
    held = hit(new=False, notified={"desk": Suppression.BASELINE})
    assert decide_hits(replace(situation(), hits=(held,)), PLAN)[0].suppressed is None
    assert decide_hits(replace(situation(), hits=(held,)), PLAN, again=True) == ()


def test_a_channel_is_not_asked_to_tell_of_itself() -> None:
    notice = channel_disabled(OPEN, NOW, status=410, answer="410", lasted=timedelta())
    spare = Channel("spare", "webhook", "https://hooks.example/spare")

    def told(*operators: str, channels: tuple[Channel, ...] = (OFF, OPEN, BARE, spare)) -> list[str]:
        plan = Plan("v1", channels=channels, operator_channels=operators)
        return [one.channel_id for one in decide_event(notice, Past(), NOW, calendar=CALENDAR, plan=plan)]

    assert told("desk", "later") == ["later"]
    assert told("desk") == ["spare"], "the first other one that can tell does"
    assert told() == ["spare"]
    assert told("desk", channels=(OPEN, OFF)) == []


def test_a_channel_that_wants_each_story_once_hears_of_it_once() -> None:
    channel = replace(OPEN, policy=NotifyPolicy(per="story"))
    plan = replace(PLAN, channels=(channel,), rules=(replace(RULE, channels=("desk",)),))
    (first,) = decide_hits(situation(), plan)
    assert (first.suppressed, first.not_before) == (None, None)
    told, other = (replace(situation(past=Past(stories=(name,))), story=GROWN) for name in ("openai", "other"))
    assert decide_hits(told, plan) == (Notification("desk", "openai", Suppression.SAME_STORY),)
    (new,) = decide_hits(other, plan)
    assert (new.suppressed, new.levels) == (None, (NEW,))
    everything = replace(plan, rules=(replace(plan.rules[0], stories=StoryPolicy("all")),))
    assert decide_hits(told, everything) == (Notification("desk", "openai", Suppression.SAME_STORY),)


def test_all_rules_that_an_article_met_go_in_one_message_where_people_read() -> None:
    channel = replace(OPEN, policy=NotifyPolicy(per="article"))
    rules = tuple(replace(RULE, id=name, channels=("desk",)) for name in ("openai", "stargate"))
    found = decide_hits(situation(hit("openai"), hit("stargate")), replace(PLAN, channels=(channel,), rules=rules))
    assert [(one.rule_id, one.not_before) for one in found] == [("openai", None), ("stargate", None)]
    assert len({one.group_key for one in found}) == 1
    assert found[0].group_key


SURGE = CountRule(
    Rule("surge", "급증", "", tags=("rush",), severity="critical"), "openai", "spike", "stories", 3, 3600.0
)


def counted(past: Past | None = None, *routes: Route, channels: tuple[str, ...] = ()) -> list[Notification]:
    rule = replace(SURGE.rule, channels=channels)
    plan = replace(PLAN, count_rules=(replace(SURGE, rule=rule),), routes=routes)
    return [*decide_count(rule, past or Past(), NOW, plan=plan, calendar=CALENDAR)]


def test_a_count_is_told_to_its_channels_as_a_hit_is() -> None:
    found = counted(channels=EVERYBODY)
    assert [(one.channel_id, one.rule_id) for one in found] == [(name, "surge") for name in EVERYBODY]
    assert [one.suppressed for one in found] == reasons()


def test_routes_take_a_count_by_its_rule_and_never_by_a_source() -> None:
    assert counted() == []
    everywhere = Route(("later",))
    for route in (
        Route(("desk",), tags=("rush",)),
        Route(("desk",), severities=("critical",)),
        Route(("desk",), rules=("surge",)),
    ):
        assert counted(None, route, everywhere) == [Notification("desk", "surge")]
    for route in (
        Route(("desk",), sources=("herald",)),
        Route(("desk",), tags=("slow",)),
        Route(("desk",), rules=("openai",)),
    ):
        assert [one.channel_id for one in counted(None, route, everywhere)] == ["later"]


@pytest.mark.parametrize(
    ("quiet", "silent"),
    [
        (Silence(1, "", "", NOW, "all"), True),
        (Silence(1, "surge", "", NOW, "it"), True),
        (Silence(1, "", "", NOW, "its tag", tag="rush"), True),
        (Silence(1, "openai", "", NOW, "what it counts"), False),
        (Silence(1, "", "herald", NOW, "a source"), False),
        (Silence(1, "surge", "herald", NOW, "it in a source"), False),
        (Silence(1, "", "", NOW, "a word", word="오픈AI"), False),
        (Silence(1, "", "", NOW, "another tag", tag="slow"), False),
    ],
)
def test_a_silence_covers_a_count_that_meets_all_it_names(quiet: Silence, silent: bool) -> None:  # noqa: FBT001 - of the table
    (found,) = counted(Past((quiet,)), channels=("desk",))
    assert found.suppressed == (Suppression.SILENCED if silent else None)
    assert found.silence_id == (1 if silent else None)


def test_a_count_waits_for_the_end_of_quiet_hours_unless_it_is_let_through() -> None:
    night = QuietHours(11 * 60, 13 * 60, let_through="critical")
    cases: tuple[tuple[Severity, bool], ...] = (("warning", True), ("critical", False))
    for severity, held in cases:
        rule = replace(SURGE.rule, channels=("desk",), severity=severity)
        desk = replace(OPEN, policy=NotifyPolicy(quiet=night))
        plan = replace(PLAN, channels=(desk,), count_rules=(replace(SURGE, rule=rule),))
        (found,) = decide_count(rule, Past(), NOW, plan=plan, calendar=CALENDAR)
        assert (found.group_key, found.not_before is not None) == (("quiet", True) if held else ("", False))
