"""A critical alert is sent again until somebody acknowledges it: once for each time, however many daemons ask."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

import pytest
from sqlalchemy import text, update

from monitor.channels.words.compose import compose
from monitor.model.handling import HandlingState, HandlingSubject, NewHandling
from monitor.model.notification import NewSilence, Notification, Situation
from monitor.model.plan import Plan, Rule
from monitor.model.policy import NotifyPolicy, QuietHours
from monitor.model.records import DeliveryQuery, HitQuery, NotificationQuery
from monitor.model.repeat import OpenAlert
from monitor.model.story import Signature
from monitor.notify.policy import decide_hits
from monitor.notify.repeats import MOST_REPEATS, decide_repeat, searches
from monitor.schedule.calendar import CALENDAR
from monitor.store.db.database import Database
from monitor.store.read.queries import SqlReader
from monitor.store.tables.schema import channel_state, delivery
from monitor.store.write.article_store import ArticleStore, ArticleWrite
from monitor.store.write.handling_store import HandlingStore
from monitor.store.write.repeat_store import RepeatStore
from monitor.store.write.silence_store import SilenceStore
from monitor.store.write.source_store import SourceStore
from tests.contracts.invented import NOW, article, channel, hit, later, plan

EACH = 900.0
RULE = Rule("openai", "OpenAI", "오픈AI", channels=("desk",), severity="critical")
PLAN: Plan = replace(plan(channels=(channel(policy=NotifyPolicy(repeat=EACH)),)), rules=(RULE,))


async def taken(db: Database, at: datetime, key: str = "k1", plan: Plan = PLAN) -> None:
    """Store an article with a hit, and have its message taken at that moment."""

    def decide(situation: Situation) -> Sequence[Notification]:
        return decide_hits(situation, plan, calendar=CALENDAR)

    store = ArticleStore(db, lambda *_: pytest.fail("nothing to compare"), timedelta(days=3))
    await store.commit(ArticleWrite(None, article(key), Signature(), (hit(),)), decide, compose, at)
    await answered(db, at)


async def answered(db: Database, at: datetime) -> None:
    """Have the receiver take whatever waits."""
    done = update(delivery).where(delivery.c.state == "pending").values(state="done", done_at=at, due_at=None)
    await db.write(lambda connection: connection.execute(done))


async def turn(db: Database, seconds: float, plan: Plan = PLAN) -> int:
    """Ask as the chore does; return how many messages were made."""
    now = later(seconds)

    def decide(alert: OpenAlert, history: Any) -> Any:  # noqa: ANN401 - as the store hands them
        return decide_repeat(alert, history, now, plan=plan, calendar=CALENDAR)

    return len(await RepeatStore(db).repeat(searches(plan, now), decide, compose, now))


async def bodies(db: Database) -> list[dict[str, Any]]:
    rows = await db.read(lambda connection: connection.execute(text("SELECT body FROM delivery ORDER BY seq")).all())
    return [json.loads(bytes(row.body)) for row in rows]


async def test_it_is_sent_again_at_each_time_and_twelve_times_at_most(db: Database) -> None:
    await SourceStore(db).sync_plan(PLAN, NOW)
    await taken(db, NOW)
    made = []
    for minute in range(0, 300, 5):
        if await turn(db, minute * 60):
            made.append(minute)
        assert await turn(db, minute * 60 + 1) == 0, "once for each time"
        await answered(db, later(minute * 60 + 2))
    assert made == [15 * number for number in range(1, MOST_REPEATS + 1)]
    first, *again = await bodies(db)
    assert (first["type"], {one["type"] for one in again}) == ("hit.created", {"alert.repeated"})
    assert [one["data"]["repeat"]["number"] for one in again] == list(range(1, MOST_REPEATS + 1))
    assert [one["seq"] for one in again] == list(range(2, MOST_REPEATS + 2))
    assert again[0]["data"]["hit"]["id"] == 1
    assert again[0]["data"]["article"]["url"] == article().url


async def test_what_is_sent_again_is_shown_with_its_hit(db: Database, url: str) -> None:
    await SourceStore(db).sync_plan(PLAN, NOW)
    await taken(db, NOW)
    await turn(db, EACH)
    reader = SqlReader(url)
    try:
        for wanted in (NotificationQuery(), NotificationQuery(hit=1)):
            again, first = reader.notifications(wanted)
            assert (again.type, first.type) == ("alert.repeated", "hit.created")
            of_hit = attrgetter("hit_id", "rule_id", "rule_name", "source_id", "title", "url")
            assert of_hit(again) == of_hit(first) == (1, "openai", "OPENAI", "herald", article().title, article().url)
        for asked in (DeliveryQuery(hit=1), DeliveryQuery(rule="openai"), DeliveryQuery(article=1), DeliveryQuery()):
            again_sent, sent = reader.chosen_deliveries(asked)
            assert (again_sent.hit_id, again_sent.title) == (1, article().title) == (sent.hit_id, sent.title)
        assert reader.chosen_deliveries(DeliveryQuery(hit=2)) == ()
        (shown,) = reader.hits(HitQuery())
        assert (shown.alerted, shown.channels, shown.reached) == ("sent", 1, 1)
    finally:
        reader.close()


@pytest.mark.parametrize("state", ["kept", "ignored", "handled"])
@pytest.mark.parametrize("of_story", [True, False])
async def test_whoever_acknowledges_it_ends_it(db: Database, state: str, of_story: bool) -> None:  # noqa: FBT001 - a parameter
    await SourceStore(db).sync_plan(PLAN, NOW)
    await taken(db, NOW)
    assert await turn(db, EACH) == 1
    await answered(db, later(EACH))
    story = await db.read(lambda connection: connection.execute(text("SELECT id FROM story")).scalar_one())
    subject = HandlingSubject(story_id=story) if of_story else HandlingSubject(1)
    store = HandlingStore(db)
    await store.handle(subject, NewHandling(state=HandlingState(state), author="kim", at=later(EACH + 1)))
    assert await turn(db, 2 * EACH) == 0
    await store.handle(subject, NewHandling(state=HandlingState.NEW, author="kim", at=later(2 * EACH)))
    assert await turn(db, 2 * EACH + 1) == 1, "it was said to be new after all"


QUIET = NotifyPolicy(repeat=EACH, quiet=QuietHours(0, 1439))
DESK = channel(policy=NotifyPolicy(repeat=EACH))


@pytest.mark.parametrize(
    "changed",
    [
        replace(PLAN, rules=()),
        replace(PLAN, rules=(replace(RULE, severity="warning"),)),
        replace(PLAN, rules=(replace(RULE, channels=("other",)),)),
        replace(PLAN, channels=()),
        replace(PLAN, channels=(replace(DESK, policy=NotifyPolicy()),)),
        replace(PLAN, channels=(replace(DESK, policy=QUIET),)),
        replace(PLAN, channels=(replace(DESK, enabled=False),)),
        replace(PLAN, channels=(replace(DESK, url=""),)),
    ],
)
async def test_a_plan_that_does_not_want_it_ends_it(db: Database, changed: Plan) -> None:
    await SourceStore(db).sync_plan(PLAN, NOW)
    await taken(db, NOW)
    assert await turn(db, EACH, changed) == 0
    assert await turn(db, EACH) == 1


async def test_a_silence_and_a_shut_channel_put_it_off(db: Database) -> None:
    await SourceStore(db).sync_plan(PLAN, NOW)
    await taken(db, NOW)
    silence = NewSilence(created_at=NOW, ends_at=later(EACH + 60), author="kim", why="회의", rule_id="openai")
    await SilenceStore(db).add(silence)
    assert await turn(db, EACH) == 0
    shut = update(channel_state).where(channel_state.c.id == "desk")
    await db.write(lambda connection: connection.execute(shut.values(disabled_at=NOW, reason="HTTP 410")))
    assert await turn(db, EACH + 120) == 0
    await db.write(lambda connection: connection.execute(shut.values(disabled_at=None, reason="")))
    assert await turn(db, EACH + 121) == 1


async def test_one_that_is_on_its_way_is_waited_for(db: Database) -> None:
    await SourceStore(db).sync_plan(PLAN, NOW)
    await taken(db, NOW)
    assert await turn(db, EACH) == 1
    assert await turn(db, 3 * EACH) == 0, "its receiver is down"
    await answered(db, later(3 * EACH))
    assert await turn(db, 3 * EACH + 1) == 1, "one, and not those that were missed"


async def test_what_is_still_on_its_way_is_not_repeated(db: Database) -> None:
    await SourceStore(db).sync_plan(PLAN, NOW)

    def decide(situation: Situation) -> Sequence[Notification]:
        return decide_hits(situation, PLAN, calendar=CALENDAR)

    store = ArticleStore(db, lambda *_: pytest.fail("nothing to compare"), timedelta(days=3))
    await store.commit(ArticleWrite(None, article(), Signature(), (hit(),)), decide, compose, NOW)
    assert await turn(db, EACH) == 0, "it is on its way itself"


async def test_an_alert_of_long_ago_is_left_alone(db: Database) -> None:
    await SourceStore(db).sync_plan(PLAN, NOW)
    await taken(db, NOW)
    assert await turn(db, EACH * (MOST_REPEATS + 1) + 1) == 0


async def test_several_daemons_send_it_once(db: Database, url: str) -> None:
    await SourceStore(db).sync_plan(PLAN, NOW)
    await taken(db, NOW)
    await taken(db, NOW, "k2")
    others = [Database(url) for _ in range(3)]
    try:
        made = await asyncio.gather(*(turn(one, EACH) for one in (db, *others)))
    finally:
        for one in others:
            await one.aclose()
    assert sum(made) == 2
    assert len(await bodies(db)) == 4
