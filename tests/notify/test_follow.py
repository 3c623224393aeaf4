"""Who hears what became of an article: the channels that were told of it, and no other; each as it wants to be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from monitor.model.article import Article
from monitor.model.follow import ArticleNotice, Followed, HeldUntil, ToldHit
from monitor.model.hit import Match
from monitor.model.notification import Notification, NotificationState, OpenGroup, Silence, Suppression, Told
from monitor.model.plan import Channel, Interval, Plan, Rights, Rule, Source
from monitor.model.policy import NotifyPolicy, Severity
from monitor.model.records import ArticleRecord
from monitor.notify.follow import decide_followed
from monitor.schedule.calendar import CALENDAR
from tests.contracts.invented import NOW, later


@dataclass
class Remembered:
    """Remembers nothing but silences."""

    kept: tuple[Silence, ...] = ()

    def outlets(self) -> Mapping[str, datetime]:
        return {}

    def told_of_story(self, rule_id: str, channel_id: str) -> Told:
        del rule_id, channel_id
        return Told(frozenset({"new"}), NOW)

    def notified_since(self, rule_id: str, channel_id: str, since: datetime, most: int) -> int:
        del rule_id, channel_id, since, most
        return 0

    def latest_messages(self, channel_id: str, most: int) -> Sequence[datetime]:
        del channel_id, most
        return ()

    def last_of_group(self, channel_id: str, key: str, since: datetime) -> datetime | None:
        del channel_id, key, since
        return None

    def open_groups(self, channel_id: str) -> Sequence[OpenGroup]:
        del channel_id
        return ()

    def silences(self) -> Sequence[Silence]:
        return self.kept


TEXT = "오픈AI가 서울에 온다. 딥시크는 부산에 온다."
BEFORE = Article("k", "https://a.example/1", "paper", "제목이다", NOW, body=TEXT)
RECORD = ArticleRecord(7, BEFORE.url, BEFORE.title, "paper", "", None, NOW)


def match(word: str, text: str = TEXT) -> tuple[Match, ...]:
    start = text.find(word)
    return (Match(word, word, "body", start, start + len(word), word, "bare"),) if start >= 0 else ()


def rule(name: str, severity: Severity = "info", *tags: str) -> Rule:
    return Rule(name, name.upper(), name, channels=("desk", "team"), severity=severity, tags=tags)


def channel(name: str, **changes: object) -> Channel:
    return replace(Channel(name, "webhook", f"https://hooks.example/{name}"), **changes)  # type: ignore[arg-type]


PLAN = Plan(
    "v1", rules=(rule("openai"), rule("deepseek", "critical", "rival")), channels=(channel("desk"), channel("team"))
)
OPENAI = ToldHit("openai", "OPENAI", match("오픈AI"), told={"desk": None, "team": None})
DEEPSEEK = ToldHit("deepseek", "DEEPSEEK", match("딥시크"), told={"team": None})


def decided(
    after: Article | None,
    *hits: ToldHit,
    plan: Plan = PLAN,
    silences: tuple[Silence, ...] = (),
) -> list[tuple[ArticleNotice, tuple[Notification, ...]]]:
    text = "" if after is None else after.body
    words = {"openai": "오픈AI", "deepseek": "딥시크"}
    known = tuple(replace(hit, after=match(words[hit.rule_id], text)) for hit in hits or (OPENAI, DEEPSEEK))
    followed = Followed(
        before=BEFORE,
        after=after,
        record=RECORD,
        story_id="s",
        hits=known,
        history=Remembered(silences),
        now=NOW,
    )
    return list(decide_followed(followed, plan, calendar=CALENDAR))


def whom(found: list[tuple[ArticleNotice, tuple[Notification, ...]]]) -> dict[str, list[str]]:
    return {told.channel_id: [name for name, _ in notice.rules] for notice, some in found for told in some}


RENAMED = replace(BEFORE, title="다른 제목이다")


@pytest.mark.parametrize("after", [RENAMED, None])
def test_every_channel_hears_once_of_the_rules_it_was_told_of(after: Article | None) -> None:
    found = decided(after)
    assert whom(found) == {"desk": ["openai"], "team": ["openai", "deepseek"]}
    assert [notice.type for notice, _ in found] == ["article.removed" if after is None else "article.changed"] * 2
    assert {notice.severity for notice, some in found if some[0].channel_id == "team"} == {"critical"}


def test_a_passage_concerns_its_rule_alone() -> None:
    found = decided(replace(BEFORE, body="오픈AI가 서울에 온다. 딥시크는 안 온다."))
    assert whom(found) == {"team": ["deepseek"]}
    ((notice, _),) = found
    assert (notice.headline_before, notice.removed, notice.added) == (
        "",
        ("딥시크는 부산에 온다.",),
        ("딥시크는 안 온다.",),
    )


@pytest.mark.parametrize(
    "after",
    [
        BEFORE,
        replace(BEFORE, title="[속보] 제목이다"),
        replace(BEFORE, body=f"{TEXT} 하나 더."),
        replace(RENAMED, field_sources={"body": "entry"}),
        replace(RENAMED, body=""),
    ],
)
def test_nothing_to_tell_is_told_to_nobody(after: Article) -> None:
    assert decided(after) == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"enabled": False}, Suppression.DISABLED),
        ({"url": ""}, Suppression.NOT_CONFIGURED),
    ],
)
def test_a_channel_that_cannot_be_told_stands_with_its_reason(changes: dict[str, object], why: Suppression) -> None:
    plan = replace(PLAN, channels=(channel("desk", **changes),))
    ((_, some),) = decided(RENAMED, OPENAI, plan=plan)
    assert [told.suppressed for told in some] == [why, Suppression.NOT_CONFIGURED]


def test_a_rule_that_the_plan_lacks_tells_nobody() -> None:
    assert decided(RENAMED, plan=replace(PLAN, rules=())) == []


@pytest.mark.parametrize(
    ("silence", "heard"),
    [
        ({"rule_id": "openai"}, {"desk": ([], "openai"), "team": (["deepseek"], "")}),
        ({"tag": "rival"}, {"desk": (["openai"], ""), "team": (["openai"], "")}),
        ({"source_id": "paper"}, {"desk": ([], "openai"), "team": ([], "openai deepseek")}),
        ({"word": "오픈AI"}, {"desk": ([], "openai"), "team": (["deepseek"], "")}),
        ({"source_id": "other"}, {"desk": (["openai"], ""), "team": (["openai", "deepseek"], "")}),
    ],
)
def test_a_silence_holds_for_what_becomes_of_it(
    silence: dict[str, str], heard: dict[str, tuple[list[str], str]]
) -> None:
    named = {"rule_id": "", "source_id": ""} | silence
    found = decided(RENAMED, silences=(Silence(5, ends_at=later(60), why="쉼", **named),))
    for notice, some in found:
        for told in some:
            rules, kept_back = heard[told.channel_id]
            names = [name for name, _ in notice.rules]
            assert names == (rules or kept_back.split())
            assert (told.suppressed is Suppression.SILENCED) is bool(kept_back)
            assert told.silence_id == (5 if kept_back else None)


def test_what_is_held_goes_behind_its_first_message() -> None:
    held = {"desk": HeldUntil("digest", later(3600)), "team": None}
    ((_, some),) = decided(RENAMED, replace(OPENAI, told=held))
    assert [(told.channel_id, told.state, told.group_key, told.not_before) for told in some] == [
        ("desk", NotificationState.HELD, "digest", later(3600)),
        ("team", NotificationState.QUEUED, "", None),
    ]


def test_the_channels_own_policy_holds() -> None:
    plan = replace(
        PLAN,
        channels=(
            channel("desk", policy=NotifyPolicy(digest="0 18 * * *")),
            channel("team", policy=NotifyPolicy(per="article")),
        ),
    )
    ((_, some),) = decided(RENAMED, OPENAI, plan=plan)
    assert [(told.group_key, told.not_before is None) for told in some] == [("digest", False), ("", True)]
    assert some[0].not_before is not None
    assert some[0].not_before - NOW < timedelta(days=1)


LONG = TEXT + " 이 기사는 길어서 담장 앞에 서는 첫머리와는 쉽게 가려진다." * 9


@pytest.mark.parametrize(
    ("title", "body", "headline", "removed"),
    [
        ("새 제목이다", "로그인하면 이어서 볼 수 있습니다.", BEFORE.title, 0),
        ("새 제목이다", "이 기사는 회원 전용입니다. 구독하기", BEFORE.title, 0),
        ("새 제목이다", LONG.removeprefix("오픈AI가 서울에 온다. "), BEFORE.title, 1),
        (BEFORE.title, LONG.removeprefix("오픈AI가 서울에 온다. "), "", 1),
    ],
)
def test_a_wall_that_came_up_takes_no_passage_away(title: str, body: str, headline: str, removed: int) -> None:
    """A list shows another headline, so the page is read at once, and is by now behind a wall."""
    before, hit = replace(BEFORE, body=LONG), replace(OPENAI, after=())
    after = replace(before, title=title, body=body)
    followed = Followed(
        before=before, after=after, record=RECORD, story_id="s", hits=(hit,), history=Remembered(), now=NOW
    )
    ((notice, _),) = decide_followed(followed, PLAN, calendar=CALENDAR)
    assert (notice.headline_before, len(notice.removed)) == (headline, removed)


def test_a_wall_under_the_same_headline_is_told_to_nobody() -> None:
    before = replace(BEFORE, body=LONG)
    after = replace(before, body="로그인하면 이어서 볼 수 있습니다.")
    followed = Followed(
        before=before, after=after, record=RECORD, story_id="s", hits=(OPENAI,), history=Remembered(), now=NOW
    )
    assert decide_followed(followed, PLAN, calendar=CALENDAR) == ()


@pytest.mark.parametrize("rights", ["full", "excerpt", "link"])
@pytest.mark.parametrize("after", [None, replace(BEFORE, body="오픈AI가 서울에 오지 않는다. 딥시크는 부산에 온다.")])
def test_of_a_text_that_may_not_be_shown_it_is_told_that_it_changed(after: Article | None, rights: Rights) -> None:
    paper = Source("paper", "Paper", "feed", (), Interval(60.0), rights=rights)
    found = decided(after, OPENAI, plan=replace(PLAN, sources=(paper,)))
    assert {told.channel_id for _, some in found for told in some} == {"desk", "team"}
    shown = [passage for notice, _ in found for passage in (*notice.removed, *notice.added)]
    assert bool(shown) is (rights == "full")


@pytest.mark.parametrize("marked", ["before", "after"])
def test_a_text_is_not_compared_with_excerpts_of_itself(marked: str) -> None:
    """Rights were tightened, or loosened, between two looks."""
    cut = {"text_mark": "30-abc", "body": "오픈AI가 서울에"}
    before = replace(BEFORE, **cut) if marked == "before" else BEFORE  # type: ignore[arg-type]  # texts
    after = replace(BEFORE, **cut) if marked == "after" else BEFORE  # type: ignore[arg-type]  # texts
    known = (replace(OPENAI, after=OPENAI.before),)
    followed = Followed(
        before=before, after=after, record=RECORD, story_id="s", hits=known, history=Remembered(), now=NOW
    )
    assert decide_followed(followed, PLAN, calendar=CALENDAR) == ()
