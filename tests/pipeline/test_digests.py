"""A digest comes at its moments, with everything that was held, or says that there is nothing."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from monitor.model.policy import NotifyPolicy, QuietHours
from monitor.pipeline.digests import EmptyDigests
from monitor.store.write.line_store import LineStore
from monitor.store.write.notification_store import NotificationStore
from tests.pipeline.app import DESK, START, App, plan
from tests.pipeline.test_poll import baseline

HOURLY = NotifyPolicy(per="article", digest="0 * * * *")
HOUR = timedelta(hours=1)


def chore(app: App) -> EmptyDigests:
    """Return the chore as a process that has just started has it."""
    return EmptyDigests(LineStore(app.database), NotificationStore(app.database), app.current_plan, app.clock)


def messages(app: App) -> list[tuple[str, dict[str, Any]]]:
    with closing(sqlite3.connect(app.url.removeprefix("sqlite:///"))) as database:
        rows = database.execute("SELECT type, body FROM delivery ORDER BY seq").fetchall()
    return [(kind, json.loads(body)["data"]) for kind, body in rows]


def at(app: App, moment: datetime) -> None:
    app.clock.pass_(seconds=(moment - app.clock()).total_seconds())


async def with_digest(app: App, policy: NotifyPolicy = HOURLY) -> datetime:
    """Put a channel with a digest in force after the first run; return its next moment."""
    await app.put(plan(channels=(replace(DESK, policy=policy),)))
    await baseline(app)
    now = app.clock()
    return now.replace(minute=0, second=0, microsecond=0) + HOUR


async def test_a_digest_without_anything_in_it_says_so_once_for_each_moment(app: App) -> None:
    moment = await with_digest(app)
    await chore(app)()
    earlier = len(messages(app))
    at(app, moment + timedelta(seconds=5))
    for _ in range(3):  # each a process of its own
        await chore(app)()
    (told,) = messages(app)[earlier:]
    assert told[0] == "digest.empty"
    assert told[1]["summary"]["ko"] == "지난 모아보기 이후 새로운 소식이 없습니다"
    at(app, moment + HOUR)
    await chore(app)()
    assert len(messages(app)) == earlier + 2


async def test_what_was_held_is_the_digest_and_nothing_else_is_said(app: App) -> None:
    moment = await with_digest(app)
    app.press.listing(3, 2, 1)
    app.press.article(2, "오픈AI 둘.")
    app.press.article(3, "오픈AI 셋.")
    app.clock.pass_(minutes=5)
    await app.tick()
    assert app.post.sent == []
    before = len(messages(app))
    with app.reader() as reader:
        assert [row.state for row in reader.deliveries("held")] == ["held", "held"]
        assert {row.due_at for row in reader.deliveries("held")} == {moment}
    at(app, moment)
    await chore(app)()
    assert len(messages(app)) == before, "the message of what was held is about to be made"
    await app.tick()
    await chore(app)()
    (told,) = messages(app)[before:]
    assert told[0] == "digest"
    assert [item["type"] for item in told[1]["items"]] == ["hit.created", "hit.created"]
    assert len(app.post.sent) == 1


async def test_a_moment_that_was_missed_for_long_and_a_channel_that_is_off_say_nothing(app: App) -> None:
    moment = await with_digest(app, replace(HOURLY, digest="0 0 1 1 *"))
    at(app, moment + 5 * HOUR)
    await chore(app)()
    assert messages(app) == []
    await app.put(plan(version="v2", channels=(replace(DESK, policy=HOURLY, enabled=False),)))
    await chore(app)()
    assert messages(app) == []


async def test_nothing_is_no_reason_to_wake_anybody(app: App) -> None:
    always = QuietHours(days=tuple(range(7)))
    moment = await with_digest(app, replace(HOURLY, quiet=always))
    at(app, moment)
    await chore(app)()
    assert messages(app) == []
    with app.reader() as reader:
        assert [row.state for row in reader.deliveries("held")] == ["held"]
    assert moment > START


async def test_of_empty_digests_in_quiet_hours_one_is_told_in_the_morning(app: App) -> None:
    quiet = QuietHours(22 * 60, 7 * 60)
    moment = await with_digest(app, replace(HOURLY, quiet=quiet))
    evening = moment.replace(hour=13)  # 22:00 in Seoul
    for hour in range(9):
        at(app, evening + hour * HOUR + timedelta(seconds=5))
        await chore(app)()
    with app.reader() as reader:
        held = reader.deliveries("held")
    assert [(row.due_at, row.group_key) for row in held] == [(evening + 9 * HOUR, "quiet")]


async def test_an_empty_digest_is_not_told_beside_what_waits_for_the_end_of_quiet_hours(app: App) -> None:
    quiet = QuietHours(22 * 60, 7 * 60)
    moment = await with_digest(app, replace(HOURLY, quiet=quiet))
    at(app, moment.replace(hour=13, minute=10))
    app.press.listing(2, 1)
    app.press.article(2, "오픈AI 둘.")
    await app.tick()
    with app.reader() as reader:
        assert len(reader.deliveries("held")) == 1
    at(app, moment.replace(hour=14) + timedelta(seconds=5))
    await chore(app)()
    with app.reader() as reader:
        assert len(reader.deliveries("held")) == 1


async def test_a_digest_whose_time_was_changed_does_not_say_that_nothing_is_new_while_news_is_held(app: App) -> None:
    moment = await with_digest(app, replace(HOURLY, digest="0 0 1 1 *"))
    app.press.listing(2, 1)
    app.press.article(2, "오픈AI 둘.")
    app.clock.pass_(minutes=5)
    await app.tick()
    await app.put(plan(version="v2", channels=(replace(DESK, policy=HOURLY),)))
    at(app, moment + timedelta(seconds=5))
    before = len(messages(app))
    await chore(app)()
    assert len(messages(app)) == before
    with app.reader() as reader:
        assert len(reader.deliveries("held")) == 1


async def test_what_came_after_the_moment_makes_no_digest_of_it(app: App) -> None:
    moment = await with_digest(app)
    at(app, moment + timedelta(seconds=1))
    app.press.listing(2, 1)
    app.press.article(2, "오픈AI 둘.")
    await app.tick()
    before = len(messages(app))
    await chore(app)()
    assert [kind for kind, _ in messages(app)[before:]] == ["digest.empty"]
