"""When a channel hears: at once, together, or later; one table of what it says of itself and what has been."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.model.notification import OpenGroup, Silence, Told
from monitor.model.plan import Channel
from monitor.model.policy import Grouping, NotifyPolicy, QuietHours, Throttle
from monitor.notify.holding import NOW as AT_ONCE
from monitor.notify.holding import STORM, TOGETHER, Hold, Holding, Matter, hold_event
from monitor.schedule.calendar import CALENDAR

NOON = datetime(2026, 11, 5, 3, 0, tzinfo=UTC)  # in Seoul
NIGHT = QuietHours(22 * 60, 7 * 60, let_through="critical")
EVENING, MORNING = NOON + timedelta(hours=10, minutes=30), NOON + timedelta(hours=19)
DESK = Channel("desk", "slack", "https://hooks.example/desk")
HIT = Matter("info", "openai", "herald", "s1")


@dataclass
class Past:
    """What has been told, as a table."""

    fired: int = 0
    messages: tuple[datetime, ...] = ()
    groups: tuple[OpenGroup, ...] = ()
    last: dict[str, datetime] = field(default_factory=dict)

    def outlets(self) -> Mapping[str, datetime]:
        return {}

    def told_of_story(self, rule_id: str, channel_id: str) -> Told:
        del rule_id, channel_id
        return Told()

    def notified_since(self, rule_id: str, channel_id: str, since: datetime, most: int) -> int:
        del rule_id, channel_id, since
        return min(self.fired, most)

    def latest_messages(self, channel_id: str, most: int) -> tuple[datetime, ...]:
        del channel_id
        return self.messages[:most]

    def last_of_group(self, channel_id: str, key: str, since: datetime) -> datetime | None:
        del channel_id
        found = self.last.get(key)
        return found if found is not None and found >= since else None

    def open_groups(self, channel_id: str) -> Sequence[OpenGroup]:
        del channel_id
        return self.groups

    def silences(self) -> Sequence[Silence]:
        return ()


def held(policy: NotifyPolicy, past: Past | None = None, now: datetime = NOON, matter: Matter = HIT) -> Hold:
    return Holding(past or Past(), now, CALENDAR).of_hit(replace(DESK, policy=policy), matter)


def ago(**time: float) -> datetime:
    return NOON - timedelta(**time)


def opened(key: str, until: datetime) -> Past:
    return Past(groups=(OpenGroup(key, NOON, until, 1),))


GROUP = NotifyPolicy(group=Grouping(30, 300, "rule"))
THROTTLE = NotifyPolicy(throttle=Throttle(2, 3600))
SOON = NOON + timedelta(seconds=7)


@pytest.mark.parametrize(
    ("policy", "past", "now", "expected"),
    [
        (NotifyPolicy(), Past(), NOON, AT_ONCE),
        (NotifyPolicy(per="article"), Past(), NOON, Hold(TOGETHER)),
        (NotifyPolicy(quiet=NIGHT), Past(), NOON, AT_ONCE),
        (NotifyPolicy(quiet=NIGHT), Past(), EVENING, Hold("quiet", MORNING)),
        (NotifyPolicy(digest="0 18 * * *"), Past(), NOON, Hold("digest", NOON + timedelta(hours=6))),
        (NotifyPolicy(digest="0 23 * * *", quiet=NIGHT), Past(), NOON, Hold("quiet", MORNING)),
        (GROUP, Past(), NOON, Hold("group:openai", NOON + timedelta(seconds=30))),
        (GROUP, opened("group:openai", SOON), NOON, Hold("group:openai", SOON)),
        (GROUP, opened("group:other", SOON), NOON, Hold("group:openai", NOON + timedelta(seconds=30))),
        (
            GROUP,
            Past(last={"group:openai": ago(seconds=100)}),
            NOON,
            Hold("group:openai", NOON + timedelta(seconds=200)),
        ),
        (
            GROUP,
            Past(last={"group:openai": ago(seconds=290)}),
            NOON,
            Hold("group:openai", NOON + timedelta(seconds=30)),
        ),
        (replace(GROUP, quiet=NIGHT), Past(), EVENING - timedelta(minutes=30, seconds=10), Hold("quiet", MORNING)),
        (THROTTLE, Past(messages=(ago(minutes=1),)), NOON, AT_ONCE),
        (
            THROTTLE,
            Past(messages=(ago(minutes=1), ago(minutes=2))),
            NOON,
            Hold("throttle", NOON + timedelta(minutes=58)),
        ),
        (THROTTLE, Past(messages=(ago(minutes=1), ago(minutes=60))), NOON, AT_ONCE),
        (THROTTLE, opened("throttle", SOON), NOON, Hold("throttle", SOON)),
        (NotifyPolicy(storm=5), Past(fired=4), NOON, AT_ONCE),
        (NotifyPolicy(storm=5), Past(fired=5), NOON, Hold("storm:openai", NOON + STORM)),
        (NotifyPolicy(storm=5), replace(opened("storm:openai", SOON), fired=9), NOON, Hold("storm:openai", SOON)),
        (NotifyPolicy(storm=5), opened("storm:openai", SOON), NOON, AT_ONCE),
    ],
)
def test_what_a_channel_says_and_what_has_been_decide(
    policy: NotifyPolicy, past: Past, now: datetime, expected: Hold
) -> None:
    assert held(policy, past, now) == expected


def test_what_is_critical_breaks_the_quiet_and_nothing_else() -> None:
    critical = replace(HIT, severity="critical")
    assert held(NotifyPolicy(quiet=NIGHT), now=EVENING, matter=critical) == AT_ONCE
    assert held(NotifyPolicy(quiet=NIGHT), now=EVENING, matter=replace(HIT, severity="warning")).key == "quiet"
    assert held(NotifyPolicy(quiet=replace(NIGHT, let_through="")), now=EVENING, matter=critical).key == "quiet"
    assert held(NotifyPolicy(quiet=NIGHT, digest="0 18 * * *"), now=EVENING, matter=critical).key == "digest"


def test_one_article_is_one_message_of_a_throttle_however_many_rules_it_met() -> None:
    channel = replace(DESK, policy=NotifyPolicy(per="article", throttle=Throttle(1, 60)))
    holding = Holding(Past(), NOON, CALENDAR)
    assert [holding.of_hit(channel, replace(HIT, rule_id=name)) for name in "abc"] == [Hold(TOGETHER)] * 3


def test_hits_of_one_article_count_each_where_each_is_a_message() -> None:
    channel = replace(DESK, policy=NotifyPolicy(throttle=Throttle(2, 60)))
    holding = Holding(Past(), NOON, CALENDAR)
    found = [holding.of_hit(channel, replace(HIT, rule_id=name)) for name in "abc"]
    assert found == [AT_ONCE, AT_ONCE, Hold("throttle", NOON + timedelta(seconds=60))]


AHEAD = NOON + timedelta(days=400)


@pytest.mark.parametrize(
    ("policy", "past", "longest"),
    [
        (THROTTLE, Past(messages=(AHEAD, AHEAD)), 3600),
        (THROTTLE, Past(messages=(NOON + timedelta(hours=2),) * 9), 3600),
        (THROTTLE, opened("throttle", AHEAD), 3600),
        (GROUP, Past(last={"group:openai": AHEAD}), 300),
        (GROUP, opened("group:openai", AHEAD), 300),
        (NotifyPolicy(group=Grouping(600, 60)), opened("group", AHEAD), 600),
        (NotifyPolicy(storm=5), replace(opened("storm:openai", AHEAD), fired=9), STORM.total_seconds()),
    ],
)
def test_what_was_told_under_a_clock_that_was_wrong_holds_nothing_for_longer_than_the_policy(
    policy: NotifyPolicy, past: Past, longest: float
) -> None:
    assert held(policy, past).until == NOON + timedelta(seconds=longest)


@pytest.mark.parametrize("by", ["all", "rule", "source", "story"])
def test_groups_are_by_what_is_asked(by: str) -> None:
    keys = {"all": "group", "rule": "group:openai", "source": "group:herald", "story": "group:s1"}
    assert held(NotifyPolicy(group=Grouping(1, 1, by))).key == keys[by]  # type: ignore[arg-type]  # of the table


def test_an_event_waits_for_the_morning_unless_it_is_critical() -> None:
    channel = replace(DESK, policy=NotifyPolicy(quiet=NIGHT, digest="0 18 * * *"))
    assert hold_event(channel, "warning", EVENING, CALENDAR) == Hold("quiet", MORNING)
    assert hold_event(channel, "critical", EVENING, CALENDAR) == AT_ONCE
    assert hold_event(channel, "warning", NOON, CALENDAR) == AT_ONCE, "a digest is of hits"
