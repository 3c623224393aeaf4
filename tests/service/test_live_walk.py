"""What the line would make of an article now: its story, and who was told of that already."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.model.article import Article
from monitor.model.explained import AddressFate, Explained, LineStep
from monitor.model.plan import Interval, Source
from monitor.model.policy import StoryPolicy
from monitor.model.records import HearingRecord
from monitor.model.task import Poll
from monitor.service.explain import Ground
from monitor.service.live_walk import heard, likely_source, matched, placed, story_prospect
from monitor.service.rule_trial import ANYWHERE
from tests.pipeline.app import OPENAI, START, App, build, plan

POLL = Poll("paper", at_once=True)
TEXT = "오픈AI는 서울에 사무소를 열고 직원 쉰 명을 뽑는다고 밝혔다. 한국 시장을 넓히려는 것이다."


@pytest.fixture
async def told(tmp_path: Path) -> AsyncIterator[App]:
    """A paper whose second article told its story."""
    made = await build(tmp_path, plan(rules=(replace(OPENAI, stories=StoryPolicy()),)))
    made.press.listing(1)
    made.press.article(1, "날씨가 맑다.")
    await made.run(POLL)
    made.press.listing(2, 1)
    made.press.article(2, TEXT)
    made.clock.pass_(minutes=5)
    await made.run(POLL)
    assert len(made.post.sent) == 1
    yield made
    await made.database.aclose()


def like_the_second(app: App) -> Article:
    with app.reader() as reader:
        trail = reader.trail(("https://paper.example/news/view/1002",), None, app.clock())
    assert trail is not None
    assert trail.article is not None
    return replace(
        trail.article, key="https://other.example/9", url="https://other.example/9", source_id="command-line"
    )


def walked(app: App, article: Article, mode: StoryPolicy) -> Explained:
    now = app.clock() + timedelta(minutes=1)
    current = replace(app.current_plan.plan, rules=(replace(OPENAI, stories=mode),))
    steps = tuple(
        LineStep(name, ok=True, detail="300 characters, as any page is read", elapsed_ms=1.0)
        for name in ("a", "b", "c")
    )
    found = Explained(
        url=article.url, key=article.key, asked_at=now, fate=AddressFate.NEVER_LISTED, why=(), steps=steps
    )
    found = matched(found, article, ANYWHERE, Ground(current, current), "", lambda: 0.0)
    with app.reader() as reader:
        prospect = story_prospect(reader, article, now)
    found = placed(found, prospect, 0.002)
    hearing = HearingRecord("openai", ("command-line",), "desk", "named by the rule", "at once", (), ())
    return heard(found, (hearing,), prospect, current, 0.001)


@pytest.mark.parametrize(
    ("mode", "outcome"),
    [(StoryPolicy(), "not told"), (StoryPolicy("all"), "at once"), (StoryPolicy("off"), "at once")],
)
async def test_a_story_that_was_told_is_told_again_only_where_the_rule_says_so(
    told: App, mode: StoryPolicy, outcome: str
) -> None:
    found = walked(told, like_the_second(told), mode)
    assert [one.outcome for one in found.hearing] == [outcome]
    assert found.place is not None
    assert not found.place.first
    assert found.place.story.title in found.steps[-2].detail
    assert (found.fate, found.live) == (AddressFate.TRIED, True)
    if outcome == "not told":
        assert found.hearing[0].why == ("its story was told already, with «기사 번호 2 의 충분히 긴 제목입니다»",)


async def test_another_matter_begins_a_story_of_its_own(told: App) -> None:
    other = Article(
        "k",
        "https://other.example/k",
        "command-line",
        "오픈AI 주가 급락",
        START,
        body="뉴욕 증시가 닫히기 전 값이 떨어졌다.",
    )
    found = walked(told, other, StoryPolicy())
    assert found.place is None
    assert found.steps[-2].detail == "it would begin a story of its own"
    assert [one.outcome for one in found.hearing] == ["at once"]


def test_the_source_that_is_switched_on_comes_first() -> None:
    off = Source("off", "", "list", ("https://a.example/1",), Interval(60.0), enabled=False)
    on = replace(off, id="on", enabled=True)
    known = plan(sources=(off, on))
    assert likely_source(("off", "on"), known) is on
    assert likely_source(("off",), known) is off
    assert likely_source((), known) is likely_source(("gone",), known) is ANYWHERE
