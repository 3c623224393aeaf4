"""An article that somebody was told of is looked at again: what changed and what is gone is told once, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.model.errors import FetchError, FetchReason
from monitor.model.event import ArticleRemoved, FollowUpFailed
from monitor.model.plan import FOLLOW_UP
from monitor.model.policy import NotifyPolicy, StoryPolicy
from monitor.model.records import HitQuery
from monitor.model.task import FollowUp, Poll
from monitor.pipeline.follow_up import LATE, MOST_FAILURES
from monitor.pipeline.gone import CONFIRM, CONFIRM_FRONT
from tests.pipeline.app import DESK, LIST, OPENAI, App, plan

POLL = Poll("paper", at_once=True)
TITLE = "기사 번호 2 의 충분히 긴 제목입니다"
BODY = "오픈AI가 서울에 사무소를 연다고 밝혔다. 날씨는 맑다."
URL = "https://paper.example/news/view/1002"
FRONT = "<title>신문</title><p>오늘의 주요 뉴스를 모았습니다. 정치, 경제, 사회</p>"
EACH = plan(version="each", rules=(replace(OPENAI, stories=StoryPolicy("off")),))
"""Each article is told, and so looked at again, however alike they are."""


@pytest.fixture
async def told(app: App) -> App:
    """An app whose channel was told of an article."""
    app.press.listing(1)
    app.press.article(1, "아무 일도 없다.")
    await app.run(POLL)
    app.clock.pass_(minutes=5)
    app.press.listing(2, 1)
    app.press.article(2, BODY)
    await app.run(POLL)
    assert kinds(app) == ["hit.created"]
    app.press.asked.clear()
    return app


def messages(app: App) -> list[dict[str, Any]]:
    return [json.loads(sent.body) for sent in app.post.sent]


def kinds(app: App) -> list[str]:
    return [message["type"] for message in messages(app)]


async def pass_(app: App, span: timedelta) -> None:
    """Let time pass, and do what is due: new articles first, then what is looked at again."""
    app.clock.pass_(seconds=span.total_seconds() + 1)
    await app.tick()
    await app.tick()


async def pass_all(app: App) -> None:
    for earlier, step in zip((timedelta(), *FOLLOW_UP), FOLLOW_UP, strict=False):
        await pass_(app, step - earlier)


def failing(status: int | None, reason: FetchReason = FetchReason.STATUS) -> FetchError:
    return FetchError(URL, reason, "refused", transient=False, status=status)


async def test_what_stays_as_it_is_is_looked_at_four_times_and_never_told(told: App) -> None:
    await pass_all(told)
    assert told.press.asked.count(URL) == len(FOLLOW_UP)
    assert kinds(told) == ["hit.created"]
    await pass_(told, timedelta(days=2))
    assert told.press.asked.count(URL) == len(FOLLOW_UP)


@pytest.mark.parametrize("title", ["오픈AI 사무소는 없던 일로 한다는 긴 제목", "기사 번호 3 의 충분히 긴 제목입니다"])
async def test_another_headline_is_told_once_with_both(told: App, title: str) -> None:
    told.press.article(2, BODY, title)
    await pass_all(told)
    assert kinds(told) == ["hit.created", "article.changed"]
    data = messages(told)[-1]["data"]
    assert data["headline"] == {"before": TITLE, "after": title}
    assert data["rule"] == {"id": "openai", "name": "OpenAI"}
    assert (data["passages"]["removed"], data["passages"]["added"]) == ([], [])
    assert [sent.seq for sent in told.post.sent] == [1, 2]


@pytest.mark.parametrize(
    "title",
    [f"[속보] {TITLE}", f"{TITLE}(종합2보)", "기사  번호 2의, 충분히 긴 「제목」입니다", f"【단독·상보】{TITLE}"],
)
async def test_flags_blanks_and_marks_in_a_headline_are_stored_and_not_told(told: App, title: str) -> None:
    told.press.article(2, BODY, title)
    await pass_all(told)
    assert kinds(told) == ["hit.created"]
    with told.reader() as reader:
        (found,) = reader.hits(HitQuery())
        history = reader.history(found.id)
        assert history is not None
        assert [version.title for version in history.versions] == [TITLE, " ".join(title.split())]


@pytest.mark.parametrize(
    ("body", "removed", "added"),
    [
        ("사무소를 연다고 했다가 말았다. 날씨는 맑다.", ["오픈AI가 서울에 사무소를 연다고 밝혔다."], []),
        (f"{BODY} OpenAI는 부인했다.", [], ["OpenAI는 부인했다."]),
        (
            BODY.replace("연다", "닫는다"),
            ["오픈AI가 서울에 사무소를 연다고 밝혔다."],
            ["오픈AI가 서울에 사무소를 닫는다고 밝혔다."],
        ),
        (BODY.replace("맑다", "흐리다"), [], []),
        ("날씨는 맑다. 오픈AI가  서울에 사무소를 연다고 밝혔다!", [], []),
    ],
)
async def test_a_passage_that_went_or_came_is_told(told: App, body: str, removed: list[str], added: list[str]) -> None:
    told.press.article(2, body)
    await pass_all(told)
    changes = [message["data"] for message in messages(told) if message["type"] == "article.changed"]
    assert len(changes) == bool(removed or added)
    for data in changes:
        assert (data["passages"]["removed"], data["passages"]["added"]) == (removed, added)
        assert data["headline"] is None
    with told.reader() as reader:
        assert len(reader.hits(HitQuery())) == 1, "a hit stays, whatever its article says by now"


@pytest.mark.parametrize(
    "page",
    [
        failing(404),
        failing(410),
        "<script>alert('삭제된 기사입니다.'); history.back();</script>",
        "<html><body><h1>알림</h1><p>요청하신 기사는 삭제되었거나 존재하지 않습니다.</p></body></html>",
        "<title>Sorry</title><p>This article has been removed by its publisher.</p>",
    ],
)
async def test_what_is_gone_twice_is_told_once(told: App, page: str | Exception) -> None:
    told.press.pages[URL] = page
    await pass_(told, FOLLOW_UP[0])
    assert kinds(told) == ["hit.created"], "once may be a hiccup"
    await pass_(told, CONFIRM)
    assert kinds(told) == ["hit.created"], "nothing else was read of a site that may be broken"
    await pass_(told, CONFIRM_FRONT)
    assert kinds(told) == ["hit.created", "article.removed"]
    data = messages(told)[-1]["data"]
    assert data["article"]["title"] == TITLE
    assert data["passages"]["removed"] == ["오픈AI가 서울에 사무소를 연다고 밝혔다."]
    await pass_all(told)
    assert kinds(told) == ["hit.created", "article.removed"]
    assert len(told.witness.of(ArticleRemoved)) == 1


@pytest.mark.parametrize("minutes", [6, 30, 55])
async def test_a_site_under_repair_that_sends_everybody_to_its_front_page_removed_nothing(
    told: App, minutes: int
) -> None:
    text = told.press.pages[URL]
    told.press.pages[URL], told.press.ends[URL] = FRONT, "https://paper.example/"
    await pass_(told, FOLLOW_UP[0])
    await pass_(told, timedelta(minutes=minutes))
    told.press.pages[URL] = text
    told.press.ends.clear()
    await pass_all(told)
    assert kinds(told) == ["hit.created"]


async def test_what_ends_on_the_front_page_for_an_hour_is_told_once_to_be_gone(told: App) -> None:
    told.press.pages[URL], told.press.ends[URL] = FRONT, "https://paper.example/"
    await pass_(told, FOLLOW_UP[0])
    await pass_(told, CONFIRM_FRONT)
    assert kinds(told) == ["hit.created", "article.removed"]
    await pass_all(told)
    assert kinds(told) == ["hit.created", "article.removed"]


async def test_what_is_back_at_the_second_look_was_never_gone(told: App) -> None:
    text = told.press.pages[URL]
    for _ in range(2):
        told.press.pages[URL] = failing(404)
        await pass_(told, FOLLOW_UP[0] if _ == 0 else timedelta(hours=1))
        told.press.pages[URL] = text
        await pass_(told, CONFIRM)
    await pass_all(told)
    assert kinds(told) == ["hit.created"]


@pytest.mark.parametrize(
    "page",
    [
        failing(403),
        failing(401),
        failing(429, FetchReason.THROTTLED),
        failing(503),
        failing(None, FetchReason.ROBOTS),
        failing(None, FetchReason.TIMEOUT),
        "<title>로그인</title><p>이 기사는 회원만 볼 수 있습니다.</p>",
        "<title>Just a moment...</title><p>Checking your browser before accessing the site.</p>",
        "<html><body></body></html>",
        "<title>서비스 점검 안내</title><p>더 나은 서비스를 위해 점검하고 있습니다.</p>",
    ],
)
async def test_a_wall_is_never_a_removal_nor_a_change(told: App, page: str | Exception) -> None:
    told.press.pages[URL] = page
    for _ in range(40):
        await pass_(told, timedelta(hours=1))
    assert kinds(told) == ["hit.created"]
    assert 1 < told.press.asked.count(URL) <= MOST_FAILURES
    failed = [event for event in told.witness.events if isinstance(event, FollowUpFailed)]
    assert [bool(event.outcome) for event in failed[-2:]] == [False, True], (
        "in the end it is left alone, and the log says so"
    )


@pytest.mark.parametrize("broken", [ValueError("a page that breaks us"), RecursionError("nested"), KeyError("x")])
async def test_a_page_that_breaks_us_keeps_no_other_of_its_source_from_being_looked_at(
    told: App, broken: Exception
) -> None:
    await told.put(EACH)
    told.press.listing(3, 2, 1)
    told.press.article(3, BODY)
    told.clock.pass_(minutes=1)
    await told.run(POLL)
    title = "오픈AI 사무소는 없던 일로 한다는 긴 제목"
    told.press.pages[URL] = broken
    told.press.article(3, BODY, title)
    for _ in range(60):
        await pass_(told, timedelta(minutes=10))
    assert [one["data"]["article"]["title"] for one in messages(told) if one["type"] == "article.changed"] == [title]
    assert 1 < told.press.asked.count(URL) <= MOST_FAILURES


async def test_a_site_that_moved_has_removed_nothing(app: App) -> None:
    await app.put(EACH)
    app.press.listing(1)
    app.press.article(1, "아무 일도 없다.")
    await app.run(POLL)
    app.press.listing(*range(2, 8), 1)
    for number in range(2, 8):
        app.press.article(number, BODY)
    app.clock.pass_(minutes=5)
    await app.run(POLL)
    before = len(app.post.sent)
    assert before == 6
    for url in [url for url in app.press.pages if url != LIST]:
        app.press.pages[url] = FetchError(url, FetchReason.STATUS, "404", transient=False, status=404)
    for _ in range(200):
        await pass_(app, timedelta(minutes=10))
    assert len(app.post.sent) - before <= 1, kinds(app)


async def test_new_articles_go_first_and_an_ill_source_is_left_alone(told: App) -> None:
    told.clock.pass_(minutes=11)
    told.press.pages[LIST] = FetchError(LIST, FetchReason.TIMEOUT, "slow", transient=True)
    due = await told.due()
    assert not any(isinstance(task, FollowUp) for task in due), "the source is to be polled: nothing is looked at yet"
    await told.tick()
    assert not any(isinstance(task, FollowUp) for task in await told.due()), "its list fails"
    assert URL not in told.press.asked


async def test_one_look_at_a_time_of_a_source(told: App) -> None:
    await told.put(EACH)
    told.press.listing(*range(3, 6), 2, 1)
    for number in range(3, 6):
        told.press.article(number, BODY)
    await told.run(POLL)
    assert kinds(told) == ["hit.created"] * 4
    told.clock.pass_(minutes=11)
    await told.tick()
    assert sum(isinstance(task, FollowUp) for task in await told.due()) == 1


async def test_a_source_that_was_away_for_long_is_left_off(told: App) -> None:
    told.press.article(2, BODY, "다른 제목이 된 충분히 긴 제목")
    told.clock.pass_(seconds=(FOLLOW_UP[-1] + LATE).total_seconds() + 60)
    await told.tick()
    await told.tick()
    assert URL not in told.press.asked
    assert kinds(told) == ["hit.created"]


async def test_off_is_off(app: App) -> None:
    await app.put(plan(version="v2", follow_up=()))
    app.press.listing(1)
    await app.run(POLL)
    app.press.listing(2, 1)
    app.press.article(2, BODY)
    app.clock.pass_(minutes=5)
    await app.run(POLL)
    app.press.asked.clear()
    app.press.article(2, BODY, "다른 제목이 된 충분히 긴 제목")
    await pass_all(app)
    assert URL not in app.press.asked


async def test_what_nobody_was_told_of_is_not_looked_at(app: App) -> None:
    app.press.listing(2)
    app.press.article(2, BODY)
    await app.run(POLL)
    assert app.post.sent == []
    app.press.asked.clear()
    await pass_all(app)
    assert URL not in app.press.asked


async def test_a_change_that_a_list_shows_is_told_as_well_and_once(told: App) -> None:
    title = "오픈AI 사무소는 없던 일로 한다는 긴 제목"
    told.press.pages[LIST] = f'<html lang=ko><body><a href="/news/view/1002">{title}</a></body></html>'
    told.press.article(2, BODY, title)
    told.clock.pass_(minutes=5)
    await told.run(POLL)
    assert kinds(told) == ["hit.created", "article.changed"]
    await pass_all(told)
    assert kinds(told) == ["hit.created", "article.changed"]


async def test_never_before_the_first_message(app: App) -> None:
    """A channel with a digest: the hit waits, the change waits behind it, and both go in their order."""
    policy = NotifyPolicy(digest="0 18 * * *")
    await app.put(plan(version="v2", channels=(replace(DESK, policy=policy),)))
    app.press.listing(1)
    await app.run(POLL)
    app.press.listing(2, 1)
    app.press.article(2, BODY)
    app.clock.pass_(minutes=5)
    await app.run(POLL)
    app.press.article(2, BODY, "다른 제목이 된 충분히 긴 제목")
    await pass_(app, FOLLOW_UP[0])
    assert app.post.sent == []
    await pass_(app, timedelta(hours=12))
    (digest,) = messages(app)
    assert [item["type"] for item in digest["data"]["items"]] == ["hit.created", "article.changed"]


async def test_several_rules_are_one_message_to_each_channel(app: App) -> None:
    deepseek = replace(OPENAI, id="deepseek", name="딥시크", expression="@deepseek", channels=("desk", "second"))
    channels = (DESK, replace(DESK, id="second"))
    await app.put(plan(version="v2", rules=(OPENAI, deepseek), channels=channels))
    app.press.listing(1)
    await app.run(POLL)
    app.press.listing(2, 1)
    app.press.article(2, f"{BODY} 딥시크도 있다.")
    app.clock.pass_(minutes=5)
    await app.run(POLL)
    app.press.article(2, f"{BODY} 딥시크도 있다.", "다른 제목이 된 충분히 긴 제목")
    await pass_all(app)
    changes = {
        sent.channel_id: message["data"]
        for sent, message in zip(app.post.sent, messages(app), strict=True)
        if message["type"] == "article.changed"
    }
    assert kinds(app).count("article.changed") == 2
    assert [one["rule"]["id"] for one in changes["desk"]["also"]] == ["deepseek"]
    assert (changes["second"]["rule"]["id"], "also" in changes["second"]) == ("deepseek", False)
