"""A story is told once on each channel by each rule, and again for each level; the real decision, store and words."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text, update

from monitor.channels.words.compose import compose
from monitor.cluster.choice import choose
from monitor.model.notification import NewSilence, Suppression
from monitor.model.plan import Plan, Rule
from monitor.model.policy import Grouping, NotifyPolicy, StoryBurst, StoryPolicy
from monitor.notify.policy import decide_hits
from monitor.schedule.calendar import CALENDAR
from monitor.store.db.database import Database
from monitor.store.read.queries import SqlReader
from monitor.store.tables.schema import delivery
from monitor.store.write.article_store import ArticleStore, ArticleWrite, WriteResult
from monitor.store.write.notification_store import NotificationStore
from monitor.store.write.outbox import Outbox
from monitor.store.write.silence_store import SilenceStore
from tests.contracts.invented import NOW, channel, hit, later
from tests.contracts.reports import signed, told

DESK, TEAM = channel("desk"), channel("team", policy=NotifyPolicy(group=Grouping(60, 60)))


def planned(*channels: str, stories: StoryPolicy | None = None) -> Plan:
    rule = Rule("openai", "OpenAI", "오픈AI", channels=channels or ("desk",), stories=stories or StoryPolicy())
    return Plan("v1", rules=(rule, Rule("seoul", "서울", "서울", channels=("desk",))), channels=(DESK, TEAM))


async def publish(
    article_store: ArticleStore, plan: Plan, number: int, at: datetime, *rules: str, baseline: bool = False
) -> WriteResult:
    """Store an article of one story, each in an outlet of its own."""
    article = told(7, f"k{number}", at, f"o{number}", cut=number % 5)
    decide = partial(decide_hits, plan=plan, calendar=CALENDAR, baseline=baseline)
    write = ArticleWrite(None, article, signed(article).signature, tuple(map(hit, rules or ("openai",))))
    return await article_store.commit(write, decide, compose, at)


async def said(db: Database, channel_id: str = "desk") -> list[dict[str, Any]]:
    """Return the messages of a channel, in order."""
    query = f"SELECT body FROM delivery WHERE channel_id = '{channel_id}' ORDER BY seq"  # noqa: S608 - ours
    found = await rows(db, query)
    return [json.loads(bytes(body)) for (body,) in found]


async def rows(db: Database, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await db.read(lambda connection: connection.execute(text(query)).all())]


def levels(messages: Sequence[dict[str, Any]]) -> list[list[str]]:
    return [message["data"].get("escalation", {}).get("levels", ["new"]) for message in messages]


async def test_a_story_that_spreads_is_told_at_each_level_and_the_rest_says_why_not(
    db: Database, article_store: ArticleStore
) -> None:
    for number in range(20):
        await publish(article_store, planned(), number, later(number * 1200))
    messages = await said(db)
    assert [message["type"] for message in messages] == ["hit.created", "story.escalated", "story.escalated"]
    assert levels(messages) == [["new"], ["outlets:5"], ["outlets:15"]]
    first, second = messages[1]["data"]["escalation"], messages[2]["data"]["escalation"]
    assert first["before"] == {"articles": 1, "outlets": 1}
    assert [one["source"] for one in first["joined"]] == ["o1", "o2", "o3", "o4"]
    assert first["first"]["source"] == "o0"
    assert second["before"] == {"articles": 5, "outlets": 5}
    assert len(second["joined"]) == 10
    assert (second["first_told_at"], second["last_told_at"]) == (
        messages[0]["data"]["created_at"],
        messages[1]["data"]["created_at"],
    )
    assert messages[2]["data"]["story"]["outlets"] == 15
    assert await rows(db, "SELECT reason, count(*) FROM v_notifications GROUP BY reason ORDER BY reason") == [
        ("", 3),
        ("same_story", 17),
    ]
    assert await rows(db, "SELECT type, levels FROM v_notifications WHERE levels <> '' ORDER BY created_at") == [
        ("hit.created", "new"),
        ("story.escalated", "outlets:5"),
        ("story.escalated", "outlets:15"),
    ]


async def test_a_story_that_spreads_fast_is_told_again(db: Database, article_store: ArticleStore) -> None:
    plan = planned(stories=StoryPolicy(outlets=(), burst=StoryBurst(3, 600.0), majors=("o4",)))
    for number in range(3):
        await publish(article_store, plan, number, later(number * 1200))
    for number in range(3, 8):
        await publish(article_store, plan, number, later(2 * 1200 + number * 60))
    assert levels(await said(db)) == [["new"], ["burst", "major"]]


async def test_each_rule_tells_a_story_for_itself(db: Database, article_store: ArticleStore) -> None:
    await publish(article_store, planned(), 1, NOW)
    await publish(article_store, planned(), 2, later(60), "openai", "seoul")
    assert [(message["type"], message["data"]["rule"]["id"]) for message in await said(db)] == [
        ("hit.created", "openai"),
        ("hit.created", "seoul"),
    ]


@pytest.mark.parametrize("mode", ["all", "off"])
async def test_a_rule_may_tell_of_every_article(db: Database, article_store: ArticleStore, mode: Any) -> None:  # noqa: ANN401 - a Literal
    for number in range(7):
        await publish(article_store, planned(stories=StoryPolicy(mode)), number, later(number))
    assert [message["type"] for message in await said(db)] == ["hit.created"] * 7


async def test_what_was_told_to_nobody_was_not_told(db: Database, article_store: ArticleStore) -> None:
    """A first run, a silence, a receiver that refused it for good: the next article tells the story as its first."""
    plan = planned(stories=StoryPolicy(outlets=()))
    await publish(article_store, plan, 1, NOW, baseline=True)
    silences = SilenceStore(db)
    quiet = NewSilence(created_at=NOW, ends_at=later(90), author="kim", why="planned", rule_id="openai")
    await silences.add(quiet)
    await publish(article_store, plan, 2, later(60))
    assert await said(db) == []
    await publish(article_store, plan, 3, later(120))
    assert levels(await said(db)) == [["new"]]
    await db.write(lambda connection: connection.execute(update(delivery).values(state="dead")))
    await publish(article_store, plan, 4, later(180))
    await publish(article_store, plan, 5, later(240))
    assert levels(await said(db)) == [["new"], ["new"]]


async def test_an_article_that_is_replayed_tells_its_story(db: Database, article_store: ArticleStore) -> None:
    await publish(article_store, planned(), 1, NOW, baseline=True)
    ((identity,),) = await rows(db, "SELECT id FROM v_notifications")
    await Outbox(db).replay([identity], compose, later(30))
    await publish(article_store, planned(), 2, later(60))
    assert levels(await said(db)) == [["new"]]
    assert await rows(db, "SELECT reason FROM v_notifications ORDER BY created_at") == [("",), ("same_story",)]


async def test_a_level_that_was_held_is_told_with_what_has_come_since(
    db: Database, article_store: ArticleStore
) -> None:
    plan = planned("team", stories=StoryPolicy(outlets=(3,), burst=None))
    flush = NotificationStore(db).flush
    await publish(article_store, plan, 1, NOW)
    await flush("team", "group", 8, compose, later(60))
    for number in range(2, 5):
        await publish(article_store, plan, number, later(600 + number))
    assert levels(await said(db, "team")) == [["new"]]
    await flush("team", "group", 8, compose, later(900))
    assert levels(await said(db, "team")) == [["new"], ["outlets:3"]]
    message = (await said(db, "team"))[1]["data"]
    assert [one["source"] for one in message["escalation"]["joined"]] == ["o2", "o3", "o4"]
    assert (message["story"]["outlets"], message["escalation"]["before"]) == (4, {"articles": 1, "outlets": 1})


async def test_processes_that_store_one_story_at_once_tell_each_level_once(url: str) -> None:
    databases = [Database(url) for _ in range(2)]
    stores = [ArticleStore(one, choose, timedelta(days=2)) for one in databases]
    plan = planned(stories=StoryPolicy(outlets=(3, 6), burst=None))
    await asyncio.gather(*(publish(stores[number % 2], plan, number, later(number)) for number in range(12)))
    told_levels = Counter(level for each in levels(await said(databases[0])) for level in each)
    assert told_levels == {"new": 1, "outlets:3": 1, "outlets:6": 1}
    assert (await rows(databases[0], "SELECT count(*) FROM v_notifications WHERE reason = 'same_story'")) == [(9,)]
    for one in databases:
        await one.aclose()


async def test_a_rule_that_is_new_to_an_article_leads_its_message(db: Database, article_store: ArticleStore) -> None:
    together = channel("desk", policy=NotifyPolicy(per="article"))
    plan = planned(stories=StoryPolicy(outlets=(2,), burst=None))
    plan = Plan("v1", rules=plan.rules, channels=(together,))
    await publish(article_store, plan, 1, NOW)
    await publish(article_store, plan, 2, later(60), "openai", "seoul")
    first, second = await said(db)
    assert (first["type"], second["type"]) == ("hit.created", "hit.created")
    assert (second["data"]["rule"]["id"], [one["rule"]["id"] for one in second["data"]["also"]]) == (
        "seoul",
        ["openai"],
    )
    await publish(article_store, plan, 3, later(120), "openai", "seoul")
    assert len(await said(db)) == 2
    assert {reason for (reason,) in await rows(db, "SELECT reason FROM v_notifications")} == {
        "",
        Suppression.SAME_STORY,
    }


async def test_the_course_of_a_story_says_which_level_each_message_told(
    db: Database, article_store: ArticleStore, url: str
) -> None:
    for number in range(6):
        await publish(article_store, planned(), number, later(number * 1200))
    ((story_id,),) = await rows(db, "SELECT id FROM story")
    with SqlReader(url) as reader:
        course = reader.story_course(story_id, 100)
        assert [(one.level, one.rule, one.channel, one.holds) for one in course.levels] == [
            ("new", "openai", "desk", True),
            ("outlets:5", "openai", "desk", True),
        ]
        messages = [one.id for one in reversed(reader.deliveries("", 10, suppressed=False))]
        assert [one.message for one in course.levels] == messages
        assert len(course.articles) == 6
        (last,) = reader.story_course(story_id, 1).levels
        assert last == course.levels[-1], "of many the last ones say what is told next"
    await db.write(lambda connection: connection.execute(update(delivery).values(state="dead")))
    with SqlReader(url) as reader:
        assert not any(one.holds for one in reader.story_course(story_id, 100).levels), "its receiver refused both"
