"""A message that told a story first is due for an edit whenever the story grows, on every database."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, update

from monitor.channels.words.compose import compose
from monitor.cluster.choice import choose
from monitor.model.delivery import AttemptResult, DeliveryState
from monitor.model.plan import Plan, Rule
from monitor.model.policy import Grouping, NotifyPolicy, StoryPolicy
from monitor.notify.policy import decide_hits
from monitor.schedule.calendar import CALENDAR
from monitor.store.db.database import Database
from monitor.store.tables.schema import channel_state, delivery
from monitor.store.write.article_store import ArticleStore, ArticleWrite
from monitor.store.write.notification_store import NotificationStore
from monitor.store.write.outbox import Outbox
from monitor.store.write.refresh_store import EDITABLE_FOR, SETTLE, Outdated, RefreshStore
from tests.contracts.invented import LEASE, MINUTE, UNTOLD, channel, hit, later
from tests.contracts.reports import signed, told

PLAN = Plan(
    "v1",
    rules=(Rule("openai", "OpenAI", "오픈AI", channels=("desk",), stories=StoryPolicy(outlets=(3,), burst=None)),),
    channels=(channel("desk"),),
)


@pytest.fixture
def refreshes(db: Database) -> RefreshStore:
    """The store of edits on it."""
    return RefreshStore(db)


class Desk:
    """A channel that is told of one story, article by article, whose receiver names what it takes."""

    def __init__(self, db: Database, article_store: ArticleStore) -> None:
        self.db = db
        self.outbox = Outbox(db)
        self._article_store = article_store
        self.plan = PLAN

    async def publish(self, number: int, at: datetime, *, matter: int = 7, edits: bool = True) -> tuple[str, ...]:
        article = told(matter, f"k{matter}-{number}", at, f"o{number}", cut=number % 5)
        write = ArticleWrite(None, article, signed(article).signature, (hit("openai"),), edits=edits)
        decide = partial(decide_hits, plan=self.plan, calendar=CALENDAR)
        return (await self._article_store.commit(write, decide, compose, at)).deliveries

    async def send(self, message: str, at: datetime, receipt: str = "m1") -> None:
        claimed = await self.outbox.claim_delivery(message, "me", at, LEASE)
        assert claimed is not None
        taken = AttemptResult(DeliveryState.DONE, 200, "", 1.0, receipt=receipt)
        assert not (await self.outbox.complete_delivery(claimed, taken, at, UNTOLD)).lost

    async def told_first(self, at: datetime, receipt: str = "m1") -> str:
        (message,) = await self.publish(0, at)
        await self.send(message, at, receipt)
        return message

    async def row(self, message: str) -> Any:  # noqa: ANN401 - a row
        query = select(delivery).where(delivery.c.id == message)
        return await self.db.read(lambda connection: connection.execute(query).one())

    async def change(self, table: Any, **values: object) -> None:  # noqa: ANN401 - any table
        await self.db.write(lambda connection: connection.execute(update(table).values(**values)))


@pytest.fixture
def desk(db: Database, article_store: ArticleStore) -> Desk:
    """The channel on it."""
    return Desk(db, article_store)


async def claimed(refreshes: RefreshStore, message: str, at: datetime) -> Outdated:
    held = await refreshes.claim(message, at, LEASE, MINUTE)
    assert held is not None
    return held


async def test_a_story_that_grows_makes_its_first_message_due_and_not_before_a_minute_after_the_last_edit(
    desk: Desk, refreshes: RefreshStore
) -> None:
    message = await desk.told_first(later(0))
    await desk.publish(1, later(5))
    assert await refreshes.due_refreshes(later(5), 9) == (message,)
    held = await claimed(refreshes, message, later(5))
    assert (held.channel_id, held.receipt, held.tries, held.seq) == ("desk", "m1", 1, 1)
    assert held.story is not None
    assert (held.story.articles, held.story.outlets) == (2, 2)
    assert await refreshes.claim(message, later(5), LEASE, MINUTE) is None
    await refreshes.shown(held, later(6))
    assert await refreshes.due_refreshes(later(300), 9) == ()
    for number, at in ((2, 10), (3, 20)):
        for made in await desk.publish(number, later(at)):
            await desk.send(made, later(at), "m2")
    assert await refreshes.due_refreshes(later(64), 9) == ()
    assert await refreshes.due_refreshes(later(65), 9) == (message,)
    held = await claimed(refreshes, message, later(65))
    assert held.story is not None
    assert (held.story.articles, held.story.outlets) == (4, 4)


async def test_growth_while_an_edit_is_under_way_is_the_matter_of_the_next(desk: Desk, refreshes: RefreshStore) -> None:
    message = await desk.told_first(later(0))
    await desk.publish(1, later(5))
    held = await claimed(refreshes, message, later(5))
    for made in await desk.publish(2, later(6)):
        await desk.send(made, later(6), "m2")
    await refreshes.shown(held, later(7))
    assert await refreshes.due_refreshes(later(64), 9) == ()
    assert await refreshes.due_refreshes(later(65), 9) == (message,)


async def test_whoever_dies_with_an_edit_leaves_it_due(desk: Desk, refreshes: RefreshStore) -> None:
    message = await desk.told_first(later(0))
    await desk.publish(1, later(5))
    held = await claimed(refreshes, message, later(5))
    assert await refreshes.due_refreshes(held.until - timedelta(microseconds=1), 9) == ()
    assert await refreshes.due_refreshes(held.until, 9) == (message,)
    again = await claimed(refreshes, message, held.until)
    assert again.tries == 2
    await refreshes.shown(held, held.until)  # of the one that was thought dead: the claim of the other stays
    assert await refreshes.due_refreshes(again.until, 9) == (message,)


async def test_a_message_is_looked_at_once_after_it_was_taken(desk: Desk, refreshes: RefreshStore) -> None:
    """What joined while it was on its way found no receipt."""
    (message,) = await desk.publish(0, later(0))
    sent = await desk.outbox.claim_delivery(message, "me", later(0), LEASE)
    assert sent is not None
    await desk.publish(1, later(1))
    taken = AttemptResult(DeliveryState.DONE, 200, "", 1.0, receipt="m1")
    await desk.outbox.complete_delivery(sent, taken, later(2), UNTOLD)
    assert await refreshes.due_refreshes(later(2), 9) == ()
    assert await refreshes.due_refreshes(later(2) + SETTLE, 9) == (message,)


async def test_where_no_channel_edits_nothing_is_written(desk: Desk, refreshes: RefreshStore) -> None:
    message = await desk.told_first(later(0), receipt="")
    await desk.publish(1, later(5))
    assert (await desk.row(message)).refresh_due_at is None
    other = await desk.publish(0, later(6), matter=8)
    await desk.send(other[0], later(6))
    await refreshes.shown(await claimed(refreshes, other[0], later(60)), later(60))
    await desk.publish(1, later(70), matter=8, edits=False)
    assert await refreshes.due_refreshes(later(900), 9) == ()


async def test_other_stories_leave_a_message_alone(desk: Desk, refreshes: RefreshStore) -> None:
    message = await desk.told_first(later(0))
    await refreshes.shown(await claimed(refreshes, message, later(30)), later(30))
    for made in (*await desk.publish(0, later(40), matter=8), *await desk.publish(0, later(41), matter=9)):
        await desk.send(made, later(42), receipt="")
    await desk.publish(1, later(50), matter=8)
    assert await refreshes.due_refreshes(later(900), 9) == ()


async def test_a_message_is_edited_for_a_day(desk: Desk, refreshes: RefreshStore) -> None:
    message = await desk.told_first(later(0))
    await refreshes.shown(await claimed(refreshes, message, later(30)), later(30))
    day = EDITABLE_FOR.total_seconds()
    await desk.publish(1, later(day - 1))
    assert await refreshes.due_refreshes(later(day), 9) == (message,)
    held = await claimed(refreshes, message, later(day))
    assert held.story is None
    await refreshes.shown(held, later(day))
    await desk.publish(2, later(day + 90))
    assert await refreshes.due_refreshes(later(2 * day), 9) == ()


@pytest.mark.parametrize(
    "state", [{"disabled_at": later(1), "reason": "410"}, {"disabled_at": later(1), "reason": "not in the plan"}]
)
async def test_a_shut_channel_is_not_asked_until_it_is_open(
    desk: Desk, refreshes: RefreshStore, state: dict[str, object]
) -> None:
    message = await desk.told_first(later(0))
    await desk.change(channel_state, **state)
    assert await refreshes.due_refreshes(later(60), 9) == ()
    await desk.change(channel_state, disabled_at=None, reason="")
    assert await refreshes.due_refreshes(later(60), 9) == (message,)


async def test_messages_go_first(desk: Desk, refreshes: RefreshStore) -> None:
    message = await desk.told_first(later(0))
    await desk.publish(1, later(5))
    (waiting,) = await desk.publish(0, later(6), matter=8)
    assert await refreshes.due_refreshes(later(60), 9) == ()
    await desk.send(waiting, later(61), receipt="")
    assert await refreshes.due_refreshes(later(62), 9) == (message,)


async def test_a_failed_edit_waits_whatever_comes_and_one_given_up_is_asked_again_when_the_story_grows(
    desk: Desk, refreshes: RefreshStore
) -> None:
    message = await desk.told_first(later(0))
    await desk.publish(1, later(5))
    held = await claimed(refreshes, message, later(5))
    await desk.publish(2, later(6))
    await refreshes.try_again(held, later(400))
    await desk.publish(2, later(7))
    for made in await desk.publish(3, later(8)):
        await desk.send(made, later(8), receipt="")
    assert await refreshes.due_refreshes(later(399), 9) == ()
    held = await claimed(refreshes, message, later(400))
    assert held.tries == 2
    await refreshes.give_up(held, later(900))
    assert await refreshes.due_refreshes(later(2_000), 9) == ()
    await desk.publish(4, later(500))
    assert await refreshes.due_refreshes(later(899), 9) == ()
    held = await claimed(refreshes, message, later(900))
    assert held.tries == 1
    await refreshes.give_up(held, None)
    await desk.publish(5, later(1_000))
    assert await refreshes.due_refreshes(later(9_000), 9) == ()
    assert (await desk.row(message)).receipt == ""


async def test_what_is_sent_again_is_another_message(desk: Desk, refreshes: RefreshStore) -> None:
    message = await desk.told_first(later(0))
    await desk.publish(1, later(5))
    held = await claimed(refreshes, message, later(5))
    assert await desk.outbox.replay([message], compose, later(6)) == ((message, "replayed"),)
    assert await refreshes.claim(message, later(90), LEASE, MINUTE) is None
    await desk.send(message, later(91), "m2")
    await refreshes.give_up(held, None)  # of the message before
    row = await desk.row(message)
    assert (row.receipt, row.refresh_tries, row.refresh_due_at) == ("m2", 0, later(91) + SETTLE)


async def test_a_message_of_many_things_is_not_edited(desk: Desk, db: Database) -> None:
    desk.plan = Plan("v1", rules=PLAN.rules, channels=(channel("desk", policy=NotifyPolicy(group=Grouping(60, 60))),))
    await desk.publish(0, later(0))
    await desk.publish(0, later(1), matter=8)
    (message,) = await NotificationStore(db).flush("desk", "group", 8, compose, later(60))
    await desk.send(message, later(60))
    assert (await desk.row(message)).type == "digest"
    await desk.publish(1, later(70))
    row = await desk.row(message)
    assert (row.receipt, row.refresh_due_at) == ("", None)


async def spread(desk: Desk, numbers: range) -> None:
    """Publish articles of one story, and send what is told of them."""
    for number in numbers:
        for made in await desk.publish(number, later(10 + number)):
            await desk.send(made, later(20_000), receipt="")


async def edited(refreshes: RefreshStore, message: str, moments: range) -> list[int]:
    """Edit a message at each of these moments at which it is due; return how many articles each edit showed."""
    shown = []
    for moment in moments:
        held = await refreshes.claim(message, later(moment), LEASE, MINUTE)
        if held is not None and held.story is not None:
            await asyncio.sleep(0.005)
            shown.append(held.story.articles)
            await refreshes.shown(held, later(moment + 1))
    return shown


async def test_processes_that_store_send_and_edit_at_once_do_not_meet_and_show_the_last_count(url: str) -> None:
    databases = [Database(url) for _ in range(3)]
    desks = [Desk(one, ArticleStore(one, choose, timedelta(days=2))) for one in databases]
    refreshes = RefreshStore(databases[2])
    message = await desks[0].told_first(later(0))
    shown, _, _ = await asyncio.gather(
        edited(refreshes, message, range(100, 4_100, 100)),
        spread(desks[0], range(1, 40, 2)),
        spread(desks[1], range(2, 41, 2)),
    )
    assert shown == sorted(shown)
    assert [*shown, *await edited(refreshes, message, range(20_000, 20_300, 100))][-1] == 41
    for one in databases:
        await one.aclose()
