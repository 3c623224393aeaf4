"""Past readings replayed: what the contract over real stores cannot show of single moments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from monitor.model.article import Article
from monitor.model.hit import Hit, Match
from monitor.model.plan import Channel, Plan, Rule
from monitor.model.policy import Grouping, NotifyPolicy, Throttle
from monitor.model.records import SilenceRecord
from monitor.notify.replay import PastMember, PastReading, PolicyReplay
from monitor.schedule.calendar import CALENDAR

START = datetime(2026, 11, 3, 1, 0, tzinfo=UTC)
RULE = Rule("chip", "chip", "반도체", channels=("desk",))
HIT = Hit("chip", "chip", "v", (Match("반도체", "반도체", "title", 0, 3, "반도체", "bare"),), "")


def replayed(policy: NotifyPolicy, minutes: Sequence[float], silences: Sequence[SilenceRecord] = ()) -> PolicyReplay:
    """Return a replay of articles of stories of their own, at those minutes."""
    desk = Channel("desk", "webhook", "https://hooks.example/x", policy=policy)
    times = [START + timedelta(minutes=one) for one in minutes]
    stories = {f"s{n}": [PastMember(n, "herald", at)] for n, at in enumerate(times)}
    replay = PolicyReplay(Plan("v", rules=(RULE,), channels=(desk,)), CALENDAR, silences, stories)
    for number, at in enumerate(times):
        article = Article(f"k{number}", "https://news.example/", "herald", "반도체", at)
        replay.read(PastReading(at=at, article_id=number, article=article, story_id=f"s{number}", hits=(HIT,)))
    return replay


def sent(replay: PolicyReplay) -> list[tuple[float, int]]:
    return [((one.at - START) / timedelta(minutes=1), one.size) for one in replay.messages()]


@pytest.mark.parametrize(
    ("policy", "minutes", "wanted"),
    [
        (NotifyPolicy(), [0, 1], [(0, 1), (1, 1)]),
        (NotifyPolicy(throttle=Throttle(1, 3600)), [0, 10, 20, 90], [(0, 1), (60, 2), (120, 1)]),
        (NotifyPolicy(group=Grouping(60, 600)), [0, 0.5, 5, 30], [(1, 2), (11, 1), (31, 1)]),
        (NotifyPolicy(group=Grouping(60, 60), most=2), [0, 0.1, 0.2, 0.3, 0.4], [(1, 2), (1, 2), (1, 1)]),
        (NotifyPolicy(digest="0 * * * *"), [10, 20, 70], [(60, 2), (120, 1)]),
    ],
)
def test_groups_go_when_they_are_due(
    policy: NotifyPolicy, minutes: list[float], wanted: list[tuple[float, int]]
) -> None:
    replay = replayed(policy, minutes)
    assert sent(replay) == [one for one in wanted if one[0] <= minutes[-1]]
    replay.flush(START + timedelta(days=1))
    assert sent(replay) == wanted
    assert replay.waiting() == {}


def test_what_is_held_at_the_end_is_counted() -> None:
    replay = replayed(NotifyPolicy(digest="0 * * * *"), [10, 20])
    assert (sent(replay), replay.waiting()) == ([], {"desk": 2})


@pytest.mark.parametrize(
    ("ended", "told"),
    [(None, [0, 40]), (20.0, [0, 25, 40]), (5.0, [0, 10, 25, 40])],
)
def test_a_silence_covers_the_time_in_which_it_was_in_force(ended: float | None, told: list[float]) -> None:
    begin, end = START + timedelta(minutes=5), START + timedelta(minutes=30)
    stopped = None if ended is None else START + timedelta(minutes=ended)
    silence = SilenceRecord(1, "", "", "", "", "kim", "시험", begin, end, stopped)
    replay = replayed(NotifyPolicy(), [0, 10, 25, 40], [silence])
    assert [at for at, _ in sent(replay)] == told
    assert sum(replay.kept_back(START).get("desk", {}).values()) == 4 - len(told)


def test_a_hit_without_a_channel_is_counted() -> None:
    replay = PolicyReplay(Plan("v", rules=(Rule("chip", "chip", "반도체"),)), CALENDAR)
    article = Article("k", "https://news.example/", "herald", "반도체", START)
    replay.read(PastReading(at=START, article_id=1, article=article, story_id="s", hits=(HIT,)))
    assert (replay.unheard(START), replay.unheard(START + timedelta(seconds=1))) == (1, 0)


def test_alerts_of_counts_go_by_the_same_policy() -> None:
    replay = replayed(NotifyPolicy(throttle=Throttle(1, 3600)), [0])
    replay.alert(RULE, START + timedelta(minutes=1))
    replay.flush(START + timedelta(hours=2))
    assert sent(replay) == [(0, 1), (60, 1)]
